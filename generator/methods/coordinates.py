"""Functions with arrays of numbers, written in the entries of their variable: xᵀMx as a polynomial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from generator.errors import NotDerivable
from generator.expr import scalar
from generator.expr.calculus import Mat
from generator.expr.functions import FUNCTIONS
from generator.expr.make import add, mul, num
from generator.expr.match import children, find, with_children
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Inv,
    Mul,
    Neg,
    Node,
    Norm,
    Ones,
    Pow,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import Dim, is_column, is_scalar, resolve
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules.coefficient import number
from generator.rules.tidy import tidy

Grid = tuple[tuple[Node, ...], ...]


def in_coordinates(problem: Problem, story: Story, head: Node) -> Problem:
    """The problem with its function in coordinates, and a step that tells so, where numbers stand in arrays.

    Raises:
        NotDerivable: the function cannot be written in coordinates.
    """
    if not find(problem.body, Mat) or not is_scalar(problem.body.shape):
        return problem
    body = written(problem.body)
    story.step("Write the function in coordinates")
    story.say("Multiply out the products of vectors and matrices:")
    story.line(head, problem.body)
    story.line(head, body, "coordinates")
    return replace(problem, body=body)


def written(e: Node) -> Node:
    """A scalar expression in the entries of its symbols, multiplied out.

    Raises:
        NotDerivable: a size is not a number, or an operation has no entries that could be written down.
    """
    ((cell,),) = cells(e)
    try:
        return scalar.expanded(cell)
    except NotDerivable:  # a function that exact algebra does not know
        return tidy(cell)


def cells(e: Node) -> Grid:
    """The entries of an expression, row by row.

    Raises:
        NotDerivable: see ``written``.
    """
    if (is_scalar(e.shape) and isinstance(e, Sym | Entry)) or not e.PARTS:
        return _named(e)
    match e:
        case Mat(cells=entries, columns=k):
            return tuple(entries[i : i + k] for i in range(0, len(entries), k))
        case T(arg=inner):
            return tuple(zip(*cells(inner), strict=True))
        case Mul(factors=factors):
            return _product([cells(f) for f in factors])
        case Pow(base=Norm(arg=inner, p=None), exponent=p) if p == num(2):
            return ((_squares(inner),),)
        case Norm(arg=inner, p=None):
            return ((Call("sqrt", (_squares(inner),)),),)
        case Call(name="sum" | "tr" as name, args=(inner,)):
            grid = cells(inner)
            kept = [c for i, row in enumerate(grid) for j, c in enumerate(row) if name == "sum" or i == j]
            return ((add(*kept),),)
        case Add() | Neg() | Had() | Div() | Pow():
            return _entrywise(e)
        case Call() if FUNCTIONS[e.name].elementwise:
            return _entrywise(e)
        case Inv(arg=inner):
            return inverse(cells(inner))
        case Call(args=(inner,)) if e.name in _WHOLE:
            return _WHOLE[e.name](cells(inner))
    raise NotDerivable(f"the entries of a {type(e).__name__} are not written out")


def _diagonal(column: Grid) -> Grid:
    zero = num(0)
    return tuple(
        tuple(row[0] if i == j else zero for j in range(len(column))) for i, row in enumerate(column)
    )


def _softmax(column: Grid) -> Grid:
    powers = [Call("exp", row) for row in column]
    return tuple((Div(p, add(*powers)),) for p in powers)


def _named(e: Node) -> Grid:
    """A number, a scalar, or the entries of a symbol."""
    if is_scalar(e.shape):
        return ((e,),)
    if isinstance(e, Eye | Zero | Ones):
        return _plain(e)
    sides = [resolve(side) for side in e.shape]
    if not isinstance(e, Sym) or any(not isinstance(side, Dim) or side.names for side in sides):
        raise NotDerivable("the size of an array is not a number")
    rows, columns = (side.factor for side in sides if isinstance(side, Dim))
    if is_column(e.shape):
        return tuple((Entry(e, (num(i + 1),)),) for i in range(rows))
    return tuple(tuple(Entry(e, (num(i + 1), num(j + 1))) for j in range(columns)) for i in range(rows))


def _plain(e: Eye | Zero | Ones) -> Grid:
    """The identity, zeros or ones, where their size is a number."""
    sides = [resolve(side) for side in e.shape]
    if any(not isinstance(side, Dim) or side.names for side in sides):
        raise NotDerivable("the size of an array is not a number")
    rows, columns = (side.factor for side in sides if isinstance(side, Dim))
    ones = (lambda i, j: i == j) if isinstance(e, Eye) else lambda i, j: isinstance(e, Ones)
    return tuple(tuple(num(int(ones(i, j))) for j in range(columns)) for i in range(rows))


def inverse(grid: Grid) -> Grid:
    """The inverse of an array of numbers.

    Raises:
        NotDerivable: it holds letters, or is singular.
    """
    n = len(grid)
    rows = [[*row, *(Fraction(i == j) for j in range(n))] for i, row in enumerate(_numbers(grid))]
    if eliminated(rows) == 0:
        raise NotDerivable("a matrix of numbers is singular")
    return tuple(tuple(num(v) for v in row[n:]) for row in rows)


def determinant(grid: Grid) -> Node:
    """The determinant of an array of numbers.

    Raises:
        NotDerivable: it holds letters.
    """
    return num(eliminated(_numbers(grid)))


def eliminated(rows: list[list[Fraction]]) -> Fraction:
    """Bring a square array, with columns to its right, to the identity; its determinant, 0 if that fails."""
    product = Fraction(1)
    for k in range(len(rows)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != k:
            rows[k], rows[pivot], product = rows[pivot], rows[k], -product
        scale, product = rows[k][k], product * rows[k][k]
        rows[k] = [v / scale for v in rows[k]]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                rows[i] = [v - row[k] * w for v, w in zip(row, rows[k], strict=True)]
    return product


def _numbers(grid: Grid) -> list[list[Fraction]]:
    values = [[number(tidy(cell)) for cell in row] for row in grid]
    if any(v is None for row in values for v in row):
        raise NotDerivable("the entries of an inverse or of a determinant with letters are not written out")
    return [[v for v in row if v is not None] for row in values]


def _squares(e: Node) -> Node:
    return add(*(Pow(c, num(2)) for row in cells(e) for c in row))


def _product(grids: list[Grid]) -> Grid:
    """Scalars scale, the others are multiplied as matrices."""
    scale = [g[0][0] for g in grids if len(g) == len(g[0]) == 1]
    chain = [g for g in grids if not len(g) == len(g[0]) == 1]
    if not chain:
        return ((mul(*scale),),)
    result = chain[0]
    for grid in chain[1:]:
        columns = tuple(zip(*grid, strict=True))
        result = tuple(
            tuple(add(*(tidy(mul(a, b)) for a, b in zip(row, column, strict=True))) for column in columns)
            for row in result
        )
    return tuple(tuple(mul(*scale, c) for c in row) for row in result) if scale else result


def _entrywise(e: Node) -> Grid:
    """The same operation on every entry; a scalar among the operands is spread."""
    grids = [cells(k) for k in children(e)]
    rows, columns = max(len(g) for g in grids), max(len(g[0]) for g in grids)

    def at(grid: Grid, i: int, j: int) -> Node:
        return grid[i if len(grid) > 1 else 0][j if len(grid[0]) > 1 else 0]

    def one(i: int, j: int) -> Node:
        kids = tuple(at(grid, i, j) for grid in grids)
        return mul(*kids) if isinstance(e, Had) else with_children(e, kids)

    return tuple(tuple(one(i, j) for j in range(columns)) for i in range(rows))


_WHOLE: dict[str, Callable[[Grid], Grid]] = {
    "diag": _diagonal,
    "softmax": _softmax,
    "det": lambda grid: ((determinant(grid),),),
}
"""Functions of arrays whose entries mix those of the argument."""
