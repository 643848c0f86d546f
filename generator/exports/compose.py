"""Questions made of a derivation: its statement, its answer, its steps, and the mistakes that lead elsewhere.

All pieces of a question are one text until it is confirmed; only then it is taken apart and becomes HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np

from generator.confirmation import scopes
from generator.derivation import Derivation
from generator.distractors import Distractor
from generator.errors import InputError
from generator.escape import Raw
from generator.exports.html import to_html
from generator.exports.item import Blank, Choice, Item
from generator.expr.calculus import Rel
from generator.expr.evaluate import Point, evaluate
from generator.expr.match import find
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import Dim, resolve
from generator.methods.frame import gradient_of
from generator.render import render_item
from generator.setting import Setter
from generator.verify import require, verify_text

Number = Fraction | float
NONE_OF_THESE = "None of these."
DIGITS = Decimal("0.0001")  # numbers that are no finite decimals are rounded to four places
PART = re.compile(r"<!-- part: ([a-z]+ ?\d*) -->\n")


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as the template sees it."""

    text: Raw
    feedback: Raw


def choice_item(
    derivation: Derivation, wrong: Sequence[Distractor], points: int = 1, *, name: str = "",
    order: Sequence[int] = (), none_of_these: bool = False, hidden: bool = False,
) -> Item:  # fmt: skip
    """A multiple-choice question: the answer and its distractors, in the given order.

    ``none_of_these`` adds that choice at the end; with ``hidden`` it is the right one, because the answer
    itself is not offered.

    Raises:
        InputError: there is nothing wrong to choose.
        CheckFailed: a formula of the question is not confirmed.
    """
    if not wrong:
        raise InputError(f"no mistake leads to another answer in {derivation.problem.id}")
    if hidden and not none_of_these:
        raise InputError("an answer can be hidden only where `none of these` can be chosen")
    setter = _setter(derivation)
    right = () if hidden else (Offered(_formula(setter, derivation.value.rhs), Raw("This is right.")),)
    others = (Offered(_formula(setter, d.answer), _feedback(setter, d)) for d in wrong)
    offered = (*right, *others)
    parts = _confirmed(derivation, offered)
    names = ("",) * len(right) + tuple(d.mistake.name for d in wrong)
    choices = [
        Choice(parts[f"choice {k}"], not hidden and k == 0, parts[f"feedback {k}"], mistake)
        for k, mistake in enumerate(names)
    ]
    choices = [choices[k] for k in order or range(len(choices))]
    if none_of_these:
        choices.append(
            Choice(NONE_OF_THESE, hidden, "" if hidden else "The right answer is among the choices.")
        )
    return replace(_item(derivation, parts, points, name), kind="choice", choices=tuple(choices))


def number_item(
    derivation: Derivation, wrong: Sequence[Distractor] = (), points: int = 1, *, name: str = ""
) -> Item:
    """A question for the numbers of the answer, one blank for each entry of its value at the point.

    A number that a mistake leads to is known as wrong, and answered with what went wrong.

    Raises:
        InputError: the answer has letters in it.
        CheckFailed: a formula of the question is not confirmed.
    """
    values, columns = numbers(derivation)
    item = _item(derivation, _confirmed(derivation, ()), points, name)
    comparable = () if derivation.problem.set_to_zero else wrong  # mistakes are believed up to the derivative
    slips = [(numbers(d.path)[0], d.mistake.misconception) for d in comparable]
    blanks = (blank(v, [(slip[k], why) for slip, why in slips]) for k, v in enumerate(values))
    return replace(item, kind="number", blanks=tuple(blanks), columns=columns)


def essay_item(derivation: Derivation, points: int = 1, *, name: str = "") -> Item:
    """A question for a worked solution; whoever marks it sees ours.

    Raises:
        CheckFailed: a formula of the question is not confirmed.
    """
    parts = _confirmed(derivation, ())
    return replace(_item(derivation, parts, points, name), kind="essay", rubric=parts["solution"])


def has_numbers(derivation: Derivation) -> bool:
    """Whether a value without letters is asked for."""
    return any(not find(line.rhs, Sym) for line in derivation.answers)


def numbers(derivation: Derivation) -> tuple[list[Number], int]:
    """The entries of the answer row by row, and the length of a row; exact where they are rational.

    Raises:
        InputError: the answer has letters in it.
    """
    plain = [line.rhs for line in derivation.answers if not find(line.rhs, Sym)]
    if not plain:
        hint = "ask for the value at a point: `at` in [find]"
        raise InputError(f"the answer to {derivation.problem.id} is not a number", hint=hint)
    value = np.atleast_2d(np.real(evaluate(plain[-1], Point({}))))
    side = resolve(plain[-1].shape[1])
    return [_exact(float(v)) for v in value.ravel()], side.factor if isinstance(side, Dim) else 1


def blank(value: Number, slips: Sequence[tuple[Number, str]] = ()) -> Blank:
    """A blank that accepts a value; one that had to be rounded may be off by a unit of its last digit.

    Of the wrong values those are kept that cannot be taken for the right one, or for one another.
    """
    right = _rounded(value)
    tolerance = Decimal(0) if right == _decimal(value) else DIGITS
    known: dict[Decimal, str] = {}
    for slip, why in slips:
        found = _rounded(slip)
        if all(abs(found - other) > 2 * DIGITS for other in (right, *known)):
            known[found] = why
    return Blank(right, tolerance, tuple(known.items()))


def _decimal(value: Number) -> Decimal:
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)


def _rounded(value: Number) -> Decimal:
    return _decimal(value).quantize(DIGITS, ROUND_HALF_EVEN)


def _exact(value: float) -> Number:
    near = Fraction(value).limit_denominator(10_000)
    return near if abs(float(near) - value) <= 1e-12 * max(1.0, abs(value)) else value


def _setter(derivation: Derivation) -> Setter:
    return Setter("markdown", derivation.problem.notation)


def _formula(setter: Setter, e: Node) -> Raw:
    return setter.inline(setter.tex(e))


def _feedback(setter: Setter, wrong: Distractor) -> Raw:
    """What goes wrong, and that it does."""
    head = wrong.path.value.lhs
    said = setter.tex(Rel(head if head is not None else gradient_of(wrong.path.problem), "≠", wrong.answer))
    return Raw(f"{wrong.mistake.misconception} So {setter.inline(said)}.")


def _confirmed(derivation: Derivation, choices: Sequence[Offered]) -> Mapping[str, str]:
    """The pieces of the question as HTML, after all of it was confirmed."""
    text = render_item(derivation, choices).replace(r"\coloneqq", ":=")  # plain MathJax has no mathtools
    name = derivation.problem.id
    require(verify_text(text, "markdown", scopes({name: derivation}), name))
    pieces = PART.split(text)
    return dict(zip(pieces[1::2], map(to_html, pieces[2::2]), strict=True))


def _item(derivation: Derivation, parts: Mapping[str, str], points: int, name: str) -> Item:
    problem = derivation.problem
    return Item(
        name or problem.id, problem.title, Fraction(points), parts["prompt"], parts["solution"], "essay"
    )
