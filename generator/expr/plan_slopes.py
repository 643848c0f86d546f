"""The plans of derivatives, which are taken by complex step like their values (see ``slopes``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from generator.expr.applied import bound, definition
from generator.expr.calculus import D, Grad, Partial
from generator.expr.functions import Array
from generator.expr.nodes import Entry, Node, Sym
from generator.expr.numeric import NOT_REAL, STEP, complex_step
from generator.expr.plan import PLANS, Numbers, Part, Plan, Planner
from generator.expr.point import Point
from generator.expr.shapes import is_column, is_scalar
from generator.expr.slopes import holds_derivative, kept, units
from generator.expr.values import arranged, extent


def _along(p: Planner, arg: Node, point: Point, way: Mapping[str, Array]) -> Plan:
    """The derivative of an expression without derivatives along a direction."""
    part = p.part(arg, point.shifted(1j * STEP, way))
    return lambda numbers: _slope(part(numbers) if callable(part) else part)


def _slope(value: Any) -> Any:
    """What ``complex_step`` makes of a value."""
    if isinstance(value, float | int):
        return 0.0
    if isinstance(value, complex):
        return value.imag / STEP if abs(value.imag) < NOT_REAL else np.nan
    return complex_step(lambda s: value)


def _differential(p: Planner, node: D, point: Point) -> Part | None:
    if holds_derivative(node.arg, point) or not point.directions:
        return None
    return _along(p, node.arg, point, dict(point.directions))


def _partial(p: Planner, node: Partial, point: Point) -> Part | None:
    base = node.wrt.base if isinstance(node.wrt, Entry) else node.wrt
    known = isinstance(base, Sym) and base.name in point.values
    if not known or point.axes or holds_derivative(node.of, point):
        return None
    parts = [_along(p, node.of, point, unit) for _, unit in units(node.wrt, point)]
    if is_scalar(node.wrt.shape):
        return parts[0]
    of, whole = node.of.shape, node.shape
    return lambda numbers: arranged([one(numbers) for one in parts], of, whole, node.layout, point)


def _grad(p: Planner, node: Grad, point: Point) -> Part | None:
    if node.order == 2 or any(p.varies(a, point) for a in node.args):
        return None
    at = bound(node.fun, node.args, point) if node.args else point
    body = definition(node.fun, at).body
    if holds_derivative(body, at):
        return None
    cells: dict[tuple[int, int], Plan] = {}
    for k, wrt in enumerate(node.wrt):
        for place, unit in units(wrt, at):
            cell = (k, 0) if len(node.wrt) > 1 else place
            turned = (len(node.wrt) > 1 or is_column(wrt.shape)) and node.layout.gradient == "row"
            cells[cell[::-1] if turned else cell] = _along(p, body, at, kept(unit, node.structure))
    if is_scalar(node.shape):
        (only,) = cells.values()
        return only
    shape = extent(node.shape, point)

    def value(numbers: Numbers) -> Array:
        out = np.zeros(shape)
        for cell, one in cells.items():
            out[cell] = one(numbers)
        return out

    return value


PLANS |= {D: _differential, Partial: _partial, Grad: _grad}
