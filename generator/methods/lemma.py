"""Earlier results as rules: a differential that an earlier problem has found is cited, not derived again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.derivation import Derivation
from generator.expr.match import Path
from generator.expr.nodes import Node

if TYPE_CHECKING:
    from generator.methods.differential import Telling


@dataclass(frozen=True)
class Lemma:
    """A problem solved earlier: the number and title it is cited by, its function, variable and gradient."""

    label: str
    body: Node
    wrt: Node
    gradient: Node

    @classmethod
    def of(cls, d: Derivation) -> Lemma:
        """The lemma that a derivation proves."""
        return cls(d.problem.id, d.problem.body, d.problem.wrt[0], d.answer)


def cite(told: Telling, head: Node, current: Node, place: Path) -> Node | None:
    """Use an earlier result at ``place``, or ``None`` where none fits."""
    return None
