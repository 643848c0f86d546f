"""Summed indices: a letter is put in place of another without being caught by a sum over the same letter."""

from __future__ import annotations

from collections.abc import Iterable

from generator.errors import NotDerivable
from generator.expr.calculus import Delta, Sum
from generator.expr.match import children, find, free_indices, with_children
from generator.expr.nodes import Idx, Node, Sym
from generator.expr.shapes import Dim, Dimension, resolve

LETTERS = "ijklpqrstuvwabcgh"


class Letters:
    """Index letters that are still free: none that names a size or a symbol."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    @classmethod
    def beside(cls, symbols: Iterable[Sym], used: Iterable[Idx] = ()) -> Letters:
        """The letters that do not clash with names of symbols or sizes, nor with indices in use."""
        known = [*symbols]
        sides = (resolve(side) for s in known for side in s.shape)
        sizes = {name for side in sides if isinstance(side, Dim) for name in side.names}
        return cls(sizes | {s.name for s in known} | {i.name for i in used})

    def next(self, size: Dimension) -> Idx:
        """A fresh index of a range.

        Raises:
            NotDerivable: the alphabet is used up.
        """
        letter = next((c for c in LETTERS if c not in self.taken), None)
        if letter is None:
            raise NotDerivable("the index form needs more letters than there are")
        self.taken.add(letter)
        return Idx(letter, size)


def indices(e: Node) -> set[Idx]:
    """All indices of an expression, summed ones too."""
    return {*find(e, Idx), *(s.index for s in find(e, Sum))}


def replaced(e: Node, old: Idx, new: Node) -> Node:
    """The expression with one free index replaced."""
    if e == old:
        return new
    if old not in free_indices(e):
        return e
    if isinstance(e, Sum) and e.index == new:
        e = renamed(e, indices(e) | {e.index})
    return with_children(e, tuple(replaced(k, old, new) for k in children(e)))


def renamed(e: Sum, taken: Iterable[Idx]) -> Sum:
    """The same sum over a letter that is not taken."""
    letters = Letters.beside(find(e, Sym), taken)
    fresh = letters.next(e.index.size)
    return Sum(fresh, replaced(e.body, e.index, fresh))


def apart(e: Node, taken: set[Idx]) -> Node:
    """The expression with sums over none of the letters that are taken."""
    done = tuple(apart(k, taken) for k in children(e))
    e = with_children(e, done) if done else e
    return renamed(e, taken | indices(e)) if isinstance(e, Sum) and e.index in taken else e


def fixes(e: Node, k: Idx) -> bool:
    """Whether an expression holds a delta with this index."""
    return any(k in (d.i, d.j) and d.i != d.j for d in find(e, Delta))
