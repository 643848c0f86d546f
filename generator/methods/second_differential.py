"""The second differential: dx is held fixed while x changes once more, so d²f = (dG)ᵀ dx = dxᵀ H dx.

Source: Magnus and Neudecker, Matrix Differential Calculus, chapter 6.
"""

from __future__ import annotations

from generator.derivation import Chain, Step
from generator.expr.calculus import D, Rel
from generator.expr.make import add, mul, neg, num, vec
from generator.expr.match import find
from generator.expr.nodes import Add, Eye, Mul, Neg, Node, Pow, T
from generator.expr.shapes import is_matrix, is_scalar
from generator.methods import frame
from generator.methods.identify import form
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy


def with_second_differential(steps: tuple[Step, ...], problem: Problem, posed: Problem) -> tuple[Step, ...]:
    """The steps that find dG, with the second differential told before the Hessian is read off.

    ``posed`` asks for the derivative of the gradient, which is its function; the problem for the Hessian.
    """
    title = frame.identify_title(posed)
    k = next((j for j, step in enumerate(steps) if step.title == title), None)
    if k is None:
        return steps
    x = posed.wrt[0]
    head, end = (vec(D(e)) if is_matrix(x.shape) else D(e) for e in (posed.function, x))
    change = last(steps[:k], head)
    hessian = None if change is None else factor(change, end)
    if change is None or hessian is None:
        return steps
    story = Story()
    tell(story, problem, posed, last(steps[:k], D(posed.function)), hessian)
    story.end()
    return (*steps[:k], *story.steps, *steps[k:])


def last(steps: tuple[Step, ...], head: Node) -> Node | None:
    """What the steps find something to be in the end."""
    found, lhs = None, None
    for chain in (item for step in steps for item in step.items if isinstance(item, Chain)):
        for line in chain.lines:
            lhs = line.lhs if line.lhs is not None else lhs
            found = line.rhs if lhs == head else found
    return found


def factor(change: Node, end: Node) -> Node | None:
    """C where a change is C dx, or a sum of such terms."""
    found = []
    for term in change.terms if isinstance(change, Add) else (change,):
        inner = term.arg if isinstance(term, Neg) else term
        factors = list(inner.factors if isinstance(inner, Mul) else (inner,))
        if is_scalar(end.shape):
            factors.sort(key=lambda f: f == end)  # a number may stand anywhere
        if factors[-1] != end or any(find(f, D) for f in factors[:-1]):
            return None
        c = mul(*factors[:-1]) if factors[1:] else num(1)
        c = mul(c, Eye(end.shape[0])) if is_scalar(c.shape) and not is_scalar(end.shape) else c
        found.append(neg(c) if isinstance(term, Neg) else c)
    return tidy(add(*found))


def tell(story: Story, problem: Problem, posed: Problem, change: Node | None, hessian: Node) -> None:
    """d²f = dxᵀ H dx, from dG = H dx; ``change`` is what dG is before it is stacked."""
    x, g, head = problem.wrt[0], posed.function, D(D(problem.function))
    story.step("The second differential")
    story.say(
        "The differential of {0} is {1}. Here {2} stays as it is while {3} changes once more, so:",
        problem.function, Rel(D(problem.function), "=", first_form(g, problem)), D(x), x,
    )  # fmt: skip
    story.line(head, first_form(D(g), problem), "substitution")
    if is_scalar(x.shape):
        story.line(head, tidy(mul(hessian, Pow(D(x), num(2))), collect=False), "substitution")
        return
    if not is_matrix(x.shape):
        story.line(head, mul(T(D(x)), D(g)), "a number equals its transpose")
        story.line(head, tidy(mul(T(D(x)), hessian, D(x)), collect=False), "substitution")
        return
    if change is not None:
        story.line(head, first_form(change, problem), "substitution")
    story.line(head, mul(T(vec(D(x))), vec(D(g))), "substitution")
    story.line(head, tidy(mul(T(vec(D(x))), hessian, vec(D(x))), collect=False), "substitution")


def first_form(g: Node, problem: Problem) -> Node:
    """Gᵀdx, tr(Gᵀ dX) or g dt."""
    x = problem.wrt[0]
    return form(g if is_scalar(x.shape) else T(g), x)
