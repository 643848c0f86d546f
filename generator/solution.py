"""A confirmed derivation, and every form in which it is given out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generator import methods
from generator.derivation import Derivation
from generator.escape import Kind
from generator.expr.latex_writer import to_latex
from generator.expr.nodes import Node
from generator.expr.text_writer import to_text
from generator.records import record
from generator.render import render_derivation
from generator.solved import scopes
from generator.verify import Report, require, verify_text

NAME = "solution"  # of the document, in messages


@dataclass(frozen=True)
class Solution:
    """A derivation whose every printed formula was confirmed; ``inferred`` names got their sizes from us.

    ``latex`` is the text that was confirmed, ``report`` says of what.
    """

    derivation: Derivation
    latex: str
    report: Report
    inferred: frozenset[str] = frozenset()

    @property
    def answer(self) -> Node:
        """The derivative, as an expression tree."""
        return self.derivation.answer

    @property
    def answer_text(self) -> str:
        """The derivative in the text language: ``(A + A.T) @ X``."""
        return to_text(self.answer)

    def to_latex(self) -> str:
        """The derivation as LaTeX, for a document that loads amsmath and mathtools."""
        return self.latex

    @cached_property
    def _markdown(self) -> str:
        return _checked(self.derivation, "markdown")[0]

    def to_markdown(self) -> str:
        """The derivation as Markdown with ``$`` formulas.

        Raises:
            CheckFailed: the Markdown text is not confirmed.
        """
        return self._markdown

    def to_dict(self) -> dict[str, Any]:
        """The derivation as plain data; docs/json.md describes it."""
        return {**record(self.derivation), "report": json.loads(self.report.to_json())}

    def to_json(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def to_code(self, dialect: str = "numpy") -> str:
        """A Python module that computes the function with its derivatives, and checks itself when it is run.

        ``dialect`` is ``"numpy"``, ``"jax"`` or ``"torch"``.

        Raises:
            InputError: there is no such dialect.
            NotDerivable: something in the function or its derivative has no form in code.
            CheckFailed: the code does not compute the derivative.
        """
        from generator.code import module

        problem = self.derivation.problem
        before = [methods.derive(replace(problem.first, methods=()))] if problem.order == 2 else []
        return module([*before, self.derivation], dialect)

    def show(self) -> None:
        """Print the derivation in the terminal."""
        from generator.terminal import show

        summary = self.report.summary().removeprefix(f"{NAME}: ").removesuffix(", 0 failed")
        show(self.derivation, summary, self.inferred)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _repr_latex_(self) -> str:
        return f"${to_latex(self.answer, self.derivation.problem.notation)}$"

    def __str__(self) -> str:
        return self.answer_text


def confirmed(derivation: Derivation, inferred: frozenset[str] = frozenset()) -> Solution:
    """The derivation as a solution, after every formula of its LaTeX text was confirmed.

    Raises:
        CheckFailed: a formula is not confirmed.
    """
    latex, report = _checked(derivation, "latex")
    return Solution(derivation, latex, report, inferred)


def _checked(derivation: Derivation, kind: Kind) -> tuple[str, Report]:
    """The text of a derivation and the report on it, which found nothing wrong."""
    text = render_derivation(derivation, kind)
    report = verify_text(text, kind, scopes({derivation.problem.id: derivation}), NAME)
    require(report)
    return text, report
