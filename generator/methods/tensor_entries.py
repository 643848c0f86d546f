"""A derivative that is given entry by entry, as one array of numbers: what the judge compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from generator.derivation import Derivation
from generator.expr.calculus import Partial
from generator.expr.evaluate import Point, evaluate
from generator.expr.match import find
from generator.expr.nodes import Idx, Node
from generator.expr.shapes import size

Array = Any


def whole(derivation: Derivation) -> Node | Callable[[Point], Array]:
    """The answer as one expression; or, where it is that of one entry, a function that computes all entries.

    They are arranged as the Jacobian of the stacked output by the stacked input; those of fewer than three
    indices as the layout has them.
    """
    out, into = entry_indices(derivation)
    if not out and not into:
        return derivation.answer
    return lambda point: stacked(derivation, out, into, point)


def entry_indices(derivation: Derivation) -> tuple[list[Idx], list[Idx]]:
    """The indices of the output entry and of the input entry on the left-hand side of the answer."""
    lhs = derivation.answers[0].lhs
    if not isinstance(lhs, Partial):
        return [], []
    return find(lhs.of, Idx), find(lhs.wrt, Idx)


def stacked(derivation: Derivation, out: list[Idx], into: list[Idx], point: Point) -> Array:
    """All entries at a point; the first index runs fastest, because columns are stacked."""
    problem, sizes = derivation.problem, dict(point.sizes)
    sides = [[size(i.size, sizes) for i in group] for group in (out, into)]
    jacobian = np.zeros([int(np.prod(side)) for side in sides])
    for row, i in enumerate(np.ndindex(*reversed(sides[0]))):
        for column, k in enumerate(np.ndindex(*reversed(sides[1]))):
            at = [*reversed(i), *reversed(k)]
            indices = {index.name: place + 1 for index, place in zip([*out, *into], at, strict=True)}
            jacobian[row, column] = evaluate(derivation.answer, replace(point, indices=indices))
    layout, of = problem.layout, problem.function.shape
    if out and into:
        return jacobian if layout.jacobian == "numerator" else jacobian.T
    shape = [size(side, sizes) for side in (of if out else problem.wrt[0].shape)]
    entries = jacobian.reshape(shape, order="F")
    return entries.T if into and shape[1] == 1 and layout.gradient == "row" else entries
