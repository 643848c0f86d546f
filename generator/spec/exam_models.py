"""What the file of an exam may hold, as pydantic models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from generator.spec.models import (
    ONE_LINE,
    LayoutName,
    Minutes,
    Model,
    Name,
    NotationTable,
    Prose,
    Title,
    one_of,
)

PAPERS = ("a4", "letter")
SLOTS = ("worked", "numerical", "choice")


class SlotTable(Model):
    """A problem of the exam."""

    file: Name = Field(description="a problem file of this folder, without .toml")
    points: int = Field(ge=1, le=1000, description="points for a right solution")
    kind: Annotated[str, one_of(SLOTS)] = Field(default="worked", description="how it is answered")
    space: float = Field(
        default=1, ge=0.1, le=4, description="room on the paper for the problem and its answer, in pages"
    )
    parity: float | None = Field(
        default=None, gt=0, le=1, description="how far a variant may be from the median difficulty"
    )
    none_of_these: bool = Field(
        default=False, description="a choice ends with none of these, which is right in a share of the papers"
    )
    repeats: bool = Field(default=False, description="two students may have the same variant")


class ExamFile(Model):
    """An exam: its words, its secret and its problems, in order."""

    title: Title = Field(description="a title")
    secret: str = Field(min_length=8, max_length=200, description="decides all draws; keep it to yourself")
    date: Annotated[str, StringConstraints(max_length=60, pattern=ONE_LINE)] = Field(
        default="", description="as it is printed"
    )
    duration: Minutes | None = Field(default=None, description="minutes")
    instructions: list[Prose] = Field(default=[], max_length=20, description="words on the first page")
    paper: Annotated[str, one_of(PAPERS)] = Field(default="a4", description="the size of the sheets")
    layout: LayoutName = Field(default="gradient-column", description="how derivatives are arranged")
    notation: NotationTable = Field(default={}, description="glyphs; they change no result")
    problem: list[SlotTable] = Field(min_length=1, max_length=50, description="the problems, in order")
