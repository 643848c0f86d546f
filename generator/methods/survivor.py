"""A sum whose terms hold one entry of the variable each: differentiated by one entry, one term survives."""

from __future__ import annotations

from generator.expr.calculus import Dots, Partial, Rel, Sum
from generator.expr.make import num
from generator.expr.match import depends, find, substitute, transform
from generator.expr.nodes import Div, Entry, Mul, Neg, Node, Size, Sym
from generator.methods.components import iterate
from generator.methods.kinks import by_cases
from generator.methods.ordinary import passes
from generator.methods.story import Story
from generator.rules.rule import Vary


def surviving_sum(entry: Node, wrt: Node) -> Sum | None:
    """The one sum that holds the variable, up to a constant factor, if each of its terms uses one entry."""
    if not (isinstance(wrt, Entry) and len(wrt.indices) == 1 and isinstance(x := wrt.base, Sym)):
        return None
    vary = frozenset({x.name})
    live = [term for term in iterate(entry) if depends(term, vary)]
    total = varying_part(live[0], vary) if len(live) == 1 else None
    if not isinstance(total, Sum) or any(depends(inner, vary) for inner in find(total.body, Sum)):
        return None
    used = [e for e in find(total.body, Entry) if e.base == x]
    rest = transform(total.body, lambda e: num(0) if e in used else None)
    return total if {e.indices for e in used} == {(total.index,)} and not depends(rest, vary) else None


def varying_part(e: Node, vary: Vary) -> Node:
    """A term without its sign and its constant factors."""
    while True:
        match e:
            case Neg(arg=inner):
                e = inner
            case Div(num=inner, den=den) if not depends(den, vary):
                e = inner
            case Mul() if len(varying := [f for f in e.factors if depends(f, vary)]) == 1:
                e = varying[0]
            case _:
                return e


def by_survivor(story: Story, derivative: Partial, entry: Node, total: Sum) -> Node:
    """Write the sum out and see which term survives."""
    wrt, k = derivative.wrt, total.index
    assert isinstance(wrt, Entry)
    (j,) = wrt.indices
    story.step("Differentiate, and see what survives")
    spread = substitute(entry, {total: Dots(k, total.body, (num(1), j, Size(k.size)))})
    story.line(derivative, Partial(spread, wrt, derivative.layout), "substitution")
    constants = [term for term in iterate(entry) if total not in find(term, Sum)]
    for c in constants:
        story.say("{0} does not contain {1}: {2}.", c, wrt, Rel(Partial(c, wrt), "=", num(0)), bullet=True)
    no = "does not contain {1} either" if constants else "does not contain {1}"
    story.say(f"For {{0}} the term under the sum {no}:", Rel(k, "≠", j), wrt, bullet=True)
    story.line(Partial(total.body, wrt), num(0), "constants", guard=Rel(k, "≠", j))
    (live,) = (term for term in iterate(entry) if term not in constants)
    kept = substitute(live, {total: substitute(total.body, {k: j})})
    slopes = list(passes(kept, wrt))
    linear = wrt not in find(slopes[-1], Entry)
    how = "its derivative is its coefficient" if linear else "it is a function of one variable"
    story.say(f"Only the term with {{0}} survives, and {how}:", Rel(k, "=", j), bullet=True)
    story.line(derivative, Partial(kept, wrt), "surviving term")
    by_cases(story, derivative, kept, wrt)
    for now in slopes[-1:] if linear else slopes:
        story.line(derivative, now, "coefficient" if linear else "term by term")
    return slopes[-1]
