"""A map that is written out in components, F(x, y) = (x²y, 5x + sin y): its Jacobian, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import Mat, Partial
from generator.expr.make import num
from generator.expr.match import find, substitute
from generator.expr.nodes import Entry, Node
from generator.expr.shapes import is_column, is_scalar
from generator.methods import frame, partials
from generator.methods.coordinates import cells
from generator.methods.story import Story
from generator.problem import Problem


def tell(problem: Problem) -> Derivation:
    """The Jacobian of a vector that is written out in components.

    Raises:
        NotDerivable: the function is not such a vector, or not written in the entries of its variable.
    """
    components = components_of(problem)
    coordinates = partials.coordinates_of(problem)
    story = Story()
    if not isinstance(problem.body, Mat):
        story.step("Write the function in components")
        story.line(partials.value_of(problem), problem.body)
        story.line(partials.value_of(problem), Mat(components, 1), "components")
    names = [Entry(problem.function, (num(i + 1),)) for i in range(len(components))]
    several = len(coordinates) > 1 or not is_scalar(problem.wrt[0].shape)
    goal(problem, story, names, coordinates)
    rows = [component(problem, story, name, coordinates, body)
            for name, body in zip(names, components, strict=True)]  # fmt: skip
    answer = arranged(problem, rows)
    story.step("Collect the entries" if several else "Stack the derivatives")
    story.line(frame.gradient_of(problem), answer, "assembly")
    line = ("row" if by_rows(problem) else "column") if several else "entry"
    idea = Say(f"Differentiate one component after the other, by each coordinate: each gives one {line}.")
    return frame.derivation(problem, "partials", story, answer, idea)


def components_of(problem: Problem) -> tuple[Node, ...]:
    """The components of the function.

    Raises:
        NotDerivable: see ``tell``.
    """
    if not (is_column(problem.function.shape) and find(problem.body, Mat)):
        raise NotDerivable(
            "the method of partial derivatives is for functions that are written out in components",
            hint="use --method index",
        )
    return tuple(cell for row in cells(problem.body) for cell in row)


def by_rows(problem: Problem) -> bool:
    """Whether each component has a row of the Jacobian."""
    return problem.layout.jacobian == "numerator"


def arranged(problem: Problem, rows: Sequence[tuple[Node, ...]]) -> Mat:
    """The entries as the layout has them: a row for each component, or a column."""
    lines = rows if by_rows(problem) or len(rows[0]) == 1 else list(zip(*rows, strict=True))
    return Mat(tuple(entry for line in lines for entry in line), len(lines[0]))


def goal(problem: Problem, story: Story, names: list[Entry], coordinates: tuple[Node, ...]) -> None:
    """What the answer is made of, before anything is computed."""
    head = frame.gradient_of(problem)
    story.step("Understand the goal")
    if is_scalar(problem.wrt[0].shape) and len(coordinates) == 1:
        story.say("{0} has {1} components, each a function of the number {2}, so the derivative is a vector "
                  "of the same size:", problem.function, num(len(names)), coordinates[0])  # fmt: skip
    else:
        line = "row" if by_rows(problem) else "column"
        across = "column" if line == "row" else "row"
        story.say(
            f"{{0}} has {{1}} components and there are {{2}} coordinates. The Jacobian has one {line} for "
            f"each component and one {across} for each coordinate:",
            problem.function, num(len(names)), num(len(coordinates)),
        )  # fmt: skip
    rows = [tuple(Partial(name, c, problem.layout) for c in coordinates) for name in names]
    story.line(head, arranged(problem, rows), "assembly")


def component(
    problem: Problem, story: Story, name: Entry, coordinates: tuple[Node, ...], body: Node
) -> tuple[Node, ...]:
    """The partial derivatives of one component."""
    k = int(name.indices[0].value) - 1  # type: ignore[attr-defined]
    word = partials.ORDINALS[k] if k < len(partials.ORDINALS) else f"{k + 1}th"
    story.step(f"The {word} component")
    story.line(name, body)
    found = []
    for c in coordinates:
        names, back = partials.renamed(coordinates)
        x = names[c]
        inside = substitute(body, names)
        terms = partials.terms_of(inside)
        head = Partial(name, c, problem.layout)
        found.append(substitute(partials.differentiate(story, head, terms, x, back), back))
    return tuple(found)
