"""Derivatives with more than two indices in index form: an entry of the output by an entry of the input.

The size comes first; then the entry as a sum, its derivative with Kronecker deltas, the cases that the deltas
distinguish, and one slice written out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from generator.derivation import Derivation, Line, Say
from generator.expr.calculus import Cases, Delta, Ellipsis, Mat, Partial, Rel, Sum
from generator.expr.make import mul, num
from generator.expr.match import find, substitute, transform
from generator.expr.nodes import Entry, Idx, Node, Num, Size
from generator.expr.shapes import Dim, Dimension, is_column, is_matrix, is_row, resolve
from generator.methods import frame, index_notation
from generator.methods.index_notation import write_out
from generator.methods.index_parts import by_deltas, spelled_out
from generator.methods.indexed import Indexed, indexed, with_names
from generator.problem import Problem
from generator.rules.tidy import tidy

MOST_DELTAS = 2  # with more of them a distinction of cases is no longer easier to read than the formula
SHOWN = 3  # a side that is longer than this is written with dots


def tell(problem: Problem, *, deltas: bool = False) -> Derivation:
    """The derivative of a problem by indices, whatever the number of its indices.

    Raises:
        NotDerivable: see ``index_notation.tell``, which also says what ``deltas`` are for.
    """
    if deltas or not problem.tensor:
        return index_notation.tell(problem, deltas=deltas)
    told = with_names(indexed(problem))
    sizes(told)
    write_out(told)
    result = spelled_out(told, by_deltas(told))
    cases(told, result)
    slice_written_out(told, result)
    closed = frame.derivation(problem, "index", told.story, result, idea(problem))
    return replace(closed, answers=(Line(told.derivative, result, "delta"),))


def idea(problem: Problem) -> Say:
    """The idea of the method in one sentence."""
    return Say(
        "The derivative of {0} by {1} is no matrix, so describe it entry by entry: "
        "one entry of {0}, differentiated by one entry of {1}.",
        (problem.function, problem.wrt[0]),
    )


def sizes(told: Indexed) -> None:
    """What comes in, what goes out, and how many derivatives there are."""
    f, x, story = told.problem.function, told.problem.wrt[0], told.story
    story.step("Sizes first")
    story.say("Input: {0} has size {1}.", x, frame.written_size(x), bullet=True)
    story.say("Output: {0} has size {1}.", f, frame.written_size(f), bullet=True)
    numerator = told.problem.layout.jacobian == "numerator"
    sides = [f, x] if numerator else [x, f]
    written = (f"({{{k}}})" if is_matrix(e.shape) else f"{{{k}}}" for k, e in enumerate(sides))
    story.say(
        f"So the derivative has size {' × '.join(written)}: a number for each entry of {{2}} "
        "and each entry of {3}. Its indices are those of {4} and of {5}.",
        *map(frame.written_size, sides), f, x, told.value, told.wrt, bullet=True,
    )  # fmt: skip


# --- cases ----------------------------------------------------------------------------------------


def cases(told: Indexed, result: Node) -> None:
    """What the entry is where the deltas are one, if it is zero where they are not."""
    deltas = list(dict.fromkeys(find(result, Delta)))
    if not sparse(told, result) or len(deltas) > MOST_DELTAS:
        return
    found: list[tuple[Node, Node]] = []
    for pattern in product((True, False), repeat=len(deltas)):
        value = in_case(told, result, dict(zip(deltas, pattern, strict=True)))
        if value != num(0):
            equal = [Rel(d.i, "=", d.j) for d, one in zip(deltas, pattern, strict=True) if one]
            found.append((value, mul(*equal)))
    story = told.story
    story.step("Case by case")
    story.say("A delta is one where its indices agree, and zero elsewhere:")
    values, guards = zip(*found, strict=True)
    story.line(told.derivative, Cases((*values, num(0)), (*guards, num(1))), "cases")
    story.say("Everywhere else {0} does not depend on {1}.", told.value, told.wrt)


def sparse(told: Indexed, result: Node) -> bool:
    """Whether the entry is zero unless some indices of output and input agree."""
    deltas = dict.fromkeys(find(result, Delta))
    free = {*told.out, *told.into}
    if not deltas or any({d.i, d.j} - free for d in deltas):
        return False
    return in_case(told, result, dict.fromkeys(deltas, False)) == num(0)


def in_case(told: Indexed, result: Node, deltas: dict[Delta, bool]) -> Node:
    """The entry where some deltas are one and the others zero; indices that are then equal get one letter."""
    value = tidy(substitute(result, {d: num(int(one)) for d, one in deltas.items()}))
    equal = [d for d, one in deltas.items() if one]
    if len(equal) < 2:
        return value
    alike: dict[Node, set[Node]] = {}
    for d in equal:
        together = alike.get(d.i, {d.i}) | alike.get(d.j, {d.j})
        alike.update(dict.fromkeys(together, together))
    order = [*told.into, *told.out]  # the letter that stays is the last of these
    return tidy(substitute(value, {i: [k for k in order if k in alike[i]][-1] for i in alike}))


# --- a slice --------------------------------------------------------------------------------------


def slice_written_out(told: Indexed, result: Node) -> None:
    """All derivatives of one entry of the output, as a matrix with mostly zeros."""
    if not sparse(told, result) or find(result, Sum):
        return
    f, x, story = told.problem.function, told.problem.wrt[0], told.story
    place = tuple(num(k) for k in range(1, len(told.out) + 1))
    lhs = Partial(Entry(f, place), x, told.problem.layout)
    here = substitute(result, dict(zip(told.out, place, strict=True)))
    rows, *columns = (shown(i.size) for i in told.into)
    turned = is_column(x.shape) and is_row(lhs.shape)
    grid = [[cell(here, told.into, at) for at in product([r], *columns)] for r in rows]
    cells = tuple(c for row in grid for c in row)
    story.step("Write one slice out")
    story.say("Fix one entry of the output, {0}. Its derivatives by all entries of {1}:", Entry(f, place), x)
    dots = any(isinstance(c, Ellipsis) for c in cells)
    if turned:
        cells = tuple(Ellipsis("cdots") if isinstance(c, Ellipsis) else c for c in cells)
    matrix = Mat(cells, len(cells) if turned else len(grid[0]), lhs.shape if dots else None)
    story.line(lhs, matrix, "assembly")
    pairs = {(d.i, d.j) for d in find(result, Delta)}
    if len(told.out) == 1 and len(told.into) == 2 and pairs == {(told.out[0], told.into[0])}:
        story.say("In the slice of {0} the same entries stand in row {1}.", told.value, told.out[0])


def shown(side: Dimension) -> list[Node | None]:
    """The values of an index that are printed: all of a short side, otherwise 1, 2, ⋯, n."""
    known = resolve(side)
    fixed = known.factor if isinstance(known, Dim) and not known.names else 0
    if 0 < fixed <= SHOWN:
        return [num(k) for k in range(1, fixed + 1)]
    return [num(1), num(2), None, num(fixed) if fixed else Size(side)]


def cell(e: Node, into: tuple[Idx, ...], at: tuple[Node | None, ...]) -> Node:
    """The entry of a slice at one place, or dots."""
    if at[0] is None:
        return Ellipsis("ddots" if None in at[1:] else "vdots")
    if None in at:
        return Ellipsis("cdots")
    values: dict[Node, Node] = {i: k for i, k in zip(into, at, strict=True) if k is not None}
    return tidy(transform(substitute(e, values), apart))


def apart(e: Node) -> Node | None:
    """The last index is none of the first ones, so a delta between them is zero."""
    if isinstance(e, Delta) and isinstance(e.i, Num | Size) and isinstance(e.j, Num | Size):
        return num(int(e.i == e.j))
    return None
