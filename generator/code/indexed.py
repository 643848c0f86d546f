"""Expressions in indices -> einsum: entries, deltas and sums become one array with an axis for each index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from string import ascii_lowercase, ascii_uppercase

from generator.code.stable import slope
from generator.code.target import Target
from generator.code.term import Term, add, call, neg, number, over, power, times, transpose
from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Dots, Group, Sum
from generator.expr.match import free_indices, substitute
from generator.expr.nodes import Add, Call, Div, Entry, Idx, Mul, Neg, Node, Num, Pow, Row, Size


@dataclass
class _Product:
    """The factors of a term: arrays with their indices, and numbers that scale it."""

    arrays: list[tuple[Term, tuple[Idx, ...]]] = field(default_factory=list)
    numbers: list[Term] = field(default_factory=list)
    divisors: list[Term] = field(default_factory=list)
    summed: int = 0


def tensor(node: Node, axes: Sequence[Idx], target: Target) -> Term:
    """The array whose axes are these indices, in their order; the other indices are summed over.

    Raises:
        NotDerivable: something in it has no form in code.
    """
    if isinstance(node, Neg):
        return neg(tensor(node.arg, axes, target))
    if isinstance(node, Add):
        return reduce(add, (tensor(term, axes, target) for term in node.terms))
    if isinstance(node, Group):
        return tensor(node.arg, axes, target)
    if axes and isinstance(node, Pow | Call) and set(axes) == free_indices(node):
        return _entrywise(node, axes, target)
    product = _Product()
    _collect(node, product, target)
    return _contracted(product, axes, target)


def _collect(node: Node, into: _Product, target: Target) -> None:
    """Take a term apart."""
    match node:
        case Mul(factors):
            for factor in factors:
                _collect(factor, into, target)
        case Neg(arg):
            into.numbers.append(number("-1"))
            _collect(arg, into, target)
        case Group(arg):
            _collect(arg, into, target)
        case Sum(index, body) | Dots(index, body):
            into.summed += 1
            own = Idx(f"{index.name} {into.summed}", index.size)  # no other index is called so
            _collect(substitute(body, {index: own}), into, target)
        case Entry(base, indices):
            into.arrays.append(_entry(base, indices, target))
        case Delta(i, j) if isinstance(i, Idx) and isinstance(j, Idx):
            into.arrays.append((target.make("eye", target.size(i.size), rank=2), (i, j)))
        case Div(above, below):
            _collect(above, into, target)
            free = _ordered(free_indices(below))
            whole = tensor(below, free, target) if free else target.term(below)
            if free:
                into.arrays.append((over(number("1"), whole), free))
            else:
                into.divisors.append(whole)
        case _ if free := _ordered(free_indices(node)):
            if isinstance(node, Row | Delta | Size | Idx):
                raise NotDerivable(f"there is no code for a {type(node).__name__} in the answer")
            into.arrays.append((tensor(node, free, target), free))
        case _:
            into.numbers.append(target.term(node))


def _ordered(indices: Iterable[Idx]) -> tuple[Idx, ...]:
    return tuple(sorted(indices, key=lambda i: i.name))


def _entry(base: Node, indices: Sequence[Node], target: Target) -> tuple[Term, tuple[Idx, ...]]:
    """An array with its indices; an index that is a number picks a slice."""
    array = target.term(base)
    letters = tuple(i for i in indices if isinstance(i, Idx))
    if len(letters) == len(indices):
        return array, letters
    places = ", ".join(":" if isinstance(i, Idx) else str(place(i)) for i in indices)
    return call(f"{{0}}[{places.removesuffix(', :')}]", array, rank=len(letters)), letters


def place(index: Node) -> int:
    """An index as a number that counts from zero; the last one counts from the end.

    Raises:
        NotDerivable: it is neither a number nor the last one.
    """
    if isinstance(index, Num):
        return int(index.value) - 1
    if isinstance(index, Size):
        return -1
    raise NotDerivable(f"there is no code for an index that is a {type(index).__name__}")


def _entrywise(node: Pow | Call, axes: Sequence[Idx], target: Target) -> Term:
    """A function of one entry is a function of the array."""
    if isinstance(node, Pow):
        return power(tensor(node.base, axes, target), target.term(node.exponent))
    (inner,) = node.args
    if node.order:
        return tensor(slope(node), axes, target)
    return target.make(node.name, tensor(inner, axes, target), rank=len(axes))


def _contracted(product: _Product, axes: Sequence[Idx], target: Target) -> Term:
    """The product of the arrays, summed over all indices that are no axes."""
    for axis in axes:
        if all(axis not in indices for _, indices in product.arrays):
            ones = target.make("ones", target.size(axis.size), rank=1)
            product.arrays.append((ones, (axis,)))
    arrays = [_einsum(product.arrays, axes, target)] if product.arrays else []
    signs = product.numbers.count(number("-1"))
    numbers = [n for n in product.numbers if n != number("-1")]
    factors = [*numbers, *arrays]
    value = reduce(times, factors) if factors else number("1")
    value = reduce(over, product.divisors, value)
    return neg(value) if signs % 2 else value


def _einsum(arrays: Sequence[tuple[Term, tuple[Idx, ...]]], axes: Sequence[Idx], target: Target) -> Term:
    if len(arrays) == 1:
        array, indices = arrays[0]
        if len(set(indices)) == len(indices) and tuple(axes) in (indices, indices[::-1]):
            return array if tuple(axes) == indices else transpose(array)
    letters: dict[Idx, str] = {}
    for index in [*axes, *(i for _, indices in arrays for i in indices)]:
        if index not in letters:
            letters[index] = _letter(index, letters.values())
    inputs = ",".join("".join(letters[i] for i in indices) for _, indices in arrays)
    script = f"{inputs}->{''.join(letters[i] for i in axes)}"
    places = ", ".join(f"{{{k}}}" for k in range(len(arrays)))
    form = f'{target.dialect.forms["einsum"]}("{script}", {places})'
    return call(form, *(array for array, _ in arrays), rank=len(axes))


def _letter(index: Idx, taken: Iterable[str]) -> str:
    """The index's own letter if nothing else has it."""
    used = set(taken)
    own = index.name[0]
    return own if own not in used else next(c for c in ascii_lowercase + ascii_uppercase if c not in used)
