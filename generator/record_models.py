"""What the JSON of a derivation holds, as pydantic models; its JSON Schema is made from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from generator.derivation import Mode

Layout = Literal["gradient-column", "numerator", "denominator"]
Shape = list[str]


SCHEMA = "derivation.schema.json"


class Model(BaseModel):
    """A JSON object with just these keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Expression(Model):
    """An expression in three languages; what only serves the telling has no text."""

    text: str | None
    latex: str
    unicode: str


class Symbol(Model):
    """A declared symbol."""

    shape: Shape
    assume: list[str]


class ProblemRecord(Expression):
    """What was asked."""

    id: str
    title: str
    function: str
    wrt: list[str]
    symbols: dict[str, Symbol]
    functions: dict[str, str]


class LineRecord(Model):
    """One line; without a left-hand side it continues the line before it."""

    lhs: Expression | None
    rhs: Expression
    mode: Mode
    rule: str
    guard: Expression | None


class Lines(Model):
    """Equalities that continue each other."""

    kind: Literal["lines"]
    lines: list[LineRecord]


class Sentence(Model):
    """A sentence with its formulas in Unicode."""

    kind: Literal["sentence"]
    text: str
    bullet: bool


class Rule(Model):
    """The rule that a step uses, in its own letters."""

    kind: Literal["rule"]
    rule: str
    lhs: Expression
    rhs: Expression
    because: str


Item = Annotated[Lines | Sentence | Rule, Field(discriminator="kind")]


class StepRecord(Model):
    """A step with its sub-steps."""

    title: str
    items: list[Item]
    steps: list[StepRecord]


class Answer(Expression):
    """The derivative: the value of its name, as a whole, of stacked columns, or entry by entry."""

    name: Expression | None
    shape: Shape
    layout: Layout
    form: Literal["whole", "stacked", "entries"]


class Telling(Model):
    """One way to the answer."""

    method: str
    idea: str
    steps: list[StepRecord]
    answer: Answer


class CheckedRecord(Model):
    """A statement that was checked, where it stands, and how far its sides are apart."""

    formula: str
    kind: str
    error: float | None
    scope: str
    step: str
    line_number: int
    message: str


class ReportRecord(Model):
    """What the verification found."""

    name: str
    ok: bool
    formulas: int
    counts: dict[str, int]
    share: float
    worst_error: float | None
    failed: int
    checked: list[CheckedRecord]


class DerivationRecord(Telling):
    """A confirmed derivation."""

    problem: ProblemRecord
    size: list[Item]
    more_answers: list[LineRecord]
    conditions: list[str]
    checks: list[str]
    slip: list[str]
    also: list[Telling]
    report: ReportRecord


def schema() -> dict[str, Any]:
    """The JSON Schema of a derivation."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | DerivationRecord.model_json_schema()
