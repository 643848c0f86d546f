"""The proof of the product rule for inner products: one entry of the gradient, and back to vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.expr.calculus import Dims, Group, Partial, Rel, Sum
from generator.expr.make import add, mul
from generator.expr.nodes import Entry, Idx, Mul, Node, T
from generator.expr.shapes import is_scalar
from generator.methods import partials
from generator.methods.bound import Letters

if TYPE_CHECKING:
    from generator.methods.product_rule import Product


def prove(told: Product) -> None:
    """One entry of the gradient: a sum, the product rule for numbers, entries of Jacobians, and back."""
    problem, story, u = told.problem, told.story, told.u
    x, layout, value = problem.wrt[0], problem.layout, partials.value_of(problem)
    letters = Letters.beside(problem.named)
    i = letters.next(x.shape[0])
    k = None if is_scalar(u.shape) else letters.next(u.shape[0])
    here, by = told_entries(told, i, k), Entry(x, (i,))
    if k is not None:
        story.step("Write the inner product as a sum")
        if not told.names:
            story.line(value, problem.body, "substitution")
        story.line(value, told.scaled(Sum(k, mul(here.u, here.v))), "components")
    story.step("Differentiate by one coordinate")
    story.say("Each term is a product of two numbers, so the product rule of one variable applies:")
    slope = Partial(problem.function, by, layout)
    whole = add(mul(Partial(here.u, by, layout), here.v), mul(here.u, Partial(here.v, by, layout)))
    story.line(slope, told.scaled(summed(k, Partial(mul(here.u, here.v), by, layout))), "term by term")
    story.line(slope, told.scaled(summed(k, whole)), "term by term")
    if k is None:
        story.step("Stack the coordinates")
    else:
        entries_of_jacobians(told, here, slope, k)
        story.step("Back to vectors")
        what = "a row times a matrix" if layout.gradient == "row" else "a matrix times a column"
        story.say(f"Each sum over {{0}} is entry {{1}} of {what}:", k, i)
    story.line(told.head, told.rule, "recognition")
    if k is not None:
        sizes_agree(told)


@dataclass(frozen=True)
class Entries:
    """One entry of each factor, and the entry of the Jacobians that belongs to a coordinate."""

    u: Node
    v: Node
    slopes: tuple[Node, Node]
    turned: tuple[Node, Node]


def told_entries(told: Product, i: Idx, k: Idx | None) -> Entries:
    """The entries that one coordinate and one summand are about."""
    if k is None:
        return Entries(told.u, told.v, (told.u, told.v), (told.u, told.v))
    order = (i, k) if told.problem.layout.jacobian == "denominator" else (k, i)
    u, v = told.slope(told.u), told.slope(told.v)
    slopes = Entry(u, order), Entry(v, order)
    turned = Entry(T(u), order[::-1]), Entry(T(v), order[::-1])
    return Entries(Entry(told.u, (k,)), Entry(told.v, (k,)), slopes, turned)


def summed(k: Idx | None, body: Node) -> Node:
    """The sum over k, if there is one."""
    return body if k is None else Sum(k, body)


def entries_of_jacobians(told: Product, here: Entries, slope: Partial, k: Idx) -> None:
    """The partial derivatives are entries of the Jacobians; transposed, they stand as in a product."""
    story = told.story
    story.step("Read the entries of the Jacobians")
    first = here.slopes[0]
    assert isinstance(first, Entry)
    row, column = first.indices
    story.say("The partial derivative {0} stands in row {1}, column {2} of the Jacobian {3}.",
              Partial(here.u, slope.wrt, told.problem.layout), row, column, first.base)  # fmt: skip
    (a, b), (c, d) = here.slopes, here.turned
    story.line(slope, told.scaled(Sum(k, add(mul(a, here.v), mul(b, here.u)))), "components")
    first_term, second = mul(a, here.v), mul(b, here.u)
    if told.problem.layout.gradient == "row":
        first_term, second = mul(here.v, a), mul(here.u, b)
    elif told.problem.layout.jacobian == "numerator":
        story.say("An entry of a matrix is the entry of its transpose with the indices exchanged:")
        first_term, second = mul(c, here.v), mul(d, here.u)
    story.line(slope, told.scaled(add(Sum(k, first_term), Sum(k, second))), "components")


def sizes_agree(told: Product) -> None:
    """The sizes of a product of a Jacobian and a vector."""
    term = told.term(told.slope(told.u), told.v)
    assert isinstance(term, Mul)
    product = mul(*(Group(Dims(f.shape)) for f in term.factors))
    told.story.say(
        "The sizes agree: {0}, and the same for the other term.", Rel(product, "=", Dims(term.shape))
    )
