"""Expression -> term: the one writer of array code, for every dialect.

Rows and columns are one-dimensional, as NumPy has them, so a transposed vector is the vector itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce, singledispatch

from generator.code.indexed import place, tensor
from generator.code.products import hadamard, multiplied, ratio
from generator.code.stable import is_one, logarithm, slope
from generator.code.target import Target, rank
from generator.code.term import Term, add, call, matmul, neg, number, over, power, transpose
from generator.errors import NotDerivable
from generator.expr.calculus import Commutation, Delta, Dots, Group, Mat, Sum, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.match import symbols
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Row,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import is_column, is_matrix, is_scalar


def lower(node: Node, target: Target) -> Term:
    """An expression as a term of array code.

    Raises:
        NotDerivable: it has no form in code (an abstract function, a matrix with dots).
    """
    return _lower(node, target)


@singledispatch
def _lower(node: Node, target: Target) -> Term:
    raise NotDerivable(f"there is no code for a {type(node).__name__} in the answer")


@_lower.register
def _(node: Num, target: Target) -> Term:
    value = node.value
    exact = value.denominator == 1
    return number(str(value.numerator) if exact else repr(float(value)))


@_lower.register
def _(node: Size, target: Target) -> Term:
    return target.size(node.size)


@_lower.register
def _(node: Sym, target: Target) -> Term:
    if node.name not in target.symbols:
        raise NotDerivable(f"there is no code for {node.name}, which has no value of its own")
    return target.symbol(node)


@_lower.register
def _(node: Entry | Delta | Sum | Dots, target: Target) -> Term:
    return tensor(node, (), target)


@_lower.register
def _(node: Row, target: Target) -> Term:
    return call(f"{{0}}[{place(node.index)}]", target.term(node.base), rank=1)


@_lower.register
def _(node: Group | Under, target: Target) -> Term:
    return target.term(node.arg)


@_lower.register
def _(node: Neg, target: Target) -> Term:
    return neg(target.term(node.arg))


@_lower.register
def _(node: Add, target: Target) -> Term:
    """A sum; an array of ones beside other terms is a number that is spread."""
    full = any(not _is_spread(term) for term in node.terms)
    terms = [_spread(term, target) if full else target.term(term) for term in node.terms]
    if _is_negative(terms[0]):
        terms.sort(key=_is_negative)
    return reduce(add, terms)


def _is_negative(term: Term) -> bool:
    return term.form == "-{0}"


def _is_spread(term: Node) -> bool:
    inner = term.arg if isinstance(term, Neg) else term
    arrays = [f for f in inner.factors if not is_scalar(f.shape)] if isinstance(inner, Mul) else [inner]
    return len(arrays) == 1 and isinstance(arrays[0], Ones)


def _spread(term: Node, target: Target) -> Term:
    if not _is_spread(term):
        return target.term(term)
    if isinstance(term, Neg):
        return neg(_spread(term.arg, target))
    scalars = [f for f in term.factors if is_scalar(f.shape)] if isinstance(term, Mul) else []
    return ratio(scalars, (), target)


@_lower.register
def _(node: Mul, target: Target) -> Term:
    return multiplied(node, target)


@_lower.register
def _(node: Had, target: Target) -> Term:
    return hadamard(node, target)


@_lower.register
def _(node: Div, target: Target) -> Term:
    return ratio([node], (), target)


@_lower.register
def _(node: Pow, target: Target) -> Term:
    squared = node.exponent == Num(Fraction(2))
    if squared and isinstance(node.base, Norm) and node.base.p is None:
        array = target.term(node.base.arg)
        return matmul(array, array) if array.rank == 1 else target.make("sum", power(array, number("2")))
    return power(target.term(node.base), target.term(node.exponent))


@_lower.register
def _(node: MatPow, target: Target) -> Term:
    return target.make("matpow", target.term(node.base), target.term(node.exponent), rank=2)


@_lower.register
def _(node: T, target: Target) -> Term:
    return transpose(target.term(node.arg))


@_lower.register
def _(node: Inv, target: Target) -> Term:
    return target.make("inv", target.term(node.arg), rank=2)


@_lower.register
def _(node: Norm, target: Target) -> Term:
    array = target.term(node.arg)
    if node.p is None:
        return target.make("norm", array)
    absolute = target.make("abs", array, rank=array.rank)
    if is_one(node.p):
        return target.make("sum", absolute)
    p = target.term(node.p)
    return power(target.make("sum", power(absolute, p)), over(number("1"), p))


@_lower.register
def _(node: Call, target: Target) -> Term:
    if node.order:
        if node.order > 1 or not FUNCTIONS[node.name].derivative:
            raise NotDerivable(f"there is no code for a derivative of order {node.order} of {node.name}")
        return target.term(slope(node))
    meant = logarithm(node) if node.name == "log" else None
    if meant is not None:
        inner = target.term(meant[1])
        return target.make(meant[0], inner, rank=inner.rank if meant[0] == "softplus" else 0)
    args = [target.term(a) for a in node.args]
    if node.name == "kron":
        return _kron(node, args, target)
    if not symbols(node) and FUNCTIONS[node.name].elementwise:
        args = [target.make("constant", *args)]
    return target.make(node.name, *args, rank=rank(node.shape))


def _kron(node: Call, args: Sequence[Term], target: Target) -> Term:
    """A vector beside a matrix must say how it lies."""
    if all(a.rank == 1 for a in args) and not is_matrix(node.shape):
        return target.make("kron", *args, rank=1)
    laid = [
        a if a.rank == 2 else target.make("column" if is_column(e.shape) else "row", a, rank=2)
        for a, e in zip(args, node.args, strict=True)
    ]
    return target.make("kron", *laid, rank=2)


@_lower.register
def _(node: Eye, target: Target) -> Term:
    return target.make("eye", target.size(node.size), rank=2)


@_lower.register
def _(node: Ones, target: Target) -> Term:
    return target.filled("ones", node.shape)


@_lower.register
def _(node: Zero, target: Target) -> Term:
    return target.filled("zeros", node.shape)


@_lower.register
def _(node: Commutation, target: Target) -> Term:
    return target.make("commutation", target.size(node.rows), target.size(node.columns), rank=2)


@_lower.register
def _(node: Mat, target: Target) -> Term:
    """A written-out matrix or vector."""
    cells = [_cell(cell, target) for cell in node.cells]
    stack = target.dialect.forms["stack"]
    if node.columns in (1, len(cells)):
        return call(f"{stack}([{_places(0, len(cells))}])", *cells, rank=1)
    inner = (_places(k, k + node.columns) for k in range(0, len(cells), node.columns))
    row = target.dialect.forms["stack row"]
    return call(f"{stack}([{', '.join(row.format(places) for places in inner)}])", *cells, rank=2)


def _cell(node: Node, target: Target) -> Term:
    value = target.term(node)
    return value if symbols(node) else target.make("constant", value)


def _places(start: int, stop: int) -> str:
    return ", ".join(f"{{{k}}}" for k in range(start, stop))
