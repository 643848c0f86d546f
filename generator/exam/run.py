"""The exam as one function: count, draw, derive, render, verify, set, split, record.

What a student is given is worked out in a process of its own and kept in files; a run that was stopped finds
them again. Everything reaches its place in one move.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from generator import pdf
from generator.confirmation import scopes
from generator.errors import CheckFailed, WorkingsError
from generator.escape import slug
from generator.exam import manifest
from generator.exam.banks import keep_items, write_banks
from generator.exam.issuing import Issued, issue
from generator.exam.manifest import Record, write
from generator.exam.options import TooFewChoices
from generator.exam.papers import EDITIONS, class_text, fragment
from generator.exam.plan import Exam
from generator.exam.room import require_room
from generator.exam.roster import Student
from generator.exam.split import join, split
from generator.exam.variant import Issue, Paper, make_paper
from generator.variants import Count, Place, Pool, require_capacity
from generator.verify import Report, Scope, require, verify_text
from generator.version import __version__
from generator.workers import Progress, work_through, workers

T = TypeVar("T")
BATCH, CHUNK = 200, 4  # students a run of TeX, and a job of a process
MOST_REFUSED = 8  # variants of a structure, before one asks whether it is of use at all


@dataclass(frozen=True)
class Request:
    """Who sits the exam, what to make and where; ``anew`` names students who get another paper."""

    students: tuple[Student, ...]
    output: Path
    templates: tuple[Path, ...] = ()
    jobs: int | None = None
    pdf: bool = True
    banks: bool = False
    cluster: str = ""
    anew: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """What was made: the manifest, the PDFs of the whole class, and TeX's warnings."""

    manifest: Path
    whole: tuple[Path, ...] = ()
    banks: tuple[Path, ...] = ()
    formulas: int = 0
    warnings: tuple[str, ...] = ()
    counts: tuple[tuple[str, tuple[Count, ...]], ...] = ()


@dataclass(frozen=True)
class Job:
    """Some students of an exam, for one process."""

    exam: Exam
    request: Request
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Sheaf:
    """Some papers in one edition: the files of their text, and the PDFs that they become."""

    exam: Exam
    request: Request
    edition: str
    fragments: tuple[Path, ...]
    targets: tuple[Path, ...]


def run(exam: Exam, request: Request, progress: Progress = lambda what, done, of: None) -> Made:
    """Make an exam for a class.

    Raises:
        InputError: too few variants, or an exam that does not fit the manifest of an earlier run.
        CheckFailed: a printed line is not confirmed, or TeX failed.
        MissingPart: there is no TeX.
    """
    record = request.output / "manifest.json"
    before = manifest.read_manifest(record) if record.is_file() else None
    pools = {slot.name: exam.pool(slot) for slot in exam.slots}
    counts = {slot.name: pools[slot.name].survey(len(request.students)) for slot in exam.slots}
    for slot in exam.slots:
        require_capacity(pools[slot.name], counts[slot.name], len(request.students), repeats=slot.repeats)
    with workers(request.jobs, request.cluster) as pool:
        issued, papers = _drawn(exam, request, pools, before, pool, progress)
        sheaves = list(_sheaves(exam, request, papers)) if request.pdf else []
        done = work_through(pool, typeset, sheaves, "set", progress)
    slots = [manifest.slot_record(slot, counts[slot.name], papers) for slot in exam.slots]
    write(request.output / "answers.csv", manifest.answers_csv(exam, papers))
    write(record, manifest.manifest(exam, slots, papers, issued.earlier, request.output))
    return Made(
        manifest=record,
        banks=write_banks(exam, papers, request.output) if request.banks else (),
        whole=tuple(_whole(exam, request, sheaves)),
        formulas=sum(int(p["checks"]["formulas"]) for p in papers),
        warnings=tuple(warning for warnings in done for warning in warnings),
        counts=tuple(counts.items()),
    )


def _drawn(
    exam: Exam, request: Request, pools: Mapping[str, Pool], before: Record | None, pool: Executor | None,
    progress: Progress,
) -> tuple[Issued, list[Record]]:  # fmt: skip
    """Give out variants and work out the papers; what turns out to have too few choices is drawn again.

    Raises:
        TooFewChoices: there is no hope of others.
    """
    refused: dict[str, list[Place]] = {slot.name: [] for slot in exam.slots}
    while True:
        issued = issue(exam, pools, request.students, request.anew, before, refused)
        jobs = [Job(exam, request, some) for some in chunks(issued.issues, CHUNK)]
        papers = [p for some in work_through(pool, prepare, jobs, "confirmed", progress) for p in some]
        again = [p for p in papers if "refused" in p]
        if not again:
            return issued, papers
        for paper in again:
            refused[paper["refused"]].append(Place(*paper["place"]))
        _require_hope(refused, papers, again)


def _require_hope(
    refused: Mapping[str, Sequence[Place]], papers: Sequence[Record], again: Sequence[Record]
) -> None:
    """Nothing, while a structure gives more papers than it refuses.

    Raises:
        TooFewChoices: it does not.
    """
    for paper in again:
        name, stratum = paper["refused"], paper["place"][0]
        lost = sum(place.stratum == stratum for place in refused[name])
        made = sum(p["problems"][name]["structure"] == stratum for p in papers if "refused" not in p)
        if lost >= MOST_REFUSED and lost > made:
            raise TooFewChoices(paper["told"], hint=paper["hint"])


