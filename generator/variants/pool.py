"""The variants of one problem: which values of its parameters are allowed, and how many there are.

Two variants are the same when their statements print the same. Nothing is drawn here; ``survey`` counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from generator.errors import CheckFailed, InputError, NotDerivable
from generator.methods import derive
from generator.problem import Problem
from generator.spec.complaints import Complaints
from generator.variants.arithmetic import calculate, check_names
from generator.variants.chance import Permutation, keyed
from generator.variants.difficulty import difficulty
from generator.variants.idle import refuse_idle
from generator.variants.instance import arrays
from generator.variants.results import RESULTS, Results
from generator.variants.spaces import Value
from generator.variants.statement import statement
from generator.variants.template import Template, told

SMALL = 2_000  # combinations in a stratum that are all tried before one gives up
TRIES = 400  # after so many without a single success a stratum is hopeless
ROUGH = 20  # tries that tell the share of what is allowed
SAMPLE = 15  # variants whose difficulty sets the measure
PARITY, UNDERIVABLE, UNDEFINED = -1, -2, -3  # reasons beside the constraints, which count from 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variant stands: its structure, and the rank of its values within it."""

    stratum: int
    rank: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether values are allowed: the mark of the statement, or the reason against it."""

    statement: str = ""
    reason: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many variants a structure has: tried, allowed, different; ``exact`` where all were tried."""

    label: str
    size: int
    tried: int
    allowed: int
    different: int
    exact: bool
    reasons: tuple[tuple[int, int], ...] = ()

    @property
    def rate(self) -> float:
        """The share of values that are allowed."""
        return self.allowed / self.tried if self.tried else 0.0


@dataclass
class Pool:
    """A template with its verdicts so far; ``parity`` bounds how far a difficulty is from the measure."""

    template: Template
    secret: str
    name: str
    parity: float | None = None
    known: dict[Place, Verdict] = field(default_factory=dict)
    _measure: float | None = None

    def __post_init__(self) -> None:
        self.strata = self.template.space.strata()
        self._check_constraints()
        refuse_idle(self.template)

    def _check_constraints(self) -> None:
        """Names in constraints are known.

        Raises:
            InputError: one is not, with the line of the file.
        """
        complaints = Complaints()
        names = {*self.template.space.spaces, *RESULTS}
        for k, text in enumerate(self.template.constraints):
            try:
                check_names(text, names)
            except InputError as error:
                complaints.wrong(self.template.source, ("constraints", k), error)
        complaints.settle()

    def values(self, place: Place) -> dict[str, Value]:
        """The values at a place."""
        return self.strata[place.stratum].values(place.rank)

    def problem(self, place: Place) -> Problem:
        """The problem at a place."""
        return self.template.problem(self.values(place))

    def statement(self, place: Place) -> str:
        """The mark of the statement at a place, also where it would not be allowed any more."""
        return self.verdict(place).statement or statement(self.problem(place))

    def verdict(self, place: Place) -> Verdict:
        """Whether the values at a place are allowed.

        Raises:
            InputError: they make no problem, or a constraint is outside the language.
        """
        if place not in self.known:
            self.known[place] = self._judged(place)
        return self.known[place]

    def _judged(self, place: Place) -> Verdict:
        verdict = self._constrained(place)
        if verdict.reason is None and self.parity is not None:
            score = self._score(place)
            if score is None:
                return Verdict(reason=UNDERIVABLE)
            if abs(score - self.measure) > self.parity * self.measure:
                return Verdict(reason=PARITY)
        return verdict

    def _constrained(self, place: Place) -> Verdict:
        """What the constraints say."""
        values = self.values(place)
        results = Results(arrays(values), lambda: self.template.problem(values))
        for k, text in enumerate(self.template.constraints):
            try:
                fits = calculate(text, results)
            except NotDerivable:
                return Verdict(reason=k)
            except InputError as error:
                error.message += f"\n  in constraint {k + 1} of {self.name}, where {told(values)}"
                raise
            if not isinstance(fits, bool):
                raise InputError(f"constraint {k + 1} of {self.name}, `{text}`, is neither true nor false")
            if not fits:
                return Verdict(reason=k)
        return Verdict(statement(results.problem)) if results.defined else Verdict(reason=UNDEFINED)

    @property
    def measure(self) -> float:
        """The difficulty that all are compared with: the median of a sample that belongs to the secret."""
        if self._measure is None:
            sample = [s for s in map(self._score, self._sample()) if s is not None]
            if not sample:
                raise CheckFailed(f"no variant of {self.name} could be derived")
            self._measure = sorted(sample)[len(sample) // 2]
        return self._measure

    def _sample(self) -> list[Place]:
        """Some places that the constraints allow, from all structures in turn."""
        orders = [self.order(k, "measure") for k in range(len(self.strata))]
        places = (
            Place(k, order[tried])
            for tried in range(TRIES)
            for k, order in enumerate(orders)
            if tried < order.size
        )
        return list(islice((p for p in places if self._constrained(p).reason is None), SAMPLE))

    def _score(self, place: Place) -> float | None:
        try:
            return difficulty(derive(self.problem(place))).score
        except NotDerivable:
            return None

    def order(self, stratum: int, *whose: object) -> Permutation:
        """An order of all places of a structure that belongs to someone."""
        return Permutation(keyed(self.secret, self.name, stratum, *whose), self.strata[stratum].size)

    def survey(self, needed: int) -> tuple[Count, ...]:
        """Count the variants of each structure until there are enough in all, or until all are tried."""
        share = -(-needed // len(self.strata))
        counts = self._counted(share)
        return counts if sum(count.different for count in counts) >= needed else self._counted(needed)

    def _counted(self, needed: int) -> tuple[Count, ...]:
        """So many of each structure; what an earlier structure prints too is not counted again."""
        seen: set[str] = set()
        return tuple(self._count(k, needed, seen) for k in range(len(self.strata)))

    def _count(self, stratum: int, needed: int, seen: set[str]) -> Count:
        size, label = self.strata[stratum].size, self.strata[stratum].label
        order = self.order(stratum, "survey")
        different: set[str] = set()
        reasons: Counter[int] = Counter()
        tried = 0
        while tried < size and (tried < ROUGH or len(different) < needed):
            verdict = self.verdict(Place(stratum, order[tried]))
            tried += 1
            if verdict.reason is None:
                different |= {verdict.statement} - seen
            else:
                reasons[verdict.reason] += 1
            if size > SMALL and tried >= TRIES * (1 + len(different)):
                break
        seen |= different
        allowed = tried - sum(reasons.values())
        return Count(label, size, tried, allowed, len(different), tried == size, tuple(reasons.most_common()))
