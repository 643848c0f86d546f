"""A problem in index form: one entry of the output, one of the input, the function in components."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from generator.errors import NotDerivable
from generator.expr.calculus import App, Partial
from generator.expr.nodes import Entry, Idx, Node, Sym
from generator.methods import abstract, frame
from generator.methods.bound import Letters
from generator.methods.components import component, places
from generator.methods.index_laws import Slopes
from generator.methods.naming import name_parts
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.rule import Vary
from generator.rules.tidy import tidy


@dataclass
class Indexed:
    """One output entry and the input entry to differentiate by; ``body`` holds the names of the parts."""

    problem: Problem
    story: Story
    out: tuple[Idx, ...]
    into: tuple[Idx, ...]
    body: Node
    entry: Node
    parts: list[tuple[Sym, Node]] = field(default_factory=list)

    @property
    def value(self) -> Node:
        """The entry of the output, as it is written."""
        return Entry(self.problem.function, self.out) if self.out else self.problem.function

    @property
    def wrt(self) -> Node:
        """The entry of the variable, as it is written."""
        x = self.problem.wrt[0]
        return Entry(x, self.into) if self.into else x

    @property
    def derivative(self) -> Partial:
        """The partial derivative that is to be found."""
        return Partial(self.value, self.wrt, self.problem.layout)

    @property
    def vary(self) -> Vary:
        """The names of the variable and of the named parts."""
        return frozenset({self.problem.wrt[0].name, *(s.name for s, _ in self.parts)})

    @property
    def slopes(self) -> Slopes:
        """The laws of differentiation by the input entry."""
        return Slopes(self.wrt, self.vary)

    @property
    def symbols(self) -> tuple[Sym, ...]:
        """All symbols with a name of their own."""
        return (*self.problem.named, *(s for s, _ in self.parts))


def indexed(problem: Problem) -> Indexed:
    """Choose indices and write the function in components.

    Raises:
        NotDerivable: more than one variable, or no index form.
    """
    f, x = problem.function, problem.wrt[0]
    if len(problem.wrt) > 1:
        raise NotDerivable("the index method needs one variable", hint="use --method partials")
    if isinstance(problem.body, App) and abstract.tensor(problem.body, x):
        raise NotDerivable(f"nothing is known of {problem.body.fun.name} that would give its derivative")
    letters = Letters.beside(problem.named)
    out, into = places(f.shape, letters), places(x.shape, letters)
    return Indexed(problem, Story(), out, into, problem.body, in_components(problem.body, out, letters))


def in_components(body: Node, out: tuple[Idx, ...], letters: Letters) -> Node:
    """One entry of the output as sums over entries."""
    return tidy(component(body, out, letters), collect=False)


def with_names(told: Indexed) -> Indexed:
    """The same problem with names for the arguments of non-linear functions."""
    problem = told.problem
    taken = {*problem.names, *(s.name for s in frame.reserved(problem))}
    taken |= {i.name for i in (*told.out, *told.into)}
    body, parts = name_parts(problem.body, told.vary, taken, problem.called)
    named = replace(told, body=body, parts=parts)
    letters = Letters.beside(named.symbols, (*told.out, *told.into))
    return replace(named, entry=in_components(body, told.out, letters))
