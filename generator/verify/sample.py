"""Points to try a formula at: random values and directions for every symbol of a scope.

Sizes are pairwise different and small, matrices have no structure but the declared one. A value depends on
the symbol's name, on the attempt and on the sizes, never on the order of evaluation.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace
from random import Random

import numpy as np

from generator.expr.abstract import smooth
from generator.expr.evaluate import Point
from generator.expr.functions import Array
from generator.expr.nodes import Sym
from generator.expr.shapes import Dim, is_column, is_scalar, resolve, size
from generator.verify.scopes import Scope

ATTEMPTS = 28
POSITIVE = range(11, 16)  # attempts in which all values are positive
SMALL = range(14, 16)  # and those with small matrices, so that b − Ax is positive, too
LARGE = range(16, 19)  # and with large ones, so that log det A is positive
_BASE = ({"n": 5, "m": 3, "k": 2, "p": 4}, {"n": 4, "m": 2, "k": 3, "p": 5})


class Sampler:
    """The points of one scope, made when they are asked for and kept."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.free = {s.name for s in scope.variables}
        meant = {*scope.definitions, *scope.stationary}
        self.symbols = [s for name, s in scope.symbols.items() if name not in meant]
        sides = [resolve(side) for s in scope.symbols.values() for side in s.shape]
        fixed = {side.factor for side in sides if isinstance(side, Dim)}
        self.sizes = size_sets(sorted(scope.dimensions), fixed)
        self.stationary: dict[tuple[int, str], Array | None] = {}  # by attempt and name; found when asked for
        self._points: dict[int, Point] = {}

    def point(self, attempt: int) -> Point:
        """The point of an attempt, with every direction nonzero."""
        if attempt not in self._points:
            self._points[attempt] = self._draw(attempt)
        return self._points[attempt]

    def _draw(self, attempt: int) -> Point:
        sizes = self.sizes[attempt % len(self.sizes)]
        values, directions = {}, {}
        for s in self.symbols:
            rng = generator(s.name, attempt, *sorted(sizes.values()))
            values[s.name] = value(s, sizes, rng, attempt)
            directions[s.name] = direction(s, values[s.name], rng, free=s.name in self.free)
        functions = {
            name: smooth(fun, sizes, generator(f"{name}()", attempt), positive=attempt in POSITIVE)
            for name, fun in self.scope.abstract.items()
        }
        return Point(values, directions, sizes, {}, self.scope.definitions, functions=functions)

    def only(self, point: Point, names: Iterable[str]) -> Point:
        """The point where only some symbols vary."""
        kept = frozenset(names)
        return replace(point, directions={k: v for k, v in point.directions.items() if k in kept})


def generator(name: str, *seed: int) -> np.random.Generator:
    """Random numbers that belong to a name."""
    return np.random.default_rng([zlib.crc32(name.encode()), *seed])


def size_sets(names: list[str], avoid: set[int]) -> list[dict[str, int]]:
    """Sets of sizes, pairwise different within a set and different from ``avoid``.

    Every size is once larger than every other one: an inverse such as (AᵀA)⁻¹ exists only where A has more
    rows than columns, and a claim may hold only where it has fewer.
    """
    sets = []
    for base in _BASE:
        taken = set(avoid)
        chosen: dict[str, int] = {}
        for name in [*(n for n in base if n in names), *(n for n in names if n not in base)]:
            wish = base.get(name, 6)
            chosen[name] = next(k for k in (wish, *range(3, 1000)) if k not in taken)  # room for 1, 2, ⋯, n
            taken.add(chosen[name])
        sets.append(chosen)
    for base in list(sets):
        order = sorted(names, key=lambda n: base[n])
        sets.append(dict(zip(order, sorted(base.values(), reverse=True), strict=True)))
    shuffle = Random(7)
    for _ in range(6):
        values = list(sets[0].values())
        shuffle.shuffle(values)
        sets.append(dict(zip(sets[0], values, strict=True)))
    return sets


def value(s: Sym, sizes: dict[str, int], rng: np.random.Generator, attempt: int = 0) -> Array:
    """A random value that has what is assumed of the symbol; the sign of a scalar varies."""
    positive = attempt in POSITIVE or "positive" in s.assume
    if is_scalar(s.shape):
        mask = 1 + zlib.crc32(s.name.encode()) % 3
        sign = 1 if positive or (attempt & mask).bit_count() % 2 else -1
        return np.float64(sign * rng.uniform(0.4, 1.4))
    shape = (size(s.shape[0], sizes), size(s.shape[1], sizes))
    if s.assume & {"positive_definite", "orthogonal", "diagonal"}:
        return _structured(s.assume, shape[0], rng, positive)
    v = rng.uniform(0.4, 1.4, shape) if positive else rng.normal(size=shape) * 0.8
    if attempt in SMALL and not is_column(s.shape) and not s.assume:
        v *= 0.05
    if attempt in LARGE and not is_column(s.shape):
        v *= 5
    if "symmetric" in s.assume:
        v = (v + v.T) / 2
    return v + 2.0 * np.eye(shape[0]) if "invertible" in s.assume else v


def _structured(assume: frozenset[str], n: int, rng: np.random.Generator, positive: bool) -> Array:
    if "diagonal" in assume:
        signs = 1.0 if positive or "positive_definite" in assume else rng.choice([-1.0, 1.0], n)
        return np.diag(rng.uniform(0.5, 1.5, n) * signs)
    m = rng.normal(size=(n, n))
    if "positive_definite" in assume:
        return m @ m.T / n + np.eye(n)
    if "symmetric" in assume:  # a reflection is both symmetric and orthogonal
        return np.eye(n) - 2 * m[:, :1] @ m[:, :1].T / (m[:, 0] @ m[:, 0])
    return np.linalg.qr(m)[0]


def direction(s: Sym, at: Array, rng: np.random.Generator, *, free: bool) -> Array:
    """A random direction; what is given keeps its structure on the way, the variable moves freely."""
    d = rng.normal(size=np.shape(at))
    if is_scalar(s.shape):
        return np.float64(d + np.sign(d))
    if free:
        return d
    if "diagonal" in s.assume:
        return np.diag(np.diag(d))
    if s.assume & {"symmetric", "positive_definite"}:
        return (d + d.T) / 2
    return at @ (d - d.T) if "orthogonal" in s.assume else d
