"""What is evidently positive, not negative, or positive definite, from the form of an expression."""

from __future__ import annotations

from generator.expr.make import num
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
    Norm,
    Num,
    Ones,
    Pow,
    Sym,
    T,
)
from generator.expr.shapes import is_column, is_scalar
from generator.methods.symmetry import settled, symmetric


def positive(e: Node) -> bool:
    """Whether an expression (or each of its entries) is evidently positive."""
    match e:
        case Num():
            return e.value > 0
        case Sym():
            return "positive" in e.assume
        case Call(name="exp" | "sigmoid" | "softmax") if not e.order:
            return True
        case Call(name="sqrt" | "sum" | "diag"):
            return e.name != "diag" and positive(e.args[0])
        case Call(name="det" | "tr"):
            return positive_definite(e.args[0])
        case Add():
            return _sum_positive(e)
        case Mul() | Had():
            return all(map(positive, e.factors))
        case Div():
            return positive(e.num) and positive(e.den)
        case Pow():
            return positive(e.base)
        case Ones():
            return True
        case T():
            return positive(e.arg)
    return False


def _sum_positive(e: Add) -> bool:
    match e.terms:
        case (Num() | Ones() as first, Neg(arg=Call(name="sigmoid", order=0))):
            return first in (num(1), Ones(e.shape))
    return all(map(nonnegative, e.terms)) and any(map(positive, e.terms))


def nonnegative(e: Node) -> bool:
    """Whether an expression is evidently not negative."""
    match e:
        case Norm() | Call(name="abs" | "sqrt" | "relu"):
            return True
        case Pow(exponent=Num(value=p)) if p % 2 == 0:
            return True
        case Mul() if is_scalar(e.shape) and (form := quadratic(e)) is not None:
            return form[0] is None or positive_definite(form[0])
        case Mul() | Had():
            return all(map(nonnegative, e.factors))
        case Add():
            return all(map(nonnegative, e.terms))
    return positive(e)


def quadratic(e: Node) -> tuple[Node | None, Node] | None:
    """(A, V) where an expression is VᵀAV or the trace of that; A is ``None`` where it is VᵀV."""
    inner = e.args[0] if isinstance(e, Call) and e.name == "tr" else e
    if not isinstance(inner, Mul) or any(is_scalar(f.shape) for f in inner.factors):
        return None
    count = len(inner.factors)
    left, right = inner.factors[: count // 2], inner.factors[(count + 1) // 2 :]
    if tuple(settled(T(f)) for f in reversed(left)) != tuple(map(settled, right)):
        return None
    return (inner.factors[count // 2] if count % 2 else None), _product(right)


def _product(factors: tuple[Node, ...]) -> Node:
    return factors[0] if len(factors) == 1 else Mul(factors)


def positive_definite(e: Node) -> bool:
    """Whether a matrix is evidently positive definite."""
    match e:
        case Sym():
            return "positive_definite" in e.assume
        case Eye():
            return True
        case Inv() | MatPow():
            return positive_definite(e.arg if isinstance(e, Inv) else e.base)
        case T():
            return positive_definite(e.arg)
        case Call(name="diag"):
            return positive(e.args[0])
        case Add():
            return any(map(positive_definite, e.terms)) and all(map(positive_semidefinite, e.terms))
        case Mul() if any(is_scalar(f.shape) for f in e.factors):
            scalars = [f for f in e.factors if is_scalar(f.shape)]
            rest = [f for f in e.factors if not is_scalar(f.shape)]
            return all(map(positive, scalars)) and positive_definite(_product(tuple(rest)))
    return False


def positive_semidefinite(e: Node) -> bool:
    """Whether a matrix is evidently positive semidefinite: also BBᵀ and BᵀAB."""
    if positive_definite(e):
        return True
    if isinstance(e, Mul):
        scalars = [f for f in e.factors if is_scalar(f.shape)]
        rest = tuple(f for f in e.factors if not is_scalar(f.shape))
        form = quadratic(_product(rest))
        inner = form is not None and (form[0] is None or positive_definite(form[0]))
        return inner and all(map(nonnegative, scalars)) and symmetric(_product(rest))
    return isinstance(e, Call) and e.name == "diag" and is_column(e.args[0].shape) and nonnegative(e.args[0])
