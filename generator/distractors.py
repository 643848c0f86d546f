"""Wrong answers with a known misconception: the same solution, told by somebody who makes one mistake.

Nothing is invented: a mistake is believed for a whole derivation, wherever the law that it replaces is called
for, and what comes out in the end is the distractor. It counts only if it has the right size and differs in
value from the right answer and from every other distractor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from generator.derivation import Chain, Derivation, Line
from generator.errors import WorkingsError
from generator.expr.calculus import D, Partial
from generator.expr.evaluate import Point, evaluate
from generator.expr.functions import Array
from generator.expr.match import walk
from generator.expr.nodes import Node
from generator.methods import METHODS, derive
from generator.problem import Problem
from generator.rules.laws import believing
from generator.rules.mistakes import MISTAKES, Mistake
from generator.verify.sample import Sampler
from generator.verify.scopes import scope_of

DIFFERENT = 1e-3  # relative: what differs by less could be marked right by a learning platform
POINTS = 3


@dataclass(frozen=True)
class Distractor:
    """A wrong answer: the mistake, the whole wrong path, and the line where it leaves the right one."""

    mistake: Mistake
    path: Derivation
    right: Line | None
    wrong: Line

    @property
    def answer(self) -> Node:
        """The wrong answer: at the point, where the problem names one."""
        return self.path.value.rhs


def distractors(derivation: Derivation) -> tuple[Distractor, ...]:
    """The wrong answers to a solved problem, in the order of the table of mistakes."""
    problem = replace(derivation.problem, set_to_zero=False)
    with believing(None) as belief:
        right = _path(problem, derivation.method)
    if right is None:
        return ()
    points = _points(problem)
    values = [[_value(right.value.rhs, p) for p in points]]
    found = []
    for mistake in (m for m in MISTAKES.values() if m.of in belief.needed):
        path = _misled(problem, mistake, right.method)
        if path is None or path.value.rhs.shape != right.value.rhs.shape:
            continue
        mine = [_value(path.value.rhs, p) for p in points]
        if all(_differ(mine, other) for other in values):
            values.append(mine)
            found.append(Distractor(mistake, path, *_parting(right, path)))
    return tuple(found)


def _path(problem: Problem, method: str) -> Derivation | None:
    """The solution by the first method that calls for laws by name; its own method first."""
    for name in dict.fromkeys((method, "partials", "differential")):
        if name in METHODS:
            try:
                return derive(problem, name)
            except WorkingsError:
                continue
    return None


def _misled(problem: Problem, mistake: Mistake, method: str) -> Derivation | None:
    """The solution of somebody who makes a mistake; ``None`` where it leads nowhere or was not made."""
    with believing(mistake) as belief:
        try:
            path = derive(problem, method)
        except (WorkingsError, AssertionError):  # a wrong line may be of a form that no method expects
            return None
    finished = not any(isinstance(e, D | Partial) for _, e in walk(path.value.rhs))
    return path if belief.misled and finished else None


def _points(problem: Problem) -> list[Point]:
    sampler = Sampler(scope_of(problem))
    return [sampler.point(k) for k in range(POINTS)]


def _value(e: Node, at: Point) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(evaluate(e, at))


def _differ(mine: list[Array], other: list[Array]) -> bool:
    """Whether two answers differ at the first point where both have a value."""
    for a, b in zip(mine, other, strict=True):
        if np.isfinite(a).all() and np.isfinite(b).all():
            return bool(np.max(np.abs(a - b)) > DIFFERENT * max(1.0, float(np.max(np.abs(b)))))
    return False


def _parting(right: Derivation, wrong: Derivation) -> tuple[Line | None, Line]:
    """The first line of the wrong path that is not on the right one, with what stands there instead."""
    for ours, theirs in zip_longest(_equalities(right), _equalities(wrong)):
        if ours is None or theirs is None or (ours.lhs, ours.rhs) != (theirs.lhs, theirs.rhs):
            break
    theirs = theirs or wrong.answers[0]
    return (ours if ours and ours.lhs == theirs.lhs else None), theirs


def _equalities(derivation: Derivation) -> Iterator[Line]:
    """All lines, each with its left-hand side."""
    for step in derivation.all_steps():
        for chain in (item for item in step.items if isinstance(item, Chain)):
            head = chain.lines[0].lhs
            for line in chain.lines:
                head = line.lhs if line.lhs is not None else head
                yield replace(line, lhs=head)
