"""What the operators of the text language mean: NumPy's one-dimensional values as rows and columns.

A one-dimensional value stands as a row on the left of ``@`` and as a column everywhere else; a scalar that is
added to an array is spread over it; ``*`` scales by a scalar and is elementwise otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from generator.errors import ShapeError
from generator.expr.calculus import D, Mat
from generator.expr.make import mul, t
from generator.expr.nodes import (
    Entry,
    Had,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    T,
    Zero,
)
from generator.expr.shapes import MAX_POWER, Dim, Shape, is_column, is_matrix, is_row, is_scalar, show, size


def numbered_entry(base: Node, split: re.Match[str]) -> Entry:
    """The entry that a name such as ``x_1`` or ``X_12`` means.

    Raises:
        ShapeError: a scalar, or an index outside a concrete size.
    """
    digits = [split[2]] if split[3] is None else [split[2], split[3]]
    if is_matrix(base.shape) and split[3] is None and len(split[2]) == 2:
        digits = list(split[2])
    entry = Entry(base, tuple(Num(Fraction(int(x))) for x in digits))
    sides = base.shape if len(digits) == 2 else (base.shape[is_row(base.shape)],)
    for number, side in zip(digits, sides, strict=True):
        known = size(side, {}) if isinstance(side, Dim) and not side.names else None
        if int(number) < 1 or (known is not None and int(number) > known):
            raise ShapeError(f"index {number} is outside 1 … {side}")
    return entry


def literal(items: Sequence[ast.expr], read: Callable[[ast.expr], Node]) -> Mat:
    """A vector or a matrix that is written out: ``[4, -1]``, or ``[[2, 1], [1, 3]]`` row by row.

    Raises:
        ShapeError: rows of different lengths, nothing in it, or entries that are no scalars.
    """
    rows = [item.elts if isinstance(item, ast.List) else [item] for item in items]
    if len({len(row) for row in rows}) != 1:
        raise ShapeError("the rows of a written-out matrix have different lengths")
    return Mat(tuple(read(cell) for row in rows for cell in row), len(rows[0]))


def column(node: Node) -> Node:
    """A one-dimensional value as a column."""
    return t(node) if is_row(node.shape) else node


def aligned(a: Node, b: Node) -> tuple[Node, Node]:
    """Two one-dimensional values in the same orientation."""
    if is_row(a.shape) != is_row(b.shape) and not is_matrix(a.shape) and not is_matrix(b.shape):
        return column(a), column(b)
    return a, b


def spread(a: Node, b: Node) -> tuple[Node, Node]:
    """Make a scalar that is added to an array into an array of its copies."""

    def copies(s: Node, shape: Shape) -> Node:
        if isinstance(s, Num) and s.value in (0, 1):
            return Ones(shape) if s.value == 1 else Zero(shape)
        return mul(s, Ones(shape))

    if is_scalar(a.shape) and not is_scalar(b.shape):
        return copies(a, b.shape), b
    if is_scalar(b.shape) and not is_scalar(a.shape):
        return a, copies(b, a.shape)
    return a, b


def matmul(a: Node, b: Node) -> Node:
    """The product ``a @ b``: a vector on the left is a row, one on the right a column."""
    if is_scalar(a.shape) or is_scalar(b.shape):
        raise ShapeError("`@` needs vectors or matrices; use * to scale by a scalar")
    if isinstance(a, Neg):
        return Neg(matmul(a.arg, b))
    a = t(a) if is_column(a.shape) else a
    b = column(b)
    return join(a, b)


def join(a: Node, b: Node) -> Node:
    """The product of what stands left (flattened where it chains up) and one more factor."""
    if isinstance(a, Mul):
        try:
            return Mul((*a.factors, b))
        except ShapeError:
            pass
    return Mul((a, b))


def hoist(a: Node, b: Node, build: Callable[[Node, Node], Node]) -> Node:
    """A minus sign on the left operand belongs to the whole product."""
    return Neg(build(a.arg, b)) if isinstance(a, Neg) else build(a, b)


def scale_or_hadamard(a: Node, b: Node) -> Node:
    """``*``: scaling where one operand is a scalar, the Hadamard product otherwise."""
    if is_scalar(a.shape) or is_scalar(b.shape):
        return join(a, b)
    return Had((*(a.factors if isinstance(a, Had) else (a,)), b))


def of_one_kind(a: Node, b: Node) -> Node:
    """Refuse ``kron`` of a vector and a matrix that does not say how the vector lies."""
    if is_column(a.shape) != is_column(b.shape):
        raise ShapeError(
            f"`kron` needs two matrices or two vectors, found a {show(a.shape)} and a {show(b.shape)}"
        )
    return a


def special(name: str, args: list[Node]) -> Node:
    """The functions that have node classes of their own."""
    match name:
        case "norm":
            if len(args) == 2 and is_matrix(args[0].shape):
                raise ShapeError("`norm(x, p)` needs a vector")
            return Norm(args[0], args[1] if len(args) == 2 else None)
        case "norm1":
            return Norm(args[0], Num(Fraction(1)))
        case "inv":
            return Inv(args[0])
        case "matpow":
            k = args[1].arg if isinstance(args[1], Neg) else args[1]
            if not isinstance(k, Num) or k.value.denominator != 1 or k.value > MAX_POWER:
                raise ShapeError(f"`matpow` needs an integer exponent, at most {MAX_POWER}")
            return MatPow(args[0], args[1])
        case "outer":
            if not (is_column(args[0].shape) and is_column(args[1].shape)):
                raise ShapeError("`outer` needs two vectors")
            return mul(args[0], t(args[1]))
        case "col" | "row":
            if not is_column(args[0].shape):
                raise ShapeError(f"`{name}` needs a vector, found a {show(args[0].shape)}")
            return args[0] if name == "col" else T(args[0])
        case "stack":
            return _stacked(args)
    return D(args[0])


def _stacked(args: list[Node]) -> Node:
    """Numbers below one another; written-out vectors are the rows of a matrix."""
    rows = [a.cells for a in args if isinstance(a, Mat) and a.columns == 1]
    if len(rows) < len(args):
        return Mat(tuple(args), 1)
    if any(len(row) != len(rows[0]) for row in rows):
        raise ShapeError("the rows of a written-out matrix have different lengths")
    return Mat(tuple(cell for row in rows for cell in row), len(rows[0]))
