"""The values of all nodes that are no derivatives; see ``evaluate`` for what a value is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import (
    Commutation,
    Delta,
    Ellipsis,
    Group,
    Mat,
    Rel,
    Under,
)
from generator.expr.functions import FUNCTIONS, Array, real_sign
from generator.expr.layout import Layout
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Idx,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Row,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.numeric import MOST_SQUARED, whole_power
from generator.expr.point import Point
from generator.expr.shapes import Shape, is_row, is_scalar, size


def evaluate(node: Node, point: Point) -> Array:
    """The value of an expression at a point.

    Raises:
        InputError: a symbol without a value, or an index outside its range.
    """
    value = _BY_CLASS.get(type(node), value_of)(node, point)
    if np.ndim(value) == 2 and value.shape == (1, 1) and is_scalar(node.shape):
        return value[0, 0]
    return value


def extent(shape: Shape, point: Point) -> tuple[int, int]:
    """A shape in numbers."""
    return size(shape[0], dict(point.sizes)), size(shape[1], dict(point.sizes))


def arranged(parts: Sequence[Array], of: Shape, whole: Shape, layout: Layout, point: Point) -> Array:
    """Derivatives of a number or a column by each entry, as one array that the layout arranges."""
    out = np.zeros(extent(whole, point))
    for k, part in enumerate(parts):
        if is_scalar(of):
            out.flat[k] = part
        elif layout.jacobian == "numerator":
            out[:, k] = part[:, 0]
        else:
            out[k, :] = part[:, 0]
    return out


def index_value(node: Node, point: Point) -> Array:
    """The number of an index, from 1; all its numbers where it stands for an axis.

    Raises:
        InputError: the index has no value.
    """
    if isinstance(node, Idx):
        if node.name not in point.indices:
            raise InputError(f"the index {node.name} has no value here")
        return point.indices[node.name]
    return size(node.size, dict(point.sizes)) if isinstance(node, Size) else int(value_of(node, point).real)


@singledispatch
def value_of(node: Node, point: Point) -> Array:
    """The value of a node; one function is registered for each class."""
    raise InputError(f"a {type(node).__name__} has no value")


_BY_CLASS = value_of.registry  # no class of nodes has subclasses, so one look is enough


@value_of.register
def _(node: Num, point: Point) -> Array:
    return np.float64(node.value)


@value_of.register
def _(node: Size | Idx, point: Point) -> Array:
    return np.float64(index_value(node, point))


@value_of.register
def _(node: Sym, point: Point) -> Array:
    if node.name in point.values:
        return point.values[node.name]
    if node.name in point.definitions:
        return evaluate(point.definitions[node.name].body, point)
    raise InputError(f"the symbol {node.name} has no value here")


@value_of.register
def _(node: Entry, point: Point) -> Array:
    base = evaluate(node.base, point)
    keys = [index_value(i, point) - 1 for i in node.indices]
    if len(keys) == 1:
        keys = [0, *keys] if is_row(node.base.shape) else [*keys, 0]
    if not all(np.all((k >= 0) & (k < n)) for k, n in zip(keys, np.shape(base), strict=True)):
        raise InputError("an index is outside its range")
    return base[tuple(keys)]


@value_of.register
def _(node: Row, point: Point) -> Array:
    return evaluate(node.base, point)[index_value(node.index, point) - 1, :][None, :]


@value_of.register
def _(node: Add, point: Point) -> Array:
    return sum((evaluate(t, point) for t in node.terms[1:]), evaluate(node.terms[0], point))


@value_of.register
def _(node: Neg, point: Point) -> Array:
    return -evaluate(node.arg, point)


@value_of.register
def _(node: Mul, point: Point) -> Array:
    scale: Array = 1.0
    chain: Array = None
    for f in node.factors:
        v = evaluate(f, point)
        if is_scalar(f.shape):
            scale = scale * v
        else:
            chain = v if chain is None else chain @ v
    return scale if chain is None else scale * chain


@value_of.register
def _(node: Had, point: Point) -> Array:
    out: Array = 1.0
    for f in node.factors:
        out = out * evaluate(f, point)
    return out


@value_of.register
def _(node: Div, point: Point) -> Array:
    return evaluate(node.num, point) / evaluate(node.den, point)


@value_of.register
def _(node: Pow, point: Point) -> Array:
    base, exponent = evaluate(node.base, point), evaluate(node.exponent, point)
    one = np.ndim(exponent) == 0 and not np.iscomplexobj(exponent)
    if one and 0 <= exponent <= MOST_SQUARED and float(exponent).is_integer():
        return whole_power(base, int(exponent))
    return base**exponent


@value_of.register
def _(node: MatPow, point: Point) -> Array:
    return np.linalg.matrix_power(evaluate(node.base, point), int(evaluate(node.exponent, point).real))


@value_of.register
def _(node: T, point: Point) -> Array:
    value = evaluate(node.arg, point)
    return value if is_scalar(node.shape) else value.T


@value_of.register
def _(node: Inv, point: Point) -> Array:
    return np.linalg.inv(evaluate(node.arg, point))


@value_of.register
def _(node: Norm, point: Point) -> Array:
    x = evaluate(node.arg, point)
    if node.p is None:
        return np.sqrt(np.sum(x * x))
    p = evaluate(node.p, point)
    return np.sum((x * real_sign(x)) ** p) ** (1 / p)


@value_of.register
def _(node: Call, point: Point) -> Array:
    row = FUNCTIONS[node.name]
    args = [evaluate(a, point) for a in node.args]
    if node.order == 0:
        return row.numpy(*args)
    if node.order != 1 or row.slope is None:
        raise InputError(f"a derivative of order {node.order} of {node.name} has no numeric form")
    return row.slope(*args)


@value_of.register
def _(node: Eye, point: Point) -> Array:
    return np.eye(extent(node.shape, point)[0])


@value_of.register
def _(node: Ones | Zero, point: Point) -> Array:
    value = 1.0 if isinstance(node, Ones) else 0.0
    return np.full(extent(node.shape, point), value)


@value_of.register
def _(node: Commutation, point: Point) -> Array:
    rows, columns = extent((node.rows, node.columns), point)
    return np.eye(rows * columns)[np.arange(rows * columns).reshape(columns, rows).T.ravel()]


@value_of.register
def _(node: Group | Under, point: Point) -> Array:
    return evaluate(node.arg, point)


@value_of.register
def _(node: Delta, point: Point) -> Array:
    return np.float64(index_value(node.i, point) == index_value(node.j, point))


@value_of.register
def _(node: Rel, point: Point) -> Array:
    a, b = np.real(evaluate(node.lhs, point)), np.real(evaluate(node.rhs, point))
    return {"=": a == b, "≠": a != b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}[node.op]


@value_of.register
def _(node: Mat, point: Point) -> Array:
    rows = [node.cells[k : k + node.columns] for k in range(0, len(node.cells), node.columns)]
    if not is_scalar(node.cells[0].shape):
        return np.block([[evaluate(c, point) for c in row] for row in rows])
    if not any(isinstance(c, Ellipsis) for c in node.cells):
        return np.array([[evaluate(c, point) for c in row] for row in rows])
    out = np.full(extent(node.shape, point), np.nan, dtype=complex)
    for r, row in zip(_places(rows, out.shape[0]), rows, strict=True):
        for c, cell in zip(_places([*zip(*rows, strict=True)], out.shape[1]), row, strict=True):
            if not isinstance(cell, Ellipsis) and r is not None and c is not None:
                out[r, c] = evaluate(cell, point)
    return out if np.any(np.imag(out[~np.isnan(out)])) else np.real(out)


def _places(lines: Sequence[Sequence[Node]], n: int) -> list[int | None]:
    """Which rows (or columns) of n the printed ones are: 1, 2, ⋮, n or 1, ⋮, n; all of them without dots."""
    dots = [all(isinstance(cell, Ellipsis) for cell in line) for line in lines]
    head = dots.index(True) if True in dots else n
    tail = len(dots) - head - 1 if True in dots else 0
    if head + tail > n or (True not in dots and len(dots) != n):
        raise InputError(f"a written-out matrix has no place for its {len(dots)} lines among {n}")
    return [*range(head), *([None] if True in dots else []), *range(n - tail, n)]
