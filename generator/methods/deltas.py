"""Sums with Kronecker deltas: a sum over an index that a delta fixes has one term."""

from __future__ import annotations

from generator.expr.calculus import Cases, Delta, Partial, Rel, Sum
from generator.expr.make import add, mul, neg, num
from generator.expr.match import children, find, free_indices, with_children
from generator.expr.nodes import Add, Div, Entry, Idx, Mul, Neg, Node
from generator.methods.bound import apart, fixes, indices, replaced
from generator.methods.story import Story
from generator.rules.tidy import tidy


def introduce(story: Story, entry: Node, wrt: Node) -> None:
    """Say, once, what one entry of the variable is when it is differentiated by another."""
    used = [e for e in find(entry, Entry) if isinstance(wrt, Entry) and e.base == wrt.base]
    if not used or not isinstance(wrt, Entry) or "one entry by another" in story.quoted:
        return
    story.quoted.add("one entry by another")
    pairs = list(zip(used[0].indices, wrt.indices, strict=True))
    equal = mul(*(Rel(i, "=", j) for i, j in pairs))
    story.step("One entry by another")
    story.say("The entries of {0} are variables of their own, so this is one or zero:", wrt.base)
    slope = Partial(used[0], wrt)
    story.line(slope, mul(*(Delta(i, j) for i, j in pairs)), "delta")
    story.line(slope, Cases((num(1), num(0)), (equal, num(1))), "cases")


def collapse(e: Node) -> Node:
    """Carry out every sum over an index that a delta fixes; and deltas of two free indices stay."""
    return tidy(tidy(_collapse(tidy(e, collect=False)), collect=False))


def _collapse(e: Node) -> Node:
    parts = tuple(_collapse(k) for k in children(e))
    e = with_children(e, parts) if parts else e
    if isinstance(e, Sum):
        return _over(e.index, tidy(e.body, collect=False))
    return e


def _over(k: Idx, body: Node) -> Node:
    """The sum over ``k`` with its deltas carried out; only what holds a delta is multiplied out."""
    if isinstance(body, Neg):
        return neg(_over(k, body.arg))
    if isinstance(body, Add):
        return add(*(_over(k, term) for term in body.terms))
    factors = body.factors if isinstance(body, Mul) else (body,)
    place = next((p for p, f in enumerate(factors) if fixes(f, k) and k in free_indices(f)), None)
    if place is None:
        return Sum(k, body)
    before, f, after = factors[:place], factors[place], factors[place + 1 :]
    match f:
        case Delta():
            other = f.j if f.i == k else f.i
            rest = (replaced(g, k, other) for g in (*before, *after))
            return tidy(mul(num(1), *rest), collect=False)
        case Sum():
            taken = set().union({k}, *map(indices, (*before, *after)))
            inner = apart(f, taken)
            assert isinstance(inner, Sum)
            carried = _over(k, mul(*before, inner.body, *after))
            stuck = isinstance(carried, Sum) and carried.index == k  # sums would change places for ever
            return Sum(k, body) if stuck else _over(inner.index, carried)
        case Add():
            return add(*(_over(k, mul(*before, term, *after)) for term in f.terms))
        case Neg():
            return neg(_over(k, mul(*before, f.arg, *after)))
        case Mul():
            return _over(k, mul(*before, *f.factors, *after))
        case Div() if fixes(f.num, k) and not fixes(f.den, k):
            return _over(k, mul(*before, Div(num(1), f.den), f.num, *after))
    return Sum(k, body)
