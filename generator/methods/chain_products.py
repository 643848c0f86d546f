"""The chain rule as a product of Jacobians in the order of the layout; a sum of products for several ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.expr.calculus import Mat
from generator.expr.layout import Layout
from generator.expr.letters import listed
from generator.expr.make import add, had, mul
from generator.expr.match import children
from generator.expr.nodes import Add, Call, Mul, Neg, Node
from generator.expr.shapes import is_column, is_matrix, is_scalar
from generator.methods import chain_factors, chain_rule
from generator.methods.chain_factors import oriented
from generator.methods.chain_stages import Stage
from generator.methods.lemma import Lemma
from generator.methods.present import transpose_pass
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.tidy import tidy

MOST_WRITTEN_OUT = 4  # a sum over so many entries is written out
Way = tuple[Stage, ...]


def fits(ways: Iterable[Way], layout: Layout) -> bool:
    """Whether every derivative on the ways is at most a matrix, and their products chain up."""
    for way in ways:
        if any(is_matrix(stage.out.shape) for stage in way[:-1]):
            return False
        shapes = ((s.out.shape, chain_factors.variable_shape(s)) for s in way)
        if any(layout.derivative_shape(of, by) is None for of, by in shapes):
            return False
    return True


def tell(
    story: Story, problem: Problem, head: Node, ways: tuple[Way, ...], named: Way, lemma: Lemma | None = None
) -> Node:
    """The derivative as a sum over the ways of products of Jacobians, in terms of the named stages."""
    layout, chain = problem.layout, ways[0]
    proof = len(ways) == 1 and all(stage.kind == "abstract" for stage in chain)
    numbers = all(is_scalar(s.shape) for s in chain[0].into)
    short = len(ways) == 1 and len(chain) == 2 and chain[0].into == problem.wrt
    if short and is_column(chain[0].out.shape) and (numbers or proof):
        chain_rule.sum_first(story, problem, chain)
    chain_rule.tell(story, problem, head, ways, lemma)
    if proof:
        story.step("The derivatives of the stages")
        story.say("Each stage is one of the given functions, and its derivative has a name:")
    terms = []
    for way in ways:
        turned, factors = chain_rule.rows_are_inputs(way, layout), []
        for stage in (way[k] for k in chain_rule.product_order(way, layout)):
            if not proof:
                story.step(f"From {listed(stage.into)} to {listed((stage.out,))}")
            factor = chain_factors.factor(stage, layout)
            value = chain_factors.tell(story, stage, factor, problem, (*named, chain[-1]))
            factors.append(oriented(factor, value, turned))
        terms.append(mul(*factors))
    return worked_out(story, head, add(*terms))


def worked_out(story: Story, head: Node, now: Node) -> Node:
    """Put the derivatives of the stages into the products and work them out."""
    story.step("Put the factors together")
    story.line(head, now, "substitution")
    while (new := transpose_pass(now, frozenset())) != now:
        story.line(head, new, "transpose of a product")
        now = new
    moves: tuple[tuple[Callable[[Node], Node], str], ...] = (
        (tidy, "collect"), (work_out, "components"), (tidy, "collect"), (factored, "common factors"),
        (scaled, "a diagonal matrix scales"),
    )  # fmt: skip
    for change, rule in moves:
        while (new := each(change, now)) != now:
            story.line(head, new, rule)
            now = new
    return now


def each(change: Callable[[Node], Node], e: Node) -> Node:
    """A change to every term of a sum, behind its sign; or to the sum as a whole, if it is about sums."""
    if isinstance(e, Neg) and change is scaled:
        return Neg(change(e.arg))
    if isinstance(e, Add) and change in (work_out, scaled):
        return together(add(*(each(change, x) for x in e.terms)))
    return change(e)


def together(e: Node) -> Node:
    """The sum of matrices that are written out, entry by entry."""
    if not (isinstance(e, Add) and all(isinstance(x, Mat) for x in e.terms)):
        return e
    columns = next(x.columns for x in e.terms if isinstance(x, Mat))
    cells = zip(*(children(x) for x in e.terms), strict=True)
    return Mat(tuple(add(*entries) for entries in cells), columns)


def work_out(e: Node) -> Node:
    """A product of matrices that are written out, multiplied row by column."""
    if not isinstance(e, Mul):
        return e
    scalars = [f for f in e.factors if is_scalar(f.shape)]
    arrays = [f for f in e.factors if not is_scalar(f.shape)]
    if len(arrays) < 2 or not all(isinstance(f, Mat) for f in arrays):
        return e
    whole = arrays[0]
    for right in arrays[1:]:
        assert isinstance(whole, Mat) and isinstance(right, Mat)  # noqa: PT018 - see above
        whole = _times(whole, right)
    return mul(*scalars, whole)


def _times(a: Mat, b: Mat) -> Node:
    rows = [a.cells[k : k + a.columns] for k in range(0, len(a.cells), a.columns)]
    columns = [b.cells[k :: b.columns] for k in range(b.columns)]
    cells = [add(*(mul(x, y) for x, y in zip(r, c, strict=True))) for r in rows for c in columns]
    return cells[0] if len(cells) == 1 else Mat(tuple(cells), b.columns)


def scaled(e: Node) -> Node:
    """The last diagonal matrix before a column, as a Hadamard product with it."""
    if not isinstance(e, Mul) or not is_column(e.shape):
        return e
    places = [k for k, f in enumerate(e.factors) if isinstance(f, Call) and f.name == "diag"]
    if not places or places[-1] == len(e.factors) - 1:
        return e
    k = places[-1]
    diagonal, after = e.factors[k], mul(*e.factors[k + 1 :])
    return tidy(mul(*e.factors[:k], had(children(diagonal)[0], after)), collect=False)
