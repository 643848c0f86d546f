"""The skeleton that every solution shares: size first, idea, steps, boxed answer, checks."""

from __future__ import annotations

from collections.abc import Iterator

from generator.derivation import Chain, Derivation, Item, Line, Say
from generator.expr.calculus import Dims, Grad, Partial
from generator.expr.make import jacobian
from generator.expr.match import find, substitute
from generator.expr.nodes import Inv, Node, Size, Sym, T
from generator.expr.shapes import is_column, is_scalar
from generator.methods.conditions import conditions
from generator.methods.story import Story
from generator.problem import Problem


def gradient_symbol(problem: Problem) -> Sym:
    """The letter that stands for the gradient until it is known."""
    return problem.answer_symbol


def reserved(problem: Problem) -> tuple[Sym, ...]:
    """Symbols that the telling itself uses."""
    return (gradient_symbol(problem),)


def gradient_of(problem: Problem) -> Node:
    """The derivative that is asked for, as it is written: ∇f(x), ∇_X L, ∂y/∂x."""
    f, wrt = problem.function, problem.wrt
    if problem.order == 2:
        return second_of(problem)
    if is_scalar(f.shape) and not (len(wrt) == 1 and is_scalar(wrt[0].shape)):
        return Grad(f, wrt, problem.parameters, problem.layout)
    return jacobian(f, problem.variable, problem.layout)


def second_of(problem: Problem) -> Node:
    """The second derivative as it is written: the Hessian ∇²f, or ∂²f/∂t² for one variable."""
    f, wrt, layout = problem.function, problem.wrt, problem.layout
    if len(wrt) == 1 and is_scalar(wrt[0].shape):
        return Partial(Partial(f, wrt[0], layout), wrt[0], layout)
    return Grad(f, wrt, problem.parameters, layout, 2)


def size_items(problem: Problem) -> tuple[Item, ...]:
    """The size of the answer, before any computing."""
    f, x, d = problem.function, problem.wrt[0], gradient_of(problem)
    if problem.order == 2:
        return second_size(d)
    if is_scalar(f.shape) and len(problem.wrt) == 1:
        if is_scalar(x.shape):
            return (Say("Both {0} and {1} are numbers, so the derivative is a number.", (f, x)),)
        what = "vector" if is_column(x.shape) else "matrix"
        text = (
            "{0} is a number and {1} is a "
            + what
            + " of size {2}. The gradient {3} holds one partial derivative "
            "for each entry of {1}, "
            + ("so it has size {4} too." if d.shape == x.shape else "written as a row of size {4}.")
        )
        return (Say(text, (f, x, written_size(x), d, written_size(d))),)
    return ()


def second_size(d: Node) -> tuple[Item, ...]:
    """The size of the second derivative."""
    if is_scalar(d.shape):
        return (Say("The second derivative {0} of a function of one variable is again a number.", (d,)),)
    text = "The Hessian {0} holds one second derivative for each pair of coordinates, so it has size {1}."
    return (Say(text, (d, written_size(d))),)


def derivation(
    problem: Problem, method: str, story: Story, answer: Node, idea: Say,
    parts: tuple[tuple[Sym, Node], ...] = (),
) -> Derivation:  # fmt: skip
    """Close the story and put it into its frame."""
    story.end()
    line = Line(gradient_of(problem), answer, "identification")
    return Derivation(
        problem, method, size_items(problem), idea, tuple(story.steps), (line,),
        checks=checks(problem, answer), conditions=conditions(problem, answer, inverses(story, parts)),
        names=tuple((s.name, part) for s, part in parts),
    )  # fmt: skip


def inverses(story: Story, parts: tuple[tuple[Sym, Node], ...]) -> Iterator[Node]:
    """What stands on the right of the lines of a story that hold an inverse, the named parts written out."""
    for chain in (item for step in story.steps for item in step.items if isinstance(item, Chain)):
        for e in (line.rhs for line in chain.lines if find(line.rhs, Inv)):
            for s, part in reversed(parts):
                e = substitute(e, {s: part})
            yield e


def checks(problem: Problem, answer: Node) -> tuple[Say, ...]:
    """What a careful reader checks at the end: the size."""
    if is_scalar(answer.shape):
        return ()
    wrt = problem.wrt[0]
    same = answer.shape == wrt.shape
    text = "The answer has size {0}, " + ("the size of {1}." if same else "as announced.")
    return (Say(text, (written_size(answer), wrt) if same else (written_size(answer),)),)


def written_size(e: Node) -> Node:
    """The size of something as it is written: n for a column, n × m otherwise."""
    return Size(e.shape[0]) if is_column(e.shape) else Dims(e.shape)


def entries(e: Node) -> Node:
    """The number of entries, as it is written."""
    return Size(e.shape[0]) if is_column(e.shape) else Dims(e.shape)


def transposed(e: Node) -> Node:
    """The transpose of an answer, as it is written."""
    return e.arg if isinstance(e, T) else T(e)


def identify_title(problem: Problem) -> str:
    """The title of the step that reads the derivative off."""
    if is_scalar(problem.wrt[0].shape):
        return "Identify the derivative"
    return "Identify the gradient" if is_scalar(problem.function.shape) else "Identify the Jacobian"
