"""Multiple choice: the answer among wrong ones that come from known mistakes, in the student's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from generator.derivation import Derivation
from generator.distractors import Distractor, distractors
from generator.errors import NotDerivable
from generator.expr.match import find
from generator.expr.nodes import Eye, Node
from generator.variants.chance import keyed

MOST, LEAST = 4, 2  # wrong answers


class TooFewChoices(NotDerivable):
    """A problem has too few wrong answers; with other numbers it may have more. ``slot`` says where."""

    slot = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice; a wrong answer has the mistake that leads to it. Without an answer it is "none of these"."""

    letter: str
    node: Node | None
    wrong: Distractor | None = None
    right: bool = False


def options(derivation: Derivation, secret: str, *whose: object, none: bool = False) -> tuple[Option, ...]:
    """The choices for a student, each differing from all others in value.

    ``none`` adds "none of these" at the end. It is right as often as every other choice: the right answer is
    left out then.

    Raises:
        TooFewChoices: too few mistakes lead to another answer.
    """
    # An identity that stands alone has no size that a reader could know.
    wrong = [d for d in distractors(derivation) if not find(d.answer, Eye)][:MOST]
    if len(wrong) < LEAST:
        found = ("no mistake leads", "only one mistake leads")[len(wrong)]
        raise TooFewChoices(
            f"{derivation.problem.id} cannot be a multiple choice: {found} to another answer",
            hint='use kind = "numerical" or "worked", or keep such values out by a constraint',
        )
    hidden = none and int.from_bytes(keyed(secret, "none of these", *whose), "big") % (len(wrong) + 2) == 0
    choices: Sequence[Distractor | None] = wrong if hidden else (None, *wrong)
    order = sorted(range(len(choices)), key=lambda k: keyed(secret, "order of choices", *whose, k))
    found_ones = [
        Option(letter, choice.answer if choice else derivation.value.rhs, choice, right=choice is None)
        for letter, choice in zip(ascii_uppercase, (choices[k] for k in order), strict=False)
    ]
    last = [Option(ascii_uppercase[len(found_ones)], None, right=hidden)] if none else []
    return (*found_ones, *last)
