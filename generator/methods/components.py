"""An expression in components: (Ax)_i = Σ_k A_ik x_k."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from generator.errors import NotDerivable
from generator.expr.calculus import App, Delta, Group, Sum, Under
from generator.expr.make import add, mul, neg, num
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
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import Shape, is_one, is_scalar
from generator.methods.blocks import Pair, Place, blocks, misfit
from generator.methods.bound import Letters
from generator.rules.nary import unrolled


def places(shape: Shape, letters: Letters) -> tuple[Idx, ...]:
    """Fresh indices for all sides of a shape that are not 1."""
    return tuple(letters.next(side) for side in shape if not is_one(side))


def component(e: Node, at: tuple[Place, ...], letters: Letters) -> Node:  # noqa: C901 - a table of node classes
    """One entry of an expression as sums over entries of its symbols.

    ``at`` has one place for each side that is not 1. Determinants, and entries of an inverse or of a softmax,
    stay as they are.

    Raises:
        NotDerivable: the expression has no index form.
    """
    match e:
        case Inv(arg=T(arg=inner)):
            return entry(Inv(inner), at[::-1])
        case Call(name="det" | "logdet", args=(T(arg=inner),)):
            return Call(e.name, (inner,))
        case Sym() | Inv() | App() | Call(name="softmax" | "det" | "logdet" | "logsumexp"):
            return entry(e, at)
        case Num() | Entry() | Delta() | Sum():
            return e
        case Group() | Under():
            return component(e.arg, at, letters)
        case Add():
            return add(*(component(t, at, letters) for t in e.terms))
        case Neg():
            return neg(component(e.arg, at, letters))
        case Mul():
            return _product(e, at, letters)
        case Had():
            return mul(*(component(f, at, letters) for f in e.factors))
        case Div():
            parts = (component(p, at if not is_scalar(p.shape) else (), letters) for p in (e.num, e.den))
            return Div(*parts)
        case Pow(base=Norm(p=None) as norm, exponent=Num(value=p)) if p.denominator == 1 and p % 2 == 0:
            total = _over_all(norm.arg, letters, lambda x: Pow(x, num(2)))
            return total if p == 2 else Pow(total, num(p / 2))
        case Pow():
            return Pow(component(e.base, at, letters), component(e.exponent, (), letters))
        case MatPow():
            base, k = unrolled(e)
            return component(mul(*[base] * k) if k else Eye(e.shape[0]), at, letters)
        case T():
            return component(e.arg, at[::-1], letters)
        case Eye():
            return _delta(*at)
        case Ones():
            return num(1)
        case Zero():
            return num(0)
        case Norm():
            return _norm(e, letters)
        case Call():
            return _call(e, at, letters)
    raise NotDerivable(f"a {type(e).__name__} has no index form", hint="use --method differential")


def entry(e: Node, at: tuple[Place, ...]) -> Node:
    """An entry that is not taken apart.

    Raises:
        NotDerivable: a place in it is a pair of indices.
    """
    places = tuple(i for i in at if not isinstance(i, Pair))
    if len(places) < len(at):
        raise misfit()
    return Entry(e, places) if places else e


def _delta(i: Place, j: Place) -> Node:
    if isinstance(i, Pair) and isinstance(j, Pair):
        return mul(Delta(i.outer, j.outer), Delta(i.inner, j.inner))
    if isinstance(i, Pair) or isinstance(j, Pair):
        raise misfit()
    return Delta(i, j)


def _running(letters: Letters, *sides: tuple[Node, int]) -> Place:
    """A fresh index, or a pair of them, for a side that expressions share."""
    found = next((b for e, side in sides if (b := blocks(e, side)) is not None), None)
    if found is not None:
        return Pair(*map(letters.next, found))
    e, side = sides[0]
    return letters.next(e.shape[side])


def _summed(body: Node, over: Iterable[Place]) -> Node:
    """Sums over places, the first outermost."""
    flat = [k for i in over for k in ((i.outer, i.inner) if isinstance(i, Pair) else (i,))]
    for index in reversed(flat):
        assert isinstance(index, Idx)
        body = Sum(index, body)
    return body


def _over_all(e: Node, letters: Letters, change: Callable[[Node], Node] = lambda x: x) -> Node:
    """The sum over all entries of an expression, each changed."""
    inside = tuple(_running(letters, (e, side)) for side in (0, 1) if not is_one(e.shape[side]))
    return _summed(change(component(e, inside, letters)), inside)


def _product(e: Mul, at: tuple[Place, ...], letters: Letters) -> Node:
    scalars = [component(f, (), letters) for f in e.factors if is_scalar(f.shape)]
    chain = [f for f in e.factors if not is_scalar(f.shape)]
    if not chain:
        return mul(*scalars)
    ends = iter(at)
    left: Place | None = None if is_one(chain[0].shape[0]) else next(ends)
    bound: list[Place] = []
    entries: list[Node] = []
    for k, f in enumerate(chain):
        right: Place | None = None
        if not is_one(f.shape[1]):
            last = k == len(chain) - 1
            right = next(ends) if last else _running(letters, (f, 1), (chain[k + 1], 0))
            bound += [] if last else [right]
        entries.append(component(f, tuple(i for i in (left, right) if i is not None), letters))
        left = right
    return _summed(mul(*scalars, *entries), bound)


def _norm(e: Norm, letters: Letters) -> Node:
    if e.p is None:
        return Call("sqrt", (_over_all(e.arg, letters, lambda x: Pow(x, num(2))),))
    p = e.p
    if p == num(1):
        return _over_all(e.arg, letters, lambda x: Call("abs", (x,)))
    total = _over_all(e.arg, letters, lambda x: Pow(Call("abs", (x,)), p))
    return Pow(total, Div(num(1), p))


def _call(e: Call, at: tuple[Place, ...], letters: Letters) -> Node:
    a = e.args[0]
    match e.name:
        case "tr":
            if is_scalar(a.shape):
                return component(a, (), letters)
            k = _running(letters, (a, 0), (a, 1))
            return _summed(component(a, (k, k), letters), [k])
        case "sum":
            return _over_all(a, letters)
        case "diag":
            return mul(_delta(*at), component(a, at[:1], letters))
        case "diagonal":
            return component(a, (*at, *at), letters)
        case "vec" if isinstance(at[0], Pair):
            return component(a, (at[0].inner, at[0].outer), letters)
        case "kron":
            return _kron(e, at, letters)
        case "vec":
            raise misfit()
    return Call(e.name, (component(a, at, letters),), e.order)


def _kron(e: Call, at: tuple[Place, ...], letters: Letters) -> Node:
    """An entry of A ⊗ B: entry of A at the block, times entry of B within the block."""
    ends = iter(at)
    outer: list[Node] = []
    inner: list[Node] = []
    for side in (0, 1):
        long = [not is_one(part.shape[side]) for part in e.args]
        if not any(long):
            continue
        place = next(ends)
        if isinstance(place, Pair):
            outer.append(place.outer)
            inner.append(place.inner)
        elif all(long):
            raise misfit()
        else:
            (outer if long[0] else inner).append(place)
    a, b = e.args
    return mul(component(a, tuple(outer), letters), component(b, tuple(inner), letters))


def iterate(e: Node) -> Iterator[Node]:
    """The terms of a sum, or the expression itself."""
    yield from e.terms if isinstance(e, Add) else (e,)
