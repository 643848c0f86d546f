"""Written-out matrices, distinctions of cases, and conditions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from generator.expr.calculus import Cases, Ellipsis, Mat, Rel
from generator.expr.latex_dots import ends
from generator.expr.latex_scripts import Range
from generator.expr.latex_tokens import Token
from generator.expr.nodes import Call, Mul, Node, Num
from generator.expr.shapes import Dimension, DimVar, Shape, dim

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

_KINDS = {r"\cdots": "cdots", r"\dots": "cdots", r"\ldots": "cdots", r"\vdots": "vdots", r"\ddots": "ddots"}
_IF = {"if", "for", "when", "where", "for all"}
_ELSE = {"otherwise", "else"}
_AND = {"and", "and if"}
ALWAYS = Num(Fraction(1))  # the condition of the last case


def cells(p: Parser, start: int, stop: int) -> list[list[Range]]:
    """The ranges of the cells of an environment, row by row; an empty last row does not count."""
    rows: list[list[Range]] = [[]]
    begin = k = start
    while k < stop:
        token = p.tokens.items[k]
        if token.kind in ("char", "macro") and token.value in ("&", r"\\"):
            rows[-1].append((begin, k))
            begin = k + 1
            if token.value == r"\\":
                rows.append([])
        k = p.tokens.partner.get(k, k) + 1
    if begin < stop or rows[-1]:
        rows[-1].append((begin, stop))
    return [row for row in rows if row]


def matrix(p: Parser, token: Token, start: int, stop: int) -> Node:
    """A matrix whose entries are written out, perhaps with dots."""
    rows = cells(p, start, stop)
    grid = [[_cell(p, token, at) for at in row] for row in rows]
    if not grid or any(len(row) != len(grid[0]) for row in grid):
        p.fail("the rows of the matrix have different lengths", token)
    found = tuple(cell for row in grid for cell in row)
    full = _full(grid) if any(isinstance(c, Ellipsis) for c in found) else None
    return p.make(token, Mat, found, len(grid[0]), full)


def _cell(p: Parser, token: Token, at: Range) -> Node:
    items = p.tokens.items[at[0] : at[1]]
    if not items:
        p.fail("the matrix has an empty cell", token)
    if len(items) == 1 and items[0].value in _KINDS:
        return Ellipsis(_KINDS[items[0].value])  # type: ignore[arg-type]
    return p.within(*at, p.sum)


def _full(grid: list[list[Node]]) -> Shape:
    """The size of a matrix with dots, from its first and last entries; a side without dots is as printed."""
    columns = [list(column) for column in zip(*grid, strict=True)]
    return _side(grid, columns), _side(columns, grid)


def _side(lines: list[list[Node]], across: list[list[Node]]) -> Dimension:
    if not any(all(isinstance(c, Ellipsis) for c in line) for line in lines):
        return dim(len(lines))
    corner = [lines[0][0], lines[-1][-1]]
    for line in [*across, corner]:
        last = ends(line[0], line[-1])
        if last is not None:
            return last
    return DimVar()


def array(p: Parser, token: Token, start: int, stop: int) -> Node:
    """A matrix as ``array``, after its column letters."""
    if start < stop and p.tokens.items[start].kind == "open":
        start = p.tokens.partner[start] + 1
    return matrix(p, token, start, stop)


def determinant(p: Parser, token: Token, start: int, stop: int) -> Node:
    """A matrix between bars."""
    return p.make(token, Call, "det", (matrix(p, token, start, stop),))


def cases(p: Parser, token: Token, start: int, stop: int) -> Node:
    """A distinction of cases."""
    values: list[Node] = []
    guards: list[Node] = []
    for row in cells(p, start, stop):
        if len(row) != 2:
            p.fail("a case is a value and a condition", token)
        (a, b), (c, d) = row
        values.append(p.within(a, _trim(p, a, b), p.sum))
        guards.append(p.within(c, _trim(p, c, d), lambda: condition(p)))
    if not values:
        p.fail("a distinction of cases without cases", token)
    first = values[0].shape
    for value in values[1:]:
        p.same_sides(token, first, value.shape)
    return Cases(tuple(values), tuple(guards))


def _trim(p: Parser, start: int, stop: int) -> int:
    """Leave out a comma or a full stop at the end."""
    last = p.tokens.items[stop - 1] if stop > start else None
    return stop - 1 if last and last.kind == "char" and last.value in ",.;" else stop


def condition(p: Parser) -> Node:
    """A condition: relations, all of which must hold; ``otherwise`` always holds."""
    token = p.peek()
    if token is not None and token.kind == "text" and _plain(token) in _ELSE:
        p.take()
        return ALWAYS
    if token is not None and token.kind == "text" and _plain(token) in _IF:
        p.take()
    outer, p.in_guard = p.in_guard, True
    try:
        found = _chain(p)
        while _and(p):
            found += _chain(p)
    finally:
        p.in_guard = outer
    return found[0] if len(found) == 1 else Mul(tuple(found))


def _plain(token: Token) -> str:
    return token.value.strip(" ,.;").lower()


def _and(p: Parser) -> bool:
    token = p.peek()
    if token is None:
        return False
    if p.at(",", r"\land", r"\wedge"):
        p.take()
        following = p.peek()
        if following is None or following.kind != "text":
            return True
        token = following
    if token.kind == "text" and _plain(token) in _AND:
        p.take()
        return True
    return False


def _chain(p: Parser) -> list[Node]:
    left = p.sum()
    found: list[Node] = []
    while (op := p.relation()) is not None:
        right = p.sum()
        found.append(Rel(left, op, right))
        left = right
    if not found:
        p.unexpected("a condition is a relation, such as `i = j`")
    return found


Environment = Callable[["Parser", Token, int, int], Node]
ENVIRONMENTS: dict[str, Environment] = {
    **dict.fromkeys(("bmatrix", "pmatrix", "matrix", "smallmatrix", "bsmallmatrix", "psmallmatrix"), matrix),
    "array": array, "vmatrix": determinant, "cases": cases, "dcases": cases,
}  # fmt: skip
