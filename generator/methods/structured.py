"""Variables with a structure: from the gradient by free entries to that by entries that keep the structure.

Source: the Matrix Cookbook, section 2.8; Magnus and Neudecker treat the same by the duplication matrix.
"""

from __future__ import annotations

from dataclasses import replace

from generator.derivation import Derivation, Line
from generator.errors import NotDerivable
from generator.expr.calculus import Grad
from generator.expr.make import add, had, neg
from generator.expr.nodes import Entry, Eye, Idx, Node, T, Zero
from generator.methods import frame
from generator.methods.present import present
from generator.methods.story import Story
from generator.rules.shorten import pushed


def tell(d: Derivation) -> Derivation:
    """The derivation with both gradients: of free entries, and of entries that keep the structure.

    The one that is asked for is the first answer. Where the variable has no structure, nothing is added.
    """
    problem = d.problem
    if not problem.structure or problem.order != 1 or isinstance(d.answer, Zero):
        return d
    if d.answer.shape != problem.wrt[0].shape:  # the formula of one entry: there is no matrix to fold
        if problem.structured:
            raise NotDerivable("the derivative has no matrix notation, so the structure cannot be kept in it")
        return d
    free = frame.gradient_of(problem)
    assert isinstance(free, Grad)
    kept = replace(free, structure=problem.structure)
    story = Story()
    story.step("Keep the structure")
    now = (symmetric if problem.structure == "symmetric" else diagonal)(story, d, free, kept)
    final = present(story, kept, now)
    story.end()
    both = (Line(free, d.answer, "identification"), Line(kept, final, "substitution"))
    answers = (*(both[::-1] if problem.structured else both), *d.answers[1:])
    return replace(d, steps=(*d.steps, *story.steps), answers=answers)


def symmetric(story: Story, d: Derivation, free: Grad, kept: Grad) -> Node:
    """G + Gᵀ − I ∘ G."""
    x = d.problem.wrt[0]
    i, j = (Idx(name, x.shape[0]) for name in "ij")
    story.say(
        "So far every entry of {0} varied freely. If {0} stays symmetric, {1} and {2} are one variable, and "
        "its derivative collects what both contribute. On the diagonal the sum of the gradient and its "
        "transpose counts an entry twice, so it is taken off once:", x, Entry(x, (i, j)), Entry(x, (j, i)),
    )  # fmt: skip
    story.line(kept, add(free, T(free), neg(had(Eye(x.shape[0]), free))), "structure")
    rest = neg(had(Eye(x.shape[0]), d.answer))
    story.line(kept, add(d.answer, T(d.answer), rest), "substitution")
    now = add(d.answer, pushed(T(d.answer)), rest)
    if now != add(d.answer, T(d.answer), rest):
        story.line(kept, now, "symmetric matrices")
    return now


def diagonal(story: Story, d: Derivation, free: Grad, kept: Grad) -> Node:
    """I ∘ G."""
    x = d.problem.wrt[0]
    story.say(
        "So far every entry of {0} varied freely. If {0} stays diagonal, only its diagonal varies, and only "
        "the diagonal of the gradient counts:", x,
    )  # fmt: skip
    story.line(kept, had(Eye(x.shape[0]), free), "structure")
    now = had(Eye(x.shape[0]), d.answer)
    story.line(kept, now, "substitution")
    return now
