"""The expression tree: a closed set of frozen node classes that check shapes and never simplify.

Every node knows its shape. A vector is a column, a scalar is (1, 1). Calculus nodes (``D``, ``Partial``,
``Grad``) have a numeric meaning (see ``evaluate``), so lines in the middle of a derivation can be checked.
"""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from generator.errors import ShapeError
from generator.expr.equality import Hashed, node
from generator.expr.functions import FUNCTIONS
from generator.expr.shapes import ONE, SCALAR, Dimension, Shape, is_scalar, long_sides, same, same_shape, show


@node
class Node(Hashed):
    """Base of all nodes. ``PARTS`` names the fields that hold child nodes."""

    shape: Shape = field(init=False, repr=False, compare=False)
    PARTS: ClassVar[tuple[str, ...]] = ()

    def _is(self, shape: Shape) -> None:
        object.__setattr__(self, "shape", shape)


def _one_shape(what: str, parts: tuple[Node, ...]) -> Shape:
    first = parts[0].shape
    for part in parts[1:]:
        if not same_shape(first, part.shape):
            sides = f"the left is a {show(first)}, the right is a {show(part.shape)}"
            raise ShapeError(f"{what} needs equal shapes: {sides}")
    return first


@node
class Num(Node):
    """A non-negative number; a rational that is not a finite decimal is a ``Div``."""

    value: Fraction

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Size(Node):
    """A dimension used as a number or as the last index: n in x_n."""

    size: Dimension

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Sym(Node):
    """A declared symbol with its shape and its assumptions."""

    name: str
    of_shape: Shape
    assume: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._is(self.of_shape)


@node
class Idx(Node):
    """An index running from 1 to ``size``."""

    name: str
    size: Dimension

    def __post_init__(self) -> None:
        self._is(SCALAR)


@node
class Entry(Node):
    """An entry x_i of a vector or A_ij of a matrix; indices are ``Idx``, ``Num`` or ``Size``."""

    base: Node
    indices: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("base", "indices")

    def __post_init__(self) -> None:
        sides = long_sides(self.base.shape)
        if not sides:
            raise ShapeError("a scalar has no entries")
        if len(self.indices) != len(sides):
            raise ShapeError(f"an entry of a {show(self.base.shape)} needs {len(sides)} index(es)")
        for index, side in zip(self.indices, sides, strict=True):
            if isinstance(index, Idx) and not same(index.size, side):
                raise ShapeError(f"index {index.name} runs to {index.size}, the side has {side}")
        self._is(SCALAR)


@node
class Row(Node):
    """Row i of a matrix, as a 1×m row."""

    base: Node
    index: Node
    PARTS: ClassVar[tuple[str, ...]] = ("base", "index")

    def __post_init__(self) -> None:
        self._is((ONE, self.base.shape[1]))


@node
class Add(Node):
    """A sum of terms of one shape."""

    terms: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("terms",)

    def __post_init__(self) -> None:
        self._is(_one_shape("`+`", self.terms))


@node
class Neg(Node):
    """The negative of an expression."""

    arg: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        self._is(self.arg.shape)


@node
class Mul(Node):
    """An ordered product: scalar factors scale, the others are a chain of matrix products."""

    factors: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("factors",)

    def __post_init__(self) -> None:
        chain = [f.shape for f in self.factors if not is_scalar(f.shape)]
        for left, right in pairwise(chain):
            if not same(left[1], right[0]):
                raise ShapeError(
                    f"`@` needs equal inner sizes: the left is a {show(left)} "
                    f"({left[1]} columns), the right is a {show(right)} ({right[0]} rows)"
                )
        self._is((chain[0][0], chain[-1][1]) if chain else SCALAR)


@node
class Had(Node):
    """The Hadamard (elementwise) product of factors of one shape."""

    factors: tuple[Node, ...]
    PARTS: ClassVar[tuple[str, ...]] = ("factors",)

    def __post_init__(self) -> None:
        self._is(_one_shape("an elementwise product", self.factors))


@node
class Div(Node):
    """A quotient; elementwise where the denominator is not a scalar (a scalar numerator is spread)."""

    num: Node
    den: Node
    PARTS: ClassVar[tuple[str, ...]] = ("num", "den")

    def __post_init__(self) -> None:
        n, d = self.num.shape, self.den.shape
        if not (is_scalar(n) or is_scalar(d) or same_shape(n, d)):
            sides = f"the left is a {show(n)}, the right is a {show(d)}"
            raise ShapeError(f"`/` needs equal shapes or a scalar: {sides}")
        self._is(n if is_scalar(d) else d)


@node
class Pow(Node):
    """A power with a scalar exponent; elementwise where the base is not a scalar."""

    base: Node
    exponent: Node
    PARTS: ClassVar[tuple[str, ...]] = ("base", "exponent")

    def __post_init__(self) -> None:
        if not is_scalar(self.exponent.shape):
            raise ShapeError(f"the exponent is a {show(self.exponent.shape)}, not a scalar")
        self._is(self.base.shape)


def _square(what: str, shape: Shape) -> None:
    if is_scalar(shape) or not same(shape[0], shape[1]):
        raise ShapeError(f"{what} needs a square matrix, found a {show(shape)}")


@node
class MatPow(Node):
    """A power of a square matrix with an integer exponent: A A ⋯ A."""

    base: Node
    exponent: Node
    PARTS: ClassVar[tuple[str, ...]] = ("base", "exponent")

    def __post_init__(self) -> None:
        _square("`matpow`", self.base.shape)
        self._is(self.base.shape)


@node
class T(Node):
    """The transpose."""

    arg: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        self._is((self.arg.shape[1], self.arg.shape[0]))


@node
class Inv(Node):
    """The inverse of a square matrix."""

    arg: Node
    PARTS: ClassVar[tuple[str, ...]] = ("arg",)

    def __post_init__(self) -> None:
        _square("`inv`", self.arg.shape)
        self._is(self.arg.shape)


@node
class Norm(Node):
    """The Euclidean or Frobenius norm, or with ``p`` the entrywise p-norm."""

    arg: Node
    p: Node | None = None
    PARTS: ClassVar[tuple[str, ...]] = ("arg", "p")

    def __post_init__(self) -> None:
        if is_scalar(self.arg.shape):
            raise ShapeError("`norm` needs a vector or a matrix, found a scalar")
        if self.p is not None and not is_scalar(self.p.shape):
            raise ShapeError("the p of a p-norm is a scalar")
        self._is(SCALAR)


@node
class Call(Node):
    """A named function of ``functions.py``; ``order`` counts derivatives (σ′ has order 1)."""

    name: str
    args: tuple[Node, ...]
    order: int = 0
    PARTS: ClassVar[tuple[str, ...]] = ("args",)

    def __post_init__(self) -> None:
        row = FUNCTIONS[self.name]
        if len(self.args) not in row.arity:
            many = " or ".join(map(str, row.arity))
            raise ShapeError(f"`{self.name}` takes {many} argument(s), found {len(self.args)}")
        self._is(row.shape(*(a.shape for a in self.args)))


@node
class Eye(Node):
    """The identity matrix."""

    size: Dimension

    def __post_init__(self) -> None:
        self._is((self.size, self.size))


@node
class Ones(Node):
    """The array of ones."""

    of_shape: Shape

    def __post_init__(self) -> None:
        self._is(self.of_shape)


@node
class Zero(Node):
    """The array of zeros (the number zero is ``Num(0)``)."""

    of_shape: Shape

    def __post_init__(self) -> None:
        self._is(self.of_shape)


Product = Mul | Had  # written once: to make a union takes longer than to look whether something is in it
