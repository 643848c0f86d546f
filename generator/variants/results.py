"""What a constraint may ask of a problem besides its parameters: its results, by numbers and on demand.

They are computed from the function alone, by complex step, not taken from a derivation: so a constraint is
quick to try, and does not depend on how the solution is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from generator.errors import InputError, NotDerivable
from generator.expr import scalar
from generator.expr.calculus import Grad, Mat, Partial
from generator.expr.evaluate import Definition, Point, evaluate
from generator.expr.functions import Array
from generator.expr.layout import Layout
from generator.expr.make import num
from generator.expr.match import symbols
from generator.expr.nodes import Entry, Node
from generator.expr.shapes import Dim, is_scalar, resolve
from generator.methods import derive
from generator.problem import Problem

PLAIN = Layout()
NEAR, NEAR_SECOND = 1e-9, 1e-6  # second derivatives come by differences of first ones
LARGEST_DENOMINATOR = 10_000
KINDS = {
    (True, False): "minimum", (False, True): "maximum", (True, True): "saddle", (False, False): "undecided",
}  # fmt: skip
"""By whether the function rises in some direction, and whether it falls in some."""


class Results(Mapping[str, Any]):
    """Parameters and results by name; a result is worked out when it is asked for, once."""

    def __init__(self, parameters: Mapping[str, Any], problem: Callable[[], Problem]) -> None:
        self._known = dict(parameters)
        self._make = problem
        self._problem: Problem | None = None

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = RESULTS[name](self.problem)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in RESULTS

    def __iter__(self) -> Iterator[str]:
        return iter({**self._known, **RESULTS})

    def __len__(self) -> int:
        return len({**self._known, **RESULTS})

    @property
    def defined(self) -> bool:
        """Whether the function has a finite slope at the point that the problem names, if all is given."""
        if not self.problem.at or symbols(self.problem.body) - {*self.problem.wrt}:
            return True
        try:
            return self["derivative"] is not None
        except NotDerivable:
            return False

    @property
    def problem(self) -> Problem:
        """The problem with its values put in, made on first use."""
        if self._problem is None:
            self._problem = self._make()
        return self._problem


def _exact(value: Array, near: float = NEAR) -> Any:
    """Numbers as fractions, where they are fractions to within rounding."""

    def one(x: float) -> Fraction | float:
        close = Fraction(float(x)).limit_denominator(LARGEST_DENOMINATOR)
        return close if abs(close - Fraction(float(x))) < near * (1 + abs(x)) else float(x)

    if not np.all(np.isfinite(value)):
        raise NotDerivable("the result is not finite")
    flat = [one(v) for v in np.ravel(value)]
    if np.ndim(value) == 0:
        return flat[0]
    shape = np.shape(value)
    return np.array(flat, dtype=object).reshape(shape[0] if shape[1:] == (1,) else shape)


def coordinates(problem: Problem) -> list[Node]:
    """The entries of the variable.

    Raises:
        InputError: its size is not a number.
    """
    if len(problem.wrt) > 1 or is_scalar(problem.wrt[0].shape):
        return list(problem.wrt)
    sides = [resolve(side) for side in problem.wrt[0].shape]
    if any(not isinstance(side, Dim) or side.names for side in sides):
        raise InputError(f"the size of `{problem.wrt[0].name}` is not a number")
    rows, columns = (side.factor for side in sides if isinstance(side, Dim))
    whole = [num(k + 1) for k in range(max(rows, columns))]
    if columns == 1:
        return [Entry(problem.wrt[0], (whole[i],)) for i in range(rows)]
    return [Entry(problem.wrt[0], (whole[i], whole[j])) for i in range(rows) for j in range(columns)]


def point_of(problem: Problem, entries: Array) -> Point:
    """The point at which the variable has these entries, row by row."""
    flat = np.asarray(entries, float).ravel()
    if len(problem.wrt) > 1:
        values: dict[str, Array] = {s.name: np.float64(v) for s, v in zip(problem.wrt, flat, strict=True)}
    elif is_scalar(problem.wrt[0].shape):
        values = {problem.wrt[0].name: np.float64(flat[0])}
    else:
        rows, columns = (side.factor for side in map(resolve, problem.wrt[0].shape) if isinstance(side, Dim))
        values = {problem.wrt[0].name: flat.reshape(rows, columns)}
    definition = Definition(problem.body, problem.parameters or problem.wrt)
    return Point(values, definitions={problem.function.name: definition})


def asked(problem: Problem) -> Point:
    """The point that the problem names.

    Raises:
        InputError: it names none.
    """
    if not problem.at:
        raise InputError("this result needs a point: write `at` in [find]")
    return point_of(problem, np.array([evaluate(e, Point({})) for e in problem.at]))


def _slopes(problem: Problem, point: Point) -> Array:
    """The first derivative, in the problem's layout."""
    if len(problem.wrt) == 1 or not is_scalar(problem.body.shape):
        return evaluate(Partial(problem.body, problem.variable, problem.layout), point)
    return np.array([evaluate(Partial(problem.body, s, PLAIN), point) for s in problem.wrt])