def chunks(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """Items in groups of a size."""
    return (tuple(items[k : k + size]) for k in range(0, len(items), size))


# --- texts ----------------------------------------------------------------------------------------


def prepare(job: Job) -> list[Record]:
    """Derive, render and verify the papers of some students; their texts are left in files.

    Raises:
        CheckFailed: a line is not confirmed.
    """
    return [_prepared(job.exam, job.request, one) for one in job.issues]


def _prepared(exam: Exam, request: Request, one: Issue) -> Record:
    folder = request.output / ".work" / "texts" / _mark(exam, request, one)
    record = folder / "record.json"
    if record.is_file():  # of a run that was stopped, or of an earlier one
        kept = json.loads(record.read_text("utf-8"))
        return {**kept, "name": one.student.name, "texts": str(folder)}
    try:
        paper = make_paper(exam, one)
    except TooFewChoices as error:
        place = one.places[error.slot]
        told = {"told": error.message, "hint": error.hint}
        return {"refused": error.slot, "place": [place.stratum, place.rank], **told}
    except WorkingsError as error:
        raise _of(one, error) from None
    try:
        known = scopes({v.problem.id: v.derivation for v in paper.variants})
        reports = [_verified(exam, request, paper, edition, folder, known) for edition in EDITIONS]
        if request.banks:
            keep_items(paper, folder)
    except WorkingsError as error:
        raise _of(one, error) from None
    data = {**manifest.paper_record(paper, reports), "texts": str(folder)}
    write(record, json.dumps(data))
    return data


def _of(one: Issue, error: WorkingsError) -> WorkingsError:
    """The error with the student whose paper it is about."""
    error.message = f"the paper of {one.student.id}: {error.message}"
    error.args = (error.message,)
    return error


def _verified(
    exam: Exam, request: Request, paper: Paper, edition: str, folder: Path, known: Mapping[str, Scope]
) -> Report:
    """Write the text of an edition, once every line of it is confirmed."""
    text = fragment(exam, paper, edition, request.templates)
    report = verify_text(text, "latex", known, f"{exam.id}-{edition}")
    require(report)
    write(folder / f"{edition}.tex", text)
    return report


def _mark(exam: Exam, request: Request, one: Issue) -> str:
    """A name for all that a paper depends on."""
    places = sorted((name, p.stratum, p.rank) for name, p in one.places.items())
    parts = (exam.digest, _program(request.templates), one.student, one.count, places, request.banks)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@cache
def _program(templates: tuple[Path, ...]) -> str:
    """The version of the program, and when its files and the templates were last changed."""
    here = Path(__file__).parents[1]
    folders = (here, here / "templates", here.parent / "templates", *templates)
    files = sorted({f for folder in folders if folder.is_dir() for f in folder.rglob("*.*") if f.is_file()})
    stats = [(str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.suffix != ".pyc"]
    return f"{__version__} {hashlib.sha256(repr(stats).encode()).hexdigest()}"


# --- PDFs -----------------------------------------------------------------------------------------


def _sheaves(exam: Exam, request: Request, papers: Sequence[Record]) -> Iterator[Sheaf]:
    for edition in EDITIONS:
        for some in chunks(papers, BATCH):
            texts = tuple(Path(p["texts"]) / f"{edition}.tex" for p in some)
            names = (f"{slug(p['id'])}-{p['code']}.pdf" for p in some)
            targets = tuple(request.output / edition / name for name in names)
            yield Sheaf(exam, request, edition, texts, targets)


def typeset(sheaf: Sheaf) -> tuple[str, ...]:
    """Set the papers of a sheaf in one run of TeX and split them; TeX's warnings.

    Raises:
        CheckFailed: TeX failed, or a paper does not keep to its pages.
    """
    exam, request = sheaf.exam, sheaf.request
    fragments = [file.read_text("utf-8") for file in sheaf.fragments]
    text = class_text(exam, sheaf.edition, fragments, request.templates)
    result = pdf.compile_tex(text, _batch(sheaf), timeout=600)
    starts = (*result.parts, result.pages)
    if len(starts) != len(fragments) + 1:
        raise CheckFailed(f"{sheaf.edition}: {len(fragments)} papers became {len(result.parts)}")
    if sheaf.edition == "paper":
        require_room(exam, starts, result.overfull, text)
    split(result.path, [(t, a, b) for t, (a, b) in zip(sheaf.targets, pairwise(starts), strict=True)])
    return tuple(f"{sheaf.edition}: {words}" for words in result.overfull)


def _batch(sheaf: Sheaf) -> Path:
    mark = hashlib.sha256("".join(map(str, sheaf.fragments)).encode()).hexdigest()[:16]
    return sheaf.request.output / ".work" / "pdf" / f"{sheaf.edition}-{mark}.pdf"


def _whole(exam: Exam, request: Request, sheaves: Sequence[Sheaf]) -> Iterator[Path]:
    """The PDF of the whole class in each edition."""
    for edition in EDITIONS if sheaves else ():
        target = request.output / f"{exam.id}-{edition}.pdf"
        join([_batch(sheaf) for sheaf in sheaves if sheaf.edition == edition], target)
        yield target
