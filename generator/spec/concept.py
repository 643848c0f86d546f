"""A concept: a page that explains, in sections of words, formulas and tables. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from generator.problem import Problem


@dataclass(frozen=True)
class Table:
    """A table: the heads of its columns, and rows of as many cells; mathematics in braces, as everywhere."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A titled section: paragraphs, then perhaps a table."""

    title: str
    text: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Concept:
    """Sections about a function and its derivative.

    ``subject`` says which function, and whose symbols the formulas use; nobody solves it.
    """

    subject: Problem
    sections: tuple[Section, ...]

    @property
    def id(self) -> str:
        """Its name in the collection."""
        return self.subject.id

    @property
    def title(self) -> str:
        """Its title."""
        return self.subject.title
