"""Terms of array code: what is written, from what, and how tightly it binds in Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ADD, MUL, NEG, POW, ATOM = range(5)  # Python's own order; `*`, `/` and `@` bind alike, left to right


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of code: ``form`` with a place for each argument, the binding strength it has and needs.

    ``rank`` counts the axes of its value: a number has none, a vector (row or column) one, a matrix two.
    Equal terms have equal values, which is how shared ones are found.
    """

    form: str
    args: tuple[Term, ...] = ()
    level: int = ATOM
    needs: tuple[int, ...] = ()
    rank: int = 0

    def __str__(self) -> str:
        return self.form.format(*map(_within, self.args, self.needs or [ADD] * len(self.args)))

    def walk(self) -> Iterator[Term]:
        """The term and all terms in it, arguments first."""
        for arg in self.args:
            yield from arg.walk()
        yield self


def _within(term: Term, least: int) -> str:
    return str(term) if term.level >= least else f"({term})"


def name(text: str, rank: int = 0) -> Term:
    """A name or a literal."""
    return Term(text, rank=rank)


def number(text: str) -> Term:
    """A literal number; a negative or broken one binds like the operator in it."""
    return Term(text, level=NEG if text.startswith("-") else MUL if "/" in text else ATOM)


def call(form: str, *args: Term, rank: int = 0) -> Term:
    """A call, whose arguments need no parentheses unless a method or a slice of one is taken."""
    owners = [any(f"{{{k}}}{mark}" in form for mark in ".[") for k in range(len(args))]
    return Term(form, args, needs=tuple(ATOM if owner else ADD for owner in owners), rank=rank)


def add(a: Term, b: Term) -> Term:
    """The sum, as a difference where the second is a negative."""
    rank = max(a.rank, b.rank)
    if b.form == "-{0}":
        return Term("{0} - {1}", (a, b.args[0]), ADD, (ADD, MUL), rank)
    return Term("{0} + {1}", (a, b), ADD, (ADD, ADD), rank)


def neg(a: Term) -> Term:
    """The negative; a double one cancels."""
    return a.args[0] if a.form == "-{0}" else Term("-{0}", (a,), NEG, (MUL,), a.rank)


def times(a: Term, b: Term) -> Term:
    """The product entry by entry, or scaling; a reciprocal divides."""
    if a == number("1"):
        return b
    if b.form == "{0} / {1}" and b.args[0] == number("1"):
        return over(a, b.args[1])
    return Term("{0} * {1}", (a, b), MUL, (MUL, POW), max(a.rank, b.rank))


def over(a: Term, b: Term) -> Term:
    """The quotient entry by entry."""
    return Term("{0} / {1}", (a, b), MUL, (MUL, POW), max(a.rank, b.rank))


def matmul(a: Term, b: Term) -> Term:
    """The product of matrices and vectors; two vectors give their inner product."""
    return Term("{0} @ {1}", (a, b), MUL, (MUL, POW), a.rank + b.rank - 2)


def power(a: Term, exponent: Term) -> Term:
    """The power entry by entry."""
    return Term("{0}**{1}", (a, exponent), POW, (ATOM, NEG), a.rank)


def transpose(a: Term) -> Term:
    """The transpose; a vector has none."""
    if a.rank < 2:
        return a
    return a.args[0] if a.form == "{0}.T" else Term("{0}.T", (a,), ATOM, (ATOM,), 2)
