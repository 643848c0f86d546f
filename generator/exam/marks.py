"""Points a step: what a marker wants beside the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.derivation import Chain, Derivation, Line, Say, Step
from generator.expr.calculus import Partial
from generator.expr.match import find, symbols
from generator.expr.nodes import Node, Sym

HALF = Fraction(1, 2)  # points are given in halves


@dataclass(frozen=True, slots=True)
class Mark:
    """A step with its points, what it defines, and the line or the sentence that it ends in.

    Where there are fewer half points than steps, it stands for the steps before it, too.
    """

    step: Step
    points: Fraction
    lines: tuple[Line, ...]
    words: Say | None = None


def marks(derivation: Derivation, points: int) -> tuple[Mark, ...]:
    """The points of a slot on the steps with work in them, by how much there is; they add up exactly."""
    working = [step for step in _asked_for(derivation) if _works(step, derivation)]
    groups = grouped(working, [_weight(step) for step in working], 2 * points)
    shares = shared(points, [sum(map(_weight, group)) for group in groups])
    ends = [_result(group[-1], derivation) for group in groups]
    sides = [e for line in ends if line for e in (line.lhs, line.rhs) if e is not None]
    used = {s.name for e in sides for s in symbols(e)}
    return tuple(
        Mark(group[-1], share, (*_definitions(group, end, used), end))
        if end
        else Mark(group[-1], share, (), _facts(group[-1])[-1])
        for group, share, end in zip(groups, shares, ends, strict=True)
    )


def grouped(steps: Sequence[Step], weights: Sequence[int], most: int) -> list[list[Step]]:
    """Neighbouring steps together, in at most so many groups of about the same weight."""
    groups = [[step] for step in steps]
    heavy = list(weights)
    while len(groups) > most:
        k = min(range(len(groups) - 1), key=lambda k: heavy[k] + heavy[k + 1])
        groups[k : k + 2] = [groups[k] + groups[k + 1]]
        heavy[k : k + 2] = [heavy[k] + heavy[k + 1]]
    return groups


def shared(points: int, weights: list[int]) -> list[Fraction]:
    """Points in halves in proportion to weights: rounded down, and what is left to the largest rests.

    Everything gets half a point first, where there are enough.
    """
    count, halves = len(weights), 2 * points
    if halves >= count and min(weights) * halves < sum(weights):
        rest = shared_halves(halves - count, weights)
        return [HALF * (1 + k) for k in rest]
    return [HALF * k for k in shared_halves(halves, weights)]


def shared_halves(halves: int, weights: list[int]) -> list[int]:
    """Whole numbers in proportion to weights, with a given sum."""
    exact = [Fraction(halves * w, sum(weights)) for w in weights]
    down = [int(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda k: (down[k] - exact[k], k))
    for k in order[: halves - sum(down)]:
        down[k] += 1
    return down


def _lines(step: Step) -> list[Line]:
    own = [line for item in step.items if isinstance(item, Chain) for line in _headed(item)]
    return [*own, *(line for inner in step.steps for line in _lines(inner))]


def _headed(chain: Chain) -> Iterator[Line]:
    """The lines of a chain, each with the left side that the chain began with."""
    head = chain.lines[0].lhs
    for line in chain.lines:
        head = line.lhs if line.lhs is not None else head
        yield replace(line, lhs=head)


def _facts(step: Step) -> list[Say]:
    """The sentences of a step that hold a formula."""
    return [item for item in step.items if isinstance(item, Say) and item.parts]


def _asked_for(derivation: Derivation) -> tuple[Step, ...]:
    """The steps up to the last answer; nothing after it was asked, unless points are to be classified."""
    if derivation.conditions:
        return derivation.steps
    asked = {line.rhs for line in derivation.answers}
    last = max((k for k, step in enumerate(derivation.steps, 1) if _reaches(step, asked)), default=0)
    return derivation.steps[: last or None]


def _reaches(step: Step, asked: set[Node]) -> bool:
    return any(line.rhs in asked for line in _lines(step))


def _weight(step: Step) -> int:
    return len(_lines(step)) + len(_facts(step))


def _works(step: Step, derivation: Derivation) -> bool:
    """Whether a step does more than name what is looked for, as ∇f = [∂f/∂x; ∂f/∂y] does."""
    lines, function = _lines(step), derivation.problem.function
    if not lines:
        return bool(_facts(step))
    return any(all(e.of != function for e in find(line.rhs, Partial)) for line in lines)


def _result(step: Step, derivation: Derivation) -> Line | None:
    """The line of a step that is an answer; else its last, if it has any."""
    lines = _lines(step)
    asked = {(line.lhs, line.rhs) for line in derivation.answers}
    found = [line for line in lines if (line.lhs, line.rhs) in asked]
    return (found or lines)[-1] if lines else None


def _definitions(steps: Sequence[Step], end: Line, used: set[str]) -> list[Line]:
    """The definitions in some steps, other than the line they end in, of names that are used in results."""
    made = [line for step in steps for line in _lines(step) if line.mode == "definition" and line != end]
    return [line for line in made if isinstance(line.lhs, Sym) and line.lhs.name in used]
