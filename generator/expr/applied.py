"""The values of functions at their arguments, and of the derivatives of abstract ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from generator.errors import InputError
from generator.expr.abstract import Jac
from generator.expr.calculus import App
from generator.expr.functions import Array
from generator.expr.nodes import Node, Sym
from generator.expr.numeric import central_difference, complex_step
from generator.expr.point import Definition, Point
from generator.expr.shapes import is_scalar
from generator.expr.values import arranged, evaluate, value_of


@value_of.register
def _(node: App, point: Point) -> Array:
    if node.fun.name in point.functions:
        return point.functions[node.fun.name](*(evaluate(a, point) for a in node.args))
    return evaluate(definition(node.fun, point).body, bound(node.fun, node.args, point))


def definition(fun: Sym, point: Point) -> Definition:
    """The definition of a named function.

    Raises:
        InputError: there is none.
    """
    if fun.name not in point.definitions:
        raise InputError(f"the function {fun.name} is not defined")
    return point.definitions[fun.name]


def bound(fun: Sym, args: tuple[Node, ...], point: Point) -> Point:
    """The point with a function's parameters set to its arguments (several scalars may fill a vector)."""
    parameters = definition(fun, point).parameters
    given = [evaluate(a, point) for a in args]
    if len(parameters) == 1 and len(given) > 1:
        given = [np.array(given)[:, None]]
    if len(parameters) != len(given):
        raise InputError(f"{fun.name} takes {len(parameters)} argument(s), found {len(given)}")
    values = {p.name: v for p, v in zip(parameters, given, strict=True)}
    return replace(point, values={**point.values, **values})


@value_of.register
def _(node: Jac, point: Point) -> Array:
    if node.fun.name not in point.functions:
        raise InputError(f"the function {node.fun.name} is not declared")
    f, args = point.functions[node.fun.name], [evaluate(a, point) for a in node.args]
    before, x, after = args[: node.slot], args[node.slot], args[node.slot + 1 :]
    if is_scalar(node.args[node.slot].shape):
        return _slope(lambda s: f(*before, x + s, *after), node.order)
    units = (unit.reshape(x.shape) for unit in np.eye(x.size))
    parts = [complex_step(lambda s, u=u: f(*before, x + s * u, *after)) for u in units]  # type: ignore[misc]
    return arranged(parts, node.fun.shape, node.shape, node.layout, point)


def _slope(f: Callable[[complex], Array], order: int) -> Array:
    """A derivative at 0: the first by complex step, higher ones by differences of it."""
    if order == 1:
        return complex_step(f)
    return central_difference(lambda r: _slope(lambda s: f(r + s), order - 1))
