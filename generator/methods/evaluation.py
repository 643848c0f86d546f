"""A result at a point: substitution, arithmetic, value, and what the number means."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import isqrt

from generator.derivation import Derivation, Line
from generator.errors import NotDerivable
from generator.expr.calculus import At, Grad, Group, Mat, Rel
from generator.expr.make import num, point
from generator.expr.match import substitute, transform
from generator.expr.nodes import Add, Call, Node, Norm, Sym
from generator.expr.scalar import simplified
from generator.expr.shapes import is_matrix, is_scalar
from generator.methods import frame
from generator.methods.coordinates import cells
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.coefficient import number
from generator.rules.tidy import tidy


def tell(problem: Problem, story: Story, coordinates: tuple[Node, ...], answer: Mat) -> Line:
    """Evaluate the gradient at the point that the problem names, and interpret it; the value as a line."""
    values = dict(zip(coordinates, problem.at, strict=True))
    story.step("Evaluate at the point")
    here = point(problem.wrt, problem.at)
    story.say("Put in the entries of the point {0}:", Rel(Sym(problem.point_name, here.shape), "=", here))
    head, columns = at_point(problem), answer.columns
    put_in = Mat(tuple(put(c, values) for c in answer.cells), columns)
    story.line(head, put_in, "substitution")
    worked = Mat(tuple(arithmetic(c) for c in put_in.cells), columns)
    if worked != put_in:
        story.line(head, worked, "collect")
    done = Mat(tuple(exact(c) for c in worked.cells), columns)
    if done != worked:
        story.line(head, done, "collect")
    interpret(story, head, done, coordinates)
    return Line(head, done, "substitution")


def evaluated(found: Derivation) -> Derivation:
    """A solution with its derivative at the point that the problem names, where the method told none."""
    problem = found.problem
    story = Story()
    story.step("Evaluate at the point")
    here = point(problem.wrt, problem.at)
    story.say("Put in the point {0}:", Rel(Sym(problem.point_name, here.shape), "=", here))
    head = at_point(problem)
    put_in = put(found.answer, _values(problem, here))
    story.line(head, put_in, "substitution")
    done = worked_out(put_in)
    if done != put_in:
        story.line(head, done, "collect")
    if isinstance(done, Mat) and isinstance(head, Grad):
        interpret(story, head, done, coordinates_of(problem.wrt[0]))
    story.end()
    answers = (*found.answers, Line(head, done, "substitution"))
    return replace(found, steps=(*found.steps, *story.steps), answers=answers)


def _values(problem: Problem, here: Node) -> dict[Node, Node]:
    """What the variables and their entries are at the point."""
    if is_scalar(problem.wrt[0].shape):
        return dict(zip(problem.wrt, problem.at, strict=True))
    entries = zip(coordinates_of(problem.wrt[0]), problem.at, strict=True)
    return {problem.wrt[0]: here, **dict(entries)}


def coordinates_of(x: Sym) -> tuple[Node, ...]:
    """The entries of a vector or a matrix of known size, row by row."""
    return tuple(cell for row in cells(x) for cell in row)


def worked_out(e: Node) -> Node:
    """The value of an expression as one number or one array; where that cannot be said, the expression."""
    try:
        grid = cells(without_groups(e))
    except NotDerivable:
        return e
    values = tuple(exact(cell) for row in grid for cell in row)
    return values[0] if is_scalar(e.shape) else Mat(values, len(grid[0]))


def at_point(problem: Problem) -> Node:
    """The gradient at the point, as it is written: ∇f(1, −1)."""
    gradient, wrt = frame.gradient_of(problem), problem.wrt
    if isinstance(gradient, Grad) and not is_matrix(wrt[0].shape):
        return Grad(problem.function, wrt, problem.at, gradient.layout)
    value = point(wrt, problem.at)
    plain = is_scalar(value.shape) or len(wrt) > 1
    return At(gradient, problem.variable, value if plain else Sym(problem.point_name, value.shape))


def put(e: Node, values: dict[Node, Node]) -> Node:
    """The expression with values put in: numbers in parentheses, but for those that a function has anyway."""
    there = substitute(e, {k: Group(v) if is_scalar(v.shape) else v for k, v in values.items()})
    return transform(there, _argument)


def _argument(e: Node) -> Node | None:
    if not isinstance(e, Call) or not any(isinstance(a, Group) for a in e.args):
        return None
    return Call(e.name, tuple(a.arg if isinstance(a, Group) else a for a in e.args), e.order)


def without_groups(e: Node) -> Node:
    """The expression without explicit parentheses."""
    return transform(e, lambda n: without_groups(n.arg) if isinstance(n, Group) else None)


def exact(e: Node) -> Node:
    """The value of an entry: a number, or what exact algebra makes of functions of numbers, as e⁰ = 1."""
    value = tidy(e)
    if number(value) is not None:
        return value
    try:
        return simplified(value)
    except NotDerivable:  # a function that exact algebra does not know
        return value


def arithmetic(e: Node) -> Node:
    """Every term of a sum worked out to a number, the sum left to do."""
    e = without_groups(e)
    if isinstance(e, Add):
        return Add(tuple(tidy(t) for t in e.terms))
    return tidy(e)


def interpret(story: Story, head: Node, value: Mat, coordinates: tuple[Node, ...]) -> None:
    """What the gradient at the point says about the function."""
    numbers = [number(c) for c in value.cells]
    if any(v is None for v in numbers):
        return
    entries = [v for v in numbers if v is not None]
    if not any(entries):
        story.say("The gradient is zero there: to first order the function does not change in any direction.")
        return
    moving = [k for k, v in enumerate(entries) if v]
    rate = square_root(sum((v * v for v in entries), Fraction(0)))
    along = (
        f", along {{1}} only ({'upwards' if entries[moving[0]] > 0 else 'downwards'})"
        if len(moving) == 1
        else ""
    )
    text = "At this point the function grows fastest in the direction of its gradient, {0}" + along + "."
    facts = [Rel(head, "=", value), *(coordinates[k] for k in moving if len(moving) == 1)]
    story.say(text, *facts)
    if rate is not None:
        story.say("Its slope in that direction is the length of the gradient:")
        story.line(Norm(head), num(rate), "length")


def square_root(v: Fraction) -> Fraction | None:
    """The root of a square of a rational number, or ``None``."""
    top, bottom = isqrt(v.numerator), isqrt(v.denominator)
    return Fraction(top, bottom) if top * top == v.numerator and bottom * bottom == v.denominator else None
