"""Named intermediates: the arguments of non-linear functions get names, as a lecturer would give them."""

from __future__ import annotations

import string
from collections.abc import Iterable

from generator.expr.functions import FUNCTIONS
from generator.expr.match import children, depends, walk, with_children
from generator.expr.nodes import Call, Div, Inv, MatPow, Node, Norm, Pow, Sym, T
from generator.expr.shapes import is_matrix, is_scalar

# Preferred letters by what is named: (scalar, vector, matrix); r is the residual, z enters an activation.
LETTERS = {
    Norm: ("s", "r", "R"), Call: ("u", "z", "Z"), Inv: ("s", "k", "K"), MatPow: ("s", "k", "K"),
    Pow: ("u", "v", "V"), Div: ("u", "v", "V"),
}  # fmt: skip
NOT_LINEAR = {name for name, row in FUNCTIONS.items() if row.elementwise} | {
    "softmax",
    "logsumexp",
    "det",
    "logdet",
}
RESERVED_LETTERS = frozenset("dTefijkLGJMI")


def name_parts(body: Node, vary: frozenset[str], taken: Iterable[str]) -> tuple[Node, list[tuple[Sym, Node]]]:
    """The expression over named parts, and the definitions of the names, inner ones first.

    An argument of a non-linear function gets a name when it varies and is more than a symbol (transposed
    or not).
    """
    names: dict[Node, Sym] = {}
    used = set(taken)

    def visit(e: Node) -> Node:
        kids = tuple(visit(k) for k in children(e))
        e = with_children(e, kids) if kids else e
        places = {id(k): n for n, k in enumerate(kids) if worth_a_name(e, k, vary)}
        if not places:
            return e
        return with_children(e, tuple(given(e, k) if id(k) in places else k for k in kids))

    def given(parent: Node, part: Node) -> Sym:
        if part not in names:
            name = fresh(LETTERS[type(parent)], part, used)
            used.add(name)
            names[part] = Sym(name, part.shape)
        return names[part]

    live = set(vary)

    def worth_a_name(parent: Node, part: Node, names_now: frozenset[str]) -> bool:
        if isinstance(part.arg if isinstance(part, T) else part, Sym):
            return False
        if isinstance(parent, Call) and (parent.name not in NOT_LINEAR or parent.order):
            return False
        if isinstance(parent, Pow) and (part is not parent.base or isinstance(part, Norm)):
            return False
        if isinstance(parent, Div) and not (depends(parent.den, live_names()) and is_scalar(parent.shape)):
            return False
        return type(parent) in LETTERS and depends(part, live_names())

    def live_names() -> frozenset[str]:
        return frozenset(live | {s.name for s in names.values()})

    named = visit(body)
    return named, [(sym, part) for part, sym in names.items()]


def fresh(letters: tuple[str, str, str], part: Node, used: set[str]) -> str:
    """A letter for a part that is not in use: the preferred one, its neighbours, then with a number."""
    kind = 0 if is_scalar(part.shape) else 2 if is_matrix(part.shape) else 1
    first = letters[kind]
    alphabet = string.ascii_uppercase if kind == 2 else string.ascii_lowercase
    start = alphabet.index(first)
    around: list[str] = [*alphabet[start:], *alphabet[max(0, start - 4) : start][::-1]]
    for letter in around:
        if letter not in used and letter not in RESERVED_LETTERS:
            return letter
    return next(f"{first}{k}" for k in range(1, 1000) if f"{first}{k}" not in used)


def size_of(e: Node) -> int:
    """The number of nodes."""
    return sum(1 for _ in walk(e))
