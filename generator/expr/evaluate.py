"""The numeric meaning of an expression at a point.

A point holds values and directions for all symbols, sizes for all dimensions, values for indices, and what
named things (L, y, r) stand for. ``D(e)`` is the directional derivative of e, by complex step, so lines in
the middle of a derivation can be evaluated, independently of every rule.

Values are 2-d arrays (a vector is n×1), scalars are numbers. A written-out matrix with dots evaluates to an
array that is NaN where nothing is printed.
"""

from generator.expr import plan_slopes as _plans  # registers the plans of derivatives
from generator.expr import slopes as _slopes  # registers the derivatives
from generator.expr.grid import axis, on_grid  # registers sums and cases
from generator.expr.plan import Plan, plan
from generator.expr.point import Definition, Point
from generator.expr.values import evaluate, extent, index_value

__all__ = ["Definition", "Plan", "Point", "axis", "evaluate", "extent", "index_value", "on_grid", "plan"]
assert all((_slopes, _plans))  # imported for what they register
