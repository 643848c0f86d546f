"""From indices back to matrices: Σ_j A_ij x_j → Ax, by reducing a network of vectors and matrices.

A term is taken apart here into entries; what they make together is found in ``network``.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.expr.calculus import Delta, Sum
from generator.expr.make import add, mul, neg, num
from generator.expr.match import children, find, free_indices, with_children
from generator.expr.nodes import Add, Call, Div, Entry, Eye, Idx, Mul, Neg, Node, Norm, Num, Pow
from generator.methods.bound import replaced
from generator.methods.network import Network
from generator.rules.tidy import tidy


def recognise(e: Node, free: tuple[Idx, ...]) -> Node | None:
    """The scalar, column or matrix whose entry at ``free`` is the index expression, if one is found."""
    if isinstance(e, Add):
        parts = [recognise(x, free) for x in e.terms]
        found = [p for p in parts if p is not None]
        return tidy(add(*found)) if len(found) == len(parts) else None
    if isinstance(e, Neg):
        inner = recognise(e.arg, free)
        return None if inner is None else tidy(add(*(neg(t) for t in terms(inner))))
    spread = multiplied_out(e, ragged)
    if spread != e:
        return recognise(spread, free)
    network = Network(free)
    if take(network, e) and network.reduce():
        return tidy(network.result())
    spread = multiplied_out(e, lambda total: True)
    return None if spread == e else recognise(spread, free)


def terms(e: Node) -> tuple[Node, ...]:
    """The terms of a sum, or the expression itself."""
    return e.terms if isinstance(e, Add) else (e,)


# --- multiplying out ------------------------------------------------------------------------------


def ragged(total: Add) -> bool:
    """Whether a sum of matrix entries has a term without one of the indices: as a matrix it holds ones."""
    every = free_indices(total)
    return len(every) > 1 and any(free_indices(term) != every for term in total.terms)


def multiplied_out(e: Node, fits: Callable[[Add], bool]) -> Node:
    """The first sum that fits among the factors multiplied out, at any depth of summed indices."""
    if isinstance(e, Add):
        return e
    if isinstance(e, Sum):
        body = multiplied_out(e.body, fits)
        opened = isinstance(body, Add) and (body != e.body or fits(body))
        return add(*(Sum(e.index, term) for term in terms(body))) if opened else e
    factors = e.factors if isinstance(e, Mul) else ()
    for k, f in enumerate(factors):
        spread = multiplied_out(f, fits)
        if isinstance(spread, Add) and (spread != f or fits(spread)):
            return add(*(signed(*factors[:k], term, *factors[k + 1 :]) for term in spread.terms))
    return e


def signed(*factors: Node) -> Node:
    """A product with the minus signs of its factors in front."""
    whole = mul(*(f.arg if isinstance(f, Neg) else f for f in factors))
    return neg(whole) if sum(isinstance(f, Neg) for f in factors) % 2 else whole


# --- taking factors -------------------------------------------------------------------------------


def take(network: Network, e: Node) -> bool:
    """Take the factors of a term into a network; ``False`` where one does not fit."""
    match e:
        case Mul():
            return all(take(network, f) for f in e.factors)
        case Neg():
            network.scalars.append(num(-1))
            return take(network, e.arg)
        case Sum():
            index = Idx(f"{e.index.name} {len(network.summed)}", e.index.size)  # like no other one
            network.summed.append(index)
            return take(network, replaced(e.body, e.index, index))
    if not free_indices(e):
        closed = without_indices(e)
        network.scalars += [closed] if closed is not None else []
        return closed is not None
    if isinstance(e, Div) and not isinstance(e.num, Num):
        return take(network, e.num) and take(network, Div(num(1), e.den))
    if isinstance(e, Delta):
        return isinstance(e.i, Idx) and isinstance(e.j, Idx) and network.place(Eye(e.i.size), (e.i, e.j))
    if isinstance(e, Entry):
        places = tuple(i for i in e.indices if isinstance(i, Idx))
        return len(places) == len(e.indices) and network.place(e.base, places)
    places = in_order(e)
    whole = elementwise(e, places) if len(places) < 3 else None
    return whole is not None and network.place(whole, places)


def in_order(e: Node) -> tuple[Idx, ...]:
    """The free indices, in the order of an entry that has them all, if there is one."""
    free = free_indices(e)
    entries = (x.indices for x in find(e, Entry) if free <= set(x.indices))
    whole = next((places for places in entries if len(places) == len(free)), None)
    return (
        tuple(i for i in whole if isinstance(i, Idx)) if whole else tuple(sorted(free, key=lambda i: i.name))
    )


def without_indices(e: Node) -> Node | None:
    """A factor without free indices: sums inside a function are recognised on their own."""
    if isinstance(e, Sum):
        return recognise(e, ())
    parts = [without_indices(p) for p in children(e)] if not isinstance(e, Entry) else []
    if any(p is None for p in parts):
        return None
    return of_norm(with_children(e, tuple(p for p in parts if p is not None)) if parts else e)


def of_norm(e: Node) -> Node:
    """A power or root of a power of a norm, as one power of the norm: √(‖x‖²) = ‖x‖."""
    match e:
        case Call(name="sqrt", args=(Pow(base=Norm() as norm, exponent=Num(value=p)),)):
            return tidy(Pow(norm, num(p / 2)))
        case Pow(base=Pow(base=Norm() as norm, exponent=p), exponent=q):
            return tidy(
                Pow(norm, tidy(add(*(mul(p, term) for term in (q.terms if isinstance(q, Add) else (q,))))))
            )
    return e


def elementwise(e: Node, places: tuple[Idx, ...]) -> Node | None:
    """An elementwise function, power or reciprocal of something with these indices."""
    match e:
        case Call():
            inner = recognise(e.args[0], places)
            return None if inner is None else Call(e.name, (inner,), e.order)
        case Pow() if not free_indices(e.exponent):
            inner, exponent = recognise(e.base, places), without_indices(e.exponent)
            return None if inner is None or exponent is None else Pow(inner, exponent)
        case Div():
            top, inner = without_indices(e.num), recognise(e.den, places)
            return None if inner is None or top is None else Div(top, inner)
        case Add():
            return recognise(e, places)
    return None
