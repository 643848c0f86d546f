"""A whole collection as views: its parts, with their problems and concepts in order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING

from generator import sentences, views
from generator.concepts import set_concept
from generator.derivation import Derivation
from generator.editions import WHOLE, Edition
from generator.escape import Kind, escape, slug
from generator.problem import Problem
from generator.setting import Setter

if TYPE_CHECKING:
    from generator.spec import Collection, Part


def set_document(
    collection: Collection, derivations: Mapping[str, Derivation], kind: Kind, shown: Edition = WHOLE
) -> views.Document:
    """A whole collection, its problems numbered through; what the edition does not show is left out.

    Raises:
        InputError: an unknown theorem, or a lecturer's own words that cannot be read.
    """
    numbers = count(1)
    talk = collection.kind == "slides" and kind == "latex"
    parts = []
    for k, part in enumerate(collection.parts, 1):
        entries: list[views.ProblemView | views.ConceptView] = []
        for e in part.entries:
            if isinstance(e, Problem):
                setter = Setter(kind, e.notation, slides=talk)
                entries.append(setter.problem(derivations[e.id], next(numbers), shown))
            else:
                entries.append(set_concept(Setter(kind, e.subject.notation), e))
        parts.append(
            views.PartView(
                number=k,
                label=f"{'Exercise' if collection.kind == 'sheet' else 'Part'} {k}",
                title=part.title,
                minutes=part.minutes,
                intro=escape(part.intro, kind),
                note=escape(part.note, kind),
                theorem=_theorem(part, kind) if part.theorem else None,
                entries=tuple(entries),
            )
        )
    return views.Document(
        id=collection.id,
        slug=slug(collection.id),
        title=collection.title,
        kind=collection.kind,
        minutes=collection.minutes,
        notes=tuple(escape(note, kind) for note in collection.instructor_notes),
        parts=tuple(parts),
    )


def _theorem(part: Part, kind: Kind) -> views.Theorem:
    owner, told = sentences.theorem(part.theorem or "", part.problems)
    return views.Theorem(owner.id, told.title, Setter(kind, owner.notation).items(told.items))
