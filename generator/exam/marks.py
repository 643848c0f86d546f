"""Points a step: what a marker wants beside the key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.derivation import Chain, Derivation, Line, Say, Step
from generator.expr.calculus import Partial
from generator.expr.match import find, symbols
from generator.expr.nodes import Sym

HALF = Fraction(1, 2)  # points are given in halves


@dataclass(frozen=True, slots=True)
class Mark:
    """A step with its points, what it defines, and the line or the sentence that it ends in."""

    step: Step
    points: Fraction
    lines: tuple[Line, ...]
    words: Say | None = None


def marks(derivation: Derivation, points: int) -> tuple[Mark, ...]:
    """The points of a slot on the steps with work in them, by how much there is; they add up exactly."""
    steps = [step for step in derivation.steps if _works(step, derivation)]
    shares = shared(points, [len(_lines(step)) + len(_facts(step)) for step in steps])
    ends = [_result(step, derivation) for step in steps]
    used = {
        s.name for line in ends if line for e in (line.lhs, line.rhs) if e is not None for s in symbols(e)
    }
    return tuple(
        Mark(step, share, (*_definitions(step, used), end))
        if end
        else Mark(step, share, (), _facts(step)[-1])
        for step, share, end in zip(steps, shares, ends, strict=True)
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


def _definitions(step: Step, used: set[str]) -> list[Line]:
    """The definitions of a step, other than its last line, of names that are used in results."""
    made = [line for line in _lines(step)[:-1] if line.mode == "definition"]
    return [line for line in made if isinstance(line.lhs, Sym) and line.lhs.name in used]
