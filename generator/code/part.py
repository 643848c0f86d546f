"""One derivative of a function, as a part of a module."""

from __future__ import annotations

from dataclasses import dataclass

from generator.code.indexed import tensor
from generator.code.target import Target
from generator.code.term import Term
from generator.derivation import Derivation
from generator.expr.nodes import Idx
from generator.expr.shapes import is_scalar
from generator.expr.unicode_writer import to_unicode
from generator.methods.tensor_entries import entry_indices
from generator.problem import Problem


@dataclass(frozen=True)
class Part:
    """The word for a derivative, its derivation, and its indices where it is given entry by entry."""

    word: str
    derivation: Derivation
    axes: tuple[Idx, ...]

    @property
    def formula(self) -> str:
        """The derivative in Unicode."""
        line = self.derivation.answers[0]
        head = "" if line.lhs is None else f"{to_unicode(line.lhs)} = "
        return head + to_unicode(line.rhs)

    def term(self, target: Target) -> Term:
        """The derivative in code."""
        answer = self.derivation.answer
        return tensor(answer, self.axes, target) if self.axes else target.term(answer)


def part_of(derivation: Derivation) -> Part:
    """A derivation as a part."""
    out, into = entry_indices(derivation)
    return Part(_word(derivation.problem), derivation, (*out, *into) if out and into else ())


def _word(problem: Problem) -> str:
    single = len(problem.wrt) == 1 and is_scalar(problem.wrt[0].shape)
    if problem.order == 2:
        return "second_derivative" if single else "hessian"
    if single:
        return "derivative"
    return "gradient" if is_scalar(problem.function.shape) else "jacobian"
