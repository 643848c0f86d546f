"""Question banks of an exam: every variant of every student a question, those of a slot together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from generator.distractors import distractors
from generator.exam.manifest import Record, write
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
    qti_package,
)

ITEMS = "items.json"


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
        order = [wrong.index(option.wrong) + 1 if option.wrong else 0 for option in variant.options]
        return choice_item(derivation, wrong, slot.points, name=name, order=order)
    if slot.kind == "numerical" and has_numbers(derivation):
        return number_item(derivation, distractors(derivation), slot.points, name=name)
    return essay_item(derivation, slot.points, name=name)


def write_banks(exam: Exam, papers: Sequence[Record], output: Path) -> tuple[Path, ...]:
    """Write the bank in all formats."""
    found = [item_of(data) for paper in papers for data in _kept(paper)]
    bank: Bank = {slot.name: [i for i in found if i.id.startswith(f"{slot.name}-")] for slot in exam.slots}
    folder = output / "banks"
    write(folder / f"{exam.id}-canvas.zip", canvas_package(bank, exam.title, exam.id))
    write(folder / f"{exam.id}-qti21.zip", qti_package(bank, exam.title))
    write(folder / f"{exam.id}-moodle.xml", "".join(moodle_xml(bank, exam.title)))
    write(folder / f"{exam.id}.csv", csv_text(found))
    write(folder / f"{exam.id}.json", json_text(found))
    return tuple(sorted(folder.glob(f"{exam.id}*")))


def _kept(paper: Record) -> list[Record]:
    kept: list[Record] = json.loads((Path(paper["texts"]) / ITEMS).read_text("utf-8"))
    return kept
