"""Two sides of a relation at one point: their values, how far they are apart, and how to say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Literal

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import Ellipsis, Mat
from generator.expr.evaluate import Point, axis, evaluate, on_grid
from generator.expr.functions import Array
from generator.expr.make import num
from generator.expr.match import find, free_indices, transform
from generator.expr.nodes import Idx, Neg, Node, Num
from generator.expr.shapes import DimVar, resolve, size
from generator.verify.occur import inner_inverses

LARGEST = 1e12  # more than this comes from outside a function's domain, or from a singular matrix
WORST_CONDITION = 1e7
SMALLEST_SCALE = 1e-2
MOST_DIGITS = 12  # of a rounded value
UNKNOWN_RANGE = 3  # an index of which nothing is known runs to here


class Unusable(Exception):
    """The point is outside the domain of an expression: try another one."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How two sides compare at a point: error, the two values where they differ most, and where that is."""

    error: float
    left: float = 0.0
    right: float = 0.0
    entry: tuple[int, ...] = ()
    where: str = ""

    def told(self) -> str:
        """Both values, for people."""
        entry = f" in entry ({', '.join(str(k + 1) for k in self.entry)})" if self.entry else ""
        where = f" at {self.where}" if self.where else ""
        return f"the left side is {self.left:.6g}, the right side is {self.right:.6g}{entry}{where}"


def index_points(nodes: Iterable[Node], guard: Node | None, point: Point) -> Iterator[Point]:
    """The point with all values of the free indices that satisfy the guard."""
    parts = [*nodes, *([guard] if guard else [])]
    found = {e.name: e for node in parts for e in free_indices(node)}
    free = [found[name] for name in sorted(found)]
    if not free and guard is None:
        yield point
        return
    for values in product(*(range(1, _top(i, point) + 1) for i in free)):
        named = dict(zip((i.name for i in free), values, strict=True))
        here = replace(point, indices={**point.indices, **named})
        if guard is None or bool(evaluate(guard, here)):
            yield here


def _top(index: Idx, point: Point) -> int:
    end = resolve(index.size)
    return UNKNOWN_RANGE if isinstance(end, DimVar) else size(end, dict(point.sizes))


def largest_gap(lhs: Node, rhs: Node, guard: Node | None, point: Point) -> Gap | None:
    """The largest difference of two sides over all index values that satisfy the guard, if there are any.

    Raises:
        Unusable: a side has no finite real value here.
    """
    for e in inner_inverses((lhs, rhs), point.definitions):
        refuse_singular(e, point)
    grid = on_grid((lhs, rhs, *([guard] if guard else [])), point)
    if grid is not None:
        return _gap_on_grid(lhs, rhs, guard, grid)
    gaps = [gap(lhs, rhs, here) for here in index_points((lhs, rhs), guard, point)]
    return max(gaps, key=lambda g: g.error, default=None)


def _gap_on_grid(lhs: Node, rhs: Node, guard: Node | None, grid: Point) -> Gap | None:
    """The largest gap between two numbers, all index values being tried at once."""
    kept = np.asarray(evaluate(guard, grid) if guard else True, bool)
    sides = (number(lhs, grid), number(rhs, grid), kept)
    a, b, kept = (np.broadcast_to(v, np.broadcast_shapes(*map(np.shape, sides))) for v in sides)
    if not np.any(kept):
        return None
    for v in (a, b):
        if not np.all(np.isfinite(v[kept])) or np.max(np.abs(v[kept])) > LARGEST:
            raise Unusable("a side is not finite")
    a, b = np.where(kept, a, 0.0), np.where(kept, b, 0.0)
    errors = np.abs(a - b) / np.maximum(SMALLEST_SCALE, np.maximum(np.abs(a), np.abs(b)))
    worst = np.unravel_index(int(np.argmax(errors)), errors.shape)
    at = {name: int(worst[axis(name, grid)]) + 1 for name, v in grid.indices.items() if np.ndim(v)}
    here = place(replace(grid, indices={**grid.indices, **at}))
    return Gap(float(errors[worst]), float(a[worst]), float(b[worst]), (), here)


