"""Critical points: where the gradient vanishes, found exactly, each checked and classified by the Hessian."""

from __future__ import annotations

from collections.abc import Sequence

from generator.derivation import Say
from generator.errors import NotDerivable
from generator.expr import scalar
from generator.expr.calculus import App, Grad, Group, Mat, Partial, Rel
from generator.expr.make import num
from generator.expr.match import substitute
from generator.expr.nodes import Add, Entry, Neg, Node, Sym
from generator.expr.shapes import is_scalar
from generator.methods import definite
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.coefficient import number

VERDICTS = {
    "positive definite": "a local minimum",
    "negative definite": "a local maximum",
    "indefinite": "a saddle point",
}
MOST_POINTS = 12


def tell(
    problem: Problem, coordinates: tuple[Node, ...], story: Story, slopes: list[Node], hessian: Mat
) -> tuple[Say, ...]:
    """Solve gradient = 0, then check and classify every solution; what each of them is.

    Raises:
        NotDerivable: the equations are beyond exact solution, or the points are not isolated.
    """
    points = scalar.solve(slopes, coordinates)
    if len(points) > MOST_POINTS:
        raise NotDerivable(f"there are {len(points)} critical points, too many to list")
    alone = is_scalar(problem.wrt[0].shape) and len(problem.wrt) == 1
    story.step("Find the critical points")
    if not points:
        factors(problem, coordinates, story, slopes)
        what = "the derivative is" if alone else "all partial derivatives are"
        story.say(f"There is no point at which {what} zero, so there is no critical point.")
        return ()
    if len(points) == 1 and not alone and len(problem.wrt) == 1:
        equations(problem.wrt[0], coordinates, story, slopes, points[0])
    else:
        factors(problem, coordinates, story, slopes)
        listing(story, points, alone=alone)
    told = []
    for k, point in enumerate(points, 1):
        story.step(f"Critical point {k}" if len(points) > 1 else "Classify the critical point")
        if alone:
            told.append(one_variable(problem, coordinates[0], story, slopes[0], hessian.cells[0], point[0]))
        else:
            told.append(classify(problem, coordinates, story, hessian, point))
    return tuple(say for say in told if say)


def equations(
    x: Sym, coordinates: tuple[Node, ...], story: Story, slopes: list[Node], point: tuple[Node, ...]
) -> None:
    """The equations that a single critical point satisfies, and the point."""
    star = Sym(f"{x.name}_star", x.shape)
    there: dict[Node, Node] = {c: Entry(star, c.indices) for c in coordinates if isinstance(c, Entry)}
    story.say("At a critical point {0} every partial derivative is zero:", star)
    for slope in slopes:
        story.line(substitute(slope, there), num(0), mode="condition")
    story.say("These equations have exactly one solution:")
    story.line(star, Mat(point, 1), mode="condition")


def listing(story: Story, points: Sequence[tuple[Node, ...]], *, alone: bool) -> None:
    """The solutions of the equations."""
    what = "the derivative is" if alone else "all partial derivatives are"
    many = "exactly one point" if len(points) == 1 else f"exactly {len(points)} points"
    told = [p[0] if alone else Mat(p, 1) for p in points]
    story.say(
        f"Solving the equations shows that {what} zero at {many}: {definite.listed(len(points))}.", *told
    )


def factors(problem: Problem, coordinates: tuple[Node, ...], story: Story, slopes: list[Node]) -> None:
    """Partial derivatives that factor are easier to set to zero."""
    story.say(
        "At a critical point every first derivative is zero. A product is zero where one of its factors is."
    )
    shown = False
    for c, slope in zip(coordinates, slopes, strict=True):
        product = scalar.factored(slope)
        if product is not None and isinstance(slope.arg if isinstance(slope, Neg) else slope, Add):
            head = Partial(problem.function, c, problem.layout)
            story.line(head, slope, "substitution")
            story.line(head, product)
            shown = True
    if not shown:
        story.items.pop()


def arguments(problem: Problem, coordinates: tuple[Node, ...], values: tuple[Node, ...]) -> tuple[Node, ...]:
    """How the function is applied at a point: f(1, −1); parameters that are no coordinates stay."""
    if not set(coordinates) <= set(problem.parameters):
        return values
    known = dict(zip(coordinates, values, strict=True))
    return tuple(known.get(p, p) for p in problem.parameters)


def at(e: Node, coordinates: tuple[Node, ...], values: tuple[Node, ...]) -> Node:
    """The value of an expression at a point, as short as exact algebra makes it."""
    return scalar.simplified(substitute(e, dict(zip(coordinates, values, strict=True))))


def classify(
    problem: Problem, coordinates: tuple[Node, ...], story: Story, hessian: Mat, point: tuple[Node, ...]
) -> Say | None:
    """One critical point: the gradient vanishes there, the Hessian there, and what its minors say."""
    args = arguments(problem, coordinates, point)
    gradient = Grad(problem.function, problem.wrt, args, problem.layout)
    n = len(coordinates)
    zeros = Mat((num(0),) * n, n if problem.layout.gradient == "row" else 1)
    story.say("The gradient is zero there, as it must be:")
    story.line(gradient, zeros, "substitution")
    story.say("The Hessian at this point is")
    here = Mat(tuple(at(c, coordinates, point) for c in hessian.cells), n)
    story.line(Grad(problem.function, problem.wrt, args, problem.layout, 2), here, "substitution")
    story.close_chain()
    kind = definite.tell(story, here)
    return verdict(problem, coordinates, story, point, kind, args, hessian)


def verdict(
    problem: Problem, coordinates: tuple[Node, ...], story: Story, point: tuple[Node, ...],
    kind: definite.Kind, args: tuple[Node, ...], hessian: Mat,
) -> Say | None:  # fmt: skip
    """What kind of point it is, with the value of the function."""
    if kind not in VERDICTS:
        if kind == "unknown":
            story.say("What kind of point it is depends on the signs of the constants.")
        else:
            story.say(
                "A semidefinite Hessian decides nothing: look at higher order, or at the function itself."
            )
        return None
    value = Rel(App(problem.function, args), "=", at(problem.body, coordinates, point))
    constant = kind.endswith(" definite") and all(number(c) is not None for c in hessian.cells)
    what = VERDICTS[kind].replace("local", "global") if constant else VERDICTS[kind]
    because = ", because the Hessian is the same everywhere" if constant else ""
    story.say(f"The point is {what}{because}; there {{0}}.", value)
    return Say(f"The point {{0}} is {what}, with {{1}}.", (Mat(point, 1), value))


def one_variable(
    problem: Problem, x: Node, story: Story, slope: Node, second: Node, value: Node
) -> Say | None:
    """A critical point of a function of one variable."""
    put = {x: Group(value)}
    there = substitute(slope, put)
    story.say("The first derivative is zero there, as it must be:")
    story.line(there, num(0))
    result = at(second, (x,), (value,))
    written = substitute(second, put)
    story.say("The second derivative there:")
    if written != result:
        story.line(written, result)
    else:
        story.items.pop()
    story.close_chain()
    sign = scalar.sign(result)
    if not sign:
        unknown = "What kind of point it is depends on the signs of the constants."
        story.say(
            unknown
            if sign is None
            else "Zero decides nothing: look at higher order, or at the function itself."
        )
        return None
    what = "minimum" if sign > 0 else "maximum"
    story.say(f"Since {{0}}, the point is a local {what}.", Rel(result, ">" if sign > 0 else "<", num(0)))
    return Say(f"The point {{0}} is a local {what}.", (value,))
