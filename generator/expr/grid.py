"""Index expressions at all values of their indices at once: every index has an axis of its own.

A point whose ``axes`` are set gives an index all its values, along its axis; entries, deltas and products
then broadcast like any arrays, a sum adds along its axis, and a derivative by an entry X_kl is taken entry by
entry. The numbers are those of a loop over all index values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from math import prod

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import Cases, Delta, Dots, Group, Partial, Rel, Sum, Under
from generator.expr.functions import FUNCTIONS, Array
from generator.expr.match import children, find, free_indices
from generator.expr.nodes import Add, Call, Div, Entry, Idx, Mul, Neg, Node, Num, Pow, Size
from generator.expr.point import Point
from generator.expr.shapes import DimVar, is_scalar, resolve, size
from generator.expr.values import evaluate, value_of

LARGEST = 1_000_000  # a grid with more places is walked through instead
SPREAD = (Add, Neg, Mul, Div, Pow, Num, Size, Idx, Sum, Dots, Delta, Rel, Cases, Partial, Group, Under)


def on_grid(nodes: Iterable[Node], point: Point) -> Point | None:
    """The point with all values of all indices of the expressions; ``None`` where they have to be walked."""
    parts = [*nodes]
    if not all(map(spreads, parts)):
        return None
    lengths: dict[str, int] = {}
    for i in (i for part in parts for i in indices(part)):
        side = resolve(i.size)
        n = 0 if isinstance(side, DimVar) else size(side, dict(point.sizes))
        if not n or lengths.setdefault(i.name, n) != n:
            return None
    if not lengths or prod(lengths.values()) > LARGEST:
        return None
    axes = {name: _along(k, n, len(lengths)) for k, (name, n) in enumerate(lengths.items())}
    free = {i.name: axes[i.name] for part in parts for i in free_indices(part)}
    return replace(point, axes=axes, indices={**point.indices, **free})


def _along(axis: int, length: int, count: int) -> Array:
    """1, …, length along one of several axes."""
    return np.arange(1, length + 1).reshape([length if k == axis else 1 for k in range(count)])


def indices(e: Node) -> list[Idx]:
    """All indices of an expression, summed ones too."""
    return [*find(e, Idx), *(s.index for s in find(e, Sum)), *(s.index for s in find(e, Dots))]


def spreads(e: Node) -> bool:
    """Whether what varies with an index in an expression are numbers only, made by arithmetic."""
    if not indices(e):
        return True
    if isinstance(e, Entry):
        return not indices(e.base)
    elementwise = isinstance(e, Call) and FUNCTIONS[e.name].elementwise
    fits = is_scalar(e.shape) and (isinstance(e, SPREAD) or elementwise)
    return fits and all(map(spreads, children(e)))


def axis(name: str, point: Point) -> int:
    """The axis of an index."""
    return [*point.axes].index(name)


@value_of.register
def _(node: Sum | Dots, point: Point) -> Array:
    name = node.index.name
    if name not in point.axes:
        n = size(node.index.size, dict(point.sizes))
        return sum(evaluate(node.body, point.with_index(name, k)) for k in range(1, n + 1))
    values = np.asarray(evaluate(node.body, point.with_index(name, point.axes[name])))
    n = np.size(point.axes[name])
    if values.ndim == 0 or values.shape[axis(name, point)] == 1:  # the body does not depend on the index
        return values[()] * n
    return values.sum(axis=axis(name, point), keepdims=True)


@value_of.register
def _(node: Cases, point: Point) -> Array:
    if not point.axes:
        for value, guard in zip(node.values, node.guards, strict=True):
            if np.all(evaluate(guard, point)):
                return evaluate(value, point)
        raise InputError("no case of a distinction of cases applies")
    guards = [evaluate(guard, point) != 0 for guard in node.guards]
    if not np.all(np.logical_or.reduce(np.broadcast_arrays(*guards))):
        raise InputError("no case of a distinction of cases applies")
    return np.select(guards, [evaluate(value, point) for value in node.values])


def by_entries(node: Partial, point: Point) -> Array:
    """The derivative by an entry at every place of the entry's indices."""
    names = [i.name for i in dict.fromkeys(find(node.wrt, Idx)) if np.ndim(point.indices[i.name])]
    ranges = [range(np.size(point.axes[name])) for name in names]
    whole: Array = None
    for places in product(*ranges):
        at = {name: place + 1 for name, place in zip(names, places, strict=True)}
        part = np.asarray(evaluate(node, replace(point, indices={**point.indices, **at})))
        part = part if part.ndim else part.reshape([1] * len(point.axes))
        if whole is None:
            sides = list(part.shape)
            for name, side in zip(names, ranges, strict=True):
                sides[axis(name, point)] = len(side)
            whole = np.zeros(sides)
        cut: list[slice] = [slice(None)] * part.ndim
        for name, place in zip(names, places, strict=True):
            cut[axis(name, point)] = slice(place, place + 1)
        whole[tuple(cut)] = part
    return whole
