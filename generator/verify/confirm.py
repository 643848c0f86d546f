"""Confirm or refute one relation by numbers: at several points, with everything varying where it may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from generator.expr.calculus import D, Rel
from generator.expr.evaluate import Definition, Point
from generator.expr.match import find
from generator.expr.nodes import Node
from generator.expr.shapes import same_shape, show
from generator.verify.measure import Gap, Unusable, holds, index_points, largest_gap, number
from generator.verify.occur import derives, names, order, reach
from generator.verify.sample import ATTEMPTS, Sampler, generator
from generator.verify.stationary import stationary_value

WANTED = 3  # points at which a relation must hold
ENOUGH = 2  # if there are no more points in its domain
EXACT = 1e-8  # complex step, or no derivative at all
NESTED = 1e-5  # a derivative of a derivative is taken by differences
AT_STATIONARY = 1e-7
Compare = Callable[[Point], Gap | None]  # raises ``Unusable``
PointOf = Callable[[int], Point]  # the point of an attempt
SAYS_NOTHING = "says nothing: both sides are the same expression"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a relation is confirmed: the worst error, and a message where it is not.

    ``unless`` is how it fails with everything varying, where it holds only while the variables alone vary.
    """

    error: float = 0.0
    message: str = ""
    unless: str = ""

    @property
    def ok(self) -> bool:
        """Whether the relation is confirmed."""
        return not self.message


