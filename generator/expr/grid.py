"""Index expressions at all values of their indices at once: every index has an axis of its own.

A point whose ``axes`` are set gives an index all its values, along its axis; entries, deltas and products
then broadcast like any arrays, a sum adds along its axis, and a derivative by an entry X_kl is taken entry by
entry. The numbers are those of a loop over all index values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import Cases, Delta, Dots, Group, Partial, Rel, Sum, Under
from generator.expr.functions import FUNCTIONS, Array
from generator.expr.match import children, find, free_indices, nodes
from generator.expr.nodes import Add, Call, Div, Entry, Idx, Mul, Neg, Node, Num, Pow, Size
from generator.expr.point import Point
from generator.expr.shapes import DimVar, is_scalar, resolve, size
from generator.expr.values import evaluate, value_of

REMEMBERED = 2048  # expressions: each is tried at several points
_WITH_INDEX = (Idx, Sum, Dots)
LARGEST = 1_000_000  # a grid with more places is walked through instead
SPREAD = (Add, Neg, Mul, Div, Pow, Num, Size, Idx, Sum, Dots, Delta, Rel, Cases, Partial, Group, Under)


def on_grid(nodes: Iterable[Node], point: Point) -> Point | None:
    """The point with all values of all indices of the expressions; ``None`` where they have to be walked."""
    parts = [*nodes]
    found = [i for part in parts for i in indices(part)]
    known = not any(isinstance(resolve(i.size), DimVar) for i in found)
    if not found or not known or not all(map(spreads, parts)):
        return None
    keys = dict.fromkeys(key(i, point) for i in found)
    free = dict.fromkeys(key(i, point) for part in parts for i in free_indices(part))
    if prod(n for _, n in free) > LARGEST:
        return None
    axes = {(name, n): _along(k, n, len(keys)) for k, (name, n) in enumerate(keys)}
    return replace(point, axes=axes, indices={**point.indices, **{name: axes[name, n] for name, n in free}})


def key(i: Idx, point: Point) -> tuple[str, int]:
    """The letter of an index and how far it runs, which together have an axis."""
    return i.name, size(i.size, dict(point.sizes))


def _along(axis: int, length: int, count: int) -> Array:
    """1, …, length along one of several axes."""
    return np.arange(1, length + 1).reshape([length if k == axis else 1 for k in range(count)])


@lru_cache(REMEMBERED)
def indices(e: Node) -> tuple[Idx, ...]:
    """All indices of an expression, summed ones too."""
    return tuple(n if isinstance(n, Idx) else n.index for n in nodes(e) if isinstance(n, _WITH_INDEX))


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
    """The axis of an index that takes all its values."""
    return [*point.axes].index((name, np.size(point.indices[name])))


@value_of.register
def _(node: Sum | Dots, point: Point) -> Array:
    name, n = key(node.index, point)
    if (name, n) in point.axes:
        return contracted(node, point)
    return sum(evaluate(node.body, point.with_index(name, k)) for k in range(1, n + 1))


def contracted(node: Sum | Dots, point: Point) -> Array:
    """Sums within sums of a product: the factors are multiplied two by two, each sum as soon as it can be."""
    summed: list[int] = []
    body: Node = node
    sign = 1
    while isinstance(body, Sum | Dots | Neg):
        if isinstance(body, Neg):
            sign, body = -sign, body.arg
        elif (at := key(body.index, point)) in point.axes:
            point = point.with_index(at[0], point.axes[at])
            summed.append(axis(at[0], point))
            body = body.body
        else:
            break
    factors = [np.asarray(evaluate(f, point)) for f in (body.factors if isinstance(body, Mul) else (body,))]
    operands: list[Array] = []
    for f in factors:
        kept = [k for k, side in enumerate(f.shape) if side > 1]
        operands += [f.reshape([f.shape[k] for k in kept]), kept]
    present = {k for kept in operands[1::2] for k in kept}
    left = sorted(present - {*summed})
    total = np.einsum(*operands, left, optimize=True)
    lengths = [n for _, n in point.axes]
    absent = prod(lengths[k] for k in summed if k not in present)
    return sign * absent * np.reshape(total, [n if k in left else 1 for k, n in enumerate(lengths)])


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
    along = [axis(name, point) for name in names]
    lengths = [n for _, n in point.axes]
    whole: Array = None
    for places in product(*(range(lengths[k]) for k in along)):
        at = {name: place + 1 for name, place in zip(names, places, strict=True)}
        part = np.asarray(evaluate(node, replace(point, indices={**point.indices, **at})))
        part = part if part.ndim else part.reshape([1] * len(lengths))
        if whole is None:
            whole = np.zeros([lengths[k] if k in along else side for k, side in enumerate(part.shape)])
        cut = dict(zip(along, places, strict=True))
        whole[tuple(slice(cut[k], cut[k] + 1) if k in cut else slice(None) for k in range(len(lengths)))] = (
            part
        )
    return whole
