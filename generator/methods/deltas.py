"""Sums with Kronecker deltas: a sum over an index that a delta fixes has one term."""

from __future__ import annotations

from generator.expr.calculus import Delta, Sum
from generator.expr.make import add, mul, num
from generator.expr.match import children, free_indices, substitute, with_children
from generator.expr.nodes import Add, Mul, Neg, Node
from generator.rules.tidy import tidy


def collapse(e: Node) -> Node:
    """Carry out every sum over an index that a delta fixes; and deltas of two free indices stay."""
    e = tidy(_collapse(tidy(e, collect=False)), collect=False)
    return tidy(e)


def _collapse(e: Node) -> Node:
    parts = tuple(_collapse(k) for k in children(e))
    e = with_children(e, parts) if parts else e
    if isinstance(e, Sum):
        if isinstance(e.body, Add):
            return add(*(_collapse(tidy(Sum(e.index, t), collect=False)) for t in e.body.terms))
        return _one_sum(e)
    return e


def _one_sum(e: Sum) -> Node:
    body = e.body.arg if isinstance(e.body, Neg) else e.body
    factors = body.factors if isinstance(body, Mul) else (body,)
    for f in factors:
        if isinstance(f, Delta) and e.index in (f.i, f.j) and f.i != f.j:
            other = f.j if f.i == e.index else f.i
            rest = [substitute(g, {e.index: other}) for g in factors if g is not f]
            new = tidy(mul(*rest), collect=False) if rest else num(1)
            return Neg(new) if isinstance(e.body, Neg) else new
    outside = [f for f in factors if e.index not in free_indices(f)]
    inside = [f for f in factors if f not in outside]
    if isinstance(e.body, Sum) and outside == []:
        inner = e.body
        moved = _one_sum(Sum(e.index, inner.body))
        return _collapse(Sum(inner.index, moved)) if not isinstance(moved, Sum) else e
    if inside and any(isinstance(f, Sum) for f in inside):
        nested = next(f for f in inside if isinstance(f, Sum))
        rest = [f for f in factors if f is not nested]
        moved = _one_sum(Sum(e.index, mul(*rest, nested.body)))
        if not isinstance(moved, Sum):
            new = _collapse(Sum(nested.index, moved))
            return Neg(new) if isinstance(e.body, Neg) else new
    return e
