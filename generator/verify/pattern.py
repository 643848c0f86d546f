"""What is known of all statements with one skeleton: how they are read, whatever their numbers are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.errors import InputError
from generator.expr.calculus import D
from generator.expr.latex_reader import Formula
from generator.expr.match import find, transform
from generator.expr.nodes import Entry, Node, Num, Sym
from generator.verify.normal import Unfit, normal
from generator.verify.occur import names
from generator.verify.rows import neighbours, relations
from generator.verify.skeleton import filled, stand_ins

Reader = Callable[[str], list[Formula]]
Numberer = Callable[[Node], int]
BETWEEN = "\1"  # two rows of a statement
Factors = tuple[float, tuple[int, ...]]  # a factor, and which numbers of the text it is multiplied by


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a relation: as it is read with stand-ins for its numbers, and its normal form.

    ``number`` is that of the tree; ``moving`` are the symbols whose differentials are written out.
    """

    node: Node
    tree: Node
    number: int
    factors: tuple[Factors, ...]
    names: frozenset[str]
    moving: frozenset[str]

    def coefficients(self, numbers: Sequence[float]) -> tuple[float, ...]:
        """The values of the coefficients, given the numbers of the text."""
        found = []
        for value, places in self.factors:
            for k in places:
                value *= numbers[k]
            found.append(value)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The chains of equalities of a statement, and how many relation signs there are in each of its rows.

    ``texts`` are the texts of every two neighbours, in parts: between them stand the numbers of ``places``.
    """

    chains: tuple[tuple[Side, ...], ...]
    names: frozenset[str]
    marks: tuple[Fraction, ...]
    texts: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...]

    def pairs(self, numbers: Sequence[str]) -> list[str]:
        """The text of every two neighbours with its numbers."""
        pairs = []
        for (first, *rest), places in zip(self.texts, self.places, strict=True):
            filling = (numbers[k] + text for k, text in zip(places, rest, strict=True))
            pairs.append(first + "".join(filling))
        return pairs

    def filled(self, side: Side, numbers: Sequence[str]) -> Node:
        """A side as it is read with its numbers."""
        if not any(places for _, places in side.factors):
            return side.node
        return _filled(side.node, dict(zip(self.marks, numbers, strict=True)))

    def all_filled(self, sides: Sequence[Side], numbers: Sequence[str]) -> tuple[Node, ...]:
        """Several sides as they are read."""
        return tuple(self.filled(side, numbers) for side in sides)


def make_pattern(skeleton: str, gaps: int, read: Reader, number: Numberer) -> Pattern:
    """The pattern of a skeleton with so many gaps; its rows are parted by ``BETWEEN``.

    ``read`` gives the formulas of a text, ``number`` the number of a tree.

    Raises:
        Unfit: it cannot be read with any numbers, or it says something else than equalities.
    """
    marks = stand_ins(gaps)
    if any(mark in skeleton for mark in marks):
        raise Unfit("a number that stays looks like a stand-in")
    marked = filled(skeleton, marks)
    latex = marked.replace(BETWEEN, " ")
    at = {Fraction(mark): k for k, mark in enumerate(marks)}
    formulas = _equalities(read, latex)
    chains = tuple(tuple(_side(e, at, number) for e in formula.items) for formula in formulas)
    everything = frozenset[str]().union(*(side.names for chain in chains for side in chain))
    pairs = neighbours(latex, sum(len(chain) - 1 for chain in chains))
    texts, places = zip(*(_pieces(text, marks) for text in pairs), strict=True)
    rows = tuple(len(relations(row)) for row in marked.split(BETWEEN))
    return Pattern(chains, everything, tuple(at), texts, places, rows)


def _pieces(text: str, marks: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """What stands between stand-ins, and which they are."""
    parts = re.split(f"({'|'.join(marks)})", text) if marks else [text]
    return tuple(parts[::2]), tuple(map(marks.index, parts[1::2]))


def _filled(node: Node, given: Mapping[Fraction, str]) -> Node:
    """The tree with numbers instead of their stand-ins."""

    def put(e: Node) -> Node | None:
        return Num(Fraction(given[e.value])) if isinstance(e, Num) and e.value in given else None

    return transform(node, put)


def _equalities(read: Reader, latex: str) -> list[Formula]:
    try:
        formulas = read(latex)
    except InputError as error:
        raise Unfit(error.message) from None
    if any(f.guard is not None or set(f.ops) != {"="} for f in formulas):
        raise Unfit("no chain of equalities")
    return formulas


def _side(node: Node, at: Mapping[Fraction, int], number: Numberer) -> Side:
    form = normal(node)
    factors = []
    for c in form.coefficients:
        value = float(c.sign)
        for v in c.numbers:
            value *= 1.0 if v in at else float(v)
        factors.append((value, tuple(at[v] for v in c.numbers if v in at)))
    bases = (d.arg.base if isinstance(d.arg, Entry) else d.arg for d in find(node, D))
    moving = frozenset(b.name for b in bases if isinstance(b, Sym))
    return Side(node, form.tree, number(form.tree), tuple(factors), names(node), moving)
