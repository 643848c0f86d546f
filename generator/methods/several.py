"""A function of several numbers that all depend on the variable: L(x(w), y(w), z(w)).

The effects of the arguments add up. Stacked into one map the arguments have a Jacobian, and the sum is its
product with the gradient of L.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.derivation import Derivation, Say
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Partial
from generator.expr.make import add, mul
from generator.expr.match import depends, occurs, substitute
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import is_column, is_scalar
from generator.methods import chain_factors, frame, partials, several_steps
from generator.methods.chain_stages import Stage, kind
from generator.methods.lemma import Lemma
from generator.methods.naming import fresh
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.factoring import factored
from generator.rules.tidy import tidy

LETTERS = ("u", "u", "U")


@dataclass(frozen=True)
class Part:
    """An argument that varies: its place, its name, and what it is."""

    slot: int
    name: Sym
    body: Node

    @property
    def given(self) -> bool:
        """Whether it is a function of the problem, whose name stands for its value."""
        return isinstance(self.body, App) and self.body.fun == self.name


@dataclass
class Several:
    """A problem of this kind, and the telling of it."""

    problem: Problem
    outer: App
    parts: tuple[Part, ...]
    story: Story = field(default_factory=Story)

    @property
    def head(self) -> Node:
        """The derivative that is asked for."""
        return frame.gradient_of(self.problem)

    @property
    def taken(self) -> set[str]:
        """The names that mean something."""
        p = self.problem
        return {
            *p.symbols,
            *p.functions,
            p.function.name,
            p.answer_symbol.name,
            *(x.name.name for x in self.parts),
        }

    def outside(self, part: Part) -> Node:
        """∂L/∂x for an argument x of L."""
        return Partial(self.outer.fun, part.name, self.problem.layout)

    def inside(self, part: Part, by: Node) -> Node:
        """∂x/∂w for an argument x of L."""
        return Partial(part.name, by, self.problem.layout)

    def total(self, by: Node) -> Node:
        """The sum of the effects of all arguments."""
        return add(*(mul(self.outside(p), self.inside(p, by)) for p in self.parts))


def several(problem: Problem) -> Several | None:
    """The problem, if its function takes several numbers that vary; ``None`` for any other."""
    body, vary = problem.body, frozenset(s.name for s in problem.wrt)
    if not isinstance(body, App) or not is_scalar(body.shape) or body.fun.name not in problem.alone:
        return None
    live = [k for k, arg in enumerate(body.args) if depends(arg, vary)]
    fits = is_column(problem.wrt[0].shape) or all(is_scalar(s.shape) for s in problem.wrt)
    if len(live) < 2 or not fits or not all(is_scalar(body.args[k].shape) for k in live):
        return None
    used = {*problem.symbols, *problem.functions, problem.function.name, problem.answer_symbol.name}
    parts = []
    for k in live:
        arg = body.args[k]
        known = isinstance(arg, App) and arg.args == problem.wrt and arg.fun.name in problem.alone
        name = arg.fun if known and isinstance(arg, App) else Sym(fresh(LETTERS, arg, used), arg.shape)
        used.add(name.name)
        parts.append(Part(k, name, arg))
    inside = any(occurs(p.body, q.body) for p in parts for q in parts if p is not q)
    return None if inside else Several(problem, body, tuple(parts))  # ∂/∂x would move x within the others


def tell(told: Several, lemma: Lemma | None = None) -> Derivation:
    """The chain rule for a function of several numbers: a sum first, then a product."""
    problem, wrt = told.problem, told.problem.wrt
    name_arguments(told)
    if is_column(wrt[0].shape):
        slopes = {told.inside(p, wrt[0]): slope(told, p, wrt[0]) for p in told.parts}
        found = several_steps.of_a_vector(told, slopes, lemma)
    else:
        if len(wrt) == 1 and all(p.given for p in told.parts):
            several_steps.increments(told)
        found = several_steps.of_numbers(told)
        found = put_in(told, found, {told.inside(p, x): slope(told, p, x) for p in told.parts for x in wrt})
    answer = in_the_variable(told, found)
    listed = " and ".join(f"{{{k + 1}}}" for k in range(len(wrt)))
    idea = Say(f"{{0}} depends on {listed} in several ways: follow each of them, and add up the effects.",
               (problem.function, *wrt))  # fmt: skip
    names = tuple((p.name, p.body) for p in told.parts if not p.given)
    return frame.derivation(problem, "chain", told.story, answer, idea, names)


def name_arguments(told: Several) -> None:
    """Say what the names of the arguments stand for."""
    story, given = told.story, [p for p in told.parts if p.given]
    story.step("Name the arguments")
    for part in told.parts:
        if not part.given:
            story.line(part.name, part.body, mode="definition")
    if given:
        *first, last = (f"{{{2 * k}}} for {{{2 * k + 1}}}" for k in range(len(given)))
        listed = f"{', '.join(first)} and {last}" if first else last
        story.say(f"Write {listed}.", *(e for p in given for e in (p.name, p.body)))
    story.line(partials.value_of(told.problem), told.problem.body, "substitution")


def slope(told: Several, part: Part, by: Sym) -> Node:
    """The derivative of an argument: its name where nothing more is known of it, else worked out."""
    problem, story = told.problem, told.story
    if isinstance(part.body, App) and part.given:
        alone = len(problem.wrt) == 1
        return Jac(part.body.fun, part.body.args, problem.layout) if alone else told.inside(part, by)
    story.step(f"The derivative of {part.name.name}")
    stage = Stage(part.name, part.body, (by,), kind(part.body, (by,)))
    factor = chain_factors.factor(stage, problem.layout)
    return chain_factors.tell(story, stage, factor, problem, (stage, stage))


def put_in(told: Several, found: Node, known: dict[Node, Node]) -> Node:
    """Put in what the derivatives of the arguments are."""
    now = tidy(substitute(found, known), collect=False)
    if now != found:
        told.story.step("Put the derivatives in")
        told.story.line(told.head, now, "substitution")
    return now


def in_the_variable(told: Several, found: Node) -> Node:
    """Put back the names of arguments that have a formula."""
    story, named, now = told.story, [p for p in told.parts if not p.given], found
    if named:
        outer, layout = told.outer, told.problem.layout
        now = substitute(now, {told.outside(p): Jac(outer.fun, outer.args, layout, p.slot) for p in named})
        now = tidy(substitute(now, {p.name: p.body for p in named}), collect=False)
        story.step("Put the names back in")
        story.say("By its place, {0} is an argument of {1}:", named[0].name, outer.fun)
        story.line(told.head, now, "substitution")
    final = factored(tidy(now))
    if final != now:
        story.line(told.head, final, "collect")
    return final
