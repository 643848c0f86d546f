"""Scalar factors as powers: equal ones are gathered, what is above and below a fraction line cancels."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from generator.expr.calculus import Partial
from generator.expr.make import add, mul, neg, num
from generator.expr.match import find
from generator.expr.nodes import Add, Call, Div, Mul, Neg, Node, Norm, Num, Pow
from generator.expr.shapes import is_one, is_scalar

UNIT = Fraction(1)
ONE, MINUS = num(UNIT), num(-1)
COMPOUND = (Mul, Div, Pow, Neg, Num)  # what is taken apart into powers
LATE = (Call, Div, Norm)
MOST_POWER = 64  # larger powers of numbers are left as they are written


def gathered(scalars: list[Node]) -> tuple[Fraction, list[Node]]:
    """A number, and the other scalar factors: equal ones as powers, with a denominator as one fraction."""
    if not scalars or (len(scalars) == 1 and not isinstance(scalars[0], COMPOUND)):
        return UNIT, scalars
    number, powers = powers_of(scalars)
    above: list[Node] = []
    below: list[Node] = []
    for base, p in powers.items():
        lowered = opposite(p)
        if lowered is None:
            above.append(_power(base, p))
        else:
            below.append(_power(base, lowered))
    above = in_order(above)
    below = in_order(below)
    if not below:
        return number, above
    return number, [Div(mul(*above) if above else ONE, mul(*below))]


def scaled(e: Node) -> tuple[Node, Node]:
    """The scalar factors of an array as one number, and the rest of it."""
    if isinstance(e, Neg):
        k, rest = scaled(e.arg)
        return neg(k), rest
    if is_scalar(e.shape) or not isinstance(e, Mul):
        return ONE, e
    numbers = [f for f in e.factors if is_scalar(f.shape)]
    rest = mul(*(f for f in e.factors if not is_scalar(f.shape)))
    return (mul(*numbers) if numbers else ONE), rest


def powers_of(scalars: list[Node]) -> tuple[Fraction, dict[Node, Node]]:
    """A number, and the exponents of the other scalar factors."""
    powers: dict[Node, Node] = {}
    for s in scalars:
        _take(s, UNIT, powers)
    number = UNIT
    for base, p in list(powers.items()):
        exponent = literal(p)
        whole = exponent is not None and exponent.denominator == 1 and abs(exponent) < MOST_POWER
        if isinstance(base, Num) and exponent is not None and whole and (base.value or exponent > 0):
            number *= base.value ** int(exponent)
        elif base == MINUS and exponent is not None:
            number *= (-1) ** abs(int(exponent))  # (-1)**-1 would be a float
        elif exponent != 0:
            continue
        del powers[base]
    return number, powers


def in_order(factors: list[Node]) -> list[Node]:
    """Symbols before functions before inner products and sums of traces, as one writes.

    A derivative follows the functions.
    """
    functions = any(isinstance(f, LATE) for f in factors)

    def place(f: Node) -> int:
        late = isinstance(f, LATE) or (functions and isinstance(f, Partial))
        traces = functions and isinstance(f, Add) and any(c.name == "tr" for c in find(f, Call))
        return 2 if isinstance(f, Mul) or traces else int(late)

    return sorted(factors, key=place)


def _take(s: Node, p: Fraction | Node, powers: dict[Node, Node]) -> None:
    """Count a factor s^p; products, quotients and powers are taken apart while ``p`` is a whole number."""
    whole = isinstance(p, Fraction) and p.denominator == 1
    if whole and isinstance(s, Mul) and len(parts := pieces(s.factors)) > 1:
        for part in parts:
            _take(mul(*part), p, powers)
    elif isinstance(p, Fraction) and whole and isinstance(s, Div):
        _take(s.num, p, powers)
        _take(s.den, -p, powers)
    elif isinstance(p, Fraction) and whole and isinstance(s, Pow):
        q = literal(s.exponent)
        if q is not None:
            _take(s.base, p * q, powers)
        else:
            _take(s.base, s.exponent if p == 1 else mul(num(p), s.exponent), powers)
    elif whole and isinstance(s, Neg) and s != MINUS:
        _take(MINUS, p, powers)
        _take(s.arg, p, powers)
    elif s != ONE:
        exponent = num(p) if isinstance(p, Fraction) else p
        powers[s] = _plus(powers[s], exponent) if s in powers else exponent


def pieces(factors: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """A product, cut after every column: xᵀAx yᵀy is the number xᵀAx times the number yᵀy."""
    ends = [k for k, f in enumerate(factors, 1) if is_one(f.shape[1]) or k == len(factors)]
    return [factors[a:b] for a, b in pairwise([0, *ends])]


def opposite(p: Node) -> Node | None:
    """The exponent below the line of a factor whose exponent is written with a minus sign."""
    if isinstance(p, Add):
        terms = [literal(term) if literal(term) is not None else opposite(term) for term in p.terms]
        negative = [term for term in terms if isinstance(term, Node)]
        numbers = [num(-term) for term in terms if isinstance(term, Fraction)]
        return add(*negative, *numbers) if negative and None not in terms else None
    first, *rest = p.factors if isinstance(p, Mul) else (p,)
    value = literal(first)
    if value is not None and value < 0:
        return mul(*([num(-value)] if value != -1 or not rest else []), *rest)
    return p.arg if isinstance(p, Neg) else None


def literal(p: Node) -> Fraction | None:
    """The value of a literal exponent."""
    if isinstance(p, Neg):
        inner = literal(p.arg)
        return None if inner is None else -inner
    return p.value if isinstance(p, Num) else None


def _plus(p: Node, q: Node) -> Node:
    a, b = literal(p), literal(q)
    return num(a + b) if a is not None and b is not None else add(p, q)


def _power(base: Node, p: Node) -> Node:
    return base if p == ONE else Pow(base, p)
