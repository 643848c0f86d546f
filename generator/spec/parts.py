"""The parts of a collection: problems with their numbers and labels, concepts between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, count
from string import ascii_lowercase
from typing import TYPE_CHECKING

from generator.expr.layout import LAYOUTS, TITLES
from generator.problem import Problem
from generator.spec.collection import Part
from generator.spec.concept import Concept

if TYPE_CHECKING:
    from generator.spec.models import CollectionFile

Entry = Problem | Concept


def make_parts(file: CollectionFile, found: Mapping[str, Entry | None]) -> tuple[Part, ...]:
    """The parts; problems are numbered through, lettered on a sheet, and multiplied in a comparison."""
    numbers = count(1)
    parts = []
    for k, part in enumerate(file.part, 1):
        entries = (entry for name in part.problems if (entry := found[name]) is not None)
        if file.kind == "comparison":
            entries = (one for entry in entries for one in _in_every_layout(entry))
        names = _letters(f"Exercise {k} ({{}})") if file.kind == "sheet" else None
        words = (part.title, part.minutes, part.intro, part.note, part.theorem)
        parts.append(Part(*words, tuple(_numbered(entries, numbers, names)), part.summary))
    return tuple(parts)


def _letters(label: str) -> Iterator[str]:
    """Labels with a, b, c, …, z, 27, 28, …"""
    return map(label.format, chain(ascii_lowercase, count(len(ascii_lowercase) + 1)))


def _numbered(
    entries: Iterable[Entry], numbers: Iterator[int], names: Iterator[str] | None
) -> Iterator[Entry]:
    """The entries, the problems among them with numbers and labels."""
    for entry in entries:
        if isinstance(entry, Problem):
            number = next(numbers)
            label = entry.label or (next(names) if names else f"Problem {number}")
            yield replace(entry, number=number, label=label)
        else:
            yield entry


def _in_every_layout(entry: Entry) -> Iterator[Entry]:
    """A problem once in each layout, by which it is called then; a concept as it is."""
    if isinstance(entry, Concept):
        yield entry
        return
    for name, layout in LAYOUTS.items():
        uses = tuple(f"{used}-{name}" for used in entry.uses)
        yield replace(entry, id=f"{entry.id}-{name}", label=TITLES[name], layout=layout, uses=uses)
