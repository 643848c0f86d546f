"""Hessians by several numbers of a function of vectors and matrices: each partial derivative once more."""

from __future__ import annotations

from dataclasses import replace

from generator.derivation import Chain, Derivation, Line, Say, Step
from generator.expr.calculus import Mat, Partial
from generator.expr.layout import Layout
from generator.expr.make import num
from generator.expr.match import depends
from generator.expr.nodes import Node, Sym
from generator.methods import frame, increments
from generator.methods.story import Story
from generator.problem import Problem


def tell(problem: Problem) -> Derivation:
    """The Hessian, row by row: the total differential of every partial derivative.

    Raises:
        NotDerivable: a term of a differential cannot be brought into the form c da.
    """
    first = increments.tell(problem.first)
    slopes = cells_of(first.answer)
    begin = Say("First find {0}.", (frame.gradient_of(problem.first),))
    steps, rows = [Step("The gradient", (begin,), first.steps)], []
    for x, slope in zip(problem.wrt, slopes, strict=True):
        inner, row = differentiated(problem, x, slope)
        steps.append(inner)
        rows.append(row)
    story = Story(steps)
    story.step("Write the Hessian")
    answer = Mat(tuple(cell for row in rows for cell in row), len(problem.wrt))
    story.line(frame.second_of(problem), answer, "assembly")
    idea = Say(
        "Take the partial derivatives, and the total differential of each: it holds a row of the Hessian."
    )
    return frame.derivation(problem, "hessian", story, answer, idea)


def cells_of(answer: Node) -> tuple[Node, ...]:
    """The partial derivatives in a gradient."""
    assert isinstance(answer, Mat)
    return answer.cells


def differentiated(problem: Problem, x: Sym, slope: Node) -> tuple[Step, tuple[Node, ...]]:
    """A step that differentiates one partial derivative by all variables, and what it finds."""
    title = f"Differentiate the partial derivative by {x.name}"
    partial = Partial(problem.function, x, problem.layout)
    if not depends(slope, frozenset(s.name for s in problem.wrt)):
        seconds = tuple(Partial(partial, y, problem.layout) for y in problem.wrt)
        lines = tuple(Chain((Line(second, num(0), "constants"),)) for second in seconds)
        return Step(title, (Say("{0} is the same everywhere:", (partial,)), *lines)), (num(0),) * len(seconds)
    name = Sym(f"g_{x.name}" if x.name.isalpha() else f"g{problem.wrt.index(x) + 1}", slope.shape)
    posed = replace(
        problem.first, function=name, body=slope, parameters=(), layout=Layout(),
        symbols={**problem.symbols, problem.function.name: problem.function},
    )  # fmt: skip
    second = increments.tell(posed)
    named = Chain((Line(name, slope, mode="definition"),))
    said = Say("Give {0} a name:", (partial,))
    return Step(title, (said, named), second.steps), cells_of(second.answer)
