"""An expression without its numbers: a tree with a coefficient for every term, and the coefficients.

−2x + y and 3x − y become #0 x + #1 y with the coefficients (−2, 1) and (3, −1). The tree means the same as
the expression once the coefficients have their values; it is no print. Exponents, indices and sizes are no
coefficients: they stay in the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from generator.expr.abstract import Jac
from generator.expr.calculus import App, Commutation, D, Grad, Group, Mat, Partial, Under
from generator.expr.match import children, find, transform, with_children
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Idx,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Row,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import SCALAR, is_scalar

MARK = "#"
_ATOMS = (Sym, Eye, Ones, Zero, Size, Commutation)
_PLAIN = (Had, Div, T, Inv, D, Grad, Jac, App, Call)  # all of whose parts are expressions
_FIRST = (Pow, MatPow, Entry, Row, Norm, Partial)  # whose first part is; the others stay


class Unfit(Exception):
    """The expression is judged as it stands: it has indices, dots or cases."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A sign and the numbers that are multiplied; no number is the factor 1."""

    sign: int
    numbers: tuple[Fraction, ...] = ()

    def value(self, of: Callable[[Fraction], Fraction] = lambda v: v) -> float:
        """Its value, where each number stands for ``of`` the number."""
        product = Fraction(self.sign)
        for number in self.numbers:
            product *= of(number)
        return float(product)


@dataclass(frozen=True, slots=True)
class Normal:
    """A tree and its coefficients."""

    tree: Node
    coefficients: tuple[Coefficient, ...]


def normal(node: Node) -> Normal:
    """The normal form of an expression.

    Raises:
        Unfit: it has none.
    """
    found: list[Coefficient] = []
    tree = _term(node, found)
    return Normal(tree, tuple(found))


def is_coefficient(node: Node) -> bool:
    """Whether a node of a normal form stands for a coefficient."""
    return isinstance(node, Sym) and node.name.startswith(MARK)


def coefficient(k: int) -> Sym:
    """The node that stands for a coefficient."""
    return Sym(f"{MARK}{k}", SCALAR)


def moved(tree: Node, by: int) -> Node:
    """The tree with its coefficients counted from another number on."""
    return transform(tree, lambda e: coefficient(int(e.name[1:]) + by) if is_coefficient(e) else None)  # type: ignore[attr-defined]


def _term(node: Node, found: list[Coefficient]) -> Node:
    """A term with its coefficient in front, also where that is 1."""
    sign = 1
    numbers: list[Fraction] = []
    rest: list[Node] = []
    pending = [node]
    while pending:
        e = pending.pop()
        if isinstance(e, Neg):
            sign = -sign
            pending.append(e.arg)
        elif isinstance(e, Group | Under):
            pending.append(e.arg)
        elif isinstance(e, Num):
            numbers.append(e.value)
        elif isinstance(e, Mul) and (_scalars(e) or not (pending or rest)):
            pending.extend(reversed(e.factors))
        else:
            rest.append(e)
    found.append(Coefficient(sign, tuple(numbers)))
    mark = coefficient(len(found) - 1)
    return Mul((mark, *(_inner(e, found) for e in rest))) if rest else mark


def _scalars(e: Mul) -> bool:
    """Whether a product may be taken apart within another one: its factors are numbers."""
    return all(is_scalar(f.shape) for f in e.factors)


def _inner(e: Node, found: list[Coefficient]) -> Node:
    if isinstance(e, Group | Under):
        return _inner(e.arg, found)
    if isinstance(e, Num | Neg | Mul):
        return _term(e, found)
    if isinstance(e, Add):
        return Add(tuple(_term(t, found) for t in e.terms))
    if isinstance(e, _ATOMS):
        return e
    if isinstance(e, Mat) and e.full is None:
        return Mat(tuple(_term(c, found) for c in e.cells), e.columns)
    if isinstance(e, _PLAIN):
        return with_children(e, tuple(_inner(k, found) for k in children(e)))
    if isinstance(e, _FIRST):
        first, *others = children(e)
        if not any(find(other, Idx) for other in others):
            return with_children(e, (_inner(first, found), *others))
    raise Unfit(type(e).__name__)
