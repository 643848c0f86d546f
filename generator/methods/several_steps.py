"""How the effects of several arguments add up, and why the sum is a product of a Jacobian and a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.expr.calculus import App, Dims, Limit, Mat, Partial, Under
from generator.expr.make import add, mul, neg, scalar
from generator.expr.match import substitute
from generator.expr.nodes import Div, Entry, Node, Sym, T
from generator.expr.shapes import ONE, dim
from generator.methods.bound import Letters

if TYPE_CHECKING:
    from generator.methods.lemma import Lemma
    from generator.methods.several import Several

STEPS = ("h", "tau", "epsilon", "h0")  # letters for a small change
MAPS = ("phi", "psi", "varphi", "phi0")  # letters for the map that stacks the arguments


def free(letters: tuple[str, ...], taken: set[str]) -> str:
    """The first letter that means nothing yet."""
    return next(name for name in letters if name not in taken)


def sized(e: Node) -> Node:
    """An expression with its size under it."""
    return Under(e, (Dims(e.shape),))


def increments(told: Several) -> None:
    """Why the effects add up: the arguments change one after the other, and their rates are added."""
    problem, story, outer, n = told.problem, told.story, told.outer, len(told.parts)
    x = problem.wrt[0]
    h = scalar(free(STEPS, told.taken))
    moved = {p.slot: substitute(p.body, {x: add(x, h)}) for p in told.parts}

    def value(count: int) -> Node:
        """The function with all but the first ``count`` arguments moved."""
        later = {p.slot for p in told.parts[count:]}
        return App(outer.fun, tuple(moved[k] if k in later else a for k, a in enumerate(outer.args)))

    def rate(after: Node, before: Node) -> Node:
        return Limit(h, Div(add(after, neg(before)), h))

    slope = Partial(problem.function, x, problem.layout)
    story.step("Small changes")
    story.say("Let {0} grow a little. The change of {1} is a sum of changes of one argument at a time:",
              x, problem.function)  # fmt: skip
    story.line(slope, rate(value(0), value(n)), "limit")
    story.line(slope, add(*(rate(value(k), value(k + 1)) for k in range(n))), "limit")
    story.say("In each a single argument changes, and to first order {0} changes by a multiple of that:",
              problem.function)  # fmt: skip
    for k, part in enumerate(told.parts):
        grown = rate(moved[part.slot], part.body)
        story.line(rate(value(k), value(k + 1)), mul(told.outside(part), grown), "limit")


def changes(told: Several) -> None:
    """Why the effects add up, in words."""
    wrt = told.problem.wrt
    listed = " and ".join(f"{{{k + 1}}}" for k in range(len(wrt)))
    told.story.say(f"A change of {listed} changes every argument, and every argument changes {{0}}. "
                   "To first order these effects add up:", told.problem.function, *wrt)  # fmt: skip


def of_numbers(told: Several) -> Node:
    """The derivative by one number or by several: a sum for each, and one product for all."""
    problem, story = told.problem, told.story
    one = len(problem.wrt) == 1
    story.step("Add up the effects of all arguments")
    if story.steps[-1].title == "Small changes":
        story.say("The limits that are left are derivatives, so:")
    else:
        changes(told)
    for x in problem.wrt:
        story.line(Partial(problem.function, x, problem.layout), told.total(x), "chain rule")
    story.step("The same as a product")
    story.say("The derivatives by the arguments stand in one factor, those of the arguments in the other, "
              "and the size of each under it:")  # fmt: skip
    product = matrices(told)
    story.line(told.head, mul(*map(sized, product)), "components")
    return told.total(problem.wrt[0]) if one else mul(*product)


def matrices(told: Several) -> list[Node]:
    """The gradient by the arguments and the Jacobian of the arguments, in the order of the layout."""
    wrt, layout, n = told.problem.wrt, told.problem.layout, len(told.parts)
    outside = tuple(map(told.outside, told.parts))
    rows = [[told.inside(p, x) for x in wrt] for p in told.parts]
    if layout.gradient == "row" or (len(wrt) == 1 and layout.jacobian == "numerator"):
        return [Mat(outside, n), Mat(tuple(e for row in rows for e in row), len(wrt))]
    return [Mat(tuple(row[k] for k in range(len(wrt)) for row in rows), n), Mat(outside, 1)]


def of_a_vector(told: Several, slopes: dict[Node, Node], lemma: Lemma | None) -> Node:
    """The gradient: a sum for each coordinate, then the Jacobian of the stacked arguments in a product."""
    problem, story = told.problem, told.story
    w, layout = problem.wrt[0], problem.layout
    letters = Letters.beside(problem.named)
    entry = Entry(w, (letters.next(w.shape[0]),))
    story.step("Add up the effects of all arguments")
    changes(told)
    story.line(Partial(problem.function, entry, layout), told.total(entry), "chain rule")
    story.step("Stack the arguments")
    story.say("All arguments together are one map, whose Jacobian has a block for each of them:")
    phi = Sym(free(MAPS, told.taken), (dim(len(told.parts)), ONE))
    story.line(phi, Mat(tuple(p.body for p in told.parts), 1), mode="definition")
    columns = tuple(slopes[told.inside(p, w)] for p in told.parts)
    blocks, side_by_side = stacked(told, columns)
    story.line(Partial(phi, w, layout), blocks, "assembly")
    lead = f"By {lemma.label}, the gradient" if lemma else "So the sum"
    story.say(f"{lead} is the product of this Jacobian and the gradient of {{0}} by its arguments, "
              "with the size of each factor under it:", told.outer.fun)  # fmt: skip
    gradient = Mat(tuple(map(told.outside, told.parts)), len(columns) if layout.gradient == "row" else 1)
    story.line(told.head, mul(*map(sized, ordered(told, Partial(phi, w, layout), gradient))), "chain rule")
    product = [gradient, blocks] if layout.gradient == "row" else [side_by_side, gradient]
    story.line(told.head, mul(*product), "substitution")
    total = add(*(mul(told.outside(p), c) for p, c in zip(told.parts, columns, strict=True)))
    story.line(told.head, total, "components")
    return total


def stacked(told: Several, slopes: tuple[Node, ...]) -> tuple[Node, Node]:
    """The Jacobian of the stacked arguments as the layout has it; and with a column for each argument."""
    layout = told.problem.layout
    if layout.gradient == "row":
        rows = Mat(slopes, 1)
        return rows, rows
    columns = Mat(slopes, len(slopes))
    return (columns if layout.jacobian == "denominator" else Mat(tuple(map(T, slopes)), 1)), columns


def ordered(told: Several, jacobian: Node, gradient: Node) -> list[Node]:
    """The two factors as the layout multiplies them."""
    layout = told.problem.layout
    if layout.gradient == "row":
        return [gradient, jacobian]
    return [jacobian if layout.jacobian == "denominator" else T(jacobian), gradient]
