"""A pattern meets an expression: what its letters stand for there, and the pattern with that put in.

Letters stand for anything of their kind: capitals for any expression, u v w x y z for columns, a b c p s t
for scalars. In a pattern ``d`` also matches a partial derivative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from generator.expr.calculus import D, Partial
from generator.expr.make import add, had, mul, neg
from generator.expr.match import children, with_children
from generator.expr.nodes import Add, Eye, Had, Mul, Neg, Node, Num, Ones, Size, Sym
from generator.expr.shapes import ONE, is_column, is_scalar

SCALAR_LETTERS = frozenset("abcpst")
OPERATORS = (D, Partial)
COLUMN_LETTERS = frozenset("uvwxyz")
Bindings = Mapping[str, Node]


def match(pattern: Node, subject: Node, bound: Bindings) -> Iterator[dict[str, Node]]:
    """All ways to read ``subject`` as an instance of ``pattern``."""
    if isinstance(pattern, Sym):
        yield from _letter(pattern, subject, bound)
    elif isinstance(pattern, D):
        if isinstance(subject, OPERATORS):
            inner = subject.arg if isinstance(subject, D) else subject.of
            seen = bound.get("d")
            if seen is None or _operator(seen) == _operator(subject):
                yield from match(pattern.arg, inner, {**bound, "d": subject})
    elif type(pattern) is type(subject):
        if isinstance(pattern, Mul) and isinstance(subject, Mul):
            yield from _factors(pattern.factors, subject.factors, bound)
        elif _same_head(pattern, subject):
            yield from _each(children(pattern), children(subject), bound)


def _operator(e: Node) -> Node | None:
    return e.wrt if isinstance(e, Partial) else None


def _letter(pattern: Sym, subject: Node, bound: Bindings) -> Iterator[dict[str, Node]]:
    name = pattern.name
    if name in bound:
        if bound[name] == subject:
            yield dict(bound)
    elif (name not in SCALAR_LETTERS or is_scalar(subject.shape)) and (
        name not in COLUMN_LETTERS or is_column(subject.shape)
    ):
        yield {**bound, name: subject}


def _same_head(pattern: Node, subject: Node) -> bool:
    return all(getattr(pattern, f) == getattr(subject, f) for f in _head(pattern.FIELDS, pattern.PARTS))


@cache  # as many entries as there are classes
def _head(fields: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...]:
    """What a node has besides its parts, such as the name of a function; sizes are matched by letters."""
    return tuple(f for f in fields if f not in parts and f not in ("size", "of_shape"))


def _each(
    patterns: tuple[Node, ...], subjects: tuple[Node, ...], bound: Bindings
) -> Iterator[dict[str, Node]]:
    if len(patterns) != len(subjects):
        return
    if not patterns:
        yield dict(bound)
        return
    for first in match(patterns[0], subjects[0], bound):
        yield from _each(patterns[1:], subjects[1:], first)


def _factors(
    patterns: tuple[Node, ...], subjects: tuple[Node, ...], bound: Bindings
) -> Iterator[dict[str, Node]]:
    """Match products: a capital may stand for several consecutive factors."""
    if not patterns:
        if not subjects:
            yield dict(bound)
        return
    widest = len(subjects) - len(patterns) + 1
    wide = isinstance(patterns[0], Sym) and patterns[0].name not in SCALAR_LETTERS
    for k in range(1, (widest if wide else min(1, widest)) + 1):
        for first in match(patterns[0], product(subjects[:k]), bound):
            yield from _factors(patterns[1:], subjects[k:], first)


def product(factors: tuple[Node, ...]) -> Node:
    """The product of consecutive factors of a product."""
    return factors[0] if len(factors) == 1 else Mul(factors)


def instantiate(pattern: Node, bound: Bindings) -> Node:
    """The pattern with its letters replaced; products and sums are flattened."""
    if isinstance(pattern, Sym):
        return bound[pattern.name]
    parts = tuple(instantiate(p, bound) for p in children(pattern))
    if isinstance(pattern, D):
        like = bound.get("d")
        return Partial(parts[0], like.wrt, like.layout) if isinstance(like, Partial) else D(parts[0])
    return rebuild(pattern, parts, bound)


def rebuild(pattern: Node, parts: tuple[Node, ...], bound: Bindings) -> Node:
    """A node of the pattern's kind over new parts; where they are scalars, elementwise becomes plain."""
    if isinstance(pattern, Mul):
        return mul(*parts)
    if isinstance(pattern, Add):
        return add(*parts)
    if isinstance(pattern, Had):
        return had(*parts)
    if isinstance(pattern, Neg):
        return neg(parts[0])
    if isinstance(pattern, Eye) and isinstance(side := bound.get(f"size {pattern.size}"), Size):
        return Eye(side.size)
    if isinstance(pattern, Ones):
        sides = [bound[f"size {side}"] for side in pattern.shape if side != ONE]
        given = [s.size for s in sides if isinstance(s, Size)]
        shape = (given[0], given[1] if len(given) > 1 else ONE)
        return Num(Fraction(1)) if is_scalar(shape) else Ones(shape)
    return with_children(pattern, parts)
