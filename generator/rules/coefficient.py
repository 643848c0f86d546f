"""Numbers in front of expressions: taken off, multiplied, and put back the way they are written."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import gcd

from generator.expr.make import mul, neg, num
from generator.expr.nodes import Div, Mul, Neg, Node, Num, Zero
from generator.expr.shapes import is_scalar

UNIT = Fraction(1)
NUMERIC = (Num, Neg, Div)
NUMERIC_OR_MUL = (*NUMERIC, Mul)
ZERO, ONE = Num(Fraction(0)), Num(UNIT)


def is_zero(e: Node) -> bool:
    """Whether an expression is literally zero."""
    return isinstance(e, Zero) or (isinstance(e, Num) and not e.value)


def zero(like: Node) -> Node:
    """Zero of the same shape."""
    return ZERO if is_scalar(like.shape) else Zero(like.shape)


def number(e: Node) -> Fraction | None:
    """The value of a literal number, a negative one, or a quotient of numbers."""
    if not isinstance(e, NUMERIC):
        return None
    if isinstance(e, Num):
        return e.value
    if isinstance(e, Neg):
        inner = number(e.arg)
        return None if inner is None else -inner
    a, b = number(e.num), number(e.den)
    return a / b if a is not None and b else None


def split_number(e: Node) -> tuple[Fraction, Node]:
    """A numeric coefficient and the rest (the rest of a number is 1)."""
    if isinstance(e, Mul):
        if not any(isinstance(f, NUMERIC_OR_MUL) for f in e.factors):
            return UNIT, e
        parts = [split_number(f) if isinstance(f, NUMERIC) else (UNIT, f) for f in e.factors]
        others = [rest for _, rest in parts if rest != ONE]
        return reduce(times, (k for k, _ in parts)), mul(*others) if others else ONE
    if not isinstance(e, NUMERIC):
        return UNIT, e
    if isinstance(e, Neg):
        k, rest = split_number(e.arg)
        return -k, rest
    value = number(e)
    if value is not None:
        return value, ONE
    if isinstance(e, Div) and not isinstance(e.den, Num):
        k, rest = split_number(e.num)
        return k, (Div(rest, e.den) if k != 1 else e)
    return UNIT, e


def times(a: Fraction, b: Fraction) -> Fraction:
    """The product of two numbers, most of which are 1."""
    return b if a is UNIT else a if b is UNIT else a * b


def common(numbers: Iterable[Fraction]) -> Fraction:
    """The largest positive number of which all are whole multiples."""
    top, bottom = 0, 1
    for v in numbers:
        top, bottom = gcd(top * v.denominator, abs(v.numerator) * bottom), bottom * v.denominator
        shared = gcd(top, bottom)
        top, bottom = top // shared, bottom // shared
    return Fraction(top, bottom)


def with_number(k: Fraction, rest: Node) -> Node:
    """``k`` times an expression, the way it is written: −2x, x/2, −x."""
    if k is UNIT:
        return rest
    if k == 0:
        return zero(rest)
    if rest == ONE:
        return num(k)
    if k < 0:
        return neg(with_number(-k, rest))
    if k == 1:
        return rest
    if isinstance(rest, Div) and is_scalar(rest.shape):
        over = with_number(Fraction(k.numerator), rest.num)
        return Div(over, with_number(Fraction(k.denominator), rest.den))
    if isinstance(rest, Div) and (below := number(rest.den)):
        return with_number(k / below, rest.num)
    if isinstance(rest, Div) and is_scalar(rest.den.shape):
        return mul(with_number(k, Div(ONE, rest.den)), rest.num)
    if isinstance(rest, Mul) and isinstance(first := rest.factors[0], Div) and is_scalar(first.shape):
        return mul(with_number(k, first), *rest.factors[1:])
    return mul(num(k), rest)
