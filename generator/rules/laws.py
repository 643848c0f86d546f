"""Which law of the differential fits, and what a student with a misconception would take for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.errors import NotDerivable
from generator.expr.calculus import D, Partial
from generator.expr.match import operation
from generator.expr.nodes import Node
from generator.rules.differentials import DIFFERENTIALS
from generator.rules.elementwise import ELEMENTWISE
from generator.rules.rule import Rule, Vary

if TYPE_CHECKING:
    from generator.rules.mistakes import Mistake

LAWS = (*DIFFERENTIALS, *ELEMENTWISE)


@dataclass
class Belief:
    """What is believed while a solution is told: a mistake, if any; and the laws that were called for."""

    mistake: Mistake | None = None
    needed: set[str] = field(default_factory=set)
    misled: bool = False  # whether the mistake was made anywhere

    def instead_of(self, law: str, e: Node, vary: Vary) -> Node | None:
        """What the mistake makes of an expression to which the named law applies."""
        self.needed.add(law)
        if self.mistake is None or self.mistake.of != law:
            return None
        wrong = self.mistake.rule.apply(e, vary)
        self.misled |= wrong is not None
        return wrong


_belief: ContextVar[Belief | None] = ContextVar("belief", default=None)


@contextmanager
def believing(mistake: Mistake | None) -> Iterator[Belief]:
    """Inside, every method makes the mistake wherever it can: a misconception is held throughout."""
    belief = Belief(mistake)
    token = _belief.set(belief)
    try:
        yield belief
    finally:
        _belief.reset(token)


def mistaken(law: str, e: Node, vary: Vary = frozenset()) -> Node | None:
    """What somebody with the present misconception makes of ``e``; ``None`` for those who have none."""
    belief = _belief.get()
    return None if belief is None else belief.instead_of(law, e, vary)


def law_for(e: Node, vary: Vary) -> Rule:
    """The first law that fits, or the mistake that is believed to be that law.

    Raises:
        NotDerivable: there is none.
    """
    inner = e.arg if isinstance(e, D) else e.of if isinstance(e, Partial) else e
    outermost = operation(inner)
    for rule in LAWS:
        if rule.subject not in (None, outermost) or rule.apply(e, vary) is None:
            continue
        belief = _belief.get()
        wrong = belief and belief.instead_of(rule.name, e, vary)
        return belief.mistake.rule if belief and belief.mistake and wrong else rule
    raise NotDerivable(f"no rule differentiates a {type(inner).__name__}")
