"""Short constructors: numbers, symbols, and products and sums that flatten (never more than that)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from generator.errors import ShapeError
from generator.expr.calculus import Mat, Partial
from generator.expr.layout import Layout
from generator.expr.nodes import Add, Call, Div, Had, Mul, Neg, Node, Num, Ones, Sym, T
from generator.expr.shapes import ONE, SCALAR, Dim, Shape, dim, is_matrix, is_row, is_scalar, resolve


def num(value: int | str | Fraction) -> Node:
    """A number as a node: a negative one is a ``Neg``, a non-integer is a ``Div``."""
    v = value if type(value) is Fraction else Fraction(value)
    if v.numerator < 0:
        return Neg(num(-v))
    return Num(v) if v.denominator == 1 else Div(Num(Fraction(v.numerator)), Num(Fraction(v.denominator)))


def vector(name: str, n: str | int, assume: Iterable[str] = ()) -> Sym:
    """A vector symbol (a column)."""
    return Sym(name, (dim(n), ONE), frozenset(assume))


def matrix(name: str, n: str | int, m: str | int, assume: Iterable[str] = ()) -> Sym:
    """A matrix symbol."""
    return Sym(name, (dim(n), dim(m)), frozenset(assume))


def scalar(name: str, assume: Iterable[str] = ()) -> Sym:
    """A scalar symbol."""
    return Sym(name, SCALAR, frozenset(assume))


def mul(*factors: Node) -> Node:
    """A product; inner products of the same kind are flattened where the sizes still chain up."""
    if len(factors) == 1:
        return factors[0]
    flat: list[Node] = []
    for f in factors:
        if isinstance(f, Mul):
            flat += f.factors
        else:
            flat.append(f)
    if len(flat) == 1:
        return flat[0]
    try:
        return Mul(tuple(flat))
    except ShapeError:
        return Mul(factors)


def add(*terms: Node) -> Node:
    """A sum, flattened; minus signs go to the terms of a nested sum."""
    flat: list[Node] = []
    for t in terms:
        if isinstance(t, Add):
            flat.extend(t.terms)
        elif isinstance(t, Neg) and isinstance(t.arg, Add):
            flat.extend(neg(s) for s in t.arg.terms)
        else:
            flat.append(t)
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def neg(e: Node) -> Node:
    """The negative; a double one cancels."""
    return e.arg if isinstance(e, Neg) else Neg(e)


def tr(e: Node) -> Call:
    """The trace."""
    return Call("tr", (e,))


def vec(e: Node) -> Node:
    """The columns of a matrix below one another; a column or a number is its own vec."""
    return Call("vec", (e,)) if is_matrix(e.shape) else e


def jacobian(of: Node, wrt: Node, layout: Layout) -> Partial:
    """∂of/∂wrt; where that has more than two indices, the Jacobian of the one vec by the other."""
    if layout.derivative_shape(of.shape, wrt.shape) is None:
        return Partial(vec(of), vec(wrt), layout)
    return Partial(of, wrt, layout)


def t(e: Node) -> Node:
    """The transpose; that of a transpose is the matrix itself."""
    return e.arg if isinstance(e, T) else T(e)


def had(*factors: Node) -> Node:
    """The Hadamard product, flattened; scalars among the factors scale it."""
    scalars = [f for f in factors if is_scalar(f.shape)]
    arrays: list[Node] = []
    for f in factors:
        if not is_scalar(f.shape):
            arrays.extend(f.factors if isinstance(f, Had) else (f,))
    if not arrays:
        return mul(*scalars)
    core = arrays[0] if len(arrays) == 1 else Had(tuple(arrays))
    return mul(*scalars, core) if scalars else core


def ones(shape: Shape) -> Node:
    """The array of ones, as it is written: a row of ones is the transpose of a column."""
    return T(Ones((shape[1], shape[0]))) if is_row(shape) else Ones(shape)


def point(wrt: Sequence[Sym], at: tuple[Node, ...]) -> Node:
    """A point as it is written: a number, an array of the variable's shape, a column of several numbers."""
    if len(wrt) > 1:
        return Mat(at, 1)
    if is_scalar(wrt[0].shape):
        return at[0]
    columns = resolve(wrt[0].shape[1])
    return Mat(at, columns.factor if isinstance(columns, Dim) else 1)
