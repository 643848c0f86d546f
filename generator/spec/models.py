"""What a file of the spec format may hold, as pydantic models; the JSON Schemas are made from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from generator.editions import LEVELS, TITLES
from generator.expr.infer import ASSUMPTIONS
from generator.expr.layout import LAYOUTS
from generator.expr.notation import Notation
from generator.problem import DETAILS
from generator.rules.mistakes import MISTAKES
from generator.spec.complaints import NAME

METHODS = ("partials", "index", "differential", "chain", "product", "vec", "deltas", "limit")
EXPLAIN = ("diagonal",)
KINDS = ("tutorial", "slides", "worksheet", "sheet", "comparison", "exam")
STRUCTURES = ("symmetric", "positive_definite", "invertible")
PLOTS = ("contour", "field", "surface", "increments")
GLYPHS: dict[str, tuple[str, ...]] = {
    "transpose": (r"\top", r"\intercal", "T"),
    "differential": (r"\mathrm{d}", "d"),
}
"""The choices for fields of ``Notation`` whose type does not list them: TeX from outside is never let in."""


def one_of(values: Iterable[str]) -> BeforeValidator:
    """The mark of a text that must be one of ``values``."""
    known = tuple(values)

    def check(value: Any) -> Any:
        if value not in known:
            raise Unknown(value, known)
        return value

    return BeforeValidator(check, json_schema_input_type=Literal[known])


class Unknown(ValueError):
    """A word that is none of the known ones."""

    def __init__(self, value: Any, known: tuple[str, ...]) -> None:
        super().__init__(f"expected one of {', '.join(known)}")
        self.value, self.known = value, known


def notation_choices() -> dict[str, tuple[Any, ...]]:
    """The fields of ``Notation`` and the values they may have."""
    hints = get_type_hints(Notation)
    found: dict[str, tuple[Any, ...]] = {}
    for field in dataclasses.fields(Notation):
        listed = GLYPHS.get(field.name) or get_args(hints[field.name])
        found[field.name] = (True, False) if hints[field.name] is bool else listed or (field.default,)
    return found


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _shape_alone(value: Any) -> Any:
    return {"shape": value} if isinstance(value, str) else value


ONE_LINE = r"^[^\n]*$"


class Model(BaseModel):
    """A table: no unknown keys, no guessed types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=60)]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
FunctionMap = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LayoutName = Annotated[str, one_of(LAYOUTS)]
NotationTable = Annotated[
    dict[str, Any],
    WithJsonSchema({
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"enum": list(values)} for name, values in notation_choices().items()},
    }),
]  # fmt: skip


class SymbolTable(Model):
    """A symbol with assumptions."""

    shape: str = Field(description='"" a scalar, "n" a vector, "n m" a matrix; sizes are names or numbers')
    assume: list[Annotated[str, one_of(ASSUMPTIONS)]] = Field(default=[], description="what is known of it")


SymbolEntry = Annotated[SymbolTable, BeforeValidator(_shape_alone, json_schema_input_type=str | SymbolTable)]


class FindTable(Model):
    """What is to be found."""

    derivative: str = Field(default="", description="the function to differentiate, if several are given")
    wrt: Annotated[list[str], BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])] = Field(
        min_length=1, max_length=20, description="the variable: a symbol, or a list of scalars"
    )
    at: list[Any] = Field(
        default=[], max_length=100,
        description='evaluate there: the entries row by row, numbers or text such as "1/2"',
        json_schema_extra={"items": {"type": ["number", "string"]}},
    )  # fmt: skip
    point: str = Field(default="", description="the name of that point; by default p, of a matrix P")
    order: int = Field(default=1, ge=1, le=2, description="2 asks for second derivatives: the Hessian")
    set_to_zero: bool = Field(default=False, description="also solve derivative = 0")
    structured: bool = Field(
        default=False, description="differentiate by entries that keep the variable symmetric or diagonal"
    )
    explain: list[Annotated[str, one_of(EXPLAIN)]] = Field(
        default=[], description="extra questions to answer"
    )
    method: Annotated[
        list[Annotated[str, one_of(METHODS)]],
        BeforeValidator(_one_or_more, json_schema_input_type=str | list[str]),
    ] = Field(default=[], max_length=5, description="how to tell the solution, or a list of several ways")


_NUMBERS: dict[str, Any] = {"items": {"type": ["number", "string"]}}


class ParameterTable(Model):
    """What a number or a word of the problem may be: one of integer, rational, choice, vector and matrix."""

    integer: list[int] = Field(default=[], min_length=2, max_length=2, description="from, to")
    rational: list[Any] = Field(
        default=[], min_length=2, max_length=2, description='from, to: numbers or text such as "1/2"',
        json_schema_extra=_NUMBERS,
    )  # fmt: skip
    denominators: list[int] = Field(default=[], max_length=20, description="of the rational numbers")
    choice: list[Any] = Field(
        default=[], min_length=1, max_length=1_000, json_schema_extra=_NUMBERS,
        description="a list of numbers, or of text: names, sizes, functions, expressions",
    )  # fmt: skip
    vector: int = Field(default=0, ge=1, le=12, description="its size")
    matrix: list[int] = Field(default=[], min_length=2, max_length=2, description="rows, columns")
    entries: list[int] = Field(
        default=[], min_length=2, max_length=2, description="from, to: of a vector or a matrix"
    )
    exclude: list[int] = Field(default=[], max_length=1_000, description="whole numbers that are left out")
    structure: Annotated[str, one_of(STRUCTURES)] = Field(default="", description="of the matrix")
    rank: int = Field(default=0, ge=1, le=12, description="of the matrix")
    pivots: list[int] = Field(
        default=[], min_length=2, max_length=2, description="from, to: of a positive definite matrix"
    )


