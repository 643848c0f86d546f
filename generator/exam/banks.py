"""Question banks of an exam: every variant of every student a question, those of a slot together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from generator.distractors import distractors
from generator.exam.manifest import Record, write, writing
from generator.exam.plan import Exam
from generator.exam.variant import Paper, Variant
from generator.exports import (
    Bank,
    Item,
    canvas_package,
    choice_item,
    csv_text,
    essay_item,
    has_numbers,
    item_of,
    json_text,
    moodle_xml,
    number_item,
    pack,
    qti_package,
)


def items(paper: Paper) -> list[Item]:
    """The questions of a paper; their names hold the code of the paper and not the student.

    Raises:
        CheckFailed: a formula is not confirmed.
    """
    return [_item(variant, f"{variant.slot.name}-{paper.code}") for variant in paper.variants]


def _item(variant: Variant, name: str) -> Item:
    derivation, slot = variant.derivation, variant.slot
    if slot.kind == "choice":
        wrong = [option.wrong for option in variant.options if option.wrong]
        offered = [option for option in variant.options if option.node]
        hidden = not any(option.right for option in offered)
        first = 0 if hidden else 1
        order = [wrong.index(option.wrong) + first if option.wrong else 0 for option in offered]
        return choice_item(
            derivation,
            wrong,
            slot.points,
            name=name,
            order=order,
            none_of_these=slot.none_of_these,
            hidden=hidden,
        )
    if slot.kind == "numerical" and has_numbers(derivation):
        return number_item(derivation, distractors(derivation), slot.points, name=name)
    return essay_item(derivation, slot.points, name=name)


def keep_items(paper: Paper, folder: Path) -> None:
    """Leave the questions of a paper in files, one a problem.

    Raises:
        CheckFailed: a formula is not confirmed.
    """
    for variant, item in zip(paper.variants, items(paper), strict=True):
        write(folder / _file(variant.slot.name), json_text([item]))


@dataclass(frozen=True)
class Kept:
    """The questions of a slot, read from their files whenever they are gone through: a class has many."""

    slot: str
    folders: tuple[Path, ...]

    def __iter__(self) -> Iterator[Item]:
        for folder in self.folders:
            (data,) = json.loads((folder / _file(self.slot)).read_text("utf-8"))
            yield item_of(data)


def _file(slot: str) -> str:
    return f"item-{slot}.json"


def write_banks(exam: Exam, papers: Sequence[Record], output: Path) -> tuple[Path, ...]:
    """Write the bank in all formats; no more than one question is in memory at a time."""
    folders = tuple(Path(paper["texts"]) for paper in papers)
    bank: Bank = {slot.name: Kept(slot.name, folders) for slot in exam.slots}
    place = output / "banks"
    for name, files in (
        ("canvas", canvas_package(bank, exam.title, exam.id)),
        ("qti21", qti_package(bank, exam.title)),
    ):
        with writing(place / f"{exam.id}-{name}.zip") as target:
            pack(files, target)
    write(place / f"{exam.id}-moodle.xml", moodle_xml(bank, exam.title))
    write(place / f"{exam.id}.csv", csv_text(chain.from_iterable(bank.values())))
    write(place / f"{exam.id}.json", json_text(chain.from_iterable(bank.values())))
    return tuple(sorted(place.glob(f"{exam.id}*")))
