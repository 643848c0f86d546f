"""Abstract functions in index notation: an entry of f(u) by an entry of x, through the entries of u."""

from __future__ import annotations

from generator.errors import NotDerivable
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Partial, Sum
from generator.expr.layout import Layout
from generator.expr.make import add, mul, vec
from generator.expr.match import depends
from generator.expr.nodes import Entry, Idx, Node, T
from generator.methods.bound import Letters
from generator.methods.components import component, places
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.rule import Vary


def application(e: Node) -> App | None:
    """The function that an expression is the value of, or an entry of the value; or ``None``."""
    inner = e.base if isinstance(e, Entry) else e
    return inner if isinstance(inner, App) else None


def tensor(app: App, arg: Node) -> bool:
    """Whether the derivative by an argument has more than two indices, so that only entries are written."""
    return Layout().derivative_shape(app.fun.shape, arg.shape) is None


def slope_entry(app: App, slot: int, out: tuple[Node, ...], into: tuple[Node, ...], layout: Layout) -> Node:
    """The entry of a derivative that belongs to one entry of the value and one of an argument."""
    slope = Jac(app.fun, app.args, layout, slot)
    order = (*into, *out) if layout.jacobian == "denominator" else (*out, *into)
    return Entry(slope, order) if order else slope


def through(e: Partial, wrt: Node, vary: Vary, letters: Letters) -> Node:
    """The derivative of f(u) or of an entry of it: Σ_l (J_f(u))_kl ∂u_l/∂x_i; at x itself one entry."""
    app = application(e.of)
    assert app is not None
    out = e.of.indices if isinstance(e.of, Entry) else ()
    base, entry = (wrt.base, wrt.indices) if isinstance(wrt, Entry) else (wrt, ())
    terms: list[Node] = []
    for slot, arg in enumerate(app.args):
        if not depends(arg, vary):
            continue
        if tensor(app, arg):
            raise NotDerivable(f"the derivative of {app.fun.name} has more than two indices, "
                               "and its argument is more than the variable")  # fmt: skip
        if arg == base:
            terms.append(slope_entry(app, slot, out, entry, e.layout))
            continue
        into: tuple[Idx, ...] = places(arg.shape, letters)
        inner = Partial(component(arg, into, letters), e.wrt, e.layout)
        factors = slope_entry(app, slot, out, into, e.layout), inner
        term = mul(*(factors[::-1] if e.layout.jacobian == "denominator" else factors))
        for index in reversed(into):
            term = Sum(index, term)
        terms.append(term)
    return add(*terms)


def flattened(story: Story, problem: Problem) -> None:
    """For f(y(A)) with a vector y of a matrix A: the sum as a Jacobian times a gradient, with A stacked."""
    outer, layout = problem.body, problem.layout
    inner = outer.args[0] if isinstance(outer, App) and len(outer.args) == 1 else None
    if not (isinstance(outer, App) and isinstance(inner, App) and inner.args == problem.wrt):
        return
    gradient, jacobian = Jac(outer.fun, outer.args, layout), Partial(inner, vec(problem.wrt[0]), layout)
    if layout.jacobian == "denominator":
        product = mul(jacobian, gradient)
    else:
        product = mul(gradient, jacobian) if layout.gradient == "row" else mul(T(jacobian), gradient)
    story.step("The same as a product")
    story.say(
        "With the columns of {0} stacked in one vector, the sum is a Jacobian times a gradient:", *problem.wrt
    )
    story.line(Partial(problem.function, vec(problem.wrt[0]), layout), product, "chain rule")
