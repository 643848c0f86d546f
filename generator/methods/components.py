"""An expression in components: (Ax)_i = Σ_k A_ik x_k."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Group, Sum, Under
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
from generator.expr.shapes import Dim, Dimension, Shape, is_one, is_scalar
from generator.rules.nary import unrolled

LETTERS = "ijklpqrstuvw"


@dataclass
class Letters:
    """Index letters that are still free: none that names a size or a scalar."""

    taken: set[str]

    @classmethod
    def beside(cls, symbols: Iterable[Sym], shapes: Iterable[Shape]) -> Letters:
        """The letters that do not clash with names of scalars or sizes."""
        sizes = {name for shape in shapes for side in shape if isinstance(side, Dim) for name in side.names}
        return cls(sizes | {s.name for s in symbols if is_scalar(s.shape)})

    def next(self, size: Dimension) -> Idx:
        """A fresh index of a range."""
        letter = next((c for c in LETTERS if c not in self.taken), None)
        if letter is None:
            raise NotDerivable("the index form needs more letters than there are")
        self.taken.add(letter)
        return Idx(letter, size)


def places(shape: Shape, letters: Letters) -> tuple[Idx, ...]:
    """Fresh indices for all sides of a shape that are not 1."""
    return tuple(letters.next(side) for side in shape if not is_one(side))


def component(e: Node, at: tuple[Node, ...], letters: Letters) -> Node:  # noqa: C901 - a table of node classes
    """One entry of an expression as sums over entries of its symbols.

    ``at`` has one index for each side that is not 1.

    Raises:
        NotDerivable: the expression has no elementary index form (a determinant, vec, kron).
    """
    match e:
        case Sym() | Inv() | Call(name="softmax"):
            return Entry(e, at) if at else e
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
            inside = places(norm.arg.shape, letters)
            total = summed(Pow(component(norm.arg, inside, letters), num(2)), inside)
            return total if p == 2 else Pow(total, num(p / 2))
        case Pow():
            return Pow(component(e.base, at, letters), component(e.exponent, (), letters))
        case MatPow():
            base, k = unrolled(e)
            return component(mul(*[base] * k) if k else Eye(e.shape[0]), at, letters)
        case T():
            return component(e.arg, at[::-1], letters)
        case Eye():
            return Delta(*at)
        case Ones():
            return num(1)
        case Zero():
            return num(0)
        case Norm():
            return _norm(e, letters)
        case Call():
            return _call(e, at, letters)
    raise NotDerivable(f"a {type(e).__name__} has no index form", hint="use --method differential")


def _product(e: Mul, at: tuple[Node, ...], letters: Letters) -> Node:
    scalars = [component(f, (), letters) for f in e.factors if is_scalar(f.shape)]
    chain = [f for f in e.factors if not is_scalar(f.shape)]
    if not chain:
        return mul(*scalars)
    ends = iter(at)
    left: Node | None = None if is_one(chain[0].shape[0]) else next(ends)
    bound: list[Idx] = []
    entries: list[Node] = []
    for k, f in enumerate(chain):
        right: Node | None = None
        if not is_one(f.shape[1]):
            right = next(ends) if k == len(chain) - 1 else letters.next(f.shape[1])
            if k < len(chain) - 1 and isinstance(right, Idx):
                bound.append(right)
        entries.append(component(f, tuple(i for i in (left, right) if i is not None), letters))
        left = right
    out = mul(*scalars, *entries)
    for index in reversed(bound):
        out = Sum(index, out)
    return out


def _norm(e: Norm, letters: Letters) -> Node:
    inside = places(e.arg.shape, letters)
    entry = component(e.arg, inside, letters)
    if e.p is not None:
        total = summed(Pow(Call("abs", (entry,)), e.p), inside)
        return total if e.p == num(1) else Pow(total, Div(num(1), e.p))
    return Call("sqrt", (summed(Pow(entry, num(2)), inside),))


def summed(body: Node, indices: tuple[Idx, ...]) -> Node:
    """Sums over indices, the first outermost."""
    for index in reversed(indices):
        body = Sum(index, body)
    return body


def _call(e: Call, at: tuple[Node, ...], letters: Letters) -> Node:
    a = e.args[0]
    match e.name:
        case "tr":
            if is_scalar(a.shape):
                return component(a, (), letters)
            k = letters.next(a.shape[0])
            return Sum(k, component(a, (k, k), letters))
        case "sum":
            inside = places(a.shape, letters)
            return summed(component(a, inside, letters), inside)
        case "diag":
            return mul(Delta(*at), component(a, at[:1], letters))
        case "diagonal":
            return component(a, (*at, *at), letters)
        case "logsumexp":
            k = letters.next(a.shape[0])
            return Call("log", (Sum(k, Call("exp", (component(a, (k,), letters),))),))
        case "det" | "logdet" | "vec" | "kron":
            raise NotDerivable(f"`{e.name}` has no elementary index form", hint="use --method differential")
    return Call(e.name, (component(a, at, letters),), e.order)


def iterate(e: Node) -> Iterator[Node]:
    """The terms of a sum, or the expression itself."""
    yield from e.terms if isinstance(e, Add) else (e,)