@dataclass
class Judge:
    """Judges relations with the points of one scope and the definitions made so far."""

    sampler: Sampler
    definitions: Mapping[str, Definition]
    points: dict[tuple[int, bool], Point] = field(default_factory=dict)  # by attempt, and what varies there

    def equality(self, lhs: Node, rhs: Node, guard: Node | None = None) -> Verdict:
        """Whether two sides are equal: with everything varying, or else with only the variables varying."""
        if not same_shape(lhs.shape, rhs.shape):
            return _misfit(lhs, rhs)
        if lhs == rhs:
            return Verdict(np.inf, SAYS_NOTHING)
        nodes = (lhs, rhs)
        compare = partial(largest_gap, lhs, rhs, guard)
        return self.in_some_mode(compare, self.modes(nodes), self.tolerance(nodes))

    def in_some_mode(self, compare: Compare, modes: Iterable[PointOf], tolerance: float) -> Verdict:
        """Whether two sides agree in one of several modes."""
        verdict, unless = Verdict(), ""
        for point_of in modes:
            verdict = self._everywhere(compare, tolerance, point_of)
            if verdict.ok:
                return replace(verdict, unless=unless) if unless else verdict
            unless = verdict.message
        return verdict

    def inequality(self, rel: Rel, guard: Node | None = None) -> Verdict:
        """Whether an inequality holds wherever the assumptions do."""
        good, reason = 0, ""
        for attempt in range(ATTEMPTS):
            point = self._point(attempt)
            try:
                for here in index_points((rel.lhs, rel.rhs), guard, point):
                    if not holds(rel.lhs, rel.op, rel.rhs, here):  # type: ignore[arg-type]
                        a, b = number(rel.lhs, here), number(rel.rhs, here)
                        what = "rounded value is wrong" if rel.op == "≈" else "inequality fails"
                        return Verdict(np.inf, f"the {what}: left {a}, right {b}")
            except Unusable as error:
                reason = str(error)
                continue
            good += 1
            if good == WANTED:
                break
        return Verdict() if good >= ENOUGH else Verdict(np.inf, f"could not be evaluated: {reason}")

    def definite(self, node: Node, *, strictly: bool) -> Verdict:
        """Whether a symmetric matrix has no negative (or only positive) eigenvalues."""
        good, reason = 0, ""
        for attempt in range(ATTEMPTS):
            try:
                m = number(node, self._point(attempt))
            except Unusable as error:
                reason = str(error)
                continue
            if m.ndim != 2 or m.shape[0] != m.shape[1] or not np.allclose(m, m.T, atol=1e-6):
                return Verdict(np.inf, "is not a symmetric matrix")
            least = float(np.min(np.linalg.eigvalsh((m + m.T) / 2)))
            if least < (1e-9 if strictly else -1e-6):
                return Verdict(np.inf, f"has the eigenvalue {least:.6g}")
            good += 1
            if good == WANTED:
                break
        return Verdict() if good >= ENOUGH else Verdict(np.inf, f"could not be evaluated: {reason}")

    def condition(self, lhs: Node, rhs: Node) -> Verdict:
        """Whether two sides with a starred symbol are equal at the stationary point.

        Sizes are compared, too; whether the relation fails elsewhere is another question (``equality``).
        """
        if not same_shape(lhs.shape, rhs.shape):
            return _misfit(lhs, rhs)
        if lhs == rhs:
            return Verdict(np.inf, SAYS_NOTHING)
        tolerance = max(AT_STATIONARY, self.tolerance((lhs, rhs)))
        return self._everywhere(partial(largest_gap, lhs, rhs, None), tolerance, self._at_stationary)

    def at_point(self, lhs: Node, rhs: Node, values: Mapping[str, Node]) -> bool:
        """Whether two sides are equal where symbols take the given values."""

        def there(attempt: int) -> Point:
            point = self._point(attempt)
            known = {name: number(value, point)[()] for name, value in values.items()}
            return replace(point, values={**point.values, **known})

        return self._everywhere(partial(largest_gap, lhs, rhs, None), EXACT, there).ok

    def starred(self, *nodes: Node) -> bool:
        """Whether a starred symbol occurs."""
        return any(names(node) & set(self.sampler.scope.stationary) for node in nodes)

    def _everywhere(self, compare: Compare, tolerance: float, point_of: PointOf) -> Verdict:
        """Whether two sides agree at as many points as are wanted."""
        worst, good, reason = 0.0, 0, "no point fits"
        for attempt in range(ATTEMPTS):
            try:
                point = point_of(attempt)
                largest = compare(point)
            except Unusable as error:
                reason = str(error)
                continue
            if largest is None:  # the guard leaves no index
                continue
            worst = max(worst, largest.error)
            if largest.error > tolerance:
                return Verdict(worst, largest.told())
            good += 1
            if good == WANTED:
                break
        return Verdict(worst) if good >= ENOUGH else Verdict(np.inf, f"could not be evaluated: {reason}")

    def modes(self, nodes: tuple[Node, ...]) -> Iterator[PointOf]:
        """The points to try, by what varies there, most demanding first."""
        scope = self.sampler.scope
        differential = any(derives(n) and find(n, D) for n in reach(nodes, self.definitions))
        if scope.varying is not None:
            varying = scope.varying
            yield lambda attempt: self._narrow(attempt, varying)
            return
        yield self._point
        if differential and scope.variables:
            yield lambda attempt: self._narrow(attempt, self.sampler.free)

    def tolerance(self, nodes: tuple[Node, ...]) -> float:
        """How far two sides may be apart: derivatives of derivatives are less exact."""
        if not any(map(derives, reach(nodes, self.definitions))):
            return EXACT
        return NESTED if max(order(n, self.definitions) for n in nodes) > 1 else EXACT

    def _point(self, attempt: int) -> Point:
        """The point of an attempt, with the local definitions; starred symbols are arbitrary there."""
        if (attempt, False) not in self.points:
            self.points[attempt, False] = self._made(attempt)
        return self.points[attempt, False]

    def _narrow(self, attempt: int, varying: Iterable[str]) -> Point:
        """The same where only some symbols vary: what varies is the same in a whole scope."""
        if (attempt, True) not in self.points:
            self.points[attempt, True] = self.sampler.only(self._point(attempt), varying)
        return self.points[attempt, True]

    def _made(self, attempt: int) -> Point:
        point = self.sampler.point(attempt)
        stars = {}
        for name, (_, wrt) in self.sampler.scope.stationary.items():
            if wrt.name in point.values:
                shape = np.shape(point.values[wrt.name])
                stars[name] = generator(name, attempt).normal(size=shape) + np.zeros(shape)
        return replace(point, values={**point.values, **stars}, definitions=self.definitions)

    def _at_stationary(self, attempt: int) -> Point:
        point = self._point(attempt)
        values = dict(point.values)
        for name, (fun, wrt) in self.sampler.scope.stationary.items():
            found, key = self.sampler.stationary, (attempt, name)
            if key not in found:
                found[key] = stationary_value(self.sampler.scope.symbols[fun], wrt, point)
            if found[key] is None:
                raise Unusable(f"no unique stationary point of {fun} was found")
            values[name] = found[key]
        return replace(point, values=values)


def _misfit(lhs: Node, rhs: Node) -> Verdict:
    left, right = show(lhs.shape), show(rhs.shape)
    return Verdict(np.inf, f"the sizes differ: the left side is a {left}, the right side is a {right}")
