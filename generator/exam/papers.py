"""Papers into text: what the templates of an exam see, and a fragment of LaTeX a student and edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from generator import views
from generator.derivation import Derivation
from generator.editions import EVERY, NONE, Edition
from generator.escape import Raw
from generator.exam.code import qr
from generator.exam.marks import Mark, marks
from generator.exam.options import Option
from generator.exam.plan import Exam, Slot
from generator.exam.usual import usual_mistakes
from generator.exam.variant import Paper, Variant
from generator.exports.compose import NONE_OF_THESE
from generator.expr.nodes import Sym
from generator.render import render_template
from generator.rules.mistakes import Mistake
from generator.setting import Setter

EDITIONS: Mapping[str, Edition] = {
    edition.name: edition
    for edition in (
        Edition("paper", "Exam", NONE),
        Edition("key", "Key"),
        Edition("worked", "Worked solutions"),
        Edition("marker", "Marker's copy", hints=EVERY),
    )
}
"""The editions of an exam; what an edition does not show is not handed to its template."""


@dataclass(frozen=True, slots=True)
class MarkView:
    """A step on the marker's copy: its points and what must be there."""

    title: str
    points: str
    displays: tuple[views.Display, ...]
    words: Raw


@dataclass(frozen=True, slots=True)
class OptionView:
    """A choice; where the edition shows it, the mistake that leads to it."""

    letter: str
    formula: Raw
    mistake: str = ""
    misconception: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True)
class SlotView:
    """A problem on a paper; ``asked`` names what a short answer is to give, marks are for the marker."""

    number: int
    points: str
    most: int
    kind: str
    height: str
    problem: views.ProblemView
    asked: tuple[Raw, ...] = ()
    options: tuple[OptionView, ...] = ()
    letter: str = ""  # of the right option, where the edition shows it
    marks: tuple[MarkView, ...] = ()
    answers: tuple[views.Display, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperView:
    """A student's paper: who, its code, and its problems, also page by page."""

    id: str
    name: str
    code: str
    qr_side: int
    qr: Raw
    slots: tuple[SlotView, ...]
    sheets: tuple[tuple[SlotView, ...], ...]
    continued: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExamView:
    """The words that all papers share."""

    paper: str  # its size
    title: str
    date: str
    facts: tuple[str, ...]
    points: int
    pages: int
    instructions: tuple[str, ...]


def exam_view(exam: Exam) -> ExamView:
    """What templates see of an exam."""
    time = f"{exam.minutes} minutes" if exam.minutes else ""
    facts = tuple(filter(None, (exam.date, time, counted(exam.points))))
    return ExamView(exam.paper, exam.title, exam.date, facts, exam.points, exam.pages, exam.instructions)


def counted(points: Fraction | int) -> str:
    """Points in words: 1 point, 2½ points."""
    whole, rest = divmod(points, 1)
    number = f"{whole if whole or not rest else ''}{'½' if rest else ''}"
    return f"{number} point{'' if points in (1, Fraction(1, 2)) else 's'}"


def fragment(exam: Exam, paper: Paper, edition: str, templates: Sequence[Path] = ()) -> str:
    """The text of one student's paper in an edition.

    Raises:
        InputError: a template that is wrong.
    """
    shown = EDITIONS[edition]
    slots = tuple(_slot(variant, shown) for variant in paper.variants)
    by_number = {slot.number: slot for slot in slots}
    side, boxes = qr(f"{exam.id} {paper.code}")
    view = PaperView(
        id=paper.student.id,
        name=paper.student.name,
        code=paper.code,
        qr_side=side,
        qr=boxes,
        slots=slots,
        sheets=tuple(tuple(by_number[s.number] for s in sheet) for sheet in exam.sheets),
        continued=_continued(exam.sheets),
    )
    return render_template(f"exam-{edition}.tex.j2", "latex", templates, exam=exam_view(exam), paper=view)


def class_text(exam: Exam, edition: str, fragments: Sequence[str], templates: Sequence[Path] = ()) -> str:
    """The document of a class: the fragments of its students behind one preamble."""
    body = Raw("\n".join(fragments))
    view, shown = exam_view(exam), EDITIONS[edition]
    return render_template("exam.tex.j2", "latex", templates, exam=view, edition=shown, body=body)


def _continued(sheets: Sequence[Sequence[Slot]]) -> tuple[int, ...]:
    """For every page the problem that it continues, where it begins none."""
    found, last = [], 0
    for sheet in sheets:
        last = sheet[-1].number if sheet else last
        found.append(last)
    return tuple(found)


def _slot(variant: Variant, shown: Edition) -> SlotView:
    slot = variant.slot
    setter = Setter("latex", variant.problem.notation)
    derivation = replace(variant.derivation, problem=replace(variant.problem, plot=None))
    found = SlotView(
        number=slot.number,
        points=counted(slot.points),
        most=slot.points,
        kind=slot.kind,
        height=f"{min(slot.space, 1) * 0.99:.4f}",
        problem=setter.problem(derivation, slot.number, replace(shown, hints=NONE)),
        asked=_asked(derivation, slot.kind, setter),
        options=tuple(_option(option, setter, shown) for option in variant.options),
        letter=variant.letter if shown.solutions else "",
    )
    if not shown.hints:
        return found
    given = () if slot.kind == "choice" else marks(derivation, slot.points)  # a choice is right or wrong
    reached = {line.rhs for mark in given for line in mark.lines}
    rest = tuple(setter.display((line,)) for line in derivation.answers if line.rhs not in reached)
    views_of = tuple(_mark(mark, setter) for mark in given)
    return replace(found, marks=views_of, answers=rest, mistakes=usual_mistakes(derivation))


def _asked(derivation: Derivation, kind: str, setter: Setter) -> tuple[Raw, ...]:
    """The left sides that fields for short answers stand beside, or the one that choices are offered for.

    Of the equations for a stationary point only x⋆ = is shown: the others are part of the answer.
    Where points are classified, a field has a word.
    """
    lines = [line for line in derivation.answers if line.mode != "condition" or isinstance(line.lhs, Sym)]
    if kind == "choice" and len(lines) > 1:
        lines = [derivation.value]
    elif kind != "numerical":
        return ()
    told = tuple(Raw(f"{setter.inline(setter.tex(line.lhs))} =") for line in lines if line.lhs is not None)
    problem = derivation.problem
    return (*told, Raw("Result")) if problem.set_to_zero and problem.order == 2 else told


def _option(option: Option, setter: Setter, shown: Edition) -> OptionView:
    told = Raw(NONE_OF_THESE) if option.node is None else setter.inline(setter.tex(option.node))
    found = OptionView(option.letter, told, right=option.right and bool(shown.hints))
    if option.wrong is None or not shown.hints:
        return found
    mistake = option.wrong.mistake
    return replace(found, mistake=mistake.name, misconception=mistake.misconception)


def _mark(mark: Mark, setter: Setter) -> MarkView:
    displays = tuple(setter.display((line,)) for line in mark.lines)
    words = setter.sentence(mark.words) if mark.words else Raw("")
    return MarkView(mark.step.title, counted(mark.points), displays, words)
