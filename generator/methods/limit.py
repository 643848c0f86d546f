"""The derivative from its definition: difference quotients, one for each input, and their limits."""

from __future__ import annotations

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Limit, Mat, Partial
from generator.expr.make import add, mul, neg, num, scalar
from generator.expr.match import depends, substitute
from generator.expr.nodes import Div, Entry, Node, Sym
from generator.expr.scalar import difference_quotient
from generator.expr.shapes import Dim, is_column, is_scalar, resolve
from generator.methods import frame
from generator.methods.partials import ORDINALS, stacked
from generator.methods.several_steps import STEPS, free
from generator.methods.story import Story
from generator.problem import Problem

MOST_INPUTS = 4


def tell(problem: Problem) -> Derivation:
    """The derivative of a polynomial, or of several in a column, as limits of difference quotients.

    Raises:
        NotDerivable: the function is not written out in coordinates, or is no polynomial in them.
    """
    inputs, story, number = coordinates(problem), Story(), is_scalar(problem.function.shape)
    h = scalar(free(STEPS, {s.name for s in problem.named}))
    story.step("The difference quotient")
    if isinstance(problem.body, App):
        answer = of_a_function(problem, problem.body, story, h)
    else:
        columns = [one_input(problem, story, inputs, k, h) for k in range(len(inputs))]
        answer = assembled(problem, columns)
        if len(inputs) > 1:
            story.step("All inputs together")
            rows = problem.layout.jacobian == "denominator"
            several = (
                f"The derivatives by the inputs are the {'rows' if rows else 'columns'} of the Jacobian:"
            )
            story.say("One partial derivative for each input:" if number else several)
            story.line(frame.gradient_of(problem), answer, "assembly")
    idea = Say("Move one input by a small number, divide the change of {0} by it, and let it go to zero.",
               (problem.function,))  # fmt: skip
    return frame.derivation(problem, "limit", story, answer, idea)


def coordinates(problem: Problem) -> tuple[Node, ...]:
    """The inputs, each a number.

    Raises:
        NotDerivable: the variable has no entries that could be written out, or there are too many.
    """
    x = problem.wrt[0]
    if all(is_scalar(s.shape) for s in problem.wrt):
        return problem.wrt
    n = resolve(x.shape[0])
    if not (is_column(x.shape) and isinstance(n, Dim) and not n.names and n.factor <= MOST_INPUTS):
        raise NotDerivable(f"the limit is taken for up to {MOST_INPUTS} inputs, each a number of its own")
    whole = substitute(problem.body, {Entry(x, (num(k),)): num(0) for k in range(1, MOST_INPUTS + 1)})
    if depends(whole, frozenset({x.name})):
        raise NotDerivable(f"the limit needs {x.name} written out in coordinates ({x.name}_1, …)")
    return tuple(Entry(x, (num(k),)) for k in range(1, n.factor + 1))


def outputs(problem: Problem) -> tuple[Node, ...]:
    """The outputs, each a number.

    Raises:
        NotDerivable: the function is an array that is not written out.
    """
    body = problem.body
    if is_scalar(body.shape):
        return (body,)
    if isinstance(body, Mat) and is_column(body.shape):
        return body.cells
    raise NotDerivable(f"the limit needs {problem.function.name} written out: stack(…, …)")


def quotient(after: Node, before: Node, h: Sym) -> Node:
    """A difference quotient."""
    return Div(add(after, neg(before)), h)


def one_input(problem: Problem, story: Story, inputs: tuple[Node, ...], k: int, h: Sym) -> Node:
    """The derivative by one input: the definition, the differences, multiplied out, divided, at the limit."""
    here, cells = inputs[k], outputs(problem)
    head, moved = Partial(problem.function, here, problem.layout), add(here, h)
    if len(inputs) > 1:
        story.step(f"The {ORDINALS[k]} input")
    if problem.parameters:
        at = tuple(moved if c == here else c for c in inputs)
        whole = quotient(App(problem.function, at), App(problem.function, inputs), h)
        story.line(head, Limit(h, whole), "limit")
    parts = [difference_quotient(cell, here, h) for cell in cells]
    plain = [add(substitute(cell, {here: moved}), neg(cell)) for cell in cells]
    for stage in (plain, [change for change, _ in parts]):
        story.line(head, Limit(h, over(column(stage), h)), "limit")
    story.line(head, Limit(h, column([rate for _, rate in parts])), "limit")
    answer = column([difference_quotient(cell, here, h, at=0)[1] for cell in cells])
    story.line(head, answer, "limit")
    return answer


def over(e: Node, h: Sym) -> Node:
    """A number as a fraction, a column with 1/h before it."""
    return Div(e, h) if is_scalar(e.shape) else mul(Div(num(1), h), e)


def column(cells: list[Node]) -> Node:
    """Numbers below one another; one of them stands alone."""
    return cells[0] if len(cells) == 1 else Mat(tuple(cells), 1)


def assembled(problem: Problem, columns: list[Node]) -> Node:
    """The derivatives by all inputs as the layout arranges them."""
    if len(columns) == 1:
        return columns[0]
    if is_scalar(problem.function.shape):
        return stacked(problem, tuple(columns))
    rows = [c.cells for c in columns if isinstance(c, Mat)]  # those of one input
    if problem.layout.jacobian == "denominator":
        return Mat(tuple(e for row in rows for e in row), len(rows[0]))
    return Mat(tuple(row[j] for j in range(len(rows[0])) for row in rows), len(rows))


def of_a_function(problem: Problem, body: App, story: Story, h: Sym) -> Node:
    """A function of one number of which nothing more is known: the limit is what its derivative means.

    Raises:
        NotDerivable: it is applied to more than the variable.
    """
    t = problem.wrt[0]
    if body.args != problem.wrt or not is_scalar(t.shape):
        raise NotDerivable("the limit is taken of a function of one number", hint="use --method chain")
    head = frame.gradient_of(problem)
    moved = substitute(body, {t: add(t, h)})
    answer = Jac(body.fun, body.args, problem.layout)
    story.line(head, Limit(h, quotient(moved, body, h)), "limit")
    story.line(head, answer, "limit")
    return answer
