"""Question banks for people and programs: CSV for spreadsheets, JSON with everything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator.exports.item import Item, shown

COLUMNS = ("id", "title", "kind", "points", "answer", "tolerance", "distractors")


def csv_text(items: Sequence[Item]) -> str:
    """One line a question: what is right, how far off it may be, which mistakes are offered."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in items:
        mistakes = "; ".join(choice.mistake for choice in item.choices if choice.mistake)
        tolerance = "; ".join(shown(blank.tolerance) for blank in item.blanks)
        fields = (item.id, item.title, item.kind, shown(item.points), answer(item), tolerance, mistakes)
        writer.writerow([_harmless(field) for field in fields])
    return out.getvalue()


def answer(item: Item) -> str:
    """The right answer in short: a letter, numbers, or nothing for a worked solution."""
    letters = [chr(ord("a") + k) for k, choice in enumerate(item.choices) if choice.right]
    return "; ".join([*letters, *(shown(blank.value) for blank in item.blanks)])


def json_text(items: Sequence[Item]) -> str:
    """All fields of all questions; numbers are texts, so that they stay exact."""
    return json.dumps([asdict(item) for item in items], default=_number, ensure_ascii=False, indent=1)


def _number(value: Any) -> str:
    if isinstance(value, Decimal | Fraction):
        return shown(value)
    raise TypeError(f"{value!r} is no data")


def _harmless(field: str) -> str:
    """A spreadsheet runs what begins like a formula; a number with its sign is none."""
    risky = field[:1] in ("=", "+", "@", "\t") or (field.startswith("-") and not field[1:2].isdigit())
    return f"'{field}" if risky else field
