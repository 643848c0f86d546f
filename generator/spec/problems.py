"""One problem, or one concept, from its file."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.errors import InputError, did_you_mean
from generator.expr.layout import LAYOUTS, Layout
from generator.expr.notation import Notation
from generator.problem import Detail, Problem, check_detail
from generator.prose import parse_prose
from generator.spec.complaints import NAME, NAME_IN_WORDS, Complaints, Source, told_value
from generator.spec.concept import Concept, Section, Table
from generator.spec.keylines import Key
from generator.spec.mathematics import Mathematics
from generator.spec.pictures import make_plot

if TYPE_CHECKING:
    from generator.spec.models import ConceptFile, ProblemFile, TableTable


@dataclass(frozen=True)
class Defaults:
    """What a problem takes from its collection unless it says otherwise."""

    layout: Layout = Layout()
    detail: Detail = "full"
    notation: Notation = field(default_factory=Notation)


def make_problem(
    file: ProblemFile, source: Source, defaults: Defaults, complaints: Complaints
) -> Problem | None:
    """The problem of a file of the right form; ``None`` after complaining."""
    before = len(complaints)
    mathematics = Mathematics(file, source, complaints, file.slip, drawn=bool(file.parameters))
    subject = _make_subject(mathematics, defaults)
    if subject is None:
        return None
    problem = dataclasses.replace(
        subject,
        statement=file.statement,
        questions=tuple(file.questions),
        remark=file.remark,
        hints=tuple(file.hints),
        minutes=file.minutes,
        level=file.level,
        detail=check_detail(file.detail or defaults.detail),
        uses=tuple(file.uses),
    )
    texts: dict[Key, str] = {("statement",): file.statement, ("remark",): file.remark}
    for name, listed in (("questions", file.questions), ("hints", file.hints)):
        texts |= {(name, k): text for k, text in enumerate(listed)}
    _check_words(texts, problem, source, complaints)
    return problem if len(complaints) == before else None


def make_concept(
    file: ConceptFile, source: Source, defaults: Defaults, complaints: Complaints
) -> Concept | None:
    """The concept of a file of the right form; ``None`` after complaining."""
    before = len(complaints)
    subject = _make_subject(Mathematics(file, source, complaints), defaults)
    if subject is None:
        return None
    texts: dict[Key, str] = {}
    for k, section in enumerate(file.section):
        at: Key = ("section", k)
        texts[(*at, "text")] = section.text
        if section.table:
            texts |= _cells(section.table, (*at, "table"), source, complaints)
    _check_words(texts, subject, source, complaints)
    sections = tuple(Section(s.title, s.text, _make_table(s.table)) for s in file.section)
    return Concept(subject, sections) if len(complaints) == before else None


def _make_table(table: TableTable | None) -> Table | None:
    return Table(tuple(table.columns), tuple(map(tuple, table.rows))) if table else None


def _cells(table: TableTable, at: Key, source: Source, complaints: Complaints) -> dict[Key, str]:
    """The texts of a table by their keys; complains about rows of another length than the first."""
    texts: dict[Key, str] = {(*at, "columns", k): head for k, head in enumerate(table.columns)}
    for k, row in enumerate(table.rows):
        place: Key = (*at, "rows", k)
        if len(row) != len(table.columns):
            told = f"found {len(row)} cells; expected {len(table.columns)}, one for each column"
            complaints.add(source, place, told)
        texts |= {(*place, j): cell for j, cell in enumerate(row)}
    return texts


def _check_words(texts: Mapping[Key, str], subject: Problem, source: Source, complaints: Complaints) -> None:
    """Complain about mathematics in words that cannot be read."""
    for key, text in texts.items():
        try:
            parse_prose(text, subject)
        except InputError as e:
            complaints.wrong(source, key, e)


def _make_subject(mathematics: Mathematics, defaults: Defaults) -> Problem | None:
    """What a file is about, without its words; ``None`` after complaining."""
    file, source, complaints = mathematics.file, mathematics.source, mathematics.complaints
    notation = make_notation(defaults.notation, file.notation, source, complaints)
    if not file.id and not re.fullmatch(NAME, source.path.stem):
        told = f"the file's name, {source.path.stem[:60]!r}, cannot be the problem's id"
        complaints.add(source, (), told, f"expected {NAME_IN_WORDS}", line=1)
    if len(set(file.find.method)) < len(file.find.method):
        complaints.add(source, ("find", "method"), "a method is listed twice")
    parts = mathematics.read()
    if parts is None:
        return None
    for letter, mark in (("T", notation.transpose), ("d", notation.differential)):
        if mark == letter and letter in parts["symbols"]:
            told = f"`{letter}` is also printed for something else in this notation"
            complaints.add(source, ("symbols", letter), told, "choose another name, or another mark")
    problem = Problem(
        id=file.id or source.path.stem,
        title=file.title,
        layout=LAYOUTS.get(file.layout, defaults.layout),
        notation=notation,
        methods=tuple(file.find.method),
        set_to_zero=file.find.set_to_zero,
        order=file.find.order,
        structured=file.find.structured,
        explain=tuple(file.find.explain),
        **parts,
    )
    if file.plot is None:
        return problem
    return dataclasses.replace(problem, plot=make_plot(file.plot, problem, source, complaints))


def make_notation(
    base: Notation, chosen: Mapping[str, Any], source: Source, complaints: Complaints
) -> Notation:
    """The notation with the chosen glyphs; complains about unknown fields and values."""
    from generator.spec.models import notation_choices

    known = notation_choices()
    right = {}
    for name, value in chosen.items():
        if name not in known:
            hint = did_you_mean(name, known) or f"known are {', '.join(known)}"
            complaints.add(source, ("notation", name), "found an unknown key", hint)
        elif not any(value is v or (isinstance(v, str) and value == v) for v in known[name]):
            told = ", ".join(str(v).lower() if isinstance(v, bool) else f"'{v}'" for v in known[name])
            complaints.add(source, ("notation", name), f"found {told_value(value)}; expected one of {told}")
        else:
            right[name] = value
    return dataclasses.replace(base, **right)
