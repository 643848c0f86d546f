"""The remark on a slip that is easily made: what it makes of the answer, and of its numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from generator.derivation import Derivation, Say
from generator.distractors import Distractor, distractors
from generator.errors import InputError, did_you_mean
from generator.expr.calculus import Group, Mat, Partial, Rel
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import neg, num
from generator.expr.match import substitute
from generator.expr.nodes import Entry, Node, Num
from generator.expr.shapes import is_column
from generator.methods.frame import gradient_of
from generator.problem import Problem
from generator.rules.coefficient import number

DECIMALS, MOST_DIGITS = 3, 6


def warned(derivation: Derivation) -> Derivation:
    """The derivation with its remark on the slip that its problem names, if it names one.

    Raises:
        InputError: the mistake cannot be made here; the message says which ones can.
    """
    slip = derivation.problem.slip
    if slip is None:
        return derivation
    everywhere = replace(derivation, problem=replace(derivation.problem, at=()))
    possible = {d.mistake.name: d for d in distractors(everywhere)}
    if slip.mistake not in possible:
        known = did_you_mean(slip.mistake, possible) or f"possible here: {', '.join(possible) or 'none'}"
        name = derivation.problem.id
        raise InputError(f"the mistake {slip.mistake!r} leads to no wrong answer in {name}", hint=known)
    return replace(derivation, slip=tuple(_told(derivation, possible[slip.mistake], slip.at)))


def _told(derivation: Derivation, made: Distractor, at: tuple[Node, ...]) -> list[Say]:
    problem = derivation.problem
    head, right, wrong = _differing(problem, derivation.answer, made.answer)
    said = [
        Say(made.mistake.misconception),
        Say("Whoever overlooks this finds something else:"),
        Say("{0}", (Rel(head, "≠", wrong),)),
    ]
    if not at:
        return said
    values = dict(zip(_coordinates(problem), map(_decimal, at), strict=True))
    truth, slipped = (_in_numbers(substitute(e, values)) for e in (right, wrong))
    shown = Say("{0}", (truth,)), Say("{0}", (slipped,))
    return [*said, Say("In numbers, right is"), shown[0], Say("and the slip gives"), shown[1]]


def _coordinates(problem: Problem) -> tuple[Node, ...]:
    """The numbers that vary: several scalars, or the entries of a vector of known size."""
    x = problem.wrt[0]
    if len(problem.wrt) > 1 or not is_column(x.shape):
        return problem.wrt
    return tuple(Entry(x, (num(k),)) for k in range(1, int(str(x.shape[0])) + 1))


def _differing(problem: Problem, right: Node, wrong: Node) -> tuple[Node, Node, Node]:
    """The first entry that the slip changes, with its name; or everything, where nothing is written out."""
    if isinstance(right, Mat) and isinstance(wrong, Mat):
        cells = zip(_coordinates(problem), right.cells, wrong.cells, strict=True)
        x, ours, theirs = next((x, a, b) for x, a, b in cells if a != b)
        return Partial(problem.function, x, problem.layout), ours, theirs
    return gradient_of(problem), right, wrong


def _in_numbers(e: Node) -> Rel:
    value = float(np.real(evaluate(e, Point({}))))
    return Rel(e, "≈", _written(Fraction(round(value * 10**DECIMALS), 10**DECIMALS)))


def _decimal(e: Node) -> Node:
    """A number that is put in for a letter: in decimals, where it has finitely many."""
    value = number(e)
    short = value is not None and 10**MOST_DIGITS % value.denominator == 0
    return Group(_written(value) if value is not None and short else e)


def _written(value: Fraction) -> Node:
    return neg(Num(-value)) if value < 0 else Num(value)
