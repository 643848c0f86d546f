"""An equality of two normal forms: judged like any other, for all the coefficients it is asked about.

What does not depend on coefficients is evaluated once for each point, see ``generator.expr.plan``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import Partial
from generator.expr.evaluate import Definition, Plan, Point, plan
from generator.expr.functions import Array
from generator.expr.match import find
from generator.expr.nodes import Node, Sym
from generator.verify.confirm import Judge, Verdict
from generator.verify.measure import LARGEST, SMALLEST_SCALE, Gap, Unusable, real, refuse_singular
from generator.verify.normal import MARK, Unfit, coefficient, moved
from generator.verify.occur import inner_inverses, names, reach
from generator.verify.sample import Sampler

REMEMBERED = 64  # verdicts: most formulas stand in several places
Plans = tuple[Plan, Plan]


class Relation:
    """Two sides under the definitions they lead to; their coefficients are counted in this order."""

    def __init__(
        self, sampler: Sampler, sides: Sequence[Node], definitions: Mapping[str, Definition],
        counts: Sequence[int],
    ) -> None:  # fmt: skip
        """``counts`` are the numbers of coefficients of the sides and of the definitions.

        Raises:
            Unfit: it is judged as it stands.
        """
        starts = [sum(counts[:k]) for k in range(len(counts))]
        bodies = [moved(d.body, by) for d, by in zip(definitions.values(), starts[2:], strict=True)]
        self.lhs, self.rhs = (moved(side, by) for side, by in zip(sides, starts, strict=False))
        meanings = {
            name: Definition(body, d.parameters)
            for (name, d), body in zip(definitions.items(), bodies, strict=True)
        }
        self.judge = Judge(sampler, meanings)
        self.names = [coefficient(k).name for k in range(sum(counts))]
        nodes = (self.lhs, self.rhs)
        self.inverses = inner_inverses(nodes, meanings)
        _require_plain(nodes, meanings, self.inverses, sampler)
        self.modes, self.tolerance = list(self.judge.modes(nodes)), self.judge.tolerance(nodes)
        self.plans: dict[int, Plans | Unusable] = {}  # by the identity of the points, which the judge keeps
        self.known: dict[tuple[float, ...], Verdict] = {}

    def verdict(self, coefficients: tuple[float, ...]) -> Verdict:
        """Whether the sides are equal where the coefficients have these values."""
        found = self.known.get(coefficients)
        if found is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            compare = lambda point: self._gap(coefficients, point)  # noqa: E731
            found = self.known[coefficients] = self.judge.in_some_mode(compare, self.modes, self.tolerance)
        return found

    def _gap(self, coefficients: tuple[float, ...], point: Point) -> Gap:
        if id(point) not in self.plans:
            self.plans[id(point)] = self._planned(point)
        plans = self.plans[id(point)]
        if isinstance(plans, Unusable):
            raise plans
        try:
            with np.errstate(all="ignore"):
                a, b = plans[0](coefficients), plans[1](coefficients)
        except (InputError, ArithmeticError, ValueError, IndexError) as error:
            raise Unusable(str(error)) from None
        if isinstance(a, float) and isinstance(b, float):
            return _gap_of_numbers(a, b)
        return _gap_of_arrays(real(a), real(b))

    def _planned(self, point: Point) -> Plans | Unusable:
        try:
            with np.errstate(all="ignore"):
                for e in self.inverses:
                    refuse_singular(e, point)
                return plan(self.lhs, point, self.names), plan(self.rhs, point, self.names)
        except (Unusable, InputError, ArithmeticError, ValueError, IndexError) as error:
            return Unusable(str(error))


def _gap_of_numbers(a: float, b: float) -> Gap:
    """What ``apart`` says of two numbers."""
    if not (math.isfinite(a) and math.isfinite(b)) or max(abs(a), abs(b)) > LARGEST:
        raise Unusable("a side is not finite")
    return Gap(abs(a - b) / max(SMALLEST_SCALE, abs(a), abs(b)), a, b)


def _gap_of_arrays(a: Array, b: Array) -> Gap:
    """What ``apart`` says of two arrays, but for the place."""
    if a.shape != b.shape:
        raise Unusable("the sides have different sizes")
    off, *sizes = (float(np.abs(v).max()) for v in (a - b, a, b))
    if not all(map(math.isfinite, sizes)) or max(sizes) > LARGEST:
        raise Unusable("a side is not finite")
    return Gap(off / max(SMALLEST_SCALE, *sizes))


def _require_plain(
    nodes: Sequence[Node], meanings: Mapping[str, Definition], inverses: Sequence[Node], sampler: Sampler
) -> None:
    """Nothing, if the value at a point is all that counts.

    Raises:
        Unfit: coefficients decide what is singular, a symbol is starred, or a derivative is by a named part.
    """
    everything = reach(nodes, meanings)
    if any(name.startswith(MARK) for e in reach(inverses, meanings) for name in names(e)):
        raise Unfit("an inverse")
    if any(names(e) & sampler.scope.stationary.keys() for e in everything):
        raise Unfit("a starred symbol")
    for partial in (p for e in everything for p in find(e, Partial)):
        if any(s.name in sampler.scope.definitions for s in find(partial.wrt, Sym)):
            raise Unfit("a derivative by a named part")