def gap(lhs: Node, rhs: Node, point: Point) -> Gap:
    """The difference of two sides at one point.

    Raises:
        Unusable: a side has no finite real value here.
    """
    a, b = number(lhs, point), number(rhs, point)
    if np.shape(a) != np.shape(b):
        raise Unusable(f"the sides have the sizes {_sizes(a)} and {_sizes(b)}")
    if find(lhs, Ellipsis) or find(rhs, Ellipsis):
        blank = dotted(lhs, point) | dotted(rhs, point)
        if np.all(blank):
            raise Unusable("nothing is printed but dots")
        a, b = np.where(blank, 0.0, a), np.where(blank, 0.0, b)
    return apart(a, b, point)


def apart(a: Array, b: Array, point: Point) -> Gap:
    """How far two values are apart.

    Raises:
        Unusable: they have different sizes, or one is not finite.
    """
    if np.shape(a) != np.shape(b):
        raise Unusable(f"the sides have the sizes {_sizes(a)} and {_sizes(b)}")
    largest = [float(np.abs(v).max()) for v in (a, b)]
    if not all(most <= LARGEST for most in largest):  # nor where it is no number
        raise Unusable("a side is not finite")
    off = np.abs(a - b)
    worst = np.unravel_index(int(np.argmax(off)), np.shape(off))
    scale = max(SMALLEST_SCALE, *largest)
    entry = tuple(int(k) for k in worst)
    return Gap(float(off[worst]) / scale, float(a[worst]), float(b[worst]), entry, place(point))


def number(node: Node, point: Point) -> Array:
    """The real value of an expression.

    Raises:
        Unusable: it has none here.
    """
    if node not in point.known:  # the sides of a chain are compared with both neighbours
        point.known[node] = _number(node, point)
    return point.known[node]


def _number(node: Node, point: Point) -> Array:
    try:
        with np.errstate(all="ignore"):
            v = evaluate(node, point)
    except (InputError, ArithmeticError, ValueError, IndexError) as error:  # a LinAlgError is a ValueError
        raise Unusable(error.message if isinstance(error, InputError) else str(error)) from None
    return real(v)


def real(v: Array) -> Array:
    """A value that is real, as such.

    Raises:
        Unusable: it is not.
    """
    if np.iscomplexobj(v):
        if np.max(np.abs(np.imag(v))) > 0:
            raise Unusable("a side is not real")
        v = np.real(v)
    return np.asarray(v, float)


def dotted(node: Node, point: Point) -> Array:
    """Where dots are printed instead of entries: the only places that need not have a value."""
    if not any(isinstance(e, Ellipsis) for e in find(node, Ellipsis)):
        return np.False_

    def blank(e: Node) -> Node | None:
        if not isinstance(e, Mat) or not find(e, Ellipsis):
            return None
        return replace(e, cells=tuple(c if isinstance(c, Ellipsis) else num(1) for c in e.cells))

    return np.isnan(number(transform(node, blank), point))


def refuse_singular(arg: Node, point: Point) -> None:
    """Nothing, if what is inverted can be.

    Raises:
        Unusable: it is singular here, or nearly so.
    """
    try:
        with np.errstate(all="ignore"):
            bad = np.linalg.cond(evaluate(arg, point)) > WORST_CONDITION
    except InputError:  # it depends on an index that is summed over
        return
    except ValueError as error:
        raise Unusable(str(error)) from None
    if bad:
        raise Unusable("a matrix that is inverted is singular")


def place(point: Point) -> str:
    """The sizes and indices of a point, for people."""
    return ", ".join(f"{k} = {v}" for k, v in sorted({**point.sizes, **point.indices}.items()))


def _sizes(v: Array) -> str:
    return "×".join(map(str, np.shape(v))) or "scalar"


Sign = Literal["<", ">", "≤", "≥", "≠", "≈"]


def half_unit(e: Node) -> float:
    """Half a unit in the last digit of a decimal number: what is no such number is not rounded."""
    value = e.arg.value if isinstance(e, Neg) and isinstance(e.arg, Num) else getattr(e, "value", None)
    if not isinstance(value, Fraction):
        return 0.0
    digits = next((k for k in range(MOST_DIGITS) if (value * 10**k).denominator == 1), MOST_DIGITS)
    return 0.5 * (1 + 1e-9) * 10.0**-digits


def holds(lhs: Node, sign: Sign, rhs: Node, point: Point) -> bool:
    """Whether an inequality holds at a point, entry by entry."""
    a, b = number(lhs, point), number(rhs, point)
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        raise Unusable("a side is not finite")
    if sign == "≠":
        return bool(np.any(a != b))
    if sign == "≈":
        return bool(abs(a - b) <= half_unit(rhs))
    return bool(np.all({"<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}[sign]))
