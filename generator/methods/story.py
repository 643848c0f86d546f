"""Telling: a story collects steps; a step collects sentences, quoted rules and chains of lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from generator.derivation import Chain, Item, Line, Mode, Quote, Say, Step
from generator.expr.calculus import Rel
from generator.expr.match import Path, symbols
from generator.expr.nodes import Node, Sym
from generator.rules.rule import Rule


@dataclass
class Story:
    """A solution in the making. ``line`` continues the open chain when its left-hand side is the same."""

    steps: list[Step] = field(default_factory=list)
    title: str = ""
    items: list[Item] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    head: Node | None = None
    quoted: set[str] = field(default_factory=set)
    told: set[tuple[Node, Node]] = field(default_factory=set)

    def step(self, title: str) -> None:
        """Close the step before and begin another."""
        self.end()
        self.title = title

    def end(self) -> None:
        """Close the open step."""
        self.close_chain()
        if self.items:
            self.steps.append(Step(self.title, tuple(self.items)))
        self.items = []

    def close_chain(self) -> None:
        """Close the open chain; the next line begins another."""
        if self.open:
            self.items.append(Chain(tuple(self.open)))
        self.open, self.head = [], None

    def defined(self) -> frozenset[str]:
        """The names that the open step has given to something."""
        chains = (item.lines for item in self.items if isinstance(item, Chain))
        lines = [*self.open, *chain.from_iterable(chains)]
        return frozenset(s.lhs.name for s in lines if s.mode == "definition" and isinstance(s.lhs, Sym))

    def say(self, text: str, *parts: Node, bullet: bool = False) -> None:
        """A sentence; ``{0}`` stands for the first part."""
        self.close_chain()
        self.items.append(Say(text, parts, bullet))

    def quote(self, rule: Rule, sides: tuple[Node, Node] | None = None) -> None:
        """Quote a rule, the first time it is used."""
        if rule.name not in self.quoted:
            self.quoted.add(rule.name)
            self.close_chain()
            lhs, rhs = sides or rule.sides
            held = {letter for condition, letter in rule.when if condition == "constant"}
            used = {s.name for s in symbols(lhs)}
            fixed = frozenset(n for n in used if n in held or (n.upper() in held and n.upper() not in used))
            self.items.append(Quote(rule.name, lhs, rhs, rule.because, fixed))

    def line(
        self, lhs: Node, rhs: Node, rule: str = "", paths: tuple[Path, ...] = (), *,
        mode: Mode = "identity", guard: Rel | None = None,
    ) -> None:  # fmt: skip
        """A line; it goes on with the open chain where ``lhs`` begins or ends that, without guard or mode."""
        self.told.add((lhs, rhs))
        plain = mode == "identity" and guard is None
        goes_on = plain and self.head is not None and lhs in (self.head, self.open[-1].rhs)
        if not goes_on:
            self.close_chain()
            self.head = lhs if plain else None
        self.open.append(Line(None if goes_on else lhs, rhs, rule, paths, mode, guard))
