"""The records that every edition and every export is made of: a student's paper and the variants on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from generator.derivation import Derivation, Line
from generator.errors import WorkingsError
from generator.exam.options import Option, TooFewChoices, options
from generator.exam.plan import Exam, Slot
from generator.exam.roster import Student
from generator.exports.compose import NONE_OF_THESE
from generator.expr.latex_writer import to_latex
from generator.expr.nodes import Node
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive, whole
from generator.problem import Problem
from generator.terminal import sentence
from generator.variants import Place
from generator.variants.chance import keyed
from generator.variants.difficulty import Difficulty, difficulty
from generator.variants.spaces import Value
from generator.variants.statement import statement
from generator.variants.template import told

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was to be found: what it is called, and its value, in print and as an expression."""

    name: str
    value: str
    latex: str
    node: Node


@dataclass(frozen=True, slots=True)
class Variant:
    """A slot of one student's paper: the values drawn, the problem, its derivation, and the answers."""

    student: Student
    slot: Slot
    place: Place
    values: Mapping[str, Value]
    problem: Problem
    derivation: Derivation
    answers: tuple[Answer, ...]
    statement: str  # marks of what is printed: equal for equal print
    key: str
    options: tuple[Option, ...] = ()  # of a multiple choice
    remarks: tuple[str, ...] = ()  # what stands with the answers: where they hold, what kind of point it is

    @property
    def letter(self) -> str:
        """The right choice."""
        return next((option.letter for option in self.options if option.right), "")

    @property
    def difficulty(self) -> Difficulty:
        """How hard it is, measured from the derivation."""
        return difficulty(self.derivation)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a student is given: the places of the slots; ``count`` rises when a paper is issued anew."""

    student: Student
    places: Mapping[str, Place]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A student's paper; the code tells it from all others without telling who sits there."""

    student: Student
    code: str
    issue: int
    variants: tuple[Variant, ...]


def code(exam: Exam, student: str, issue: int) -> str:
    """Seven letters and digits that belong to a student's paper."""
    key = int.from_bytes(keyed(exam.secret, "code", student, issue), "big")
    return "".join(LETTERS[key >> 5 * k & 31] for k in range(7))


def make_paper(exam: Exam, issue: Issue) -> Paper:
    """Derive a student's variants, and judge every answer against the problem's own text.

    Raises:
        CheckFailed: an answer is wrong.
        NotDerivable: no method solves a variant.
    """
    variants = tuple(make_variant(exam, slot, issue.student, issue.places[slot.name]) for slot in exam.slots)
    return Paper(issue.student, code(exam, issue.student.id, issue.count), issue.count, variants)


def make_variant(exam: Exam, slot: Slot, student: Student, place: Place) -> Variant:
    """Derive the variant at a place, and judge its answer.

    Raises:
        CheckFailed: the answer is wrong.
        NotDerivable: no method solves it.
    """
    values = slot.strata[place.stratum].values(place.rank)
    try:
        return solved(exam, slot, student, place, values)
    except WorkingsError as error:
        error.message += f"\n  where {told(values)}" if values else ""
        error.args = (error.message,)
        if isinstance(error, TooFewChoices):
            error.slot = slot.name
        raise


def solved(exam: Exam, slot: Slot, student: Student, place: Place, values: Mapping[str, Value]) -> Variant:
    """The variant with these values, derived and judged.

    Raises:
        CheckFailed: the answer is wrong.
        NotDerivable: no method solves it.
    """
    problem = slot.template.problem(values)
    derivation = derive(problem)
    judge(problem, whole(derivation))
    answers = tuple(_answer(line, problem) for line in derivation.answers)
    chosen: tuple[Option, ...] = ()
    if slot.kind == "choice":
        whose = (slot.name, student.id, place)
        chosen = options(derivation, exam.secret, *whose, none=slot.none_of_these)
    printed = [f"{a.name} = {a.latex}" for a in answers]
    printed += [
        f"{o.letter} {to_latex(o.node, problem.notation) if o.node else NONE_OF_THESE}" for o in chosen
    ]
    remarks = tuple(map(sentence, derivation.conditions))
    key = hashlib.sha256("\n".join([*printed, *remarks]).encode()).hexdigest()
    return Variant(
        student=student,
        slot=slot,
        place=place,
        values=values,
        problem=problem,
        derivation=derivation,
        answers=answers,
        statement=statement(problem),
        key=key,
        options=chosen,
        remarks=remarks,
    )


def _answer(line: Line, problem: Problem) -> Answer:
    name = "" if line.lhs is None else to_unicode(line.lhs)
    return Answer(name, to_unicode(line.rhs), to_latex(line.rhs, problem.notation), line.rhs)
