"""The regression of keys: papers that were given out, derived again by the program of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import WorkingsError
from generator.exam.manifest import Record, read_manifest, value_of
from generator.exam.plan import Exam, Slot, load_exam
from generator.exam.roster import Student
from generator.exam.variant import solved
from generator.variants import Place
from generator.workers import Progress, work_through, workers


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: a student's problem, and what it was and is."""

    student: str
    slot: str
    message: str

    def __str__(self) -> str:
        return f"{self.student}, {self.slot}: {self.message}"


@dataclass(frozen=True)
class Checked:
    """How many papers and problems were derived again, and what has changed."""

    papers: int
    problems: int
    changes: tuple[Change, ...]


def check(
    path: Path, exam_file: Path | None = None, jobs: int | None = None,
    progress: Progress = lambda what, done, of: None,
) -> Checked:  # fmt: skip
    """Derive every paper of a manifest again, and compare statements and keys.

    Raises:
        InputError: the manifest or the exam cannot be read.
    """
    data = read_manifest(path)
    exam = load_exam(exam_file or path.parent / data["exam"]["file"])
    papers = data["papers"]
    with workers(jobs) as pool:
        tasks = [(exam, tuple(papers[k : k + 10])) for k in range(0, len(papers), 10)]
        found = work_through(pool, _changes, tasks, "derived", progress)
    problems = sum(len(paper["problems"]) for paper in papers)
    return Checked(len(papers), problems, tuple(change for some in found for change in some))


def _changes(task: tuple[Exam, Sequence[Record]]) -> list[Change]:
    exam, papers = task
    slots = {slot.name: slot for slot in exam.slots}
    return [
        Change(paper["id"], name, message)
        for paper in papers
        for name, then in paper["problems"].items()
        if (message := _change(exam, slots.get(name), Student(paper["id"]), then))
    ]


def _change(exam: Exam, slot: Slot | None, student: Student, then: Record) -> str:
    """What is different now, in words; empty if nothing is."""
    if slot is None:
        return "the exam has no such problem any more"
    known = slot.strata[0].values(0)
    if known.keys() != then["parameters"].keys():
        return "its parameters have other names now"
    values = {name: value_of(data, known[name]) for name, data in then["parameters"].items()}
    try:
        now = solved(exam, slot, student, Place(then["structure"], then["rank"]), values)
    except WorkingsError as error:
        return f"it cannot be derived any more: {error.message}"
    told = ["the statement prints otherwise"] if now.statement != then["statement"] else []
    if now.key != then["key"]:
        was = "; ".join(f"{a['name']} = {a['value']}" for a in then["answers"])
        told.append(f"the key was {was}, and is {'; '.join(f'{a.name} = {a.value}' for a in now.answers)}")
    return "; ".join(told)
