"""Sums with Kronecker deltas: a sum over an index that a delta fixes has one term."""

from __future__ import annotations

from generator.expr.calculus import Cases, Delta, Partial, Rel, Sum
from generator.expr.make import add, mul, num
from generator.expr.match import children, find, free_indices, substitute, with_children
from generator.expr.nodes import Add, Entry, Mul, Neg, Node
from generator.methods.story import Story
from generator.rules.tidy import tidy


def introduce(story: Story, entry: Node, wrt: Node) -> None:
    """Say what one entry of the variable is when it is differentiated by another."""
    used = [e for e in find(entry, Entry) if isinstance(wrt, Entry) and e.base == wrt.base]
    if not used or not isinstance(wrt, Entry):
        return
    pairs = list(zip(used[0].indices, wrt.indices, strict=True))
    equal = mul(*(Rel(i, "=", j) for i, j in pairs))
    story.step("One entry by another")
    story.say("The entries of {0} are variables of their own, so this is one or zero:", wrt.base)
    slope = Partial(used[0], wrt)
    story.line(slope, mul(*(Delta(i, j) for i, j in pairs)), "delta")
    story.line(slope, Cases((num(1), num(0)), (equal, num(1))), "cases")


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
