"""A scalar function of several numbers, built of vectors and matrices, by its total differential.

In dL = p da + q db the factors p and q are the partial derivatives. Source: Magnus and Neudecker, Matrix
Differential Calculus, chapter 5.
"""

from __future__ import annotations

from generator.derivation import Derivation, Say
from generator.expr.calculus import D, Partial
from generator.expr.make import add, mul, num
from generator.expr.match import depends, find, substitute
from generator.expr.nodes import Add, Node, Sym
from generator.methods import frame
from generator.methods.combine import move_term, solved, split_terms
from generator.methods.differential import Telling, expand_differential, named_body, substitute_parts
from generator.methods.partials import stacked
from generator.methods.present import present
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy


def tell(problem: Problem) -> Derivation:
    """The gradient by several numbers from the total differential.

    Raises:
        NotDerivable: a term cannot be brought into the form c da.
    """
    story = Story()
    told = Telling(problem, story, frozenset(x.name for x in problem.wrt))
    found = partials(told, substitute_parts(told, expand_differential(told, named_body(told))))
    values = tuple(in_given_symbols(told, x, c) for x, c in found.items())
    answer = stacked(problem, values)
    story.step("Stack the partial derivatives")
    story.line(frame.gradient_of(problem), answer, "assembly")
    idea = Say(
        "Write down the differential {0}, in which all variables change at once; what multiplies the "
        "differential of one of them is the partial derivative by it.",
        (D(problem.function),),
    )
    return frame.derivation(problem, "differential", story, answer, idea, tuple(told.parts))


def partials(told: Telling, total: Node) -> dict[Sym, Node]:
    """What multiplies the differential of each variable."""
    problem, story, head = told.problem, told.story, D(told.problem.function)
    total = split_terms(told, total)
    terms = total.terms if isinstance(total, Add) else (total,)
    moved = [move_term(told, term, alone=len(terms) == 1) for term in terms]
    story.step("Combine the terms")
    if (together := tidy(add(*moved), collect=False)) != total:
        story.line(head, together, "substitution")
    found: dict[Sym, Node] = {}
    for x in problem.wrt:
        parts = [solved(term) for term in moved if D(x) in find(term, D)]
        found[x] = tidy(add(*(c for c in parts if c is not None))) if parts else num(0)
    final = tidy(add(*(mul(c, D(x)) for x, c in found.items() if c != num(0))), collect=False)
    if final != together:
        story.line(head, final, "common factors")
    story.step("Read off the partial derivatives")
    for x, c in found.items():
        story.say("What multiplies {0} is the partial derivative by {1}:", D(x), x)
        story.line(Partial(problem.function, x, problem.layout), c, "identification")
    return found


def in_given_symbols(told: Telling, x: Sym, c: Node) -> Node:
    """A partial derivative with the names put back in, in its best form."""
    story, head = told.story, Partial(told.problem.function, x, told.problem.layout)
    now = c
    if any(depends(now, frozenset({s.name})) for s, _ in told.parts):
        if story.title != "Put the names back in":
            story.step("Put the names back in")
        story.line(head, now, "identification")
        for s, part in reversed(told.parts):
            now = substitute(now, {s: part})
        now = tidy(now, collect=False)
        story.line(head, now, "substitution")
    return present(story, head, now)
