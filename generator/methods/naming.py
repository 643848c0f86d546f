"""Named intermediates: the arguments of non-linear functions get names, as a lecturer would give them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable

from generator.expr.functions import FUNCTIONS
from generator.expr.match import children, depends, with_children
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
Called = Callable[[Node], Sym | None]
RESERVED_LETTERS = frozenset("dTefijkLGJMI")


def name_parts(
    body: Node, vary: frozenset[str], taken: Iterable[str], called: Called = lambda e: None
) -> tuple[Node, list[tuple[Sym, Node]]]:
    """The expression over named parts, and the definitions of the names, inner ones first.

    An argument of a non-linear function gets a name when it varies and is more than a symbol (transposed
    or not). ``called`` says which name the lecturer gave it, if any.
    """
    namer = _Namer(vary, set(taken), called)
    named = namer.visit(body)
    return named, [(sym, part) for part, sym in namer.names.items()]


class _Namer:
    """Gives names from the inside out; a part that contains a named part varies, too."""

    def __init__(self, vary: frozenset[str], used: set[str], called: Called) -> None:
        self.live, self.used, self.called = set(vary), used, called
        self.names: dict[Node, Sym] = {}

    def visit(self, e: Node) -> Node:
        kids = tuple(map(self.visit, children(e)))
        e = with_children(e, kids) if kids else e
        named = tuple(self.name(e, k) if self.worth_a_name(e, k) else k for k in kids)
        return e if named == kids else with_children(e, named)

    def name(self, parent: Node, part: Node) -> Sym:
        if part not in self.names:
            own = self.called(part)
            name = own.name if own else fresh(LETTERS[type(parent)], part, self.used)
            self.used.add(name)
            self.live.add(name)
            self.names[part] = Sym(name, part.shape)
        return self.names[part]

    def worth_a_name(self, parent: Node, part: Node) -> bool:
        if isinstance(part.arg if isinstance(part, T) else part, Sym):
            return False
        if isinstance(part, Call) and part.name == "kron" and is_matrix(part.shape):
            return False  # its inverse, its transpose and a trace with them are told factor by factor
        if isinstance(parent, Call) and (parent.name not in NOT_LINEAR or parent.order):
            return False
        if isinstance(parent, Pow) and (part is not parent.base or isinstance(part, Norm)):
            return False
        live = frozenset(self.live)
        if isinstance(parent, Div) and not (depends(parent.den, live) and is_scalar(parent.shape)):
            return False
        return type(parent) in LETTERS and depends(part, live)


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
