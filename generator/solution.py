"""A confirmed derivation, and every form in which it is given out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator import methods
from generator.confirmation import answer_in_text, scopes
from generator.derivation import Derivation
from generator.errors import InputError, did_you_mean
from generator.escape import Kind
from generator.expr.latex_writer import to_latex
from generator.expr.nodes import Node
from generator.expr.text_writer import to_text
from generator.render import render_derivation, render_standalone
from generator.sentences import noun
from generator.verify import Report, require, verify_text

NAME = "solution"  # of the document, in messages


@dataclass(frozen=True)
class Solution:
    """A derivation whose every printed formula was confirmed; ``inferred`` names got their sizes from us.

    ``latex`` is the text that was confirmed, ``report`` says of what; ``given`` are SymPy's symbols by name,
    where the function came from there.
    """

    derivation: Derivation
    latex: str
    report: Report
    inferred: frozenset[str] = frozenset()
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> Node:
        """The derivative, as an expression tree."""
        return self.derivation.answer

    @property
    def answer_text(self) -> str:
        """The derivative in the text language: ``(A + A.T) @ X``; stacked, if it is told entry by entry.

        Raises:
            InputError: no method finds it in a form that has words there.
        """
        return answer_in_text(self.derivation) or to_text(self.answer)

    def to_latex(self) -> str:
        """The derivation as LaTeX, for a document that loads amsmath and mathtools."""
        return self.latex

    def to_document(self) -> str:
        """The derivation as a LaTeX document of its own, for pdflatex.

        Raises:
            CheckFailed: a formula of the text is not confirmed.
        """
        return self._confirmed(render_standalone(self.derivation, self._title), "latex")

    def to_markdown(self) -> str:
        """The derivation as Markdown with ``$`` formulas.

        Raises:
            CheckFailed: a formula of the text is not confirmed.
        """
        return self._confirmed(render_derivation(self.derivation, "markdown"), "markdown")

    def to_html(self) -> str:
        """The derivation as a web page that needs no other file and no script.

        Raises:
            CheckFailed: a formula of the text is not confirmed.
            MissingPart: KaTeX is not installed.
        """
        from generator.page import page
        from generator.terminal import task

        text = render_derivation(self.derivation, "markdown", dollars=False)
        return page(self._confirmed(text, "markdown"), task(self.derivation.problem), self._title)

    def to_text(self, width: int = 80) -> str:
        """The derivation as it stands in the terminal, without colours."""
        from generator.terminal import plain

        return plain(self.derivation, self._summary, self.inferred, width)

    def to_dict(self) -> dict[str, Any]:
        """The derivation as plain data; docs/json.md describes it."""
        from generator.records import record

        return {**record(self.derivation), "report": json.loads(self.report.to_json())}

    def to_json(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

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

    def to_sympy(self) -> Any:
        """The answer as an expression of SymPy; a product that is a number stands as its trace.

        Raises:
            NotDerivable: SymPy has no form for something in it.
        """
        from generator.expr.to_sympy import to_sympy

        return to_sympy(self.answer, self.given)

    def show(self) -> None:
        """Print the derivation in the terminal."""
        from generator.terminal import show

        show(self.derivation, self._summary, self.inferred)

    def to(self, form: str) -> str:
        """The solution in one of the ``FORMATS``.

        Raises:
            InputError: there is no such format.
            CheckFailed, MissingPart, NotDerivable: as the method of that format says.
        """
        if form not in FORMATS:
            hint = did_you_mean(form, FORMATS) or f"there are {', '.join(FORMATS)}"
            raise InputError(f"there is no format {form!r}", hint=hint)
        return FORMATS[form](self)

    @property
    def _title(self) -> str:
        return f"{noun(self.derivation.problem).capitalize()}, step by step"

    @property
    def _summary(self) -> str:
        return self.report.summary().removeprefix(f"{NAME}: ").removesuffix(", 0 failed")

    def _confirmed(self, text: str, kind: Kind) -> str:
        require(_report(self.derivation, text, kind))
        return text

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _repr_latex_(self) -> str:
        return f"${to_latex(self.answer, self.derivation.problem.notation)}$"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What Jupyter shows: the whole derivation; only its answer where it can show no more."""
        return {
            "text/markdown": self._repr_markdown_(),
            "text/latex": self._repr_latex_(),
            "text/plain": self.answer_text,
        }

    def __str__(self) -> str:
        return self.answer_text


def confirmed(
    derivation: Derivation,
    inferred: frozenset[str] = frozenset(),
    given: Mapping[str, Any] | None = None,
    latex: str | None = None,
) -> Solution:
    """The derivation as a solution, after every formula of its LaTeX text was confirmed.

    The text is made here if it is not given.

    Raises:
        CheckFailed: a formula is not confirmed.
    """
    latex = render_derivation(derivation, "latex") if latex is None else latex
    report = _report(derivation, latex, "latex")
    require(report)
    return Solution(derivation, latex, report, inferred, given or {})


def _report(derivation: Derivation, text: str, kind: Kind) -> Report:
    return verify_text(text, kind, scopes({derivation.problem.id: derivation}), NAME)


FORMATS: Mapping[str, Callable[[Solution], str]] = {
    "terminal": Solution.to_text,
    "latex": Solution.to_latex,
    "document": Solution.to_document,
    "markdown": Solution.to_markdown,
    "html": Solution.to_html,
    "json": Solution.to_json,
    "numpy": Solution.to_code,
    "jax": lambda solution: solution.to_code("jax"),
    "torch": lambda solution: solution.to_code("torch"),
    "sympy": lambda solution: f"{solution.to_sympy()}\n",
}
"""What a solution can be given out as."""
