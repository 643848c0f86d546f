"""A derivative that is given entry by entry, as one array of numbers: what the judge compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from generator.derivation import Derivation
from generator.expr.calculus import Partial
from generator.expr.evaluate import Point, evaluate
from generator.expr.match import find
from generator.expr.nodes import Idx, Node
from generator.expr.shapes import Dim, resolve, size
from generator.problem import Problem

Array = Any
Values = Mapping[str, Array]


def whole(derivation: Derivation) -> Node | Callable[[Values], Array]:
    """The answer as one expression; or, where it is that of one entry, a function that computes all entries.

    They are arranged as the Jacobian of the stacked output by the stacked input; those of fewer than three
    indices as the layout has them.
    """
    out, into = entry_indices(derivation)
    if not out and not into:
        return derivation.answer
    return lambda values: stacked(derivation, out, into, values)


def entry_indices(derivation: Derivation) -> tuple[list[Idx], list[Idx]]:
    """The indices of the output entry and of the input entry on the left-hand side of the answer."""
    lhs = derivation.answers[0].lhs
    if not isinstance(lhs, Partial):
        return [], []
    return find(lhs.of, Idx), find(lhs.wrt, Idx)


def stacked(derivation: Derivation, out: list[Idx], into: list[Idx], values: Values) -> Array:
    """All entries at a point; the first index runs fastest, because columns are stacked."""
    problem = derivation.problem
    sizes = sizes_of(problem, values)
    sides = [[size(i.size, sizes) for i in group] for group in (out, into)]
    jacobian = np.zeros([int(np.prod(side)) for side in sides])
    for row, i in enumerate(np.ndindex(*reversed(sides[0]))):
        for column, k in enumerate(np.ndindex(*reversed(sides[1]))):
            at = [*reversed(i), *reversed(k)]
            indices = {index.name: place + 1 for index, place in zip([*out, *into], at, strict=True)}
            jacobian[row, column] = evaluate(derivation.answer, Point(values, {}, sizes, indices))
    layout, of = problem.layout, problem.function.shape
    if out and into:
        return jacobian if layout.jacobian == "numerator" else jacobian.T
    shape = [size(side, sizes) for side in (of if out else problem.wrt[0].shape)]
    entries = jacobian.reshape(shape, order="F")
    return entries.T if into and shape[1] == 1 and layout.gradient == "row" else entries


def sizes_of(problem: Problem, values: Values) -> dict[str, int]:
    """The named sizes, from the shapes of the values."""
    found = {}
    for name, symbol in problem.symbols.items():
        for side, extent in zip(symbol.shape, np.shape(values.get(name, ())), strict=False):
            known = resolve(side)
            if isinstance(known, Dim) and len(known.names) == 1:
                found[known.names[0]] = extent // known.factor
    return found
