"""Hessians of functions that are written out in coordinates: entry by entry, by partial derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

from generator.derivation import CURVATURE, Derivation, Line, Say
from generator.expr.calculus import At, Grad, Mat, Partial, Rel
from generator.expr.make import num, scalar
from generator.expr.match import depends, substitute
from generator.expr.nodes import Add, Node, Sym
from generator.expr.scalar import shortened
from generator.expr.shapes import is_scalar
from generator.methods import critical, definite, evaluation, frame, partials
from generator.methods.coordinates import in_coordinates
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.coefficient import number
from generator.rules.tidy import tidy

MOST_SHOWN = 3  # coordinates up to which both mixed derivatives of a pair are computed


@dataclass(frozen=True)
class Telling:
    """The problem, its coordinates, the story."""

    problem: Problem
    coordinates: tuple[Node, ...]
    story: Story

    @property
    def alone(self) -> bool:
        """Whether there is one coordinate, a number by itself."""
        wrt = self.problem.wrt
        return len(wrt) == 1 and is_scalar(wrt[0].shape)

    def partial(self, j: int) -> Partial:
        """∂f/∂x_j."""
        return Partial(self.problem.function, self.coordinates[j], self.problem.layout)

    def second(self, i: int, j: int) -> Partial:
        """∂²f/∂x_i∂x_j: first by x_j, then by x_i."""
        return Partial(self.partial(j), self.coordinates[i], self.problem.layout)


def tell(problem: Problem) -> Derivation:
    """The Hessian of a function that is written out in coordinates.

    Raises:
        NotDerivable: it is not, or its gradient is to be set to zero and that cannot be solved.
    """
    story, given = Story(), problem
    problem = in_coordinates(problem, story, partials.value_of(problem))
    told = Telling(problem, partials.coordinates_of(problem), story)
    if not told.alone:
        goal(told)
    n = len(told.coordinates)
    slopes = [partials.one_partial(problem.first, told.story, told.coordinates, j) for j in range(n)]
    cells = {(i, j): v for j in range(n) for i, v in second_partials(told, j, slopes[j]).items()}
    if n > 1:
        mixed(told, cells)
    full = Mat(tuple(cells[min(i, j), max(i, j)] for i in range(n) for j in range(n)), n)
    answer = full.cells[0] if told.alone else full
    if not told.alone:
        told.story.step("Write the Hessian")
        told.story.line(frame.second_of(problem), answer, "assembly")
    more, points = finish(told, slopes, full)
    found = frame.derivation(given, "hessian", told.story, answer, idea(told))
    return replace(found, answers=(*found.answers, *more), conditions=(*found.conditions, *points))


def idea(told: Telling) -> Say:
    """The idea in one sentence."""
    if told.alone:
        return Say("Differentiate, and differentiate the result once more.")
    return Say(
        "Take the partial derivatives, differentiate each of them by every coordinate, and write the results "
        "as a matrix."
    )


def goal(told: Telling) -> None:
    """What the Hessian is: all second partial derivatives, as a matrix."""
    story, n = told.story, len(told.coordinates)
    story.step("Understand the goal")
    story.say("Row and column of an entry say by which two coordinates the function is differentiated:")
    cells = tuple(told.second(i, j) for i in range(n) for j in range(n))
    story.line(frame.second_of(told.problem), Mat(cells, n), "assembly")


def second_partials(told: Telling, j: int, slope: Node) -> dict[int, Node]:
    """Differentiate ∂f/∂x_j by every coordinate (where there are many, by the first j only)."""
    n = len(told.coordinates)
    name = partials.plain_name(told.coordinates[j], j)
    title = "Differentiate once more" if told.alone else f"Differentiate the partial derivative by {name}"
    told.story.step(title)
    return {i: second_partial(told, i, j, slope) for i in range(n if n <= MOST_SHOWN else j + 1)}


def second_partial(told: Telling, i: int, j: int, slope: Node) -> Node:
    """One second derivative, term by term."""
    head, names = told.second(i, j), {c: scalar(f"coordinate{k}") for k, c in enumerate(told.coordinates)}
    x = names[told.coordinates[i]]
    body = substitute(slope, dict(names))
    if not depends(body, frozenset({x.name})):
        told.story.line(head, num(0), "constants")
        return num(0)
    back: dict[Node, Node] = {v: k for k, v in names.items()}
    terms = body.terms if isinstance(body, Add) else (body,)
    found = substitute(partials.differentiate(told.story, head, terms, x, back), back)
    short = shortened(found)
    if short != found:
        told.story.line(head, short)
    return short


def mixed(told: Telling, cells: dict[tuple[int, int], Node]) -> None:
    """The order of two differentiations does not matter: seen in the results, or used."""
    story, n = told.story, len(told.coordinates)
    story.step("The order does not matter")
    if n > MOST_SHOWN:
        story.say(
            "The second derivatives are continuous, so both orders give the same and the matrix is symmetric."
        )
        i, j = 0, 1
        story.line(told.second(i, j), told.second(j, i))
        return
    story.say("Each mixed derivative was found in both orders, and the results agree:")
    for i, j in combinations(range(n), 2):
        story.line(told.second(i, j), told.second(j, i))
        story.line(told.second(i, j), cells[i, j], "substitution")
    story.say("So the Hessian is symmetric.")


def finish(told: Telling, slopes: list[Node], full: Mat) -> tuple[tuple[Line, ...], tuple[Say, ...]]:
    """What else is asked or evident: the value at a point, critical points, definiteness everywhere."""
    problem, story = told.problem, told.story
    lines: tuple[Line, ...] = ()
    if problem.at:
        lines = (at_point(told, full),)
    if problem.set_to_zero:
        return lines, critical.tell(problem, told.coordinates, story, slopes, full)
    if not problem.at and all(number(c) is not None for c in full.cells):
        everywhere(told, full)
    return lines, ()


def at_point(told: Telling, full: Mat) -> Line:
    """The Hessian at the point that the problem names, and whether it is definite there."""
    problem, story = told.problem, told.story
    values = dict(zip(told.coordinates, problem.at, strict=True))
    story.step("Evaluate at the point")
    written = Mat(problem.at, 1) if len(problem.at) > 1 else problem.at[0]
    story.say(
        "Put in the entries of the point {0}:", Rel(Sym(problem.point_name, written.shape), "=", written)
    )
    put_in = Mat(tuple(evaluation.put(c, values) for c in full.cells), full.columns)
    done = Mat(tuple(tidy(evaluation.without_groups(c)) for c in put_in.cells), full.columns)
    if told.alone:
        place = At(frame.second_of(problem), problem.wrt[0], problem.at[0])
        story.line(place, put_in.cells[0], "substitution")
        story.line(place, done.cells[0], "collect")
        return Line(place, done.cells[0], "substitution")
    head = Grad(
        problem.function,
        problem.wrt,
        critical.arguments(problem, told.coordinates, problem.at),
        problem.layout,
        2,
    )
    story.line(head, put_in, "substitution")
    if done != put_in:
        story.line(head, done, "collect")
    story.close_chain()
    definite.tell(story, done)
    return Line(head, done, "substitution")


def everywhere(told: Telling, full: Mat) -> None:
    """A Hessian of numbers: its definiteness says how the function curves."""
    told.story.step(CURVATURE)
    if told.alone:
        curvature(told.story, full.cells[0])
        return
    kind = definite.tell(told.story, full)
    shape = {"positive": "convex", "negative": "concave"}.get(kind.split()[0])
    strictly = "strictly " if kind.endswith(" definite") else ""
    if shape and any(number(c) for c in full.cells):
        told.story.say(f"It is the same everywhere, so the function is {strictly}{shape}.")
    elif kind == "indefinite":
        told.story.say("It is the same everywhere, so the function is neither convex nor concave.")


def curvature(story: Story, value: Node) -> None:
    """The second derivative of one variable, a number."""
    v = number(value) or 0
    if v:
        sign, shape = (">", "convex") if v > 0 else ("<", "concave")
        story.say(f"Since {{0}} everywhere, the function is strictly {shape}.", Rel(value, sign, num(0)))  # type: ignore[arg-type]
    else:
        story.say("It is zero everywhere: the function is a straight line.")
