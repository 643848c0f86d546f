"""The skeleton that every solution shares: size first, idea, steps, boxed answer, checks."""

from __future__ import annotations

from generator.derivation import Derivation, Item, Line, Say
from generator.expr.calculus import Dims, Grad, Partial
from generator.expr.match import find
from generator.expr.nodes import Call, Div, Inv, Node, Norm, Pow, Sym
from generator.expr.shapes import is_column, is_scalar
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
    if is_scalar(f.shape) and not (len(wrt) == 1 and is_scalar(wrt[0].shape)):
        return Grad(f, wrt, problem.parameters, problem.layout)
    return Partial(f, wrt[0], problem.layout)


def size_items(problem: Problem) -> tuple[Item, ...]:
    """The size of the answer, before any computing."""
    f, x, d = problem.function, problem.wrt[0], gradient_of(problem)
    if is_scalar(f.shape) and len(problem.wrt) == 1:
        if is_scalar(x.shape):
            return (Say("Both {0} and {1} are numbers, so the derivative is a number.", (f, x)),)
        what = "vector" if is_column(x.shape) else "matrix"
        text = (
            "{0} is a number and {1} is a " + what + " of size {2}. The gradient {3} holds one partial derivative "
            "for each entry of {1}, so it has size {4}."
        )
        return (Say(text, (f, x, Dims(x.shape), d, Dims(d.shape))),)
    return ()


def derivation(
    problem: Problem, method: str, story: Story, answer: Node, idea: Say, parts: tuple[tuple[Sym, Node], ...] = (),
) -> Derivation:  # fmt: skip
    """Close the story and put it into its frame."""
    story.end()
    line = Line(gradient_of(problem), answer, "identification")
    return Derivation(
        problem, method, size_items(problem), idea, tuple(story.steps), (line,),
        checks=checks(problem, answer), conditions=conditions(problem, answer), names=parts,
    )  # fmt: skip


def checks(problem: Problem, answer: Node) -> tuple[Say, ...]:
    """What a careful reader checks at the end: the size."""
    if is_scalar(answer.shape):
        return ()
    wrt = problem.wrt[0]
    text = "Size: the answer is {0}, and so is {1}." if answer.shape == wrt.shape else "Size: the answer is {0}."
    return (Say(text, (Dims(answer.shape), wrt)[: 2 if answer.shape == wrt.shape else 1]),)


def conditions(problem: Problem, answer: Node) -> tuple[Say, ...]:
    """Where the result holds: what must be invertible, non-zero or positive."""
    found: list[Say] = []
    for e in (problem.body, answer):
        for inverse in find(e, Inv):
            found.append(Say("{0} must be invertible.", (inverse.arg,)))
        for call in find(e, Call):
            if call.name == "logdet":
                found.append(Say("{0} must be invertible.", call.args))
            elif call.name in ("log", "sqrt"):
                found.append(Say("{0} must be positive" + ("." if is_scalar(call.shape) else ", entry by entry."), call.args))
            elif call.name in ("abs", "relu", "sign"):
                found.append(Say("No entry of {0} may be zero: there is a kink." , call.args))
        for norm in find(e, Norm):
            if not _squared(norm, e):
                found.append(Say("{0} must not be zero.", (norm.arg,)))
        for q in find(e, Div):
            if find(q.den, Sym):
                found.append(Say("{0} must not be zero.", (q.den,)))
    return tuple(dict.fromkeys(found))


def _squared(norm: Norm, e: Node) -> bool:
    return any(isinstance(p, Pow) and p.base == norm for p in find(e, Pow))
