"""Products and quotients: numbers first, one fraction, broadcasting instead of arrays with equal columns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from generator.code.chains import flipped, product, segments
from generator.code.stable import is_one, quotient
from generator.code.target import Target
from generator.code.term import Term, number, over, times
from generator.expr.match import symbols
from generator.expr.nodes import Div, Had, Mul, Node, Ones
from generator.expr.shapes import is_column, is_matrix, is_row, is_scalar


def multiplied(node: Mul, target: Target) -> Term:
    """A product of numbers, matrices and vectors; a column before a row is an outer product."""
    scalars = [f for f in node.factors if is_scalar(f.shape)]
    parts = segments([f for f in node.factors if not is_scalar(f.shape)])
    if not parts[0]:
        return ratio(scalars, (), target)
    arrays = [part for part in parts if not (is_row(part[0].shape) and is_column(part[-1].shape))]
    numbers = [product(part, target) for part in parts if part not in arrays]
    values = [product(part, target) for part in arrays]
    if len(values) == 2:  # a column and a row
        values = [target.make("outer", *values, rank=2)]
    return ratio(scalars, [*numbers, *values], target)


def hadamard(node: Had, target: Target) -> Term:
    """An elementwise product; a factor with equal columns or equal rows is broadcast beside the others."""
    full = any(_repeated(f) is None for f in node.factors)
    factors = [_broadcast(f, target) if full and _repeated(f) is not None else f for f in node.factors]
    nodes = [f for f in factors if isinstance(f, Node)]
    return ratio(nodes, [f for f in factors if isinstance(f, Term)], target)


def _repeated(node: Node) -> Node | None:
    """The column u of u 1ᵀ, or the row of 1 uᵀ."""
    if isinstance(node, Mul) and len(node.factors) == 2 and is_matrix(node.shape):
        left, right = node.factors
        if isinstance(flipped(right), Ones) and is_column(left.shape):
            return left
        if isinstance(left, Ones) and is_row(right.shape):
            return right
    return None


def _broadcast(node: Node, target: Target) -> Term:
    kept = _repeated(node)
    assert kept is not None
    key = "column" if is_column(kept.shape) else "row"
    reciprocal = isinstance(kept, Div) and is_one(kept.num)
    value = target.make(key, target.term(kept.den if isinstance(kept, Div) and reciprocal else kept), rank=2)
    return over(number("1"), value) if reciprocal else value


def ratio(factors: Iterable[Node], arrays: Iterable[Term], target: Target) -> Term:
    """A product of factors, quotients among them, as one quotient; the arrays come last in its numerator."""
    above, below = quotient(*_fraction(factors))
    constants = [target.term(f) for f in above if not symbols(f)]
    rest = [target.term(f) for f in above if symbols(f)]
    numerators = [t for t in (*constants, *sorted(rest, key=lambda t: t.rank), *arrays) if t != number("1")]
    value = reduce(times, numerators) if numerators else number("1")
    for divisor in below:
        value = over(value, target.term(divisor))
    return value


def _fraction(factors: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """Numerators and denominators."""
    above: list[Node] = []
    below: list[Node] = []
    for factor in factors:
        if isinstance(factor, Div):
            more, less = _fraction(_factors(factor.num))
            above, below = [*above, *more], [*below, *less, factor.den]
        elif not is_one(factor):
            above.append(factor)
    return above, below


def _factors(node: Node) -> tuple[Node, ...]:
    """The factors of a product entry by entry or of numbers; anything else is its own factor."""
    numbers = isinstance(node, Mul) and all(is_scalar(f.shape) for f in node.factors)
    return node.factors if isinstance(node, Had) or (isinstance(node, Mul) and numbers) else (node,)
