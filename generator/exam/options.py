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


@dataclass(frozen=True, slots=True)
class Option:
    """A choice; a wrong one has the mistake that leads to it, with its whole path."""

    letter: str
    node: Node
    wrong: Distractor | None = None


def options(derivation: Derivation, secret: str, *whose: object) -> tuple[Option, ...]:
    """The choices for a student, each differing from all others in value.

    Raises:
        NotDerivable: too few mistakes lead to another answer.
    """
    # An identity that stands alone has no size that a reader could know.
    wrong = [d for d in distractors(derivation) if not find(d.answer, Eye)][:MOST]
    if len(wrong) < LEAST:
        found = f"{len(wrong)} mistake{'' if len(wrong) == 1 else 's'}"
        raise NotDerivable(
            f"{derivation.problem.id} cannot be a multiple choice: {found} lead to another answer",
            hint='use kind = "numerical" or "worked"',
        )
    choices: Sequence[Distractor | None] = (None, *wrong)
    order = sorted(range(len(choices)), key=lambda k: keyed(secret, "order of choices", *whose, k))
    return tuple(
        Option(letter, choice.answer if choice else derivation.answer, choice)
        for letter, choice in zip(ascii_uppercase, (choices[k] for k in order), strict=False)
    )
