"""A collection: the problems that make one document, in parts. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.expr.layout import Layout
from generator.expr.notation import Notation
from generator.problem import Problem
from generator.spec.concept import Concept


@dataclass(frozen=True)
class Part:
    """A part: words before its problems, a note for the instructor, the name of a boxed theorem.

    ``summary`` is the title of a table of its results; without one there is no table. ``entries`` are its
    problems, and the concepts between them, in order.
    """

    title: str
    minutes: int | None = None
    intro: str = ""
    note: str = ""
    theorem: str = ""
    entries: tuple[Problem | Concept, ...] = ()
    summary: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems alone."""
        return tuple(e for e in self.entries if isinstance(e, Problem))


@dataclass(frozen=True)
class Collection:
    """A folder of problems that makes one document; ``id`` is the folder's name.

    ``release`` is the last edition that is out; the site shows no more than it. By default all are out.
    """

    id: str
    title: str
    kind: str = "tutorial"
    release: str = ""
    minutes: int | None = None
    instructor_notes: tuple[str, ...] = ()
    layout: Layout = Layout()
    notation: Notation = field(default_factory=Notation)
    parts: tuple[Part, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems in order."""
        return tuple(p for part in self.parts for p in part.problems)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All concepts in order."""
        return tuple(e for part in self.parts for e in part.entries if isinstance(e, Concept))
