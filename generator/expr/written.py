"""An expression with its entries written out: [∂f/∂x_1 ⋯ ∂f/∂x_n]; long sides are printed with dots."""

from __future__ import annotations

from typing import Literal

from generator.expr.calculus import Ellipsis, Grad, Mat, Partial
from generator.expr.make import num
from generator.expr.nodes import Entry, Node, Num, Size, Sym, T
from generator.expr.shapes import Dim, Dimension, is_column, is_matrix, is_row, is_scalar, resolve

_LONGEST = 3  # a side of so many entries is printed without dots

Index = Node | None  # the value of an index, or nothing where the dots stand


def written_out(e: Node) -> Mat:
    """The matrix of the entries of an expression, a derivative among them."""
    rows, columns = (_indices(side) for side in e.shape)
    cells = tuple(_cell(e, i, j) for i in rows for j in columns)
    dots = None in rows or None in columns
    return Mat(cells, len(columns), e.shape if dots else None)


def _indices(side: Dimension) -> list[Index]:
    side = resolve(side)
    if isinstance(side, Dim) and not side.names and side.factor <= _LONGEST:
        return [num(k) for k in range(1, side.factor + 1)]
    return [num(1), None, Size(side)]


def _cell(e: Node, i: Index, j: Index) -> Node:
    if i is not None and j is not None:
        return entry(e, i, j)
    kind: Literal["cdots", "vdots", "ddots"] = "ddots" if i is j else "vdots" if i is None else "cdots"
    return Ellipsis(kind)


def entry(e: Node, i: Node, j: Node) -> Node:
    """The entry in row i and column j; that of a derivative is a derivative of entries."""
    match e:
        case T(arg):
            return entry(arg, j, i)
        case Grad(fun, wrt, order=2):
            return Partial(Partial(fun, _coordinate(wrt, j)), _coordinate(wrt, i))
        case Grad(fun, wrt) if not is_matrix(wrt[0].shape):
            return Partial(fun, _coordinate(wrt, j if is_row(e.shape) else i))
        case Grad(fun, wrt):
            return Partial(fun, _part(wrt[0], i, j))
        case Partial(of, wrt, layout) if is_column(of.shape) and is_column(wrt.shape):
            output, coordinate = (i, j) if layout.jacobian == "numerator" else (j, i)
            return Partial(_part(of, output, j), _part(wrt, coordinate, j))
        case Partial(of, wrt):
            along = j if is_row(e.shape) and is_column(wrt.shape) else i
            return Partial(_part(of, i, j), _part(wrt, along, j))
    return _part(e, i, j)


def _coordinate(wrt: tuple[Sym, ...], k: Node) -> Node:
    """A coordinate of the variable: an entry of a vector, or one of several scalars."""
    if len(wrt) == 1:
        return _part(wrt[0], k, k)
    assert isinstance(k, Num)  # as many coordinates as are named
    return wrt[int(k.value) - 1]


def _part(e: Node, i: Node, j: Node) -> Node:
    """An entry of something that has entries; a number is its own."""
    if is_scalar(e.shape):
        return e
    return Entry(e, (i,) if is_column(e.shape) else (i, j))
