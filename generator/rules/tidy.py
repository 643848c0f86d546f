"""Tidying: numbers multiplied and moved to the front, like terms collected, zeros and ones dropped.

This is the arithmetic that a reader does without thinking; it never expands, and never uses a law of matrices
beyond AI = A. It is one rule ("collect"), printed as a line of its own where it changes something.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from generator.expr.calculus import Delta, Sum
from generator.expr.make import add, had, mul, neg, num, ones
from generator.expr.match import children, with_children
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
    T,
    Zero,
)
from generator.expr.shapes import is_scalar
from generator.rules.coefficient import (
    ONE,
    UNIT,
    ZERO,
    is_zero,
    number,
    split_number,
    times,
    with_number,
    zero,
)
from generator.rules.fractions import MOST_POWER, gathered, scaled

REMEMBERED = 4096  # expressions: the law that follows tidies most of the same parts again
KNOWN: dict[tuple[str, Num], Node] = {
    ("exp", ZERO): ONE, ("log", ONE): ZERO, ("sin", ZERO): ZERO, ("cos", ZERO): ONE, ("tanh", ZERO): ZERO,
    ("sqrt", ZERO): ZERO, ("sqrt", ONE): ONE, ("abs", ZERO): ZERO, ("sigmoid", ZERO): num(Fraction(1, 2)),
}  # fmt: skip
"""Values that everybody knows by heart."""
ACTIVE = (Num, Neg, Div, Mul, Pow, Eye, Zero)  # what tidying looks at among the factors of a product
LINEAR = frozenset({"tr", "sum", "diag", "diagonal", "vec"})


@lru_cache(REMEMBERED)
def tidy(e: Node, *, collect: bool = True) -> Node:
    """The tidied expression, equal in value and shape; without ``collect``, like terms stay apart."""
    kids = children(e)
    if kids:
        done = tuple([tidy(k, collect=collect) if k.PARTS else k for k in kids])
        e = e if done == kids else _rebuilt(e, done)
    if isinstance(e, Add):
        return _sum(e, collect)
    by_class = _BY_CLASS.get(type(e))
    return e if by_class is None else by_class(e)


def _rebuilt(e: Node, parts: tuple[Node, ...]) -> Node:
    if isinstance(e, Mul):
        return mul(*parts)
    if isinstance(e, Add):
        return add(*parts)
    if isinstance(e, Had):
        return had(*parts)
    return with_children(e, parts)


def _product(e: Mul) -> Node:
    if _in_order(e):
        return e
    if any(map(is_zero, e.factors)):
        return zero(e)
    k = UNIT
    alone = len(e.factors) == 2 and number(e.factors[0]) is not None  # a number times one thing
    scalars: list[Node] = []
    chain: list[Node] = []
    for f in e.factors:
        part, rest = split_number(f)
        k = times(k, part)
        if rest == ONE:
            continue
        if isinstance(rest, Div) and not is_scalar(rest.shape) and alone:
            return with_number(k, rest)
        for g in _apart(rest) if isinstance(rest, Mul) else (rest,):
            if isinstance(g, Div) and is_scalar(g.den.shape) and not is_scalar(g.shape):
                scalars.append(Div(ONE, g.den))
                chain.append(g.num)
            else:
                (scalars if is_scalar(g.shape) else chain).append(g)
    kept = [f for f in chain if not isinstance(f, Eye)] or chain[:1]
    if not scalars and not kept:
        return num(k)
    more, factors = _gathered(scalars)
    k = times(k, more)
    if len(factors) == 1 and isinstance(factors[0], Div) and kept:
        whole = mul(with_number(abs(k), factors[0]), *kept)
        return neg(whole) if k < 0 else whole
    return with_number(k, mul(*factors, *kept)) if factors or kept else num(k)


def _in_order(e: Mul) -> bool:
    """Whether there is nothing to do: matrices, before them perhaps a whole number and one plain scalar."""
    first, *chain = e.factors
    if isinstance(first, Num) and chain and first.value.denominator == 1 and first.value.numerator > 1:
        first, *chain = chain
    if isinstance(first, ACTIVE) or any(isinstance(f, ACTIVE) for f in chain):
        return False
    return not any(is_scalar(f.shape) for f in chain)


def _gathered(scalars: list[Node]) -> tuple[Fraction, list[Node]]:
    """Scalar factors as powers with tidy exponents, and the number among them."""
    if not scalars:
        return UNIT, []
    number, factors = gathered(scalars)
    done = (_power(Pow(f.base, tidy(f.exponent))) if isinstance(f, Pow) else f for f in factors)
    return number, [f for f in done if f != ONE]


def _apart(inner: Mul) -> tuple[Node, ...]:
    """The factors of a product within a product that may stand alone: an inner product stays whole."""
    numbers = tuple(f for f in inner.factors if is_scalar(f.shape))
    if not is_scalar(inner.shape) or len(numbers) == len(inner.factors):
        return inner.factors
    return (*numbers, mul(*(f for f in inner.factors if not is_scalar(f.shape))))


def _hadamard(e: Had) -> Node:
    if any(map(is_zero, e.factors)):
        return zero(e)
    k = UNIT
    scalars: list[Node] = []
    rest: list[Node] = []
    for f in e.factors:
        part, core = split_number(f)
        k = times(k, part)
        parts = core.factors if isinstance(core, Mul) else (core,)
        scalars.extend(g for g in parts if is_scalar(g.shape))
        arrays = [g for g in parts if not is_scalar(g.shape)]
        if arrays and not (len(arrays) == 1 and isinstance(arrays[0], Ones)):
            rest.append(mul(*arrays))
    number, factors = _gathered(scalars)
    return with_number(times(k, number), mul(*factors, had(*rest) if rest else ones(e.shape)))


def _sum(e: Add, collect: bool) -> Node:
    kept: list[tuple[Fraction, Node]] = []
    flat = add(*e.terms)
    for term in flat.terms if isinstance(flat, Add) else (flat,):
        k, rest = split_number(term)
        like = (
            next((i for i, (_, r) in enumerate(kept) if r == rest), None) if collect or rest == ONE else None
        )
        if like is None:
            kept.append((k, rest))
        else:
            kept[like] = (kept[like][0] + k, rest)
    left = [(k, rest) for k, rest in kept if k and not is_zero(rest)]
    if collect and len(left) > 1 and all(k.numerator < 0 for k, _ in left):
        return Neg(add(*(with_number(-k, rest) for k, rest in left)))
    return add(*(with_number(k, rest) for k, rest in left)) if left else zero(e)


def _quotient(e: Div) -> Node:
    value = number(e)
    if value is not None:
        return num(value)
    if is_zero(e.num):
        return zero(e)
    if isinstance(e.den, Neg):
        return neg(tidy(Div(e.num, e.den.arg)))
    below = number(e.den)
    if below == 0:
        return e
    if below is not None:
        k, rest = split_number(e.num)
        return with_number(k / below, rest) if below in (1, -1) or k != 1 else e
    if isinstance(e.num, Neg):
        return neg(tidy(Div(e.num.arg, e.den)))
    if not is_scalar(e.den.shape):
        return _entrywise(e)
    if is_scalar(e.shape):
        k, rest = split_number(e.num)
        more, parts = _gathered([Div(rest, e.den)])
        return with_number(k * more, mul(*parts)) if parts else num(k * more)
    return _over_number(e)


def _over_number(e: Div) -> Node:
    if isinstance(e.num, Div) and is_scalar(e.num.den.shape):
        return tidy(Div(e.num.num, mul(e.num.den, e.den)), collect=False)
    over, top = scaled(e.num)
    return e if over == ONE else tidy(mul(Div(over, e.den), top), collect=False)


def _entrywise(e: Div) -> Node:
    if e.num == e.den:
        return ones(e.shape)
    (over, top), (under, bottom) = scaled(e.num), scaled(e.den)
    return e if over == under == ONE else tidy(mul(Div(over, under), Div(top, bottom)))


def _power(e: Pow) -> Node:
    p = number(e.exponent)
    if p == 1:
        return e.base
    if p == 0:
        return ONE if is_scalar(e.shape) else ones(e.shape)
    base = number(e.base)
    if base is None or p is None or not (base or p > 0):
        return e
    if p.denominator == 1 and (abs(p) < MOST_POWER or base in (0, 1)):
        return num(base ** int(p))
    return e


def _transpose(e: T) -> Node:
    if isinstance(e.arg, T):
        return e.arg.arg
    if isinstance(e.arg, Zero):
        return zero(e)
    if isinstance(e.arg, Neg):
        return neg(_transpose(T(e.arg.arg)))
    factors = e.arg.factors if isinstance(e.arg, Mul) and not is_scalar(e.shape) else ()
    if any(is_scalar(f.shape) for f in factors):
        chain = [f for f in factors if not is_scalar(f.shape)]
        return mul(*(f for f in factors if is_scalar(f.shape)), _transpose(T(mul(*chain))))
    return e.arg if is_scalar(e.shape) or isinstance(e.arg, Eye) else e


def _negative(e: Neg) -> Node:
    return zero(e) if is_zero(e.arg) else neg(e.arg)


def _call(e: Call) -> Node:
    first = e.args[0]
    if isinstance(first, Num) and not e.order and (e.name, first) in KNOWN:
        return KNOWN[e.name, first]
    if e.name == "diag" and isinstance(first, Ones):
        return Eye(first.shape[0])
    gone = (e.name in LINEAR and is_zero(first)) or (e.name == "kron" and any(map(is_zero, e.args)))
    return zero(e) if gone else e


def _norm(e: Norm) -> Node:
    return zero(e) if is_zero(e.arg) else e


def _sum_over_index(e: Sum) -> Node:
    if is_zero(e.body):
        return zero(e)
    k, rest = split_number(e.body)
    return e if k == 1 else with_number(k, tidy(Sum(e.index, rest)))


def _inverse(e: Inv) -> Node:
    return e.arg if isinstance(e.arg, Eye) else e.arg.arg if isinstance(e.arg, Inv) else e


def _delta(e: Delta) -> Node:
    if e.i == e.j:
        return ONE
    return ZERO if isinstance(e.i, Num) and isinstance(e.j, Num) else e


_BY_CLASS: dict[type[Node], Callable[[Any], Node]] = {
    Mul: _product, Had: _hadamard, Neg: _negative, Div: _quotient, Pow: _power, T: _transpose, Call: _call,
    Norm: _norm, Sum: _sum_over_index, MatPow: lambda e: e.base if e.exponent == ONE else e, Inv: _inverse,
    Delta: _delta,
}  # fmt: skip
