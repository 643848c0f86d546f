"""The values of derivatives (differential, partial, gradient) by complex step, without any rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from generator.errors import InputError
from generator.expr.abstract import Jac
from generator.expr.applied import bound, definition
from generator.expr.calculus import App, At, D, Grad, Limit, Mat, Partial
from generator.expr.functions import Array
from generator.expr.grid import by_entries
from generator.expr.make import vec
from generator.expr.match import nodes
from generator.expr.nodes import Call, Entry, Node, Sym
from generator.expr.numeric import central_difference, complex_step, limit_at_zero
from generator.expr.point import Point
from generator.expr.shapes import SCALAR, is_column, is_row, is_scalar
from generator.expr.through import freed
from generator.expr.values import arranged, evaluate, extent, index_value, value_of


@value_of.register
def _(node: D, point: Point) -> Array:
    if not point.directions:
        raise InputError("a differential needs directions")
    if isinstance(node.arg, Sym) and node.arg.name in point.values:  # it moves along its direction
        still = np.zeros(np.shape(point.values[node.arg.name]))[()]
        return point.directions.get(node.arg.name, still)
    return next(_along(node.arg, point, [dict(point.directions)]))


def _along(arg: Node, point: Point, ways: Iterable[dict[str, Array]]) -> Iterator[Array]:
    """The derivative of ``arg`` along directions: complex step; differences where it holds derivatives."""
    derive = central_difference if holds_derivative(arg, point) else complex_step
    for way in ways:
        yield derive(lambda s, w=way: evaluate(arg, point.shifted(s, w)))  # type: ignore[misc]


def holds_derivative(node: Node, point: Point, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an expression, or a definition it leads to, holds a derivative."""
    for e in nodes(node):
        if isinstance(e, D | Partial | Grad | Jac | Limit):
            return True
        name = e.name if isinstance(e, Sym) else e.fun.name if isinstance(e, App) else ""
        defined = name in point.definitions and name not in point.values and name not in seen
        if defined and holds_derivative(point.definitions[name].body, point, seen | {name}):
            return True
    return False


def units(wrt: Node, point: Point) -> Iterator[tuple[tuple[int, int], dict[str, Array]]]:
    """The unit directions of a symbol, of its vec (column by column) or of one entry, with their places."""
    if isinstance(wrt, Mat):  # several numbers that together are the variable
        for k, cell in enumerate(wrt.cells):
            yield from (((k, 0), unit) for _, unit in units(cell, point))
        return
    stacked = isinstance(wrt, Call) and wrt.name == "vec"
    base = wrt.base if isinstance(wrt, Entry) else wrt.args[0] if isinstance(wrt, Call) and stacked else wrt
    if not isinstance(base, Sym) or base.name not in point.values:
        raise InputError(
            "a derivative is taken with respect to a symbol that has a value, or an entry of one"
        )
    if is_scalar(base.shape):
        yield (0, 0), {base.name: np.float64(1.0)}
        return
    shape = np.shape(point.values[base.name])
    if isinstance(wrt, Entry):
        keys = [index_value(i, point) - 1 for i in wrt.indices]
        places = [(keys[0], 0) if len(keys) == 1 else (keys[0], keys[1])]
        if len(keys) == 1 and is_row(base.shape):
            places = [(0, keys[0])]
    else:
        places = list(np.ndindex(*shape))
    if stacked:
        places.sort(key=lambda place: place[::-1])
    for place in places:
        unit = np.zeros(shape)
        unit[place] = 1.0
        yield place, {base.name: unit}


@value_of.register
def _(node: Partial, point: Point) -> Array:
    if any(np.ndim(index_value(i, point)) for i in getattr(node.wrt, "indices", ())):
        return by_entries(node, point)
    of, wrt = node.of.shape, node.wrt.shape
    body, point = freed(node.of, node.wrt, point)
    parts = list(_along(body, point, (unit for _, unit in units(node.wrt, point))))
    return parts[0] if is_scalar(wrt) else arranged(parts, of, node.shape, node.layout, point)


@value_of.register
def _(node: Grad, point: Point) -> Array:
    at = bound(node.fun, node.args, point) if node.args else point
    body: Node = definition(node.fun, at).body
    if node.order == 2:
        along = [unit for wrt in node.wrt for _, unit in units(vec(wrt), at)]
        return _second(body, at, along) if node.shape != SCALAR else _second(body, at, along)[0, 0]
    out = np.zeros(extent(node.shape, point))
    for k, wrt in enumerate(node.wrt):
        ways = [(place, kept(unit, node.structure)) for place, unit in units(wrt, at)]
        for (place, _), part in zip(ways, _along(body, at, (way for _, way in ways)), strict=True):
            cell = (k, 0) if len(node.wrt) > 1 else place
            turned = (len(node.wrt) > 1 or is_column(wrt.shape)) and node.layout.gradient == "row"
            out[cell[::-1] if turned else cell] = part
    return out


def kept(unit: dict[str, Array], structure: str) -> dict[str, Array]:
    """The direction of an entry, with what moves with it where the matrix keeps a structure."""
    if structure == "symmetric":
        return {name: np.maximum(e, e.T) for name, e in unit.items()}
    return {name: e * np.eye(len(e)) for name, e in unit.items()} if structure else unit


def _second(body: Node, at: Point, units: list[dict[str, Array]]) -> Array:
    """All second derivatives: differences of complex steps."""

    def slopes(here: Point) -> Array:
        return np.array(list(_along(body, here, units)))

    columns = [central_difference(lambda s, u=u: slopes(at.shifted(s, u))) for u in units]  # type: ignore[misc]
    return np.stack(columns, axis=1)


@value_of.register
def _(node: Limit, point: Point) -> Array:
    return limit_at_zero(
        lambda t: evaluate(node.body, replace(point, values={**point.values, node.by.name: t}))
    )


@value_of.register
def _(node: At, point: Point) -> Array:
    pairs = [(node.by, node.value)]
    if isinstance(node.by, Mat) and isinstance(node.value, Mat):
        pairs = [*zip(node.by.cells, node.value.cells, strict=True)]
    values = {by.name: evaluate(value, point) for by, value in pairs if isinstance(by, Sym)}
    return evaluate(node.arg, replace(point, values={**point.values, **values}))
