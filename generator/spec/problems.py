"""One problem from its file."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.errors import InputError, did_you_mean
from generator.expr.layout import LAYOUTS, Layout
from generator.expr.notation import Notation
from generator.problem import Problem
from generator.prose import parse_prose
from generator.spec.complaints import NAME, NAME_IN_WORDS, Complaints, Source, told_value
from generator.spec.keylines import Key
from generator.spec.mathematics import Mathematics
from generator.spec.pictures import make_plot

if TYPE_CHECKING:
    from generator.spec.models import ProblemFile


@dataclass(frozen=True)
class Defaults:
    """What a problem takes from its collection unless it says otherwise."""

    layout: Layout = Layout()
    notation: Notation = field(default_factory=Notation)


def make_problem(
    file: ProblemFile, source: Source, defaults: Defaults, complaints: Complaints
) -> Problem | None:
    """The problem of a file of the right form; ``None`` after complaining."""
    before = len(complaints)
    notation = make_notation(defaults.notation, file.notation, source, complaints)
    if not file.id and not re.fullmatch(NAME, source.path.stem):
        told = f"the file's name, {source.path.stem[:60]!r}, cannot be the problem's id"
        complaints.add(source, (), told, f"expected {NAME_IN_WORDS}", line=1)
    if len(set(file.find.method)) < len(file.find.method):
        complaints.add(source, ("find", "method"), "a method is listed twice")
    parts = Mathematics(file, source, complaints).read()
    if parts is None:
        return None
    problem = Problem(
        id=file.id or source.path.stem,
        title=file.title,
        layout=LAYOUTS.get(file.layout, defaults.layout),
        notation=notation,
        methods=tuple(file.find.method),
        point_name=file.find.point,
        set_to_zero=file.find.set_to_zero,
        order=file.find.order,
        explain=tuple(file.find.explain),
        statement=file.statement,
        questions=tuple(file.questions),
        remark=file.remark,
        hints=tuple(file.hints),
        minutes=file.minutes,
        level=file.level,
        uses=tuple(file.uses),
        **parts,
    )
    if file.plot is not None:
        problem = dataclasses.replace(problem, plot=make_plot(file.plot, problem, source, complaints))
    texts: list[tuple[Key, str]] = [(("statement",), file.statement), (("remark",), file.remark)]
    for name, listed in (("questions", file.questions), ("hints", file.hints)):
        texts += [((name, k), text) for k, text in enumerate(listed)]
    for key, text in texts:
        try:
            parse_prose(text, problem)
        except InputError as e:
            complaints.wrong(source, key, e)
    return problem if len(complaints) == before else None


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
