"""An expression in one entry, differentiated as a function of one variable."""

from __future__ import annotations

from collections.abc import Iterator

from generator.expr.calculus import Partial
from generator.expr.make import num
from generator.expr.match import find, occurs, substitute, transform
from generator.expr.nodes import Node, Sym
from generator.rules.laws import law_for
from generator.rules.tidy import tidy


def passes(e: Node, at: Node) -> Iterator[Node]:
    """The derivative of ``e`` by ``at``, law after law; the last one is worked out."""
    t = Sym("coordinate", at.shape)
    now: Node = Partial(substitute(e, {at: t}), t)
    while opened := find(now, Partial):
        now = tidy(transform(substitute(now, {opened[0]: one_law(opened[0], t)}), evident))
        yield substitute(now, {t: at})


def ordinary(e: Node, at: Node) -> Node:
    """The derivative of ``e`` by ``at``."""
    *_, last = passes(e, at)
    return last


def one_law(e: Partial, t: Sym) -> Node:
    """A derivative after the law that fits."""
    vary = frozenset({t.name})
    new = evident(e) or law_for(e, vary).apply(e, vary)
    assert new is not None
    return new


def evident(e: Node) -> Node | None:
    """The derivative of the variable itself, or of what does not contain it."""
    if not isinstance(e, Partial):
        return None
    return num(1) if e.of == e.wrt else None if occurs(e.wrt, e.of) else num(0)
