"""The laws with any number of terms or factors, as functions; their statements stand in the rule rows."""

from __future__ import annotations

from collections.abc import Callable

from generator.expr.calculus import Commutation, D, Partial
from generator.expr.functions import FUNCTIONS
from generator.expr.make import add, had, mul, neg, num, tr
from generator.expr.match import depends, find, transform
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
    Num,
    Ones,
    Pow,
    Product,
    T,
    Zero,
)
from generator.expr.shapes import ONE, is_column, is_matrix, is_scalar
from generator.rules.coefficient import NUMERIC, zero
from generator.rules.fractions import pieces
from generator.rules.tidy import tidy

Vary = frozenset[str]


def inside(e: Node) -> tuple[Node, Callable[[Node], Node]] | None:
    """What a differential or a partial derivative is taken of, and how to take it of something else."""
    if isinstance(e, D):
        return e.arg, D
    if isinstance(e, Partial):
        return e.of, lambda x: Partial(x, e.wrt, e.layout)
    return None


def constant(e: Node, vary: Vary) -> Node | None:
    """d(c) = 0."""
    found = inside(e)
    return zero(e) if found and not depends(found[0], vary) else None


def sum_rule(e: Node, vary: Vary) -> Node | None:
    """d(a + b + …) = d(a) + d(b) + …"""
    found = inside(e)
    if not found or not isinstance(found[0], Add):
        return None
    d = found[1]
    return add(*(neg(d(x.arg)) if isinstance(x, Neg) else d(x) for x in found[0].terms))


def constant_factor(e: Node, vary: Vary) -> Node | None:
    """d(A X B) = A d(X) B, where only one factor varies."""
    return _product(e, vary, lambda count: count == 1, full=False)


def product_rule(e: Node, vary: Vary) -> Node | None:
    """d(A B C) = d(A) B C + A d(B) C + A B d(C); with more than three factors only the terms that stay."""
    return _product(e, vary, lambda count: count > 1, full=True)


def _product(e: Node, vary: Vary, wanted: Callable[[int], bool], *, full: bool) -> Node | None:
    found = inside(e)
    if not found:
        return None
    body, d = found
    if not isinstance(body, Product):
        return None
    build, factors = (mul, number_factors(body, vary)) if isinstance(body, Mul) else (had, body.factors)
    live = [k for k, f in enumerate(factors) if depends(f, vary)]
    if not wanted(len(live)):
        return None
    numbers = any(isinstance(f, NUMERIC) and k not in live for k, f in enumerate(factors))
    shown = full and isinstance(e, D) and len(factors) <= 3 and not numbers
    places = range(len(factors)) if shown else live
    return add(*(build(*factors[:k], d(factors[k]), *factors[k + 1 :]) for k in places))


def number_factors(e: Mul, vary: Vary) -> tuple[Node, ...]:
    """The factors of a product; where several inner products in it vary, each of them is one factor."""
    parts = [mul(*p) for p in pieces(e.factors)] if is_scalar(e.shape) else []
    several = sum(depends(p, vary) for p in parts) > 1 and all(is_scalar(p.shape) for p in parts)
    return tuple(parts) if several else e.factors


def power_of_matrix(e: Node, vary: Vary) -> Node | None:
    """d(Xᵏ) = Σ Xⁱ d(X) Xᵏ⁻¹⁻ⁱ."""
    found = inside(e)
    if not found or not isinstance(found[0], MatPow):
        return None
    base, k = unrolled(found[0])
    d = found[1]

    def power(i: int) -> list[Node]:
        return [] if i == 0 else [base] if i == 1 else [MatPow(base, num(i))]

    return add(*(mul(*power(i), d(base), *power(k - 1 - i)) for i in range(k))) if k else zero(e)


def unrolled(e: MatPow) -> tuple[Node, int]:
    """Base and non-negative exponent of a matrix power."""
    if isinstance(e.exponent, Neg) and isinstance(e.exponent.arg, Num):
        return Inv(e.base), int(e.exponent.arg.value)
    return e.base, int(e.exponent.value) if isinstance(e.exponent, Num) else 0


def drop_constants(e: Node, vary: Vary) -> Node | None:
    """Terms with the differential of a constant vanish."""

    def change(n: Node) -> Node | None:
        return constant(n, vary)

    new = tidy(transform(e, change))
    return None if new == e else new


