"""The numeric meaning of an expression at a point.

A point holds values and directions for all symbols, sizes for all dimensions, values for indices, and the
definitions of named things (L, y, r). ``D(e)`` is the directional derivative of e, by complex step, so lines in
the middle of a derivation can be evaluated, independently of every rule.

Values are 2-d arrays (a vector is n×1), scalars are numbers. A written-out matrix with dots evaluates to an
array that is NaN where nothing is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import (
    App, Cases, Commutation, D, Delta, Dots, Ellipsis, Grad, Group, Mat, Partial, Rel, Sum, Under,
)  # fmt: skip
from generator.expr.functions import FUNCTIONS, Array, real_sign
from generator.expr.nodes import (
    Add, Call, Div, Entry, Eye, Had, Idx, Inv, MatPow, Mul, Neg, Node, Norm, Num, Ones, Pow, Row, Size, Sym, T, Zero,
)  # fmt: skip
from generator.expr.numeric import central_difference, complex_step
from generator.expr.shapes import SCALAR, Shape, is_column, is_row, is_scalar, size


@dataclass(frozen=True)
class Definition:
    """What a name stands for: an expression in its parameters (none for a plain abbreviation)."""

    body: Node
    parameters: tuple[Sym, ...] = ()


@dataclass(frozen=True)
class Point:
    """Numbers for everything: values and directions by symbol name, sizes, indices, definitions."""

    values: Mapping[str, Array]
    directions: Mapping[str, Array] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    def shifted(self, t: complex, directions: Mapping[str, Array] | None = None) -> Point:
        """The point moved by ``t`` times the directions."""
        along = self.directions if directions is None else directions
        return replace(self, values={**self.values, **{k: self.values[k] + t * v for k, v in along.items()}})

    def with_index(self, index: str, value: int) -> Point:
        """The point with an index set."""
        return replace(self, indices={**self.indices, index: value})


def evaluate(node: Node, point: Point) -> Array:
    """The value of an expression at a point.

    Raises:
        InputError: a symbol without a value, or an index outside its range.
    """
    value = _value(node, point)
    if np.ndim(value) == 2 and value.shape == (1, 1) and is_scalar(node.shape):
        return value[0, 0]
    return value


def extent(shape: Shape, point: Point) -> tuple[int, int]:
    """A shape in numbers."""
    sizes = dict(point.sizes)
    return size(shape[0], sizes), size(shape[1], sizes)


def index_value(node: Node, point: Point) -> int:
    """The number of an index, from 1.

    Raises:
        InputError: the index has no value.
    """
    if isinstance(node, Idx):
        if node.name not in point.indices:
            raise InputError(f"the index {node.name} has no value here")
        return point.indices[node.name]
    return size(node.size, dict(point.sizes)) if isinstance(node, Size) else int(_value(node, point).real)


@singledispatch
def _value(node: Node, point: Point) -> Array:
    raise InputError(f"a {type(node).__name__} has no value")


@_value.register
def _(node: Num, point: Point) -> Array:
    return np.float64(node.value)


@_value.register
def _(node: Size | Idx, point: Point) -> Array:
    return np.float64(index_value(node, point))


@_value.register
def _(node: Sym, point: Point) -> Array:
    if node.name in point.values:
        return point.values[node.name]
    if node.name in point.definitions:
        return evaluate(point.definitions[node.name].body, point)
    raise InputError(f"the symbol {node.name} has no value here")


@_value.register
def _(node: App, point: Point) -> Array:
    return evaluate(definition(node.fun, point).body, _bound(node.fun, node.args, point))


def definition(fun: Sym, point: Point) -> Definition:
    """The definition of a named function.

    Raises:
        InputError: there is none.
    """
    if fun.name not in point.definitions:
        raise InputError(f"the function {fun.name} is not defined")
    return point.definitions[fun.name]


def _bound(fun: Sym, args: tuple[Node, ...], point: Point) -> Point:
    """The point with the parameters of a function set to its arguments (several scalars may fill a vector)."""
    parameters = definition(fun, point).parameters
    given = [evaluate(a, point) for a in args]
    if len(parameters) == 1 and len(given) > 1:
        given = [np.array(given)[:, None]]
    if len(parameters) != len(given):
        raise InputError(f"{fun.name} takes {len(parameters)} argument(s), found {len(given)}")
    values = {p.name: v for p, v in zip(parameters, given, strict=True)}
    return replace(point, values={**point.values, **values})


@_value.register
def _(node: Entry, point: Point) -> Array:
    base = evaluate(node.base, point)
    keys = [index_value(i, point) - 1 for i in node.indices]
    if len(keys) == 1:
        keys = [0, *keys] if is_row(node.base.shape) else [*keys, 0]
    if any(not 0 <= k < n for k, n in zip(keys, np.shape(base), strict=True)):
        raise InputError("an index is outside its range")
    return base[tuple(keys)]


@_value.register
def _(node: Row, point: Point) -> Array:
    return evaluate(node.base, point)[index_value(node.index, point) - 1, :][None, :]


@_value.register
def _(node: Add, point: Point) -> Array:
    return sum((evaluate(t, point) for t in node.terms[1:]), evaluate(node.terms[0], point))


@_value.register
def _(node: Neg, point: Point) -> Array:
    return -evaluate(node.arg, point)


@_value.register
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


@_value.register
def _(node: Had, point: Point) -> Array:
    out: Array = 1.0
    for f in node.factors:
        out = out * evaluate(f, point)
    return out


@_value.register
def _(node: Div, point: Point) -> Array:
    return evaluate(node.num, point) / evaluate(node.den, point)


@_value.register
def _(node: Pow, point: Point) -> Array:
    exponent = evaluate(node.exponent, point)
    whole = not np.iscomplexobj(exponent) and float(exponent).is_integer() and abs(exponent) < 64
    return evaluate(node.base, point) ** (int(exponent) if whole and exponent >= 0 else exponent)


@_value.register
def _(node: MatPow, point: Point) -> Array:
    return np.linalg.matrix_power(evaluate(node.base, point), int(evaluate(node.exponent, point).real))


@_value.register
def _(node: T, point: Point) -> Array:
    value = evaluate(node.arg, point)
    return value if is_scalar(node.shape) else value.T


@_value.register
def _(node: Inv, point: Point) -> Array:
    return np.linalg.inv(evaluate(node.arg, point))


@_value.register
def _(node: Norm, point: Point) -> Array:
    x = evaluate(node.arg, point)
    if node.p is None:
        return np.sqrt(np.sum(x * x))
    p = evaluate(node.p, point)
    return np.sum((x * real_sign(x)) ** p) ** (1 / p)


@_value.register
def _(node: Call, point: Point) -> Array:
    row = FUNCTIONS[node.name]
    args = [evaluate(a, point) for a in node.args]
    if node.order == 0:
        return row.numpy(*args)
    if node.order != 1 or row.slope is None:
        raise InputError(f"a derivative of order {node.order} of {node.name} has no numeric form")
    return row.slope(*args)


@_value.register
def _(node: Eye, point: Point) -> Array:
    return np.eye(extent(node.shape, point)[0])


@_value.register
def _(node: Ones | Zero, point: Point) -> Array:
    value = 1.0 if isinstance(node, Ones) else 0.0
    return np.full(extent(node.shape, point), value)


@_value.register
def _(node: Commutation, point: Point) -> Array:
    rows, columns = extent((node.rows, node.columns), point)
    return np.eye(rows * columns)[np.arange(rows * columns).reshape(columns, rows).T.ravel()]


@_value.register
def _(node: Group | Under, point: Point) -> Array:
    return evaluate(node.arg, point)


@_value.register
def _(node: Sum | Dots, point: Point) -> Array:
    n = size(node.index.size, dict(point.sizes))
    return sum(evaluate(node.body, point.with_index(node.index.name, k)) for k in range(1, n + 1))


@_value.register
def _(node: Delta, point: Point) -> Array:
    return np.float64(index_value(node.i, point) == index_value(node.j, point))


@_value.register
def _(node: Rel, point: Point) -> Array:
    a, b = np.real(evaluate(node.lhs, point)), np.real(evaluate(node.rhs, point))
    return {"=": a == b, "≠": a != b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}[node.op]


@_value.register
def _(node: Cases, point: Point) -> Array:
    for value, guard in zip(node.values, node.guards, strict=True):
        if np.all(evaluate(guard, point)):
            return evaluate(value, point)
    raise InputError("no case of a distinction of cases applies")


@_value.register
def _(node: Mat, point: Point) -> Array:
    rows = [node.cells[k : k + node.columns] for k in range(0, len(node.cells), node.columns)]
    if not any(isinstance(c, Ellipsis) for c in node.cells):
        return np.array([[evaluate(c, point) for c in row] for row in rows])
    out = np.full(extent(node.shape, point), np.nan, dtype=complex)
    for r, row in zip(_places(len(rows), out.shape[0]), rows, strict=True):
        for c, cell in zip(_places(node.columns, out.shape[1]), row, strict=True):
            if not isinstance(cell, Ellipsis) and r is not None and c is not None:
                out[r, c] = evaluate(cell, point)
    return out if np.any(np.imag(out[~np.isnan(out)])) else np.real(out)


def _places(printed: int, n: int) -> Iterator[int | None]:
    """Which rows (or columns) of an n-row matrix the printed ones are: 1, 2, ⋮, n or 1, ⋮, n; all if no dots."""
    head = [*range(printed - 2), None, n - 1] if printed > 2 else [*range(printed)]
    return iter(head)


@_value.register
def _(node: D, point: Point) -> Array:
    if not point.directions:
        raise InputError("a differential needs directions")
    return _along(node.arg, point, dict(point.directions))


def _along(arg: Node, point: Point, directions: dict[str, Array]) -> Array:
    """The derivative of ``arg`` along directions: complex step, or differences where it holds derivatives itself."""
    if _holds_derivative(arg, point):
        return central_difference(lambda s: evaluate(arg, point.shifted(s, directions)))
    return complex_step(lambda s: evaluate(arg, point.shifted(s, directions)))


def _holds_derivative(node: Node, point: Point, seen: frozenset[str] = frozenset()) -> bool:
    from generator.expr.match import walk

    for _, e in walk(node):
        if isinstance(e, D | Partial | Grad):
            return True
        name = e.name if isinstance(e, Sym) else e.fun.name if isinstance(e, App) else ""
        if name in point.definitions and name not in point.values and name not in seen:
            if _holds_derivative(point.definitions[name].body, point, seen | {name}):
                return True
    return False


def _units(wrt: Node, point: Point) -> Iterator[tuple[tuple[int, int], dict[str, Array]]]:
    """The unit directions of a symbol, of its vec (column by column) or of one entry, with their places."""
    stacked = isinstance(wrt, Call) and wrt.name == "vec"
    base = wrt.base if isinstance(wrt, Entry) else wrt.args[0] if isinstance(wrt, Call) and stacked else wrt
    if not isinstance(base, Sym) or base.name not in point.values:
        raise InputError("a derivative is taken with respect to a symbol that has a value, or an entry of one")
    if is_scalar(base.shape):
        yield (0, 0), {base.name: np.float64(1.0)}
        return
    shape = np.shape(point.values[base.name])
    if isinstance(wrt, Entry):
        keys = [index_value(i, point) - 1 for i in wrt.indices]
        places = [(keys[0], 0) if len(keys) == 1 else (keys[0], keys[1])]
        if len(keys) == 1 and is_row(base.shape):
            places = [(0, keys[0])]
    else:
        places = list(np.ndindex(*shape))
    if stacked:
        places.sort(key=lambda place: place[::-1])
    for place in places:
        unit = np.zeros(shape)
        unit[place] = 1.0
        yield place, {base.name: unit}


@_value.register
def _(node: Partial, point: Point) -> Array:
    of, wrt = node.of.shape, node.wrt.shape
    parts = [(place, _along(node.of, point, unit)) for place, unit in _units(node.wrt, point)]
    if is_scalar(wrt):
        return parts[0][1]
    out = np.zeros(extent(node.shape, point))
    for k, (_, part) in enumerate(parts):
        if is_scalar(of):
            out.flat[k] = part
        elif node.layout.jacobian == "numerator":
            out[:, k] = part[:, 0]
        else:
            out[k, :] = part[:, 0]
    return out


@_value.register
def _(node: Grad, point: Point) -> Array:
    at = _bound(node.fun, node.args, point) if node.args else point
    body: Node = definition(node.fun, at).body
    if node.order == 2:
        units = [unit for wrt in node.wrt for _, unit in _units(wrt, at)]
        return _second(body, at, units) if node.shape != SCALAR else _second(body, at, units)[0, 0]
    out = np.zeros(extent(node.shape, point))
    for k, wrt in enumerate(node.wrt):
        for place, unit in _units(wrt, at):
            cell = (k, 0) if len(node.wrt) > 1 else place
            turned = is_column(wrt.shape) and node.layout.gradient == "row"
            out[cell[::-1] if turned else cell] = _along(body, at, unit)
    return out


def _second(body: Node, at: Point, units: list[dict[str, Array]]) -> Array:
    """All second derivatives: differences of complex steps."""

    def slopes(here: Point) -> Array:
        return np.array([_along(body, here, unit) for unit in units])

    columns = [central_difference(lambda s, u=u: slopes(at.shifted(s, u))) for u in units]  # type: ignore[misc]
    return np.stack(columns, axis=1)
