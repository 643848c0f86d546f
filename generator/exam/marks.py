"""Points a step, and the mistakes that are usual where a law is used: what a marker wants beside the key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from generator.derivation import Chain, Derivation, Line, Step
from generator.expr.match import symbols
from generator.expr.nodes import Sym
from generator.rules.mistakes import MISTAKES, Mistake

HALF = Fraction(1, 2)  # points are given in halves


@dataclass(frozen=True, slots=True)
class Mark:
    """A step with its points, what it defines, and the line that it ends in."""

    step: Step
    points: Fraction
    lines: tuple[Line, ...]


def marks(derivation: Derivation, points: int) -> tuple[Mark, ...]:
    """The points of a slot on the steps that have lines, by their number of lines; they add up exactly."""
    steps = [step for step in derivation.steps if _lines(step)]
    shares = shared(points, [len(_lines(step)) for step in steps])
    results = [_result(step) for step in steps]
    used = {s.name for line in results for e in (line.lhs, line.rhs) if e is not None for s in symbols(e)}
    return tuple(
        Mark(step, share, (*_definitions(step, used), result))
        for step, share, result in zip(steps, shares, results, strict=True)
    )


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


def usual_mistakes(derivation: Derivation) -> tuple[Mistake, ...]:
    """The classic wrong forms of the laws that the derivation uses."""
    used = {line.rule for line in derivation.lines() if line.rule}
    return tuple(mistake for mistake in MISTAKES.values() if mistake.of in used)


def _lines(step: Step) -> list[Line]:
    own = [line for item in step.items if isinstance(item, Chain) for line in item.lines]
    return [*own, *(line for inner in step.steps for line in _lines(inner))]


def _result(step: Step) -> Line:
    """The last line of a step, with the left side that its chain began with."""
    lines = _lines(step)
    head = next((line.lhs for line in reversed(lines) if line.lhs is not None), None)
    return replace(lines[-1], lhs=head)


def _definitions(step: Step, used: set[str]) -> list[Line]:
    """The definitions of a step, other than its last line, of names that are used in results."""
    made = [line for line in _lines(step)[:-1] if line.mode == "definition"]
    return [line for line in made if isinstance(line.lhs, Sym) and line.lhs.name in used]
