"""The value of an expression at a point as a function of some numbers in it, to be computed many times.

Whatever does not depend on these numbers is evaluated once; what remains is arithmetic. A node that has no
plan of its own is evaluated as always, with the numbers put in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from generator.expr.applied import bound, definition
from generator.expr.calculus import App, Grad, Group, Mat, Under
from generator.expr.functions import FUNCTIONS, Array
from generator.expr.match import find, nodes
from generator.expr.nodes import Add, Call, Div, Entry, Had, Idx, Mul, Neg, Node, Norm, Pow, Sym, T
from generator.expr.numeric import MOST_SQUARED, whole_power
from generator.expr.point import Definition, Point
from generator.expr.shapes import is_row, is_scalar
from generator.expr.slopes import holds_derivative
from generator.expr.values import evaluate, index_value

Numbers = Sequence[float]
Plan = Callable[[Numbers], Any]
Given = Callable[[Numbers], Sequence[Any]]
Part = Any  # a plan, or the value of what does not depend on the numbers


def plan(node: Node, point: Point, names: Sequence[str]) -> Plan:
    """A function that takes the values of the symbols ``names``, all scalars, and gives that of ``node``.

    Raises:
        InputError: a part that does not depend on them has no value.
    """
    part = Planner({name: k for k, name in enumerate(names)}).part(node, point)
    return part if callable(part) else lambda numbers: part


class Planner:
    """Makes the plans of the parts of an expression."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = places

    def part(self, node: Node, point: Point) -> Part:
        """The plan of a node at a point, or its value where that is known."""
        if not self.varies(node, point):
            return _plain(evaluate(node, point))
        make = PLANS.get(type(node))
        made = make(self, node, point) if make else None
        return self.general(node, point) if made is None else made

    def varies(self, node: Node, point: Point, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a value depends on the numbers, perhaps through definitions."""
        for e in nodes(node):
            name = e.name if isinstance(e, Sym) else e.fun.name if isinstance(e, App | Grad) else ""
            if name in self.places:
                return True
            defined = name in point.definitions and name not in point.values and name not in seen
            if defined and self.varies(point.definitions[name].body, point, seen | {name}):
                return True
        return False

    def general(self, node: Node, point: Point) -> Plan:
        """What is evaluated as always."""
        return lambda numbers: _plain(
            evaluate(
                node, replace(point, values={**point.values, **dict(zip(self.places, numbers, strict=True))})
            )
        )

    def within(self, fun: Sym, args: Sequence[Node], point: Point) -> tuple[Planner, Point, Given]:
        """What plans the body of a function whose arguments vary, and what gives its parameters."""
        parameters = definition(fun, point).parameters
        parts = self.parts(args, point)
        together = len(parameters) == 1 and len(parts) > 1  # several numbers fill a vector

        def given(numbers: Numbers) -> Sequence[Any]:
            found = [part(numbers) if callable(part) else part for part in parts]
            return [np.array(found)[:, None]] if together else found

        names = [s.name for s in parameters]
        places = {**self.places, **{name: len(self.places) + k for k, name in enumerate(names)}}
        free = {name: value for name, value in point.values.items() if name not in names}
        return Planner(places), replace(point, values=free), given

    def parts(self, several: Sequence[Node], point: Point) -> list[Part]:
        """The plans of several nodes."""
        return [self.part(e, point) for e in several]


def takes(function: Definition, args: Sequence[Node]) -> bool:
    """Whether there is an argument for each parameter, or several numbers for a vector."""
    return len(function.parameters) in (1, len(args)) and bool(args)


def _plain(value: Array) -> Any:
    """A number as Python's own, whose arithmetic is quicker."""
    return value.item() if np.ndim(value) == 0 and isinstance(value, np.generic | np.ndarray) else value


def _numpy(value: Any) -> Array:
    """A number as NumPy's, which is NaN where a function is not defined."""
    return np.asarray(value)[()]


def _sym(p: Planner, node: Sym, point: Point) -> Part:
    if node.name not in p.places:
        return p.part(point.definitions[node.name].body, point)
    return _Multiple(p.places[node.name], 1.0)


def _inside(p: Planner, node: Group | Under, point: Point) -> Part:
    return p.part(node.arg, point)


def _neg(p: Planner, node: Neg, point: Point) -> Part:
    arg = p.part(node.arg, point)
    return lambda numbers: -arg(numbers)


def _transpose(p: Planner, node: T, point: Point) -> Part:
    arg = p.part(node.arg, point)
    return arg if is_scalar(node.shape) else lambda numbers: arg(numbers).T


def _add(p: Planner, node: Add, point: Point) -> Part:
    parts = p.parts(node.terms, point)
    plans = [part for part in parts if callable(part) and not isinstance(part, _Multiple)]
    multiples = [(part.place, part.of) for part in parts if isinstance(part, _Multiple)]
    fixed = sum(part for part in parts if not callable(part))

    def value(numbers: Numbers) -> Any:
        total = fixed
        for k, of in multiples:
            total = total + numbers[k] * of
        for one in plans:
            total = total + one(numbers)
        return total

    return value


@dataclass(frozen=True, slots=True)
class _Multiple:
    """One of the numbers times something known: most terms are of this kind."""

    place: int
    of: Any

    def __call__(self, numbers: Numbers) -> Any:
        return numbers[self.place] * self.of


def _mul(p: Planner, node: Mul, point: Point) -> Part:
    parts = p.parts(node.factors, point)
    scalars = [part for part, f in zip(parts, node.factors, strict=True) if is_scalar(f.shape)]
    chain = [part for part, f in zip(parts, node.factors, strict=True) if not is_scalar(f.shape)]
    fixed: Any = 1.0
    for part in scalars:
        fixed = fixed if callable(part) else fixed * part
    plans = [part for part in scalars if callable(part)]
    known = not any(map(callable, chain))
    if known:
        for k, part in enumerate(chain):
            chain[k] = chain[k - 1] @ part if k else part
        fixed = _shaped(fixed * chain[-1], node) if chain else fixed
        return _scaled(plans, fixed)

    def value(numbers: Numbers) -> Any:
        scale, product = fixed, None
        for one in plans:
            scale = scale * one(numbers)
        for part in chain:
            v = part(numbers) if callable(part) else part
            product = v if product is None else product @ v
        return _shaped(scale * product, node)

    return value


def _scaled(plans: list[Plan], fixed: Any) -> Plan:
    """Something known times numbers that are not."""
    if len(plans) == 1 and isinstance(plans[0], _Multiple):
        return _Multiple(plans[0].place, plans[0].of * fixed)

    def value(numbers: Numbers) -> Any:
        scale: Any = 1.0
        for one in plans:
            scale = scale * one(numbers)
        return scale * fixed

    return value


def _shaped(value: Any, node: Node) -> Any:
    """A product that is a number as a number."""
    return value[0, 0].item() if np.ndim(value) == 2 and is_scalar(node.shape) else value


def _div(p: Planner, node: Div, point: Point) -> Part:
    num, den = p.parts((node.num, node.den), point)
    if not callable(den):
        return lambda numbers: num(numbers) / den
    return lambda numbers: (num(numbers) if callable(num) else num) / den(numbers)


def _had(p: Planner, node: Had, point: Point) -> Part:
    parts = p.parts(node.factors, point)

    def value(numbers: Numbers) -> Any:
        out: Any = 1.0
        for part in parts:
            out = out * (part(numbers) if callable(part) else part)
        return out

    return value


def _squared(x: Any) -> Any:
    return x * x


def _pow(p: Planner, node: Pow, point: Point) -> Part | None:
    base, exponent = p.parts((node.base, node.exponent), point)
    if callable(exponent) or isinstance(exponent, complex):
        return None
    if exponent == 2:
        return lambda numbers: _squared(base(numbers))
    if exponent.is_integer() and 0 <= exponent <= MOST_SQUARED:
        return lambda numbers: whole_power(base(numbers), int(exponent))
    return lambda numbers: _plain(_numpy(base(numbers)) ** exponent)


def _norm(p: Planner, node: Norm, point: Point) -> Part | None:
    arg = p.part(node.arg, point)
    if node.p is not None:
        return None

    return lambda numbers: _plain(np.sqrt(np.sum(_squared(arg(numbers)))))


def _call(p: Planner, node: Call, point: Point) -> Part | None:
    row = FUNCTIONS[node.name]
    function = row.numpy if node.order == 0 else row.slope if node.order == 1 else None
    if function is None:
        return None
    args = p.parts(node.args, point)
    return lambda numbers: _plain(function(*(_numpy(a(numbers) if callable(a) else a) for a in args)))


def _mat(p: Planner, node: Mat, point: Point) -> Part | None:
    if node.full is not None or not all(is_scalar(c.shape) for c in node.cells):
        return None
    cells = p.parts(node.cells, point)
    shape = (len(cells) // node.columns, node.columns)
    return lambda numbers: np.array([c(numbers) if callable(c) else c for c in cells]).reshape(shape)


def _entry(p: Planner, node: Entry, point: Point) -> Part | None:
    if any(find(i, Idx) for i in node.indices):
        return None
    base = p.part(node.base, point)
    keys = [index_value(i, point) - 1 for i in node.indices]
    if min(keys) < 0:
        return None
    at = tuple(keys) if len(keys) == 2 else (0, *keys) if is_row(node.base.shape) else (*keys, 0)
    return lambda numbers: base(numbers)[at]


def _app(p: Planner, node: App, point: Point) -> Part | None:
    if node.fun.name in point.functions:
        return None
    known = definition(node.fun, point)
    body = known.body
    if not any(p.varies(a, point) for a in node.args):
        return p.part(body, bound(node.fun, node.args, point))
    if holds_derivative(body, point) or not takes(known, node.args):
        return None
    inner, at, given = p.within(node.fun, node.args, point)
    part = inner.part(body, at)
    return (lambda numbers: part((*numbers, *given(numbers)))) if callable(part) else lambda numbers: part


PLANS: dict[type[Node], Callable[..., Part | None]] = {
    Sym: _sym, Group: _inside, Under: _inside, Neg: _neg, T: _transpose, Add: _add, Mul: _mul, Div: _div,
    Had: _had, Pow: _pow, Norm: _norm, Call: _call, Mat: _mat, Entry: _entry, App: _app,
}  # fmt: skip
"""How the plan of a node is made, by its class; ``None`` where it has none here."""
