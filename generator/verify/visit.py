"""A scope while its part of a text is read: local definitions come and go with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from generator.expr.calculus import App
from generator.expr.evaluate import Definition
from generator.expr.latex_reader import read
from generator.expr.latex_table import Table
from generator.expr.match import find
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import Shape
from generator.verify.confirm import Judge
from generator.verify.sample import Sampler
from generator.verify.scopes import Scope
from generator.verify.sizes import SizeReader

Said = Callable[[], tuple[Node, ...]]  # the sides of a chain, when they are needed


@dataclass
class Visit:
    """A scope while its part of the text is read; its senses are made when they are asked for."""

    scope: Scope
    sampler: Callable[[], Sampler]
    number: Callable[[Scope], int]
    made: dict[str, str] = field(default_factory=dict)  # local names, with the step that defined them
    last: dict[Node, Node] = field(default_factory=dict)  # what a left side was last said to be
    said: list[Said] = field(default_factory=list)  # chains that are not yet in ``last``
    given: dict[str, Definition] = field(default_factory=dict)  # functions that were written with local names
    meanings: dict[frozenset[str], Any] = field(default_factory=dict)  # that names lead to, see ``recall``

    @cached_property
    def table(self) -> Table:
        """The symbol table of the reader."""
        return self.scope.table

    @cached_property
    def judge(self) -> Judge:
        """The judge of relations."""
        return Judge(self.sampler(), self.scope.definitions)

    @cached_property
    def sizes(self) -> SizeReader:
        """The judge of sizes."""
        return SizeReader(self.scope.dimensions, self.shape, self.scope.notation, self.source)

    @cached_property
    def signature(self) -> int:
        """The number of the scope, which it shares with scopes that are read alike."""
        return self.number(self.scope)

    @cached_property
    def moving(self) -> frozenset[str]:
        """The names whose differentials may be written out: of variables, and of what is defined."""
        return frozenset(s.name for s in self.scope.variables).union(self.scope.definitions)

    def _enter(self, scope: Scope) -> None:
        """Go on with other definitions."""
        self.scope, self.meanings = scope, {}
        for name in ("table", "judge", "sizes", "signature", "moving"):
            self.__dict__.pop(name, None)

    def shape(self, latex: str) -> Shape:
        """The size of what is written so.

        Raises:
            InputError: it is no expression in the symbols of the scope.
        """
        return read(latex, self.table).shape

    def clashes(self, name: str, body: Node, step: str) -> bool:
        """Whether a name means something else already; a local one may be defined anew in another step."""
        if name not in self.made:
            return name in self.scope.symbols
        return self.made[name] == step and self.scope.definitions[name].body != body

    def source(self, latex: str) -> tuple[Shape, ...] | None:
        """The spaces that an abstract function of this name maps from; ``None`` for other functions."""
        node = read(latex, self.table)
        declared = self.scope.abstract.get(node.name) if isinstance(node, Sym) else None
        return None if declared is None else declared.source

    def define(self, name: str, body: Node, step: str) -> None:
        """Give a meaning to a new name."""
        self.made[name] = step
        symbols = {**self.scope.symbols, name: Sym(name, body.shape)}
        definitions = {**self.scope.definitions, **self.given, name: Definition(body)}
        self.given = {}  # the name may have meant something else
        self._enter(replace(self.scope, symbols=symbols, definitions=definitions))

    def say(self, chain: Said) -> None:
        """A chain was confirmed."""
        if self.made:
            first, *others = chain()
            self.written(first, tuple(others))
        self.said.append(chain)

    def before(self, node: Node) -> Node | None:
        """What a left side was last said to be."""
        for chain in self.said:
            items = chain()
            self.last[items[0]] = items[-1]
        self.said.clear()
        return self.last.get(node)

    def written(self, fun: Node, items: tuple[Node, ...]) -> None:
        """A function is written with local names: its derivatives by them are meant as it stands there."""
        name = fun.fun.name if isinstance(fun, App) else fun.name if isinstance(fun, Sym) else ""
        used = ((e, {s.name for s in find(e, Sym)}) for e in items)
        body = next((e for e, names in used if names & self.made.keys() and name not in names), None)
        if body is None or name not in self.scope.functions:
            return
        known = self.scope.definitions[name]
        self.given.setdefault(name, known)
        definitions = {**self.scope.definitions, name: replace(known, body=body)}
        self._enter(replace(self.scope, definitions=definitions))
