"""An exam as it is planned: its words, its slots, and on which pages they stand. Read from one TOML file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import InputError, did_you_mean
from generator.expr.layout import LAYOUTS
from generator.expr.notation import Notation
from generator.spec.complaints import Complaints, Source, read_source
from generator.spec.problems import Defaults, make_notation
from generator.variants import Pool, Template, load_template
from generator.variants.spaces import Product

if TYPE_CHECKING:
    from generator.spec.exam_models import ExamFile, SlotTable

FULL = 1.001  # of a page; shares are rounded when they are written as decimals


@dataclass(frozen=True)
class Slot:
    """A problem of the exam, with its points and the share of a page for it and its answer."""

    name: str
    number: int
    template: Template
    points: int
    kind: str = "worked"
    space: float = 1.0
    parity: float | None = None
    repeats: bool = False
    none_of_these: bool = False

    @cached_property
    def strata(self) -> tuple[Product, ...]:
        """The spaces of its structures."""
        return self.template.space.strata()


@dataclass(frozen=True)
class Exam:
    """An exam; ``id`` is the name of its file."""

    id: str
    path: Path
    title: str
    secret: str
    slots: tuple[Slot, ...]
    date: str = ""
    minutes: int | None = None
    instructions: tuple[str, ...] = ()
    paper: str = "a4"

    @property
    def points(self) -> int:
        """The points of all problems."""
        return sum(slot.points for slot in self.slots)

    @property
    def sheets(self) -> tuple[tuple[Slot, ...], ...]:
        """The slots of each page after the first; an empty page continues the one before."""
        return tuple(_sheets(self.slots))

    @property
    def pages(self) -> int:
        """How many pages every paper has."""
        return 1 + len(self.sheets)

    def pool(self, slot: Slot) -> Pool:
        """The variants of a slot."""
        return Pool(slot.template, self.secret, slot.name, slot.parity)

    @property
    def digest(self) -> str:
        """A mark of all files that the exam is made of."""
        texts = [slot.template.source.text for slot in self.slots]
        whole = "\0".join([self.path.read_text("utf-8-sig"), *texts])
        return hashlib.sha256(whole.encode()).hexdigest()


def _sheets(slots: tuple[Slot, ...]) -> Iterator[tuple[Slot, ...]]:
    page: tuple[Slot, ...] = ()
    for slot in slots:
        if page and sum(s.space for s in page) + slot.space > FULL:
            yield page
            page = ()
        page = (*page, slot)
        if slot.space > FULL:
            yield page
            yield from [()] * (ceil(slot.space) - 1)
            page = ()
    if page:
        yield page


def load_exam(path: Path) -> Exam:
    """The exam of a file, with the problems that stand beside it.

    Raises:
        InputError: everything that is wrong with the file, each as ``file:line: key: …``, or with a problem.
    """
    from generator.spec.exam_models import ExamFile
    from generator.spec.validate import validated

    complaints = Complaints()
    source = read_source(path, complaints)
    file = validated(ExamFile, source, complaints) if source else None
    if source is None or file is None:
        complaints.settle()
        raise InputError(f"{path} holds no exam")
    notation = make_notation(Notation(), file.notation, source, complaints)
    _check(file, source, complaints)
    complaints.settle()
    defaults = Defaults(LAYOUTS[file.layout], notation=notation)
    templates = [load_template(path.parent / f"{table.file}.toml", defaults) for table in file.problem]
    for k, (table, template) in enumerate(zip(file.problem, templates, strict=True)):
        _check_kind(table, template, k, source, complaints)
    complaints.settle()
    slots = tuple(
        Slot(
            name=table.file,
            number=k,
            template=templates[k - 1],
            points=table.points,
            kind=table.kind,
            space=table.space,
            parity=table.parity,
            repeats=table.repeats,
            none_of_these=table.none_of_these,
        )
        for k, table in enumerate(file.problem, 1)
    )
    return Exam(
        path.stem,
        path,
        file.title,
        file.secret,
        slots,
        file.date,
        file.duration,
        tuple(file.instructions),
        file.paper,
    )


def _check(file: ExamFile, source: Source, complaints: Complaints) -> None:
    """Every problem is there, once; words hold no mathematics."""
    there = [p.stem for p in sorted(source.path.parent.glob("*.toml")) if p != source.path]
    seen: set[str] = set()
    for k, table in enumerate(file.problem):
        if table.file in seen:
            complaints.add(source, ("problem", k, "file"), f"`{table.file}` is listed twice")
        elif table.file not in there:
            hint = did_you_mean(table.file, there) or f"there are {', '.join(there) or 'no problems'}"
            complaints.add(source, ("problem", k, "file"), f"there is no file {table.file}.toml", hint)
        seen.add(table.file)


def _check_kind(table: SlotTable, template: Template, k: int, source: Source, complaints: Complaints) -> None:
    """What an exam cannot do with a problem is said before anything is drawn."""
    data = template.source.data
    if data.get("plot"):
        told, hint = "an exam draws no pictures", "describe it in words, and leave [plot] out"
        complaints.add(template.source, ("plot",), told, hint)
    if table.kind == "choice" and data.get("find", {}).get("set_to_zero"):
        told = f"`{table.file}` asks for a stationary point, for which there are no choices"
        complaints.add(source, ("problem", k, "kind"), told, 'use kind = "worked" or "numerical"')
    if table.none_of_these and table.kind != "choice":
        complaints.add(source, ("problem", k, "none_of_these"), 'it belongs to a problem of kind = "choice"')
