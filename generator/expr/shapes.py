"""Symbolic dimensions and their unification.

A dimension is a positive integer times named sizes: ``3``, ``n``, ``n*m``. A shape is a pair (rows,
columns); a vector is a column (n, 1), a scalar is (1, 1). A ``DimVar`` is a dimension that is not known
yet; comparing it with another dimension determines it, which is how shapes are inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from generator.errors import InputError

MAX_DIM = 10_000
MAX_POWER = 100  # of a matrix: its differential has so many terms


@dataclass(frozen=True, slots=True)
class Dim:
    """A known dimension: ``factor`` times the product of ``names`` (sorted)."""

    factor: int = 1
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [*([str(self.factor)] if self.factor != 1 or not self.names else []), *self.names]
        return "·".join(parts)


class DimVar:
    """A dimension to be determined by unification."""

    __slots__ = ("bound",)

    def __init__(self) -> None:
        self.bound: Dimension | None = None

    def __str__(self) -> str:
        found = resolve(self)
        return "?" if isinstance(found, DimVar) else str(found)


Dimension = Dim | DimVar
Shape = tuple[Dimension, Dimension]


@lru_cache(1024)
def named(factor: int, names: tuple[str, ...]) -> Dim:
    """A dimension; equal ones are one object, because nothing is compared as often."""
    return Dim(factor, names)


ONE = named(1, ())
SCALAR: Shape = (ONE, ONE)


@lru_cache(1024, typed=True)  # True is no dimension, although it equals 1
def dim(spec: str | int) -> Dim:
    """A dimension from an integer, a name, or a product such as ``"n*m"``.

    Raises:
        InputError: not a positive integer up to MAX_DIM, nor a name.
    """
    factor, names = 1, []
    for part in [spec] if isinstance(spec, int) else spec.split("*"):
        text = str(part).strip()
        if re.fullmatch(r"[0-9]{1,9}", text) and 0 < int(text) <= MAX_DIM and not isinstance(spec, bool):
            factor *= int(text)
        elif isinstance(spec, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,15}", text):
            names.append(text)
        else:
            raise InputError(f"a dimension is a name or an integer from 1 to {MAX_DIM}, found {text[:20]!r}")
    return named(factor, tuple(sorted(names)))


def resolve(d: Dimension) -> Dimension:
    """What ``d`` stands for after the unifications so far."""
    while isinstance(d, DimVar) and d.bound is not None:
        d = d.bound
    return d


def same(a: Dimension, b: Dimension) -> bool:
    """Whether two dimensions are equal; an undetermined one becomes the other."""
    if a is b:
        return True
    a, b = resolve(a), resolve(b)
    if a is b or a == b:
        return True
    if isinstance(a, DimVar):
        a.bound = b
        return True
    if isinstance(b, DimVar):
        b.bound = a
        return True
    return False


def same_shape(a: Shape, b: Shape) -> bool:
    """Whether two shapes are equal (undetermined dimensions become equal)."""
    return same(a[0], b[0]) and same(a[1], b[1])


def times(a: Dimension, b: Dimension) -> Dimension:
    """The product of two dimensions (the size of a Kronecker product or of a vec)."""
    a, b = resolve(a), resolve(b)
    if a == ONE or b == ONE:
        return b if a == ONE else a
    if isinstance(a, Dim) and isinstance(b, Dim):
        return named(a.factor * b.factor, tuple(sorted(a.names + b.names)))
    return DimVar()


def is_one(d: Dimension) -> bool:
    """Whether the dimension is known to be 1."""
    found = d if type(d) is Dim else resolve(d)
    return found is ONE or (type(found) is Dim and found.factor == 1 and not found.names)


def is_scalar(shape: Shape) -> bool:
    """Whether the shape is 1×1."""
    rows, columns = shape
    return (rows is ONE and columns is ONE) or (is_one(rows) and is_one(columns))


def is_column(shape: Shape) -> bool:
    """Whether the shape is n×1 with n not 1."""
    return is_one(shape[1]) and not is_one(shape[0])


def is_row(shape: Shape) -> bool:
    """Whether the shape is 1×n with n not 1."""
    return is_one(shape[0]) and not is_one(shape[1])


def is_matrix(shape: Shape) -> bool:
    """Whether neither side is 1."""
    return not is_one(shape[0]) and not is_one(shape[1])


def long_sides(shape: Shape) -> Shape | tuple[Dimension] | tuple[()]:
    """The sides that are not 1: two of a matrix, one of a vector, none of a scalar."""
    return tuple(side for side in shape if not is_one(side))  # type: ignore[return-value]


def show(shape: Shape) -> str:
    """The shape for people: ``scalar``, ``vector of size n``, ``row of size n`` or ``n×m``."""
    if is_scalar(shape):
        return "scalar"
    if is_column(shape):
        return f"vector of size {shape[0]}"
    if is_row(shape):
        return f"row of size {shape[1]}"
    return f"{shape[0]}×{shape[1]} matrix"


def size(d: Dimension, sizes: dict[str, int]) -> int:
    """The number a dimension stands for under concrete ``sizes``."""
    d = resolve(d)
    if isinstance(d, DimVar):
        raise InputError("a dimension is not determined")
    return d.factor * prod(sizes[name] for name in d.names)
