"""Scalar factors as powers: equal ones are gathered, what is above and below a fraction line cancels."""

from __future__ import annotations

from fractions import Fraction

from generator.expr.make import add, mul, num
from generator.expr.nodes import Call, Div, Mul, Neg, Node, Norm, Num, Pow
from generator.expr.shapes import is_scalar

ONE = num(1)


def gathered(scalars: list[Node]) -> tuple[Fraction, list[Node]]:
    """A number, and the other scalar factors: equal ones as powers, with a denominator as one fraction."""
    powers: dict[Node, Node] = {}
    for s in scalars:
        _take(s, Fraction(1), powers)
    number = Fraction(1)
    above: list[Node] = []
    below: list[Node] = []
    for base, p in powers.items():
        exponent = literal(p)
        if isinstance(base, Num) and base.value and exponent is not None and exponent.denominator == 1:
            number *= base.value ** int(exponent)
        elif exponent is not None and exponent < 0:
            below.append(_power(base, num(-exponent)))
        elif exponent != 0:
            above.append(_power(base, p))
    above.sort(key=lambda f: isinstance(f, Call | Div | Norm))  # symbols before functions, as one writes
    if not below:
        return number, above
    return number, [Div(mul(*above) if above else ONE, mul(*below))]


def _take(s: Node, p: Fraction | Node, powers: dict[Node, Node]) -> None:
    """Count a factor s^p; products, quotients and powers are taken apart while ``p`` is a number."""
    if isinstance(p, Fraction) and isinstance(s, Mul) and all(is_scalar(f.shape) for f in s.factors):
        for f in s.factors:
            _take(f, p, powers)
    elif isinstance(p, Fraction) and isinstance(s, Div):
        _take(s.num, p, powers)
        _take(s.den, -p, powers)
    elif isinstance(p, Fraction) and isinstance(s, Pow) and p.denominator == 1:
        q = literal(s.exponent)
        if q is not None:
            _take(s.base, p * q, powers)
        else:
            _take(s.base, s.exponent if p == 1 else mul(num(p), s.exponent), powers)
    elif s != ONE:
        exponent = num(p) if isinstance(p, Fraction) else p
        powers[s] = _plus(powers[s], exponent) if s in powers else exponent


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
