"""The chain rule: name the stages, differentiate each, multiply by the layout; several ways add up."""

from __future__ import annotations

from dataclasses import replace

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import Mat
from generator.expr.letters import listed
from generator.expr.make import num
from generator.expr.match import depends, substitute, transform
from generator.expr.nodes import Entry, Node, Num
from generator.methods import chain_contraction, chain_products, chain_rule, frame, partials, several
from generator.methods.chain_paths import paths
from generator.methods.chain_stages import Stage, kind, stages
from generator.methods.lemma import Lemma
from generator.methods.present import settled
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy

Way = tuple[Stage, ...]


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = ()) -> Derivation:
    """The derivative of a composition by the chain rule; an earlier result about it is cited.

    Raises:
        NotDerivable: the function is a single stage, or its own derivative has more than two indices.
    """
    lemma = chain_rule.composition(lemmas)
    spread = several.several(problem)
    if spread is not None:
        return several.tell(spread, lemma)
    story = Story()
    ways, named = ways_of(problem)
    name_stages(story, problem, ways, named)
    head = frame.gradient_of(problem)
    if chain_products.fits(ways, problem.layout):
        found = chain_products.tell(story, problem, head, ways, named, lemma)
    else:
        found = chain_contraction.tell(story, problem, head, ways, named)
    answer = in_the_variable(story, problem, named, found)
    parts = tuple((stage.out, stage.body) for stage in named)
    return frame.derivation(problem, "chain", story, answer, idea(ways), parts)


def ways_of(problem: Problem) -> tuple[tuple[Way, ...], tuple[Stage, ...]]:
    """The ways from the variable to the function, each a chain of stages; and the stages with a name."""
    try:
        chain = stages(problem)
    except NotDerivable:
        return by_parts(problem)
    return (chain,), chain[:-1]


def by_parts(problem: Problem) -> tuple[tuple[Way, ...], tuple[Stage, ...]]:
    """A way through each part in which the variable occurs; a part may be a composition itself."""
    parts, outer = paths(problem)
    known = {**problem.symbols, **{p.out.name: p.out for p in parts}}
    ways: list[Way] = []
    for part in parts:
        try:
            inner = stages(replace(problem, function=part.out, body=part.body, symbols=known))
        except NotDerivable:
            inner = (part,)
        known |= {stage.out.name: stage.out for stage in inner}
        ways.append((*inner, Stage(outer.out, outer.body, (part.out,), kind(outer.body, (part.out,)))))
    return tuple(ways), tuple(stage for way in ways for stage in way[:-1])


def idea(ways: tuple[Way, ...]) -> Say:
    """The idea of the method in one sentence."""
    if len(ways) > 1:
        text = "The variable reaches the function in {0} ways: multiply along each, and add the ways up."
        return Say(text, (num(len(ways)),))
    return Say(
        "The function is a chain of {0} stages: differentiate each stage by what enters it, "
        "and multiply the derivatives.",
        (num(len(ways[0])),),
    )


def name_stages(story: Story, problem: Problem, ways: tuple[Way, ...], named: tuple[Stage, ...]) -> None:
    """Define what each stage makes, from the inside to the outside."""
    story.step("Name the stages" if len(ways) == 1 else "Name the places where the variable enters")
    for stage in named:
        story.line(stage.out, stage.body, mode="definition")
    story.line(partials.value_of(problem), ways[0][-1].body, "substitution")


def in_the_variable(story: Story, problem: Problem, named: tuple[Stage, ...], found: Node) -> Node:
    """Put back what the names stand for, and use what is known of the given matrices."""
    head, now = frame.gradient_of(problem), found
    if depends(now, frozenset(stage.out.name for stage in named)):
        story.step(f"In terms of {listed(problem.wrt)}")
        story.line(head, now, "identification")
        for stage in reversed(named):
            now = substitute(now, {stage.out: stage.body})
        now = tidy(entries_read(now), collect=False)
        story.line(head, now, "substitution")
    return settled(story, head, now)


def entries_read(e: Node) -> Node:
    """Entries of a vector that is written out, read off."""

    def read(n: Node) -> Node | None:
        written = isinstance(n, Entry) and isinstance(n.base, Mat) and len(n.indices) == 1
        if not written or not isinstance(n.indices[0], Num):  # type: ignore[attr-defined]
            return None
        return entries_read(n.base.cells[int(n.indices[0].value) - 1])  # type: ignore[attr-defined]

    return transform(e, read)
