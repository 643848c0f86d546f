"""The chain rule for matrices: one entry of the variable moves every entry of a part, and the effects add up.

The derivative of a part by a matrix has more than two indices. It is found entry by entry, with Kronecker
deltas, and contracted with the derivative of the function by the part.
"""

from __future__ import annotations

from generator.errors import NotDerivable
from generator.expr.calculus import Partial, Sum
from generator.expr.letters import in_words
from generator.expr.make import add, mul
from generator.expr.nodes import Entry, Idx, Node, Sym
from generator.expr.shapes import is_column, is_matrix, is_one, is_scalar
from generator.methods import chain_factors, chain_products, frame
from generator.methods.bound import Letters
from generator.methods.chain_factors import stage_problem
from generator.methods.chain_stages import Stage
from generator.methods.components import component
from generator.methods.deltas import collapse
from generator.methods.index_parts import differentiate
from generator.methods.indexed import Indexed, in_components
from generator.methods.present import settled
from generator.methods.recognise import recognise
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy

Way = tuple[Stage, ...]


def tell(story: Story, problem: Problem, head: Node, ways: tuple[Way, ...], named: tuple[Stage, ...]) -> Node:
    """The derivative of a number as a sum over the entries of its parts, in terms of the named stages.

    Raises:
        NotDerivable: the function is no number, or the entries form no expression in matrix notation.
    """
    if not is_scalar(problem.function.shape):
        raise NotDerivable(
            f"the derivative of {problem.function.name} by {problem.wrt[0].name} has more than two indices",
            hint="use --method vec",
        )
    if len(problem.wrt) > 1:
        raise NotDerivable(
            "a matrix of several numbers is no stage of a chain", hint="use --method differential"
        )
    telling = Contraction(story, problem, named, ways[0][0].into[0])
    slope = telling.announce(ways)
    terms = [telling.along(way) for way in ways]
    story.step("Put the factors together")
    now: Node = tidy(add(*terms), collect=False)
    story.line(slope, now, "substitution")
    final = collapse(now)
    if final != now:
        story.line(slope, final, "delta")
    answer = recognise(final, telling.into)
    if answer is None:
        raise NotDerivable("the entries of the derivative do not assemble into matrix notation")
    if is_column(telling.x.shape) and problem.layout.gradient == "row":
        answer = frame.transposed(tidy(answer))
    where = "entry {2} of" if len(telling.into) == 1 else "row {2}, column {3} of"
    if telling.into:
        story.say(f"{{0}} stands in {where} {{1}}. All entries together:", final, head, *telling.into)
    story.line(head, tidy(answer), "recognition")
    return settled(story, head, tidy(answer))


class Contraction:
    """What the ways share: the story, the named stages, the variable and the letters of one entry of it."""

    def __init__(self, story: Story, problem: Problem, named: tuple[Stage, ...], x: Sym) -> None:
        self.story, self.problem, self.named, self.x = story, problem, named, x
        self.symbols = (*problem.symbols.values(), problem.function, *(stage.out for stage in named))
        self.letters = Letters.beside(self.symbols)
        self.into = self.places(x)
        self.wrt = Entry(x, self.into) if self.into else x

    def places(self, s: Sym) -> tuple[Idx, ...]:
        """Fresh indices for an entry of a symbol."""
        return tuple(self.letters.next(side) for side in s.shape if not is_one(side))

    def announce(self, ways: tuple[Way, ...]) -> Partial:
        """The chain rule as a sum over entries, with the sizes of what is summed."""
        story, f = self.story, self.problem.function
        story.step("Add up the effects of all entries")
        self.at = {way[0].out: self.places(way[0].out) for way in ways}
        for way in ways:
            out = way[0].out
            if is_scalar(out.shape):
                continue
            sides = (f"({{{k}}})" if is_matrix(e.shape) else f"{{{k}}}" for k, e in ((3, out), (4, self.x)))
            story.say(
                f"A change of {{0}} may change every entry of {{1}}: the derivatives {{2}} have size "
                f"{' × '.join(sides)}.", self.wrt, out, Partial(self.entry(out), self.wrt),
                frame.written_size(out), frame.written_size(self.x),
            )  # fmt: skip
        story.say("To first order all effects on {0} add up:", f)
        slope = Partial(f, self.wrt, self.problem.layout)
        terms = [self.summed(way[0].out, self.by_part(way), self.of_part(way)) for way in ways]
        story.line(slope, add(*terms), "chain rule")
        return slope

    def entry(self, out: Sym) -> Node:
        """An entry of a part, as it is written."""
        return Entry(out, self.at[out]) if self.at[out] else out

    def by_part(self, way: Way) -> Node:
        """The derivative of the function by an entry of a part."""
        return Partial(self.problem.function, self.entry(way[0].out), self.problem.layout)

    def of_part(self, way: Way) -> Node:
        """The derivative of an entry of a part by an entry of the variable."""
        return Partial(self.entry(way[0].out), self.wrt, self.problem.layout)

    def summed(self, out: Sym, *factors: Node) -> Node:
        """A product, summed over the entries of a part."""
        body = mul(*factors)
        for index in reversed(self.at[out]):
            body = Sum(index, body)
        return body

    def along(self, way: Way) -> Node:
        """One way: the derivative by its part, and that of the part, contracted."""
        first, rest = way[0], way[1:]
        outer = self.outer(rest)
        story, out = self.story, first.out
        story.step(f"From {in_words(self.x.name)} to {in_words(out.name)}")
        sub = stage_problem(first, self.problem, (*self.named, rest[-1]))
        letters = Letters.beside(self.symbols, (*self.into, *(i for at in self.at.values() for i in at)))
        value = in_components(first.body, self.at[out], letters)
        if value != first.body:
            story.line(self.entry(out), value, "components")
        told = Indexed(sub, story, self.at[out], self.into, first.body, value)
        inner = differentiate(told, Partial(self.entry(out), self.wrt, self.problem.layout), value)
        column = outer if outer.shape == out.shape else frame.transposed(outer)
        return self.summed(out, tidy(component(column, self.at[out], letters), collect=False), inner)

    def outer(self, rest: Way) -> Node:
        """The derivative of the function by a part, told stage by stage."""
        story, problem = self.story, self.problem
        of, by = rest[-1].out, rest[0].into[0]
        head = Partial(of, by, problem.layout)
        if len(rest) == 1:
            story.step(f"From {in_words(by.name)} to {in_words(of.name)}")
            factor = chain_factors.factor(rest[0], problem.layout)
            return chain_factors.tell(story, rest[0], factor, problem, (*self.named, rest[0]))
        if chain_products.fits((rest,), problem.layout):
            return chain_products.tell(story, problem, head, (rest,), self.named)
        return tell(story, problem, head, (rest,), self.named)
