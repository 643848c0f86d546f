"""Nodes of calculus and of telling: derivatives, sums, deltas, cases, written-out matrices, underbraces.

They belong to the same closed set as ``nodes.py``. Each has a numeric meaning (see ``evaluate``).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from generator.errors import ShapeError
from generator.expr.equality import node
from generator.expr.layout import Layout
from generator.expr.nodes import Idx, Node, Sym
from generator.expr.shapes import (
    SCALAR,
    Dimension,
    Shape,
    dim,
    is_column,
    is_row,
    is_scalar,
    same_shape,
    show,
    times,
)  # fmt: skip


@node
class Sum(Node):
    """The sum of a scalar body over an index."""

    index: Idx
    body: Node
    PARTS: ClassVar[tuple[str, ...]] = ("body",)

    def __post_init__(self) -> None:
        self._is(self.body.shape)


@node
class Dots(Node):
    """The same sum with its terms written out: a_1 + ⋯ + a_j + ⋯ + a_n; ``shown`` are index values."""

    index: Idx
    body: Node
    shown: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("body", "shown")

    def __post_init__(self) -> None:
        self._is(self.body.shape)


@node
class Delta(Node):
    """The Kronecker delta."""

    i: Node
    j: Node
    PARTS: ClassVar[tuple[str, ...]] = ("i", "j")

    def __post_init__(self) -> None:
        self._is(SCALAR)


Op = Literal["=", ":=", "≠", "<", ">", "≤", "≥", "≈"]


@node
class Rel(Node):
    """A relation between two expressions, as in the guard i ≠ j."""

    lhs: Node
    op: Op
    rhs: Node
    PARTS: ClassVar[tuple[str, ...]] = ("lhs", "rhs")

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Cases(Node):
    """A distinction of cases: values and their guards, in order."""

    values: tuple[Node, ...]
    guards: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("values", "guards")

    def __post_init__(self) -> None:
        self._is(self.values[0].shape)


@node
class Ellipsis(Node):
    """Dots inside a written-out matrix."""

    kind: Literal["cdots", "vdots", "ddots"]

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Mat(Node):
    """A written-out matrix, row by row; with ``Ellipsis`` cells its true shape is given by ``full``.

    Its cells are numbers; or, in a single column, whole rows, and in a single row, whole columns.
    """

    cells: tuple[Node, ...]
    columns: int
    full: Shape | None = None
    PARTS: ClassVar[tuple[str, ...]] = ("cells",)

    def __post_init__(self) -> None:
        if not self.cells or len(self.cells) % self.columns:
            raise ShapeError("the rows of a written-out matrix have different lengths")
        first = self.cells[0].shape
        stacked = is_row(first) and self.columns == 1
        if stacked or (is_column(first) and self.columns == len(self.cells)):
            if not all(same_shape(first, cell.shape) for cell in self.cells):
                raise ShapeError("the rows or columns of a written-out matrix have different lengths")
            count = dim(len(self.cells))
            self._is((count, first[1]) if stacked else (first[0], count))
            return
        for cell in self.cells:
            if not is_scalar(cell.shape):
                raise ShapeError(f"a written-out matrix has scalar entries, found a {show(cell.shape)}")
        dots = any(isinstance(c, Ellipsis) for c in self.cells)
        if dots and self.full is None:
            raise ShapeError("a matrix with dots needs its full size")
        self._is(self.full or (dim(len(self.cells) // self.columns), dim(self.columns)))


@node
class D(Node):
    """The differential of an expression: its directional derivative, linear in the directions."""

    arg: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        self._is(self.arg.shape)


@node
class Partial(Node):
    """∂of/∂wrt, arranged by the layout.

    ``wrt`` is a symbol, an entry of one, or a column of scalars that together are the variable.
    """

    of: Node
    wrt: Node
    layout: Layout = Layout()
    PARTS: ClassVar[tuple[str, ...]] = ("of", "wrt")

    def __post_init__(self) -> None:
        shape = self.layout.derivative_shape(self.of.shape, self.wrt.shape)
        if shape is None:
            raise ShapeError(
                f"∂/∂ of a {show(self.of.shape)} by a {show(self.wrt.shape)} has more than two indices"
            )
        self._is(shape)


@node
class App(Node):
    """A declared function applied to arguments: f(x), f(1, −1)."""

    fun: Sym
    args: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("args",)

    def __post_init__(self) -> None:
        self._is(self.fun.shape)


@node
class Grad(Node):
    """The gradient of a declared scalar function: ∇_X L, or with arguments ∇f(x), ∇f(1, −1).

    ``wrt`` holds one symbol, or several scalars that together are the variable. With ``order`` 2 it is the
    Hessian ∇²f, the same in every layout because it is symmetric; that by a matrix X is the one by vec(X).
    With a ``structure`` the entries of the matrix keep it: where it is symmetric, an entry off the diagonal
    moves together with its mirror image; where it is diagonal, only the diagonal moves.
    """

    fun: Sym
    wrt: tuple[Sym, ...]
    args: tuple[Node, ...] = ()
    layout: Layout = Layout()
    order: Literal[1, 2] = 1
    structure: Literal["", "symmetric", "diagonal"] = ""
    PARTS: ClassVar[tuple[str, ...]] = ("args",)

    def __post_init__(self) -> None:
        wrt = self.wrt[0].shape if len(self.wrt) == 1 else (dim(len(self.wrt)), dim(1))
        if self.order == 2:
            side = times(*wrt)  # one for each entry of the variable; a matrix is stacked column by column
            self._is((side, side))
            return
        shape = self.layout.derivative_shape(SCALAR, wrt)
        assert shape is not None
        self._is(shape)


@node
class Limit(Node):
    """The limit of an expression as a number in it, which is bound here, goes to zero."""

    by: Sym
    body: Node
    PARTS: ClassVar[tuple[str, ...]] = ("body",)

    def __post_init__(self) -> None:
        self._is(self.body.shape)


@node
class At(Node):
    """A derivative where its variable has a value, written with a bar; the variable is bound here.

    ``by`` is a symbol, or a column of scalars that together are the variable; then ``value`` is a column.
    """

    arg: Node
    by: Node
    value: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg", "value")

    def __post_init__(self) -> None:
        self._is(self.arg.shape)


@node
class Under(Node):
    """An expression with a brace under it and a note that explains it; the note is words and expressions."""

    arg: Node
    note: tuple[str | Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        self._is(self.arg.shape)


@node
class Group(Node):
    """Explicit parentheses."""

    arg: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        self._is(self.arg.shape)


@node
class Commutation(Node):
    """The commutation matrix K with K vec(X) = vec(Xᵀ) for X of size rows × columns."""

    rows: Dimension
    columns: Dimension

    def __post_init__(self) -> None:
        side = times(self.rows, self.columns)
        self._is((side, side))


@node
class Dims(Node):
    """A size as it is written: n × m. It has no value; the checker reads it as a size."""

    of_shape: Shape

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Member(Node):
    """The membership of a symbol, X ∈ ℝ^{n×m}; the checker compares it with the declaration."""

    sym: Sym

    def __post_init__(self) -> None:
        self._is(SCALAR)
