"""The derivative of one stage of a composition: how it is arranged, why it looks so, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from generator.derivation import Derivation, Step
from generator.errors import NotDerivable
from generator.expr.abstract import Jac
from generator.expr.calculus import App, D, Mat, Partial
from generator.expr.layout import Layout
from generator.expr.make import num, scalar
from generator.expr.match import depends, find, substitute
from generator.expr.nodes import Entry, Eye, Node, T
from generator.expr.shapes import ONE, Dim, Shape, dim, is_column, is_matrix, is_scalar, resolve
from generator.methods import differential, frame, index_notation, partials
from generator.methods.chain_stages import Stage
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.tidy import tidy

WHY = {
    "linear": "{0} is linear in {1}, up to a constant, so its derivative is what multiplies {1}:",
    "elementwise": "Each entry of {0} depends on the same entry of {1} alone, so the Jacobian is diagonal:",
    "same": "{0} is {1} itself:",
    "part": "Only {1} moves, and the other parts are held fixed:",
    "norm": "The squared length is a sum of squares, and the slope of a square is twice its base:",
    "scalar": "An ordinary derivative in one variable:",
    "other": "Entry by entry, {0} is differentiated by {1} as before:",
}


@dataclass(frozen=True)
class Factor:
    """The derivative of one stage as it is written (∂z/∂x), and whether the layout writes it turned."""

    name: Node
    turned: bool

    @property
    def number(self) -> bool:
        """Whether it is a number, which stands anywhere in a product."""
        return is_scalar(self.name.shape)


def turned(of: Shape, by: Shape, layout: Layout) -> bool:
    """Whether the layout writes the transpose of the matrix with a row for each output."""
    if is_scalar(of):
        return not is_scalar(by) and (is_matrix(by) or layout.gradient == "column")
    return not is_scalar(by) and layout.jacobian == "denominator"


def variable_shape(stage: Stage) -> Shape:
    """The shape of what a stage is a function of."""
    return stage.into[0].shape if len(stage.into) == 1 else (dim(len(stage.into)), ONE)


def factor(stage: Stage, layout: Layout) -> Factor:
    """The factor that a stage contributes to the chain rule.

    Raises:
        NotDerivable: it has more than two indices.
    """
    by = variable_shape(stage)
    if layout.derivative_shape(stage.out.shape, by) is None:
        raise NotDerivable(
            f"the derivative of {stage.out.name} by {stage.into[0].name} has more than two indices",
            hint="use --method differential",
        )
    name: Node
    if len(stage.into) == 1:
        name = Partial(stage.out, stage.into[0], layout)
    else:
        name = arranged([[Partial(e, x, layout) for x in stage.into] for e in outputs(stage)], stage, layout)
    return Factor(name, turned(stage.out.shape, by, layout))


def oriented(f: Factor, value: Node, rows_are_inputs: bool) -> Node:
    """A factor in the orientation of the whole product."""
    return value if f.number or f.turned == rows_are_inputs else T(value)


def arranged(rows: list[list[Node]], stage: Stage, layout: Layout) -> Node:
    """Partial derivatives, a row for each output, as the layout arranges them."""
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0]
    if turned(stage.out.shape, variable_shape(stage), layout):
        rows = [list(column) for column in zip(*rows, strict=True)]
    return Mat(tuple(cell for row in rows for cell in row), len(rows[0]))


def outputs(stage: Stage) -> list[Node]:
    """What a stage makes: the number, or the entries of a vector that is written out."""
    if is_scalar(stage.out.shape):
        return [stage.out]
    if not isinstance(stage.body, Mat):
        raise NotDerivable(f"{stage.out.name} is not written out entry by entry")
    return [Entry(stage.out, (num(k),)) for k in range(1, len(stage.body.cells) + 1)]


def inputs(stage: Stage) -> list[Node]:
    """What a stage is made of: numbers, or the entries of a vector of known size."""
    x = stage.into[0]
    if all(is_scalar(s.shape) for s in stage.into):
        return list(stage.into)
    n = resolve(x.shape[0])
    if not (is_column(x.shape) and isinstance(n, Dim) and not n.names):
        raise NotDerivable(f"{x.name} has no entries that could be written out")
    return [Entry(x, (num(k),)) for k in range(1, n.factor + 1)]


def tell(story: Story, stage: Stage, f: Factor, problem: Problem, chain: tuple[Stage, ...]) -> Node:
    """Tell the derivative of a stage; the result stands as the layout arranges it.

    Raises:
        NotDerivable: no law differentiates the stage.
    """
    if stage.kind == "written":
        return written(story, stage, f, problem.layout)
    if isinstance(stage.body, App) and stage.kind == "abstract":
        slope = Jac(stage.body.fun, stage.body.args, problem.layout)
        story.line(f.name, slope, "identification")
        return slope
    if stage.kind == "same":
        whole = num(1) if is_scalar(stage.out.shape) else Eye(stage.out.shape[0])
        story.say(WHY["same"], stage.out, stage.into[0])
        story.line(f.name, whole, "identification")
        return whole
    sub = stage_problem(stage, problem, chain)
    solved = solution(sub)
    out, into = stage.out, stage.into[0]
    beside = depends(stage.body, frozenset(s.out.name for s in chain[:-1]) - {into.name})
    if stage.kind == "other" and not beside and solved.method == "differential":
        story.say("Take the differential:")
        retell(story, solved.steps, sub)
        story.say("What stands in front of {0} is the derivative, as the layout arranges it:", D(into))
    else:
        story.say(WHY["part" if beside else stage.kind], out, into)
        story.line(f.name, Partial(stage.body, into, problem.layout), "substitution")
    story.line(f.name, solved.answer, "identification")
    return solved.answer


def solution(sub: Problem) -> Derivation:
    """The derivative of a stage, by differentials if they serve, otherwise in indices."""
    try:
        return differential.tell(sub)
    except NotDerivable:
        return index_notation.tell(sub)


def stage_problem(stage: Stage, problem: Problem, chain: tuple[Stage, ...]) -> Problem:
    """A stage as a problem of its own."""
    names = {s.out.name: s.out for s in chain[:-1]}
    return Problem(
        problem.id, problem.title, {**problem.symbols, **names}, stage.out, stage.body, "", stage.into,
        layout=problem.layout, notation=problem.notation,
    )  # fmt: skip


def retell(story: Story, steps: tuple[Step, ...], sub: Problem) -> None:
    """The differential of a stage, up to where the derivative is read off."""
    stop = frame.identify_title(sub)
    for step in steps:
        if step.title == stop:
            break
        story.close_chain()
        story.items.extend(step.items)


def written(story: Story, stage: Stage, f: Factor, layout: Layout) -> Node:
    """One partial derivative for each pair of entries, then all of them together."""
    ins, cells = inputs(stage), stage.body.cells if isinstance(stage.body, Mat) else (stage.body,)
    story.say("One entry at a time:")
    rows = []
    for out, cell in zip(outputs(stage), cells, strict=True):
        rows.append([one(story, Partial(out, x, layout), cell, k, ins) for k, x in enumerate(ins)])
    whole = arranged(rows, stage, layout)
    if isinstance(whole, Mat):
        story.say("Together:")
        story.line(f.name, whole, "assembly")
    return whole


def one(story: Story, head: Partial, body: Node, k: int, coordinates: list[Node]) -> Node:
    """One partial derivative, term by term."""
    names: dict[Node, Node] = {c: scalar(f"coordinate{j}") for j, c in enumerate(coordinates)}
    back = {v: c for c, v in names.items()}
    spread = substitute(body, names)
    x = scalar(f"coordinate{k}")
    now: Node = Partial(spread, x, head.layout)
    story.line(head, substitute(now, back), "substitution")
    while find(now, Partial):
        now = tidy(partials.own_slope(partials.one_pass(now, x), x), collect=False)
        story.line(head, substitute(now, back), "term by term")
    final = tidy(partials.ungrouped(now))
    if final != now:
        story.line(head, substitute(final, back), "collect")
    return substitute(final, back)
