"""Where the gradient of a function vanishes: Newton's method, exact for quadratics but for round-off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from generator.expr.calculus import Grad
from generator.expr.evaluate import Point, evaluate
from generator.expr.functions import Array
from generator.expr.layout import Layout
from generator.expr.nodes import Sym
from generator.expr.numeric import central_difference
from generator.verify.sample import generator

Slope = Callable[[Array], Array]
STARTS = 2
STEPS = 60
_WORST_CONDITION = 1e9


def stationary_value(fun: Sym, wrt: Sym, point: Point) -> Array | None:
    """The value of ``wrt`` at which the gradient of ``fun`` is zero, or ``None`` where none is found."""
    gradient = Grad(fun, (wrt,), (), Layout())  # a column, whatever the layout of the text
    start = np.asarray(point.values[wrt.name], float)

    def slope(flat: Array) -> Array:
        at = replace(point, values={**point.values, wrt.name: flat.reshape(start.shape)[()]})
        return np.asarray(evaluate(gradient, at), float).ravel()

    for k in range(STARTS):
        x = start.ravel() if k == 0 else generator(wrt.name, k).normal(size=start.size)
        found = _newton(slope, x)
        if found is not None:
            return np.float64(found[0]) if start.ndim == 0 else found.reshape(start.shape)
    return None


def _newton(slope: Slope, x: Array) -> Array | None:
    hessian, last = None, np.inf
    for _ in range(STEPS):
        g = slope(x)
        if hessian is None or np.max(np.abs(g)) > 0.01 * last:  # as long as it serves, one Hessian is enough
            hessian = _hessian(slope, x)
            if not np.all(np.isfinite(hessian)) or np.linalg.cond(hessian) > _WORST_CONDITION:
                return None
        last = np.max(np.abs(g))
        x = x - np.linalg.solve(hessian, g)
        if last < 1e-11 * (1 + np.max(np.abs(hessian))):
            return x
    return None


def _hessian(slope: Slope, x: Array) -> Array:
    def column(e: Array) -> Array:
        return central_difference(lambda t: slope(x + t * e), levels=1)  # exact for a quadratic

    return np.stack([column(e) for e in np.eye(x.size)], axis=1)
