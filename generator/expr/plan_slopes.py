"""The plans of derivatives, which are taken by complex step like their values (see ``slopes``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from generator.expr.applied import bound, definition
from generator.expr.calculus import D, Grad, Partial
from generator.expr.functions import Array
from generator.expr.nodes import Entry, Node, Sym
from generator.expr.numeric import NOT_REAL, STEP, complex_step
from generator.expr.plan import PLANS, Numbers, Part, Plan, Planner, takes
from generator.expr.point import Definition, Point
from generator.expr.shapes import is_column, is_scalar
from generator.expr.slopes import holds_derivative, kept, units
from generator.expr.values import arranged, extent

Slope = Callable[[Mapping[str, Array]], Plan]  # the plan of the derivative along a direction


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


def _at_known(p: Planner, node: Grad, known: Definition, point: Point) -> Slope:
    """The slopes of a function at a place that does not depend on the numbers."""

    def along(way: Mapping[str, Array]) -> Plan:
        at = bound(node.fun, node.args, point) if node.args else point
        return _along(p, known.body, at, way)

    return along


def _at_given(p: Planner, node: Grad, known: Definition, point: Point) -> Slope:
    """The slopes of a function where its parameters are given by the numbers."""
    inner, at, given = p.within(node.fun, node.args, point)
    part = inner.part(known.body, at)

    def along(way: Mapping[str, Array]) -> Plan:
        steps = [1j * STEP * way[s.name] if s.name in way else 0.0 for s in known.parameters]

        def slope(numbers: Numbers) -> Any:
            moved = [x + step for x, step in zip(given(numbers), steps, strict=True)]
            return _slope(part((*numbers, *moved)) if callable(part) else part)

        return slope

    return along


def _grad(p: Planner, node: Grad, point: Point) -> Part | None:
    known = definition(node.fun, point)
    if node.order == 2 or holds_derivative(known.body, point):
        return None
    along = _at_known(p, node, known, point)
    if any(p.varies(a, point) for a in node.args):
        if not takes(known, node.args) or any(s.name not in point.values for s in node.wrt):
            return None
        along = _at_given(p, node, known, point)
    cells: dict[tuple[int, int], Plan] = {}
    for k, wrt in enumerate(node.wrt):
        for place, unit in units(wrt, point):
            cell = (k, 0) if len(node.wrt) > 1 else place
            turned = (len(node.wrt) > 1 or is_column(wrt.shape)) and node.layout.gradient == "row"
            cells[cell[::-1] if turned else cell] = along(kept(unit, node.structure))
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
