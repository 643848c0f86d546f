"""The last steps: read the derivative off, transpose it, put the names back, use what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expr.calculus import D
from generator.expr.make import mul, tr
from generator.expr.match import depends, substitute
from generator.expr.nodes import Node, Sym, T
from generator.expr.shapes import is_column, is_matrix, is_scalar
from generator.methods import frame
from generator.methods.present import present, transpose_pass
from generator.problem import Problem
from generator.rules.laws import mistaken
from generator.rules.tidy import tidy

if TYPE_CHECKING:
    from generator.methods.differential import Telling


def form(coefficient: Node, x: Sym, *, scalar: bool = True) -> Node:
    """tr(C dX) for a scalar function of a matrix, otherwise C dx."""
    end = tidy(mul(coefficient, D(x)), collect=False)
    return tr(end) if scalar and is_matrix(x.shape) else end


def enters_transposed(problem: Problem) -> bool:
    """Whether the layout puts the derivative transposed in front of dx: dL = Gᵀ dx, but dy = J dx."""
    if is_scalar(problem.function.shape):
        return not (is_column(problem.wrt[0].shape) and problem.layout.gradient == "row")
    return problem.layout.jacobian == "denominator"


def identify(told: Telling, whole: Node) -> Node:
    """Read the derivative off the final form, and transpose it one level at a time."""
    problem, story = told.problem, told.story
    x, g, scalar = problem.wrt[0], frame.gradient_symbol(problem), is_scalar(problem.function.shape)
    name = "gradient" if scalar else "Jacobian"
    if story.title != frame.identify_title(problem):
        story.step(frame.identify_title(problem))
    if is_scalar(x.shape):
        story.say("What multiplies {0} is the derivative.", D(x))
        story.line(frame.gradient_of(problem), whole, "identification")
        return whole
    turned = enters_transposed(problem)
    left = T(g) if turned else g
    story.say(f"Compare with the form that defines the {name} {{0}}:", g)
    story.line(D(problem.function), form(left, x, scalar=scalar), "identification")
    story.say("What stands in front of {0} must be the same:", D(x))
    story.line(left, whole, "identification")
    if not turned:
        return whole
    story.say("Transpose both sides:")
    return turn(told, g, whole)


def turn(told: Telling, g: Node, whole: Node) -> Node:
    """The transpose of what was found, one level a line."""
    now: Node = T(whole)
    wrong = mistaken("transpose of a product", now)
    new = tidy(wrong or transpose_pass(now, told.vary), collect=False)
    told.story.line(g, now, "transpose of a product")
    while new != now:
        told.story.line(g, new, "transpose of a product")
        now, new = new, tidy(transpose_pass(new, told.vary), collect=False)
    return now


def in_given_symbols(told: Telling, g: Node) -> Node:
    """Put the names back in and use what is known of the given matrices."""
    story, head, now = told.story, frame.gradient_of(told.problem), g
    if any(depends(now, frozenset({s.name})) for s, _ in told.parts):
        story.step("Put the names back in")
        story.line(head, now, "identification")
        for s, part in reversed(told.parts):
            now = substitute(now, {s: part})
        now = tidy(now, collect=False)
        story.line(head, now, "substitution")
    return present(story, head, now)
