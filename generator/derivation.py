"""The values that travel: lines, sentences, steps, derivations. Data only; texts are made by ``render``.

A line is one printed equality or definition. Lines in one ``Chain`` continue each other: ``a = b = c``. Each
line says which rule made it, and where (paths into the right-hand side before it); ``replay`` does it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from generator.expr.calculus import Rel
from generator.expr.match import Path
from generator.expr.nodes import Node
from generator.problem import Problem

CURVATURE = "How the function curves"  # the title of the step that says convex, concave or neither, and why
Mode = Literal["identity", "definition", "condition", "display"]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed equality or definition; ``lhs`` is ``None`` where it continues the line before it.

    ``rule`` names the rule that turns the right-hand side before it (or the left-hand side of a first line)
    into ``rhs``, at the ``paths`` given; an empty name marks a line that is stated (a definition).
    """

    lhs: Node | None
    rhs: Node
    rule: str = ""
    paths: tuple[Path, ...] = ()
    mode: Mode = "identity"
    guard: Rel | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Lines that are printed as one block, aligned at their relation signs."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence with formulas in it: ``{0}`` stands for the first part. A ``Rel`` part is a relation."""

    text: str
    parts: tuple[Node, ...] = ()
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A rule as it is quoted at the step that uses it, in its own letters; some of them are constant."""

    rule: str
    lhs: Node
    rhs: Node
    because: str = ""
    constant: frozenset[str] = frozenset()


Item = Chain | Say | Quote


@dataclass(frozen=True, slots=True)
class Step:
    """A titled group of items with a reason; sub-steps hold a finer level of detail."""

    title: str
    items: tuple[Item, ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """A problem, told by a method: what is given, the size of the answer, the idea, steps, answer, checks."""

    problem: Problem
    method: str
    size: tuple[Item, ...]
    idea: Say
    steps: tuple[Step, ...]
    answers: tuple[Line, ...]
    checks: tuple[Say, ...] = ()
    conditions: tuple[Say, ...] = ()
    slip: tuple[Say, ...] = ()  # a mistake that is easily made here, and what it does
    names: tuple[tuple[str, Node], ...] = field(default=())  # named intermediates and what they stand for
    also: tuple[Derivation, ...] = ()  # the same derivative, told by other methods

    @property
    def answer(self) -> Node:
        """The derivative that was asked for."""
        return self.answers[0].rhs

    @property
    def value(self) -> Line:
        """What the questions lead to: the derivative, at the point where one is named."""
        return self.answers[1] if self.problem.at and len(self.answers) > 1 else self.answers[0]

    @property
    def tellings(self) -> tuple[Derivation, ...]:
        """This telling and the others of the same derivative."""
        return (self, *self.also)

    def lines(self) -> Iterator[Line]:
        """All lines of this telling in printing order."""
        for step in self.all_steps():
            for item in step.items:
                if isinstance(item, Chain):
                    yield from item.lines
        yield from self.answers

    def all_steps(self) -> Iterator[Step]:
        """All steps of this telling with their sub-steps, in printing order."""
        pending = list(self.steps)
        while pending:
            step = pending.pop(0)
            yield step
            pending = [*step.steps, *pending]
