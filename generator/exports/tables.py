"""Question banks for people and programs: CSV for spreadsheets, JSON with everything."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator.exports.item import Item, shown

NUMBERS = re.compile(r"-?[0-9.]+(; -?[0-9.]+)*")
COLUMNS = ("id", "title", "kind", "points", "answer", "tolerance", "distractors")


def csv_text(items: Iterable[Item]) -> Iterator[str]:
    """One line a question: what is right, how far off it may be, which mistakes are offered."""
    yield _row(COLUMNS)
    for item in items:
        mistakes = "; ".join(choice.mistake for choice in item.choices if choice.mistake)
        tolerance = "; ".join(shown(blank.tolerance) for blank in item.blanks)
        fields = (item.id, item.title, item.kind, shown(item.points), answer(item), tolerance, mistakes)
        yield _row(harmless(field) for field in fields)


def _row(fields: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(fields)
    return out.getvalue()


def answer(item: Item) -> str:
    """The right answer in short: a letter, numbers, or nothing for a worked solution."""
    letters = [chr(ord("a") + k) for k, choice in enumerate(item.choices) if choice.right]
    return "; ".join([*letters, *(shown(blank.value) for blank in item.blanks)])


def json_text(items: Iterable[Item]) -> Iterator[str]:
    """All fields of all questions; numbers are texts, so that they stay exact."""
    yield "["
    for k, item in enumerate(items):
        yield "," if k else ""
        yield f"\n{json.dumps(asdict(item), default=_number, ensure_ascii=False, indent=1)}"
    yield "\n]\n"


def _number(value: Any) -> str:
    if isinstance(value, Decimal | Fraction):
        return shown(value)
    raise TypeError(f"{value!r} is no data")


def harmless(field: str) -> str:
    """A spreadsheet runs what begins like a formula; numbers with their signs are none."""
    risky = field.startswith(("=", "+", "-", "@", "\t")) and not NUMBERS.fullmatch(field)
    return f"'{field}" if risky else field