class PlotTable(Model):
    """A picture of a scalar function of two numbers."""

    kind: Annotated[str, one_of(PLOTS)] = Field(default="contour", description="what is drawn")
    range: list[Any] = Field(
        default=[-2, 2], min_length=2, max_length=2,
        description="from where to where: [-2, 2] for both axes, or [[-2, 2], [0, 5]]",
        json_schema_extra={"items": {"type": ["number", "array"], "items": {"type": "number"}}},
    )  # fmt: skip
    at: list[Any] = Field(
        default=[], max_length=2, description="the point that is marked; by default the one in [find]",
        json_schema_extra={"items": {"type": "number"}},
    )  # fmt: skip
    path: list[Expression] = Field(
        default=[], max_length=2, description='a curve for "increments": its two coordinates in t'
    )
    step: list[Any] = Field(
        default=[], max_length=2, description="the step along the curve that is drawn: from one t to another",
        json_schema_extra={"items": {"type": "number"}},
    )  # fmt: skip


class SlipTable(Model):
    """A mistake that is easily made here; the remark on it is derived."""

    mistake: Annotated[str, one_of(MISTAKES)] = Field(description="the name of the mistake")
    at: list[Any] = Field(
        default=[], max_length=100, description="numbers for the variable, to show what the mistake does",
        json_schema_extra={"items": {"type": ["number", "string"]}},
    )  # fmt: skip


class SubjectFile(Model):
    """What problems and concepts share: a function, and the derivative that it is about."""

    id: Name = Field(default="", description="its name elsewhere; the file's name by default")
    title: Title = Field(description="a title")
    symbols: dict[str, SymbolEntry] = Field(min_length=1, max_length=40, description="names and their shapes")
    functions: dict[str, FunctionMap] = Field(
        default={}, max_length=20,
        description='abstract functions and the sizes they map, such as f = "d -> n"',
    )  # fmt: skip
    given: dict[str, Expression] = Field(
        min_length=1, max_length=20, description='functions, such as L = "tr(A @ X)" or "f(x)" = "norm(x)**2"'
    )
    find: FindTable = Field(description="what is to be found")
    plot: PlotTable | None = Field(default=None, description="a picture, shown at the end")
    layout: LayoutName = Field(default="", description="how derivatives are arranged")
    notation: NotationTable = Field(default={}, description="glyphs; they change no result")


class ProblemFile(SubjectFile):
    """A problem: symbols, what is given, what is to be found. Braces in text hold mathematics: {A @ x}."""

    detail: Annotated[str, one_of(("", *DETAILS))] = Field(default="", description="how much is told")
    parameters: dict[str, ParameterTable] = Field(
        default={}, max_length=20, description="what differs from one exam paper to the next"
    )
    constraints: list[Expression] = Field(
        default=[], max_length=20, description="what parameters and results have to satisfy"
    )
    statement: Prose = Field(default="", description="the problem in your own words")
    questions: list[Prose] = Field(
        default=[], max_length=20, description="the questions in your own words, one after the other"
    )
    hints: list[Prose] = Field(default=[], max_length=20, description="hints, one after the other")
    remark: Prose = Field(default="", description="a remark after the solution")
    minutes: Minutes | None = Field(default=None, description="time for this problem")
    level: Annotated[str, one_of(LEVELS)] = Field(
        default="guided", description="on a worksheet: what is given out with the problem"
    )
    slip: SlipTable | None = Field(default=None, description="a mistake to warn of, after the solution")
    uses: list[Name] = Field(
        default=[], max_length=20, description="earlier problems whose results may be cited"
    )


class TableTable(Model):
    """A table in a section of a concept."""

    columns: list[Prose] = Field(min_length=1, max_length=8, description="the heads of the columns")
    rows: list[list[Prose]] = Field(
        min_length=1, max_length=50, description="rows, each with a cell for every column"
    )


class SectionTable(Model):
    """A section of a concept; on slides it is a slide."""

    title: Title = Field(description="a title")
    text: Prose = Field(default="", description="paragraphs, parted by empty lines")
    table: TableTable | None = Field(default=None, description="a table below the text")


class ConceptFile(SubjectFile):
    """A concept: sections that explain a function and its derivative. Nothing in it is solved."""

    section: list[SectionTable] = Field(min_length=1, max_length=30, description="the sections, in order")


class PartTable(Model):
    """A part of the document."""

    title: Title = Field(description="a title")
    minutes: Minutes | None = Field(default=None, description="time for this part")
    intro: Prose = Field(default="", description="words before the problems")
    note: Prose = Field(default="", description="a note for the instructor")
    theorem: str = Field(default="", max_length=60, description='a boxed rule, such as "identification"')
    summary: Title | Literal[""] = Field(
        default="", description="the title of a table of the results, after the problems"
    )
    problems: list[str] = Field(
        min_length=1, max_length=200, description="files of this folder, without .toml"
    )


class CollectionFile(Model):
    """A collection: the problems of this folder, in parts, as one document."""

    title: Title = Field(description="a title")
    kind: Annotated[str, one_of(KINDS)] = Field(default="tutorial", description="the kind of document")
    release: Annotated[str, one_of(("", *TITLES))] = Field(
        default="", description="the last edition that is out; the site shows no more than it"
    )
    duration: Minutes | None = Field(default=None, description="minutes; the parts' minutes add up to it")
    instructor_notes: list[Prose] = Field(default=[], max_length=50, description="notes for the instructor")
    layout: LayoutName = Field(default="gradient-column", description="how derivatives are arranged")
    detail: Annotated[str, one_of(DETAILS)] = Field(default="full", description="how much is told")
    notation: NotationTable = Field(default={}, description="glyphs; they change no result")
    part: list[PartTable] = Field(min_length=1, max_length=50, description="the parts, in order")
