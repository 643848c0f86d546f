"""The values that a parameter can take: a finite set, counted exactly, whose members have ranks from 0.

A space is a product of axes and a function that builds a value from one entry of each. Where a matrix has a
structure, it is built from triangular factors that it determines, so different ranks give different matrices
and none has to be thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

Number = Fraction
Vector = tuple[Number, ...]
Matrix = tuple[Vector, ...]
Value = Number | str | Vector | Matrix
Entries = tuple[Number, ...]


@dataclass(frozen=True)
class Space:
    """A finite set of values; ``assume`` is what all of its matrices are."""

    axes: tuple[Sequence[Number | str], ...]
    build: Callable[..., Value]
    assume: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many values there are."""
        return prod(len(axis) for axis in self.axes)

    @property
    def structure(self) -> bool:
        """Whether the values are words that change the structure of a problem."""
        return any(isinstance(entry, str) for axis in self.axes for entry in axis[:1])

    def value(self, rank: int) -> Value:
        """The value of a rank below ``size``."""
        chosen = []
        for axis in reversed(self.axes):
            rank, k = divmod(rank, len(axis))
            chosen.append(axis[k])
        return self.build(tuple(reversed(chosen)))


@dataclass(frozen=True)
class Product:
    """All combinations of the values of several parameters; ``label`` tells a stratum from its sisters."""

    spaces: Mapping[str, Space] = field(default_factory=dict)
    label: str = ""

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return prod(space.size for space in self.spaces.values())

    def values(self, rank: int) -> dict[str, Value]:
        """The combination of a rank below ``size``."""
        found: dict[str, Value] = {}
        for name, space in reversed([*self.spaces.items()]):
            rank, k = divmod(rank, space.size)
            found[name] = space.value(k)
        return {name: found[name] for name in self.spaces}

    def strata(self) -> tuple[Product, ...]:
        """The parts with one structure each; the whole, where nothing changes the structure."""
        words = {name: space.axes[0] for name, space in self.spaces.items() if space.structure}
        parts = []
        for chosen in product(*words.values()):
            fixed = {n: replace(self.spaces[n], axes=((w,),)) for n, w in zip(words, chosen, strict=True)}
            label = ", ".join(f"{n} = {w}" for n, w in zip(words, chosen, strict=True))
            parts.append(Product({**self.spaces, **fixed}, label))
        return tuple(parts)


def only(entries: tuple[Number | str, ...]) -> Value:
    """A value that is one entry."""
    return entries[0]


def chosen(values: Sequence[Number | str]) -> Space:
    """A space of single values."""
    return Space((tuple(dict.fromkeys(values)),), only)


def fractions(low: Number, high: Number, denominators: Sequence[int]) -> tuple[Number, ...]:
    """All fractions between two bounds with one of these denominators, in order."""
    found = {Fraction(k, d) for d in denominators for k in range(-int(-low * d // 1), int(high * d // 1) + 1)}
    return tuple(sorted(found))


def vectors(size: int, entries: Entries) -> Space:
    """The vectors of a size."""
    return Space((entries,) * size, tuple)


def matrices(rows: int, columns: int, entries: Entries) -> Space:
    """The matrices of a size."""
    return Space((entries,) * (rows * columns), partial(_in_rows, columns))


def symmetric(n: int, entries: Entries) -> Space:
    """The symmetric matrices of a size."""
    return Space((entries,) * (n * (n + 1) // 2), partial(_symmetric, n), ("symmetric",))


def positive_definite(n: int, entries: Entries, pivots: Entries) -> Space:
    """L D Lᵀ with ones on the diagonal of the triangular L and positive numbers in D, which it determines."""
    axes = (pivots,) * n + (entries,) * (n * (n - 1) // 2)
    return Space(axes, partial(_positive_definite, n), ("symmetric", "positive_definite"))


def invertible(n: int, entries: Entries) -> Space:
    """L U with ones on both diagonals: integer entries give an integer inverse."""
    return Space((entries,) * (n * (n - 1)), partial(_of_rank, n, n, n), ("invertible",))


def of_rank(rows: int, columns: int, rank: int, entries: Entries) -> Space:
    """Matrices of a rank whose leading block of that size is a product L U as above."""
    count = rank * (rank - 1) + rank * (rows - rank) + rank * (columns - rank)
    return Space((entries,) * count, partial(_of_rank, rows, columns, rank))


def times(a: Matrix, b: Matrix) -> Matrix:
    """The product of two matrices."""
    columns = tuple(zip(*b, strict=True))
    return tuple(
        tuple(sum((x * y for x, y in zip(r, c, strict=True)), Fraction(0)) for c in columns) for r in a
    )


def _in_rows(columns: int, entries: Entries) -> Matrix:
    return tuple(entries[k : k + columns] for k in range(0, len(entries), columns))


def _symmetric(n: int, entries: Entries) -> Matrix:
    upper = iter(entries)
    cells = {(i, j): next(upper) for i in range(n) for j in range(i, n)}
    return tuple(tuple(cells[min(i, j), max(i, j)] for j in range(n)) for i in range(n))


def _positive_definite(n: int, entries: Entries) -> Matrix:
    lower = _trapezoid(n, n, iter(entries[n:]))
    scaled = tuple(tuple(x * d for x, d in zip(row, entries[:n], strict=True)) for row in lower)
    return times(scaled, tuple(zip(*lower, strict=True)))


def _of_rank(rows: int, columns: int, rank: int, entries: Entries) -> Matrix:
    rest = iter(entries)
    left = _trapezoid(rows, rank, rest)
    right = _trapezoid(columns, rank, rest)
    return times(left, tuple(zip(*right, strict=True)))


def _trapezoid(rows: int, columns: int, below: Iterator[Number]) -> Matrix:
    """Ones on the diagonal, zeros above it, the entries below."""
    one, zero = Fraction(1), Fraction(0)
    return tuple(
        tuple(one if i == j else zero if i < j else next(below) for j in range(columns)) for i in range(rows)
    )
