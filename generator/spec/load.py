"""Reading spec files: a folder becomes a ``Collection``; all complaints about its files come at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.editions import EDITIONS
from generator.errors import InputError, did_you_mean
from generator.expr.layout import LAYOUTS
from generator.expr.notation import Notation
from generator.problem import Problem, check_detail
from generator.spec.collection import Collection
from generator.spec.complaints import Complaints, Source, read_source
from generator.spec.concept import Concept
from generator.spec.keylines import Key
from generator.spec.parts import Entry, make_parts
from generator.spec.problems import Defaults, make_concept, make_notation, make_problem

if TYPE_CHECKING:
    from generator.spec.models import CollectionFile

Found = Mapping[str, tuple[Source, Entry | None]]
"""What the files of a folder hold, by their names without the ending."""
COLLECTION = "collection.toml"
VITAL: tuple[Key, ...] = (
    ("symbols",),
    ("given",),
    ("find", "wrt"),
)  # without these there is nothing to check


def load_problem(path: Path, defaults: Defaults | None = None) -> Problem:
    """The problem of one file; ``defaults`` are what its collection says.

    Raises:
        InputError: everything that is wrong with the file, each as ``file:line: key: …``.
    """
    complaints = Complaints()
    source, problem = _entry(path, defaults or Defaults(), complaints)
    if isinstance(problem, Concept):
        complaints.add(source, ("section",), "this is a concept; expected a problem, which has no sections")
    complaints.settle()
    assert isinstance(problem, Problem)  # without complaints there is one
    return problem


def load_collection(folder: Path, layout: str = "") -> Collection:
    """The collection of a folder: ``collection.toml`` and one file a problem; perhaps in another layout.

    Raises:
        InputError: everything that is wrong with its files, each as ``file:line: key: …``.
    """
    if not (folder / COLLECTION).is_file():
        raise InputError(f"{folder} is no collection: it has no {COLLECTION}", hint=f"workings new {folder}")
    from generator.spec.models import CollectionFile
    from generator.spec.validate import validated

    complaints = Complaints()
    source = read_source(folder / COLLECTION, complaints)
    file = validated(CollectionFile, source, complaints) if source else None
    notation = make_notation(Notation(), file.notation, source, complaints) if file and source else Notation()
    defaults = Defaults()
    if file:
        defaults = Defaults(LAYOUTS[layout or file.layout], check_detail(file.detail), notation)
    paths = sorted(p for p in folder.glob("*.toml") if p.name != COLLECTION and not p.name.startswith("."))
    entries = {p.stem: _entry(p, defaults, complaints) for p in paths}
    if file and source:
        _check_words(file, source, complaints)
        _check_release(file, source, complaints)
        _check_minutes(file, source, complaints)
        _check_listing(file, source, paths, complaints)
        _check_order(file, entries, complaints)
    complaints.settle()
    assert file is not None  # without complaints there is a file
    return Collection(
        id=folder.resolve().name,
        title=file.title,
        kind=file.kind,
        release=file.release,
        minutes=file.duration,
        instructor_notes=tuple(file.instructor_notes),
        layout=defaults.layout,
        notation=notation,
        parts=make_parts(file, {name: entry for name, (_, entry) in entries.items()}),
    )


def _entry(path: Path, defaults: Defaults, complaints: Complaints) -> tuple[Source, Entry | None]:
    """The problem of a file; a concept, if it has sections."""
    from generator.spec.models import ConceptFile, ProblemFile
    from generator.spec.validate import validated

    source = read_source(path, complaints)
    if source is None:
        return Source(path), None
    if "section" in source.data:
        concept = validated(ConceptFile, source, complaints, VITAL)
        return source, make_concept(concept, source, defaults, complaints) if concept else None
    problem = validated(ProblemFile, source, complaints, VITAL)
    if problem and problem.parameters:
        complaints.add(source, ("parameters",), "only an exam draws parameters", "see `workings exam --help`")
        return source, None
    return source, make_problem(problem, source, defaults, complaints) if problem else None


def _check_words(file: CollectionFile, source: Source, complaints: Complaints) -> None:
    """A collection has no symbols, so its words hold no mathematics."""
    texts: list[tuple[Key, str]] = [
        (("instructor_notes", k), note) for k, note in enumerate(file.instructor_notes)
    ]
    for k, part in enumerate(file.part):
        texts += [(("part", k, "intro"), part.intro), (("part", k, "note"), part.note)]
    for key, text in texts:
        column = min((text.find(c) for c in "{}" if c in text), default=-1)
        if column >= 0:
            error = InputError(
                "mathematics in braces needs the symbols of a problem", hint="write words here",
                source=text, column=column,
            )  # fmt: skip
            complaints.wrong(source, key, error)


def _check_release(file: CollectionFile, source: Source, complaints: Complaints) -> None:
    known = [edition.name for edition in EDITIONS.get(file.kind, ()) if edition.public]
    if file.release and file.release not in known:
        told = f"found {file.release!r}; a {file.kind} has the public editions {', '.join(known) or 'none'}"
        complaints.add(source, ("release",), told)


def _check_minutes(file: CollectionFile, source: Source, complaints: Complaints) -> None:
    given = [part.minutes for part in file.part if part.minutes is not None]
    total = sum(given)
    if file.duration is None or not given:
        return
    if total > file.duration or (total < file.duration and len(given) == len(file.part)):
        message = f"found {file.duration} minutes; the parts' minutes add up to {total}"
        complaints.add(source, ("duration",), message)


def _check_listing(file: CollectionFile, source: Source, paths: list[Path], complaints: Complaints) -> None:
    """Every file is listed once, and every listed one is there."""
    listed = Counter(name for part in file.part for name in part.problems)
    stems = [p.stem for p in paths]
    spare = [stem for stem in stems if stem not in listed]
    seen: set[str] = set()
    for k, part in enumerate(file.part):
        for j, name in enumerate(part.problems):
            key: Key = ("part", k, "problems", j)
            if name in seen:
                complaints.add(source, key, f"`{name[:60]}` is listed twice")
            elif name not in stems:
                hint = did_you_mean(name.removesuffix(".toml"), spare or stems)
                there = f"there are {', '.join(stems)}" if stems else "the folder has no problems yet"
                complaints.add(source, key, f"there is no file {name[:60]}.toml", hint or there)
            seen.add(name)
    for path in paths:
        if path.stem in spare:
            hint = f'add "{path.stem}" to the problems of a part in {COLLECTION}, or remove the file'
            complaints.add(Source(path), (), "no part lists this problem", hint, line=1)


def _check_order(file: CollectionFile, entries: Found, complaints: Complaints) -> None:
    """Ids are unique, and a problem uses only results that come before it."""
    names = dict.fromkeys(name for part in file.part for name in part.problems)
    order = [entries[name] for name in names if name in entries]
    ids = [e.id for _, e in order if isinstance(e, Problem)]
    seen: set[str] = set()
    earlier: list[str] = []
    for source, entry in order:
        if entry is None:
            continue
        if entry.id in seen:
            complaints.add(source, ("id",), f"another problem of the collection is called `{entry.id}`")
        seen.add(entry.id)
        if isinstance(entry, Concept):
            continue
        for k, name in enumerate(entry.uses):
            if name not in earlier:
                what = (
                    "comes later" if name in ids and name != entry.id else "is no problem of this collection"
                )
                hint = did_you_mean(name, earlier) or (
                    f"earlier are {', '.join(earlier)}" if earlier else None
                )
                complaints.add(source, ("uses", k), f"`{name}` {what}; expected an earlier problem", hint)
        earlier.append(entry.id)
