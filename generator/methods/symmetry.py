"""Which expressions are symmetric, by pushing transposes to the leaves and comparing."""

from __future__ import annotations

from generator.expr.functions import FUNCTIONS
from generator.expr.make import add, had, mul, neg
from generator.expr.match import transform
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Eye,
    Had,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Ones,
    Pow,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import is_scalar, same

SYMMETRIC = frozenset({"symmetric", "positive_definite", "diagonal"})


def symmetric(e: Node) -> bool:
    """Whether an expression is evidently equal to its transpose."""
    if is_scalar(e.shape) or not same(*e.shape):
        return False
    return _sorted(settled(T(e))) == _sorted(settled(e))


def use_symmetry(e: Node) -> Node:
    """Drop the transposes of symmetric expressions."""
    return transform(e, lambda n: use_symmetry(n.arg) if isinstance(n, T) and symmetric(n.arg) else None)


def settled(e: Node) -> Node:
    """The expression with transposes at the leaves, and none on symmetric symbols."""
    return transform(e, lambda n: mirrored(n.arg) if isinstance(n, T) else None)


def mirrored(e: Node) -> Node:
    """The transpose of an expression, pushed to the leaves."""
    if is_scalar(e.shape):
        return settled(e)
    match e:
        case Sym():
            return e if e.assume & SYMMETRIC else T(e)
        case T():
            return settled(e.arg)
        case Mul():
            scalars = [settled(f) for f in e.factors if is_scalar(f.shape)]
            return mul(*scalars, *(mirrored(f) for f in reversed(e.factors) if not is_scalar(f.shape)))
        case Add():
            return add(*(neg(mirrored(t.arg)) if isinstance(t, Neg) else mirrored(t) for t in e.terms))
        case Had():
            return had(*map(mirrored, e.factors))
        case Ones() | Zero():
            return type(e)((e.shape[1], e.shape[0]))
        case Eye() | Call(name="diag"):
            return e
    return _one_operand(e)


def _one_operand(e: Node) -> Node:
    """Operations that commute with the transpose; anything else keeps its transpose."""
    match e:
        case Neg():
            return neg(mirrored(e.arg))
        case Div() if is_scalar(e.den.shape):
            return Div(mirrored(e.num), settled(e.den))
        case Inv():
            return Inv(mirrored(e.arg))
        case MatPow() | Pow():
            return type(e)(mirrored(e.base), settled(e.exponent))
        case Call() if FUNCTIONS[e.name].elementwise:
            return Call(e.name, (mirrored(e.args[0]),), e.order)
    return T(e)


def _sorted(e: Node) -> Node:
    """Sums in a fixed order, so that equal ones compare equal."""

    def order(n: Node) -> Node | None:
        return Add(tuple(sorted(map(_sorted, n.terms), key=repr))) if isinstance(n, Add) else None

    return transform(e, order)
