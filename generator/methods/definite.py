"""Definiteness of a symmetric matrix with written-out entries, by its minors: told, and shown."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from generator.errors import NotDerivable
from generator.expr.calculus import Group, Mat, Op, Rel
from generator.expr.make import add, mul, neg, num
from generator.expr.nodes import Call, Node, Pow
from generator.expr.scalar import sign, simplified
from generator.methods.story import Story
from generator.rules.tidy import tidy

Kind = Literal[
    "positive definite", "negative definite", "indefinite", "positive semidefinite", "negative semidefinite",
    "unknown",
]  # fmt: skip
SIGNS: dict[int, Op] = {1: ">", -1: "<"}


@dataclass(frozen=True)
class Minor:
    """A principal minor: which rows and columns, its value and its sign (``None`` where it is not known)."""

    rows: tuple[int, ...]
    value: Node
    sign: int | None
    whole: bool = False


def entry(h: Mat, i: int, j: int) -> Node:
    """An entry of a written-out matrix, from 0."""
    return h.cells[i * h.columns + j]


def block(h: Mat, rows: tuple[int, ...]) -> Mat:
    """Some rows and the same columns."""
    return Mat(tuple(entry(h, i, j) for i in rows for j in rows), len(rows))


def determinant(h: Mat) -> Node:
    """The determinant by the first row, as it stands."""
    if h.columns == 1:
        return h.cells[0]
    terms = []
    for k in range(h.columns):
        rest = tuple(entry(h, i, j) for i in range(1, h.columns) for j in range(h.columns) if j != k)
        term = mul(entry(h, 0, k), determinant(Mat(rest, h.columns - 1)))
        terms.append(neg(term) if k % 2 else term)
    return add(*terms)


def minor(h: Mat, rows: tuple[int, ...]) -> Minor:
    """A principal minor with its value and sign."""
    value, whole = tidy(determinant(block(h, rows))), len(rows) == h.columns
    try:
        value = simplified(value)
        return Minor(rows, value, sign(value), whole)
    except NotDerivable:
        return Minor(rows, value, None, whole)


def leading(h: Mat) -> list[Minor]:
    """The leading minors, smallest first."""
    return [minor(h, tuple(range(k))) for k in range(1, h.columns + 1)]


def kind_of(h: Mat) -> tuple[Kind, list[Minor]]:
    """What a symmetric matrix is, and the minors that show it."""
    found = leading(h)
    signs = [m.sign for m in found]
    if None not in signs and signs[-1] != 0:
        if all(s == 1 for s in signs):
            return "positive definite", found
        if all(s == (-1) ** (k + 1) for k, s in enumerate(signs)):
            return "negative definite", found
        bad = next((m for m in found if len(m.rows) % 2 == 0 and m.sign == -1), None)
        return "indefinite", [bad] if bad else found
    sizes = range(1, h.columns + 1)
    every = [minor(h, rows) for k in sizes for rows in combinations(range(h.columns), k)]
    return _by_all_minors(every, found)


def _by_all_minors(every: list[Minor], found: list[Minor]) -> tuple[Kind, list[Minor]]:
    bad = next((m for m in every if len(m.rows) % 2 == 0 and m.sign == -1), None)
    if bad is not None:
        return "indefinite", [bad]
    ups = [m for m in every if len(m.rows) == 1 and m.sign == 1]
    downs = [m for m in every if len(m.rows) == 1 and m.sign == -1]
    if ups and downs:
        return "indefinite", [ups[0], downs[0]]
    if any(m.sign is None for m in every):
        return "unknown", found
    if all(m.sign in (0, 1) for m in every):
        return "positive semidefinite", every
    if all(m.sign in (0, (-1) ** len(m.rows)) for m in every):
        return "negative semidefinite", every
    return "unknown", found


def tell(story: Story, h: Mat) -> Kind:
    """Show the minors of a matrix, and say what they mean where their signs are known."""
    kind, minors = kind_of(h)
    for m in minors:
        if len(m.rows) > 1 and any(c != num(0) for c in h.cells):
            show(story, h, m)
    if kind == "unknown":
        return kind
    facts = [Rel(m.value, SIGNS[m.sign], num(0)) for m in minors if m.sign]
    story.say(reason(kind, h.columns, minors, listed(len(facts))), *facts)
    return kind


def listed(count: int) -> str:
    """Places for formulas in a sentence: {0}, {1} and {2}."""
    places = [f"{{{k}}}" for k in range(count)]
    return " and ".join([", ".join(places[:-1]), places[-1]] if count > 1 else places)


def show(story: Story, h: Mat, m: Minor) -> None:
    """The determinant of a block, worked out."""
    part = block(h, m.rows)
    head = Call("det", (part,))
    if part.columns == 2:
        a, b, _, d = part.cells
        worked = add(mul(Group(a), Group(d)), neg(Pow(Group(b), num(2))))
        story.line(head, worked)
    story.line(head, m.value)


def reason(kind: Kind, size: int, minors: list[Minor], shown: str) -> str:
    """Why the matrix is of its kind; ``shown`` has a place for each inequality."""
    match kind:
        case "positive definite":
            return f"Every leading minor is positive ({shown}), so the matrix is positive definite."
        case "negative definite":
            return (
                f"The leading minors alternate in sign and begin with a negative one ({shown}), "
                "so the matrix is negative definite."
            )
        case "indefinite":
            return _indefinite(minors, shown)
    if not shown:
        return "Every entry is zero, so the matrix curves the function in no direction."
    forbidden = "negative" if kind == "positive semidefinite" else "positive"
    return (
        f"The determinant is zero, so the matrix is not definite. The principal minors that are not zero "
        f"({shown}) allow no {forbidden} eigenvalue: the matrix is {kind}."
    )


def _indefinite(minors: list[Minor], shown: str) -> str:
    if len(minors) == 1 and len(minors[0].rows) % 2 == 0:
        which = "determinant" if minors[0].whole else "minor"
        return f"The {which} is negative ({shown}): eigenvalues of both signs, the matrix is indefinite."
    if all(len(m.rows) == 1 for m in minors):
        return f"The diagonal has entries of both signs ({shown}), so the matrix is indefinite."
    return (
        f"The minors ({shown}) fit neither a positive nor a negative definite matrix, and the determinant is "
        "not zero: there are eigenvalues of both signs, the matrix is indefinite."
    )
