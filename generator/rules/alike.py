"""When two expressions are the same to a reader: a normal form that multiplies out and forgets all order.

Made for ``replay``, which compares what a rule gives with what a line says; it shares no code with the
methods. A form is a sum: for each product of scalar powers and one chain of matrices, a rational number.
Transposes stand at the leaves; a 1×1 part of a chain is a scalar, read in one of its two directions. Nothing
is known here of traces (no rotation, no transposing), inverses of products or elementwise functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from generator.expr.calculus import Group, Under
from generator.expr.make import add, mul, num
from generator.expr.match import children, transform, with_children
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Eye,
    Had,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Num,
    Ones,
    Pow,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import is_one, is_scalar
from generator.rules.nary import transpose_once

Scalars = tuple[tuple[Node, Fraction], ...]  # bases and exponents, sorted
Term = tuple[Scalars, tuple[Node, ...]]
Form = dict[Term, Fraction]

LINEAR = frozenset({"tr", "sum", "diag", "diagonal", "vec"})
UNIT: Form = {((), ()): Fraction(1)}


def plain(e: Node) -> Node:
    """An expression without braces and without parentheses that only show how to read it."""
    return transform(e, lambda n: plain(n.arg) if isinstance(n, Under | Group) else None)


def alike(a: Node, b: Node) -> bool:
    """Whether two expressions of one shape have the same normal form."""
    return a == b or (a.shape == b.shape and form(a) == form(b))


def without_symmetry(e: Node) -> Node:
    """The expression with transposes at the leaves, also through inverses, and none on symmetric symbols."""

    def push(n: Node) -> Node | None:
        match n:
            case T(arg=Inv() as a):
                return Inv(without_symmetry(T(a.arg)))
            case T(arg=Sym() as a) if a.assume & {"symmetric", "positive_definite", "diagonal"}:
                return a
            case T(arg=T() as a):
                return without_symmetry(a.arg)
        pushed = transpose_once(n, frozenset()) if isinstance(n, T) else None
        return None if pushed is None else without_symmetry(pushed)

    return transform(e, push)


def form(e: Node) -> Form:  # noqa: C901 - a table of node classes
    """The normal form of an expression."""
    match e:
        case Num():
            return {((), ()): e.value} if e.value else {}
        case Zero():
            return {}
        case Group() | Under():
            return form(e.arg)
        case Neg():
            return {k: -v for k, v in form(e.arg).items()}
        case Add():
            return collected((k, v) for t in e.terms for k, v in form(t).items())
        case Mul():
            return multiplied([form(f) for f in e.factors])
        case MatPow(exponent=Num(value=k)) if k.denominator == 1 and 0 < k < 9:
            return multiplied([form(e.base)] * int(k))
        case MatPow(exponent=Neg(arg=Num(value=k))) if k.denominator == 1 and k < 9:
            return multiplied([form(Inv(e.base))] * int(k))
        case Inv():
            inner = canonical(e.arg)
            return (
                form(inner.arg)
                if isinstance(inner, Inv)
                else atom(inner if isinstance(inner, Eye) else Inv(inner))
            )
        case T():
            return collected((transposed(term), v) for term, v in form(e.arg).items())
        case Div() if is_scalar(e.den.shape):
            return multiplied([form(e.num), power(form(e.den), Fraction(-1))])
        case Div():
            return hadamard([e.num, Pow(e.den, Neg(num(1)))])
        case Had():
            return hadamard(e.factors)
        case Pow() if (p := literal(e.exponent)) is not None and (is_scalar(e.shape) or p in (0, 1)):
            if is_scalar(e.shape):
                return power(form(e.base), p)
            return form(e.base) if p else atom(Ones(e.shape))
        case Call() if e.name in LINEAR:
            return linear(e)
    kids = children(e)
    return atom(with_children(e, tuple(canonical(k) for k in kids)) if kids else e)


def literal(e: Node) -> Fraction | None:
    """The value of an expression that is a number."""
    found = form(e)
    return found.get(((), ()), Fraction(0)) if found.keys() <= UNIT.keys() else None


def atom(e: Node) -> Form:
    """Something that is not taken apart."""
    return {(((e, Fraction(1)),), ()) if is_scalar(e.shape) else ((), (e,)): Fraction(1)}


def canonical(e: Node) -> Node:
    """An expression rebuilt from its normal form."""
    found = form(e)
    if not found:
        return num(0) if is_scalar(e.shape) else Zero(e.shape)
    terms = sorted(((rebuilt(t), v) for t, v in found.items()), key=repr)
    return add(*(t if v == 1 else mul(num(v), t) for t, v in terms))


def rebuilt(term: Term) -> Node:
    """The product of a term, without its number."""
    scalars, chain = term
    parts = [b if p == 1 else Pow(b, num(p)) for b, p in scalars]
    return mul(*parts, *chain) if parts or chain else num(1)


def collected(terms: Iterable[tuple[Term, Fraction]]) -> Form:
    """Like terms added up."""
    out: Form = {}
    for k, v in terms:
        out[k] = out.get(k, Fraction(0)) + v
    return {k: v for k, v in out.items() if v}


def multiplied(forms: list[Form]) -> Form:
    """The product of sums, in the order of the chains."""
    out = []
    for terms in product(*(f.items() for f in forms)):
        value = Fraction(1)
        scalars: list[tuple[Node, Fraction]] = []
        chain: list[Node] = []
        for (s, c), v in terms:
            value *= v
            scalars += s
            chain += c
        out.append((tidied(scalars, chain), value))
    return collected(out)


def tidied(scalars: Iterable[tuple[Node, Fraction]], chain: list[Node]) -> Term:
    """Scalars gathered and sorted; identity matrices dropped; 1×1 parts of the chain among the scalars."""
    exponents: dict[Node, Fraction] = {}
    loose = list(scalars)
    kept: list[Node] = []
    for piece in pieces([f for f in chain if not isinstance(f, Eye)] or chain[:1]):
        if is_scalar(mul(*piece).shape):
            loose.append((one_way(piece), Fraction(1)))
        else:
            kept += piece
    for base, p in loose:
        exponents[base] = exponents.get(base, Fraction(0)) + p
    return tuple(sorted(((b, p) for b, p in exponents.items() if p), key=repr)), tuple(kept)


def pieces(chain: list[Node]) -> Iterable[list[Node]]:
    """The chain, cut where its parts meet in a side of length one."""
    piece: list[Node] = []
    for f in chain:
        piece.append(f)
        if is_one(f.shape[1]):
            yield piece
            piece = []
    if piece:
        yield piece


def one_way(piece: list[Node]) -> Node:
    """A 1×1 product, read forwards or backwards, whichever comes first."""
    back = [turned(f) for f in reversed(piece)]
    return mul(*min(piece, back, key=repr))


def turned(f: Node) -> Node:
    """The transpose of a factor of a chain."""
    if isinstance(f, T):
        return f.arg
    if isinstance(f, Had):
        return Had(tuple(sorted(map(turned, f.factors), key=repr)))
    if isinstance(f, Pow) and not is_scalar(f.shape):
        return Pow(turned(f.base), f.exponent)
    return f if isinstance(f, Eye) or (isinstance(f, Call) and f.name == "diag") else T(f)


def transposed(term: Term) -> Term:
    """The transpose of a term."""
    scalars, chain = term
    return tidied(scalars, [turned(f) for f in reversed(chain)])


def power(base: Form, p: Fraction) -> Form:
    """A power of a scalar; of a sum as a whole, with the number of its first term taken out."""
    if p == 0 or base == UNIT:
        return UNIT
    terms = sorted(base.items(), key=repr)
    value = terms[0][1] if terms and p.denominator == 1 else Fraction(1)
    if len(terms) == 1 and p.denominator == 1:
        return {(tuple((b, q * p) for b, q in terms[0][0][0]), ()): value ** int(p)}
    if p in (2, 3, 4):
        return multiplied([base] * int(p))
    whole = (
        add(*(rebuilt(t) if v == value else mul(num(v / value), rebuilt(t)) for t, v in terms))
        if terms
        else num(0)
    )
    return {(((whole, p),), ()): value ** int(p) if p.denominator == 1 else Fraction(1)}


def hadamard(factors: Iterable[Node]) -> Form:
    """An elementwise product, term by term; ones are dropped, the factors sorted."""
    out = []
    factors = tuple(factors)
    shape = next(f.shape for f in factors if not is_scalar(f.shape))
    for terms in product(*(form(f).items() for f in factors)):
        scalars: list[tuple[Node, Fraction]] = []
        arrays: list[Node] = []
        value = Fraction(1)
        for (s, c), v in terms:
            scalars, value = [*scalars, *s], value * v
            whole = mul(*c) if c else Ones(shape)
            arrays += whole.factors if isinstance(whole, Had) else (whole,)
        arrays = sorted((a for a in arrays if not isinstance(a, Ones)), key=repr)
        chain = [arrays[0]] if len(arrays) == 1 else [Had(tuple(arrays))] if arrays else [Ones(shape)]
        flat = [g for f in chain for g in (f.factors if isinstance(f, Mul) else (f,))]
        out.append((tidied(scalars, flat), value))
    return collected(out)


def linear(e: Call) -> Form:
    """A linear function, term by term; numbers leave it, and a number is its own trace."""
    out = []
    for (scalars, chain), v in form(e.args[0]).items():
        if is_scalar(e.args[0].shape):
            out.append(((scalars, chain), v))
        else:
            inner: Node = Call(e.name, (mul(*chain),))
            more = [(inner, Fraction(1))] if is_scalar(e.shape) else []
            out.append((tidied([*scalars, *more], [] if more else [inner]), v))
    return collected(out)
