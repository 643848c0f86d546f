"""What templates see: the collection and its derivations as plain records whose formulas are set already.

Every record is frozen and holds strings, numbers and records; a ``Raw`` string is finished LaTeX or Markdown,
any other string is a word that the template engine escapes. ``docs/templates.md`` lists the fields.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

from generator.escape import Raw


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a display: left side, relation sign, right side with its guard; two may be empty."""

    lhs: Raw
    relation: Raw
    rhs: Raw


@dataclass(frozen=True, slots=True)
class Display:
    """Rows that continue each other, aligned at their relation signs."""

    rows: tuple[Row, ...]
    kind: str = "display"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or paragraph."""

    text: Raw
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences that stand in a list."""

    items: tuple[Raw, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A rule at the step that uses it; its formula has its own scope."""

    name: str
    formula: Raw
    because: str
    kind: str = "rule"


Item = Display | Text | Bullets | Quoted


@dataclass(frozen=True, slots=True)
class StepView:
    """A step: ``number`` is 3 or 3.1, ``anchor`` the place that a link leads to, ``pages`` its slides."""

    number: str
    anchor: str
    title: str
    items: tuple[Item, ...]
    steps: tuple[StepView, ...]
    pages: tuple[tuple[Item, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file without the ending, what it shows in words, the sentence below it."""

    name: str
    alt: Raw
    caption: Raw


@dataclass(frozen=True, slots=True)
class Telling:
    """A way to the answer: idea and steps; it has a title where there are several."""

    title: str
    method: str
    idea: Raw
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Size of the answer, one telling or several and that they agree, answer, what it needs, checks."""

    size: tuple[Item, ...]
    tellings: tuple[Telling, ...]
    agreement: tuple[Item, ...]
    answers: tuple[Display, ...]
    conditions: tuple[Raw, ...]
    checks: tuple[Raw, ...]
    keywords: tuple[str, ...]
    picture: Picture | None = None
    slip: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem with its place in the collection; hints and a solution where the edition shows them."""

    id: str
    slug: str
    number: int
    label: str
    level: str
    title: str
    minutes: int | None
    statement: tuple[Item, ...]
    questions: tuple[Raw, ...]
    hints: tuple[Raw, ...]
    remark: Raw
    solution: Solution | None
    kind: str = "problem"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of finished cells."""

    columns: tuple[Raw, ...]
    rows: tuple[tuple[Raw, ...], ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of a concept: words and formulas, then perhaps a table."""

    title: str
    items: tuple[Item, ...]
    table: Table | None


@dataclass(frozen=True, slots=True)
class ConceptView:
    """A concept, which stands among the problems of a part."""

    id: str
    slug: str
    title: str
    sections: tuple[SectionView, ...]
    picture: Picture | None
    kind: str = "concept"


@dataclass(frozen=True, slots=True)
class Result:
    """What a problem found, in a table: ``identity`` has the function put in; formulas are in ``scope``."""

    scope: str
    slug: str
    label: str
    answer: Raw
    identity: Raw
    size: Raw


@dataclass(frozen=True, slots=True)
class Comparison:
    """One problem in several layouts: its function, and what each of them finds."""

    title: str
    function: Raw
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Theorem:
    """A boxed theorem; its formulas are in the letters of the problem ``scope``."""

    scope: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a collection."""

    number: int
    label: str
    title: str
    minutes: int | None
    intro: Raw
    note: Raw
    theorem: Theorem | None
    entries: tuple[ProblemView | ConceptView, ...]
    summary: str = ""
    results: tuple[Result, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def problems(self) -> tuple[ProblemView, ...]:
        """The problems without the concepts between them."""
        return tuple(e for e in self.entries if isinstance(e, ProblemView))


@dataclass(frozen=True, slots=True)
class Document:
    """A whole collection."""

    id: str
    slug: str
    title: str
    kind: str
    minutes: int | None
    notes: tuple[Raw, ...]
    parts: tuple[PartView, ...]

    @property
    def kind_name(self) -> str:
        """The kind of document, as a reader calls it."""
        return "Exercise sheet" if self.kind == "sheet" else self.kind.capitalize()

    @property
    def contents(self) -> str:
        """What is in it, in numbers: 90 minutes · 3 parts · 6 problems."""
        if self.kind == "comparison":
            compared = [c for part in self.parts for c in part.comparisons]
            return f"{_count(compared, 'function')} in {_count(compared[0].results, 'layout')}"
        minutes = [f"{self.minutes} minutes"] if self.minutes else []
        return " · ".join([*minutes, _count(self.parts, self.part_noun), _count(self.problems, "problem")])

    @property
    def part_noun(self) -> str:
        """What a part of this kind of document is called."""
        return "exercise" if self.kind == "sheet" else "part"

    @property
    def problems(self) -> tuple[ProblemView, ...]:
        """All problems in order."""
        return tuple(p for part in self.parts for p in part.problems)

    @property
    def entries(self) -> tuple[ProblemView | ConceptView, ...]:
        """All problems and concepts in order."""
        return tuple(e for part in self.parts for e in part.entries)


def _count(things: Sized, noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