def _second(problem: Problem, point: Point) -> Array:
    return evaluate(Grad(problem.function, problem.wrt, (), problem.layout, 2), point)


def value(problem: Problem) -> Any:
    """The function at the point."""
    return _exact(evaluate(problem.body, asked(problem)))


def derivative(problem: Problem) -> Any:
    """The first derivative at the point; a gradient as a list of numbers."""
    with np.errstate(all="ignore"):
        found = _exact(_slopes(problem, asked(problem)))
    return np.ravel(found) if np.ndim(found) == 2 and 1 in found.shape else found


def hessian(problem: Problem) -> Any:
    """The second derivatives at the point."""
    return _exact(_second(problem, asked(problem)), NEAR_SECOND)


def critical(problem: Problem) -> list[str]:
    """The kind of every critical point: minimum, maximum, saddle, or undecided."""
    matrix = _linear_slopes(problem)
    if matrix is not None:  # one point, unless the equations are singular
        return [_kind(matrix)] if np.linalg.matrix_rank(matrix) == len(matrix) else []
    answer = derive(problem.first).answer
    cells = list(answer.cells) if isinstance(answer, Mat) else [answer]
    places = [[evaluate(e, Point({})) for e in point] for point in scalar.solve(cells, coordinates(problem))]
    return [_kind(_second(problem, point_of(problem, np.array(place)))) for place in places]


def _kind(curvature: Array) -> str:
    values = np.linalg.eigvalsh(np.atleast_2d(curvature))
    scale = NEAR_SECOND * (1 + float(np.max(np.abs(values))))
    up, down = bool(np.any(values > scale)), bool(np.any(values < -scale))
    flat = bool(np.any(np.abs(values) <= scale))
    return KINDS[up, down] if not flat or (up and down) else "undecided"


def _linear_slopes(problem: Problem) -> Array | None:
    """The matrix of the gradient, where it is a linear function; found by trying."""
    count = len(coordinates(problem))

    def slope(at: Array) -> Array:
        return np.ravel(_slopes(problem, point_of(problem, at)))

    with np.errstate(all="ignore"):
        start = slope(np.zeros(count))
        matrix = np.column_stack([slope(unit) - start for unit in np.eye(count)])
        linear = all(np.allclose(slope(t), start + matrix @ t, rtol=1e-9, atol=1e-9) for t in _tries(count))
    return matrix if linear else None


def _tries(count: int) -> Array:
    """Two points in general position."""
    return np.sqrt(np.arange(2, 2 + 2 * count)).reshape(2, count) * [[1], [-1]]


RESULTS: dict[str, Callable[[Problem], Any]] = {
    "value": value, "derivative": derivative, "hessian": hessian, "critical": critical,
}  # fmt: skip
