"""Elementwise functions: output entry i uses input entry i only, so the Jacobian is diagonal."""

from __future__ import annotations

from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Ellipsis, Mat, Partial, Rel
from generator.expr.make import mul, num
from generator.expr.match import depends, find, substitute, transform
from generator.expr.nodes import Entry, Idx, Node, Size, Sym
from generator.methods import frame
from generator.methods.kinks import by_cases
from generator.methods.ordinary import ordinary
from generator.methods.recognise import recognise
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy


def applies(entry: Node, out: tuple[Idx, ...], into: tuple[Idx, ...], x: Sym) -> bool:
    """Whether output entry i depends on the input through x_i alone."""
    if len(out) != 1 or len(into) != 1 or not depends(entry, frozenset({x.name})):
        return False
    used = [e for e in find(entry, Entry) if e.base == x]
    bare = transform(entry, lambda e: num(0) if e in used else None)
    return all(e.indices == out for e in used) and not depends(bare, frozenset({x.name}))


def tell(story: Story, problem: Problem, value: Node, wrt: Node, entry: Node) -> Node:
    """Does x_j affect y_i? Two cases, the matrix written out, the vector form."""
    assert isinstance(value, Entry) and isinstance(wrt, Entry)  # noqa: PT018 - ``applies`` has seen to it
    x, i, j = wrt.base, value.indices[0], wrt.indices[0]
    same = substitute(wrt, {j: i})
    story.step("Does one entry affect another?")
    story.say(
        "Ask for each pair: does changing {0} change {1}? Only {2} enters {1}, no other entry of {3}.",
        wrt, value, same, x,
    )  # fmt: skip
    story.say(
        "Off the diagonal, {0}: {1} is constant as far as {2} is concerned.",
        Rel(i, "≠", j),
        value,
        wrt,
        bullet=True,
    )
    story.line(Partial(value, wrt), num(0), "constants", guard=Rel(i, "≠", j))
    story.say("On the diagonal, {0}: an ordinary derivative in one variable.", Rel(i, "=", j), bullet=True)
    slope = ordinary(entry, same)
    story.line(Partial(value, same), Partial(entry, same), "substitution")
    by_cases(story, Partial(value, same), entry, same)
    story.line(Partial(value, same), slope, "term by term")
    story.step("Write the matrix out")
    d = frame.gradient_of(problem)
    story.line(d, written_out(slope, i, d), "assembly")
    story.say("Everything off the diagonal is zero: the matrix is diagonal because no entry affects another.")
    story.step("Vector form")
    assert isinstance(i, Idx) and isinstance(j, Idx)  # noqa: PT018 - made by ``places``
    answer = recognise(mul(Delta(i, j), slope), (i, j))
    if answer is None:
        raise NotDerivable("the slopes do not assemble into a vector")
    story.line(d, tidy(answer), "recognition")
    return tidy(answer)


def written_out(slope: Node, i: Node, d: Node) -> Mat:
    """The diagonal matrix with dots: the first two entries and the last."""
    assert isinstance(i, Idx)

    def entry(k: Node) -> Node:
        return substitute(slope, {i: k})

    zero = num(0)
    across, down, along = Ellipsis("cdots"), Ellipsis("vdots"), Ellipsis("ddots")
    cells = (
        entry(num(1)), zero, across, zero,
        zero, entry(num(2)), across, zero,
        down, down, along, down,
        zero, zero, across, entry(Size(i.size)),
    )  # fmt: skip
    return Mat(cells, 4, d.shape)
