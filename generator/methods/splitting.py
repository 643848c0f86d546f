"""Linear operations on sums that hold differentials: each acts on every term."""

from __future__ import annotations

from collections.abc import Callable

from generator.expr.make import add
from generator.expr.nodes import Add, Call, Div, Neg, Node, T
from generator.methods.moves import has_d

LINEAR = ("tr", "sum", "diag", "diagonal", "vec")


def split(e: Node) -> Node | None:
    """A linear operation on a sum that holds differentials, as a sum: one level."""
    if isinstance(e, Neg) and isinstance(e.arg, Add) and has_d(e):
        return add(e)
    if isinstance(e, Div):
        return _over_terms(e.num, lambda x: Div(x, e.den))
    if isinstance(e, T):
        return _over_terms(e.arg, T)
    if isinstance(e, Call) and e.name in LINEAR:
        return _over_terms(e.args[0], lambda x: Call(e.name, (x,)))
    if isinstance(e, Call) and e.name == "kron":
        a, b = e.args
        return _over_terms(a, lambda x: Call("kron", (x, b))) or _over_terms(
            b, lambda x: Call("kron", (a, x))
        )
    return None


def _over_terms(inner: Node, build: Callable[[Node], Node]) -> Node | None:
    if isinstance(inner, Neg) and isinstance(inner.arg, Add):
        inner = add(inner)
    if not isinstance(inner, Add) or not has_d(inner):
        return None
    return Add(tuple(Neg(build(x.arg)) if isinstance(x, Neg) else build(x) for x in inner.terms))
