"""Concepts as views: paragraphs, displayed formulas, lists and tables from a lecturer's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from generator import views
from generator.derivation import Line
from generator.escape import Raw, slug
from generator.expr.calculus import Op
from generator.problem import Problem
from generator.prose import ProseMath, parse_prose
from generator.setting import Setter

if TYPE_CHECKING:
    from generator.spec.concept import Concept, Section, Table


def set_concept(setter: Setter, concept: Concept) -> views.ConceptView:
    """A concept.

    Raises:
        InputError: a character that the handout has no glyph for.
    """
    return views.ConceptView(
        id=concept.id,
        slug=slug(concept.id),
        title=concept.title,
        sections=tuple(_section(setter, section, concept.subject) for section in concept.sections),
        picture=setter.picture(concept.subject),
    )


def _section(setter: Setter, section: Section, subject: Problem) -> views.SectionView:
    items = tuple(_paragraph(setter, text, subject) for text in _paragraphs(section.text))
    table = _table(setter, section.table, subject) if section.table else None
    return views.SectionView(section.title, items, table)


def _table(setter: Setter, table: Table, subject: Problem) -> views.Table:
    heads = tuple(setter.words(head, subject) for head in table.columns)
    return views.Table(heads, tuple(tuple(setter.words(c, subject) for c in row) for row in table.rows))


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without the space around their lines."""
    parts = (p.strip() for p in re.split(r"\n[ \t]*\n", text))
    return [re.sub(r"[ \t]*\n[ \t]*", "\n", p) for p in parts if p]


def _paragraph(setter: Setter, text: str, subject: Problem) -> views.Item:
    """A formula that is a paragraph is displayed; lines that begin with a hyphen are a list."""
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        return views.Bullets(tuple(setter.words(line[2:], subject) for line in lines))
    match parse_prose(text, subject):
        case (ProseMath() as math,):
            return _display(setter, math)
    return views.Text(setter.words(text, subject))


def _display(setter: Setter, math: ProseMath) -> views.Display:
    """A formula on a line of its own; a chain of equations has a row for each sign."""
    first, *rest = math.nodes
    if not rest:
        return views.Display((views.Row(Raw(""), Raw(""), Raw(setter.formula(math))),))
    if math.op == "=":
        return setter.display((Line(first, rest[0]), *(Line(None, node) for node in rest[1:])))
    return setter.relation(first, cast(Op, math.op), rest[0])
