"""Sums written with dots, a_1 + ⋯ + a_n: the general term is recovered from the first and the last one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from generator.errors import ShapeError
from generator.expr.calculus import Dots
from generator.expr.latex_tokens import Token
from generator.expr.match import children, find, with_children
from generator.expr.nodes import Idx, Node, Num, Size
from generator.expr.shapes import Dimension, DimVar, dim, same

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

_LETTERS = "klpqrst"


@dataclass
class Pattern:
    """A term with a hole, and what fills it in the two terms that were compared."""

    hole: Idx
    first: Node | None = None
    last: Node | None = None

    def general(self, a: Node, b: Node) -> Node | None:
        """What is common to two terms; where they differ is the hole, always with the same fillings."""
        if a == b:
            return a
        if isinstance(a, Num | Size | Idx) and isinstance(b, Num | Size | Idx):
            if self.first is None:
                self.first, self.last = a, b
            return self.hole if (a, b) == (self.first, self.last) else None
        if type(a) is not type(b) or len(children(a)) != len(children(b)):
            return None
        parts = [self.general(x, y) for x, y in zip(children(a), children(b), strict=True)]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts) or with_children(b, children(a)) != a:
            return None
        return with_children(a, tuple(found))


def ends(first: Node, last: Node) -> Dimension | None:
    """The length of a run from its first entry (with index 1) and its last one."""
    pattern = Pattern(Idx("?", DimVar()))
    try:
        found = pattern.general(first, last)
    except ShapeError:
        return None
    if found is None or pattern.first != Num(Fraction(1)) or pattern.last is None:
        return None
    return _length(pattern.last)


def _length(last: Node) -> Dimension | None:
    if isinstance(last, Size):
        return last.size
    return dim(int(last.value)) if isinstance(last, Num) and last.value > 1 else None


def fold_dots(p: Parser, token: Token, terms: list[Node | None]) -> list[Node]:
    """Put a ``Dots`` in place of each run with dots; ``None`` stands for the dots."""
    done: list[Node] = []
    k = 0
    while k < len(terms):
        term = terms[k]
        if term is None:
            p.fail("dots need a term before and after them", token)
        if k + 1 < len(terms) and terms[k + 1] is None:
            run, k = _run(p, token, done, terms, k)
            done.append(run)
        else:
            done.append(term)
            k += 1
    return done


def _run(p: Parser, token: Token, done: list[Node], terms: list[Node | None], k: int) -> tuple[Node, int]:
    """The run whose last term before its first dots is number k, and where it ends."""
    stop = k
    while stop + 2 < len(terms) and terms[stop + 1] is None and terms[stop + 2] is not None:
        stop += 2
        last = terms[stop]
        first = terms[k]
        if first is not None and last is not None and _ended(p, first, last):
            return _dots(p, token, done, [t for t in terms[k : stop + 1] if t is not None]), stop + 1
    raise p.refusal("the general term of a sum with dots cannot be made out", token)


def _ended(p: Parser, first: Node, last: Node) -> bool:
    """Whether the last term of a run is reached: its index is a size or a number."""
    pattern = Pattern(_hole(first, last))
    try:
        return pattern.general(first, last) is not None and isinstance(pattern.last, Num | Size)
    except ShapeError:
        return False


def _hole(*terms: Node) -> Idx:
    used = {i.name for t in terms for i in find(t, Idx)}
    return Idx(next(c for c in chain(_LETTERS, "uvw") if c not in used), DimVar())


def _dots(p: Parser, token: Token, done: list[Node], given: list[Node]) -> Node:
    """The run from the terms next to its dots; terms before it that continue the count belong to it."""
    pattern = Pattern(_hole(*given))
    body = p.make(token, _general, pattern, given[0], given[-1])
    values = [value for t in given if (value := _filling(pattern.hole, body, t)) is not None]
    if len(values) < len(given):
        p.fail("a term between the dots does not fit the others", token)
    while done and isinstance(values[0], Num) and values[0].value > 1:
        before = _filling(pattern.hole, body, done[-1])
        if before != Num(values[0].value - 1):
            break
        values.insert(0, before)
        done.pop()
    length = _length(values[-1])
    if values[0] != Num(Fraction(1)) or length is None or not same(pattern.hole.size, length):
        p.fail("a sum with dots runs from 1 to a size", token)
    return Dots(pattern.hole, body, tuple(values))


def _general(pattern: Pattern, first: Node, last: Node) -> Node:
    found = pattern.general(first, last)
    assert found is not None  # compared before
    return found


def _filling(hole: Idx, body: Node, term: Node) -> Node | None:
    """What stands in the hole of the general term to give this term."""
    pattern = Pattern(Idx(hole.name, DimVar()))
    found: list[Node] = []
    if not _fits(hole, body, term, found) or any(f != found[0] for f in found):
        return None
    return found[0] if found else pattern.first


def _fits(hole: Idx, body: Node, term: Node, found: list[Node]) -> bool:
    if body == hole:
        found.append(term)
        return isinstance(term, Num | Size | Idx)
    if body == term:
        return True
    a, b = children(body), children(term)
    if type(body) is not type(term) or not a or len(a) != len(b):
        return False
    return all(_fits(hole, x, y, found) for x, y in zip(a, b, strict=True))
