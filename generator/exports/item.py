"""A question as a learning platform knows it: HTML with formulas in \\(…\\), exact values, feedback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

Kind = Literal["choice", "number", "essay"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, what is said to those who choose it, and the mistake that leads there."""

    text: str
    right: bool
    feedback: str = ""
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """One number to be filled in: the value, how far an answer may be off, known wrong values and why."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    wrong: tuple[tuple[Decimal, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A question. ``blanks`` are the entries of the answer, row by row, ``columns`` a row.

    ``solution`` is shown to students after the attempt; ``rubric`` only to those who mark.
    """

    id: str
    title: str
    points: Fraction
    prompt: str
    solution: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    blanks: tuple[Blank, ...] = ()
    columns: int = 1
    rubric: str = ""


Bank = Mapping[str, Iterable[Item]]
"""Questions by category, to be gone through more than once; those of one category stand for one another."""


def item_of(data: Mapping[str, Any]) -> Item:
    """A question from the data that ``json_text`` wrote."""
    blanks = tuple(
        Blank(Decimal(b["value"]), Decimal(b["tolerance"]), tuple((Decimal(v), why) for v, why in b["wrong"]))
        for b in data["blanks"]
    )
    choices = tuple(Choice(**choice) for choice in data["choices"])
    return Item(**{**data, "points": Fraction(data["points"]), "choices": choices, "blanks": blanks})


def shown(value: Decimal | Fraction) -> str:
    """A number as platforms read it: 4, -0.5, never 3.1300000000000003 and never 1E+2."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
