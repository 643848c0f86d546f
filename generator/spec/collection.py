"""A collection: the problems that make one document, in parts. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.expr.layout import Layout
from generator.expr.notation import Notation
from generator.problem import Problem


@dataclass(frozen=True)
class Part:
    """A part: words before its problems, a note for the instructor, the name of a boxed theorem."""

    title: str
    minutes: int | None = None
    intro: str = ""
    note: str = ""
    theorem: str = ""
    problems: tuple[Problem, ...] = ()


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