def trace_of_sum(e: Node, vary: Vary) -> Node | None:
    """tr(A + B) = tr(A) + tr(B)."""
    if not (isinstance(e, Call) and e.name == "tr" and isinstance(e.args[0], Add)):
        return None
    return add(*(neg(tr(x.arg)) if isinstance(x, Neg) else tr(x) for x in e.args[0].terms))


def scalars_out(e: Node, vary: Vary) -> Node | None:
    """Scalar factors, signs and scalar denominators leave a linear function: tr(cA) = c tr(A)."""
    if not (isinstance(e, Call) and e.name in ("tr", "sum", "diag", "diagonal", "vec")):
        return None
    inner = e.args[0]
    if isinstance(inner, Neg):
        return neg(Call(e.name, (inner.arg,)))
    if isinstance(inner, Div) and is_scalar(inner.den.shape):
        return Div(Call(e.name, (inner.num,)), inner.den)
    if isinstance(inner, Mul):
        scalars = [f for f in inner.factors if is_scalar(f.shape)]
        rest = [f for f in inner.factors if not is_scalar(f.shape)]
        if scalars and rest:
            return mul(*scalars, Call(e.name, (mul(*rest),)))
    return None


def transpose_once(e: Node, vary: Vary) -> Node | None:  # noqa: C901 - a table of node classes
    """The transpose of a product, a sum, a transpose … pushed one level in."""
    if not isinstance(e, T):
        return None
    a = e.arg
    if is_scalar(a.shape):
        return a
    match a:
        case T():
            return a.arg
        case Mul():
            scalars = [f for f in a.factors if is_scalar(f.shape)]
            rest = [f for f in a.factors if not is_scalar(f.shape)]
            return mul(*scalars, *(T(f) for f in reversed(rest)))
        case Add():
            return Add(tuple(Neg(T(x.arg)) if isinstance(x, Neg) else T(x) for x in a.terms))
        case Neg():
            return Neg(T(a.arg))
        case Had():
            return Had(tuple(map(T, a.factors)))
        case Div() if is_scalar(a.den.shape):
            return Div(T(a.num), a.den)
        case Div():
            return Div(a.num if is_scalar(a.num.shape) else T(a.num), T(a.den))
        case Eye():
            return a
        case Ones() | Zero() if is_matrix(a.shape):
            return type(a)((a.shape[1], a.shape[0]))
        case Call(name="diag"):
            return a
        case Call(name="kron"):
            return Call("kron", tuple(map(T, a.args)))
        case Commutation():
            return Commutation(a.columns, a.rows)
    return elementwise_transposed(a)


def elementwise_transposed(e: Node) -> Node | None:
    """The transpose of an elementwise function of a transpose: f(Aᵀ)ᵀ = f(A)."""
    match e:
        case Pow(base=T(arg=a)):
            return Pow(a, e.exponent)
        case Call(args=(T(arg=a),)) if FUNCTIONS[e.name].elementwise:
            return Call(e.name, (a,), e.order)
    return None


def distribute(e: Node, vary: Vary) -> Node | None:
    """A product with a sum: A(B + C) = AB + AC, at the first factor that is a sum with a differential."""
    if not isinstance(e, Product):
        return None
    build = mul if isinstance(e, Mul) else had
    for k, f in enumerate(e.factors):
        if isinstance(f, Add) and _has_differential(f):
            before, after = e.factors[:k], e.factors[k + 1 :]
            return add(
                *(
                    neg(build(*before, x.arg, *after)) if isinstance(x, Neg) else build(*before, x, *after)
                    for x in f.terms
                )
            )
    return None


def _has_differential(e: Node) -> bool:
    return bool(find(e, D))


def entries_summed(e: Node, vary: Vary) -> Node | None:
    """The sum of entries as a product with ones: sum(x) = 1ᵀx, sum(A) = 1ᵀA1."""
    if not (isinstance(e, Call) and e.name == "sum"):
        return None
    a = e.args[0]
    if is_column(a.shape):
        return mul(T(Ones(a.shape)), a)
    return mul(T(Ones((a.shape[0], ONE))), a, Ones((a.shape[1], ONE)))


def own_trace(e: Node, vary: Vary) -> Node | None:
    """A number is its own trace: xᵀAy = tr(y xᵀ A)."""
    if isinstance(e, Mul) and is_scalar(e.shape) and sum(not is_scalar(f.shape) for f in e.factors) > 1:
        return tr(e)
    return None
