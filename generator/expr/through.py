"""What a derivative by a named part means: ∂L/∂r where r stands for a part of L, as in r := Ax − b.

Where L is written in terms of the name, that name moves freely, and everything else stands still. Otherwise
the part is found in L by its value: at a random point nothing else has it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.errors import InputError
from generator.expr.calculus import App
from generator.expr.functions import Array
from generator.expr.match import nodes, transform
from generator.expr.nodes import Entry, Node, Sym
from generator.expr.point import Point
from generator.expr.values import evaluate

CLOSE = 1e-12


def freed(of: Node, wrt: Node, point: Point) -> tuple[Node, Point]:
    """``of`` in terms of the named part that ``wrt`` is (or is an entry of), and a point where it is free."""
    base = wrt.base if isinstance(wrt, Entry) else wrt
    if not isinstance(base, Sym) or base.name in point.values or base.name not in point.definitions:
        return of, point
    value = evaluate(base, point)
    free = replace(point, values={**point.values, base.name: value})
    return (of if _mentions(of, base, point) else _folded(of, base, value, point)), free


def _mentions(e: Node, name: Sym, point: Point, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an expression is written in terms of a name, perhaps through other names."""
    found = [n for n in nodes(e) if isinstance(n, Sym | App)]
    if name in found:
        return True
    used = {n.fun.name if isinstance(n, App) else n.name for n in found if isinstance(n, Sym | App)}
    inner = (used & point.definitions.keys()) - point.values.keys() - seen
    return any(_mentions(point.definitions[s].body, name, point, seen | inner) for s in inner)


def _folded(e: Node, name: Sym, value: Array, point: Point) -> Node:
    """The expression with ``name`` wherever something has its value, definitions written out."""

    def change(n: Node) -> Node | None:
        if n == name or _has_value(n, name, value, point):
            return name
        fun = n.fun if isinstance(n, App) else n
        if not isinstance(fun, Sym) or fun.name in point.values or fun.name not in point.definitions:
            return None
        meaning = point.definitions[fun.name]
        if isinstance(n, App) and n.args != meaning.parameters:
            return None
        return _folded(meaning.body, name, value, point)

    return transform(e, change)


def _has_value(n: Node, name: Sym, value: Array, point: Point) -> bool:
    if n.shape != name.shape:
        return False
    try:
        found = evaluate(n, point)
    except InputError:  # it depends on an index that is summed over
        return False
    scale = max(1e-3, float(np.max(np.abs(value))))
    return np.shape(found) == np.shape(value) and bool(np.max(np.abs(found - value)) <= CLOSE * scale)
