"""What the Unicode writers of all nodes share: the dispatch, operands in brackets, the terms of a sum."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, singledispatch

from generator.expr import calculus as c
from generator.expr import nodes as n
from generator.expr.grammar import Level, brackets, printed
from generator.expr.nodes import Node

REMEMBERED = 4096  # expressions: the lines of a chain repeat most of the line before
DOTS = {"cdots": "⋯", "vdots": "⋮", "ddots": "⋱"}


def pieces(node: Node) -> list[str]:
    """The same line in parts, between which it may be broken: the terms of a sum with their signs."""
    if not isinstance(node, n.Add):
        return [write(node)]
    return [signed(node, k) for k in range(len(node.terms))]


def part(parent: Node, k: int, child: Node) -> str:
    """An operand, in parentheses where it needs them."""
    return f"({write(child)})" if bracketed(parent, k, child) else write(child)


def bracketed(parent: Node, k: int, child: Node) -> bool:
    """Whether an operand needs parentheses in one line."""
    inner = child
    while isinstance(inner, c.Under):
        inner = inner.arg
    if isinstance(inner, n.Div):  # a fraction in one line is a product
        return isinstance(parent, n.Mul | n.Had | n.Pow | n.T | n.Inv | n.Entry) or (
            isinstance(parent, n.Div) and k == 1
        )
    if isinstance(parent, n.Div):
        return printed(inner) <= (Level.HAD, Level.MUL)[k] or (k == 1 and isinstance(inner, c.Partial))
    return brackets(parent, k, child)


@lru_cache(REMEMBERED)
def write(node: Node) -> str:
    """The Unicode of an expression."""
    return _BY_CLASS.get(type(node), form)(node)


@singledispatch
def form(node: Node) -> str:
    """The Unicode of a node; one function is registered for each class."""
    raise AssertionError(f"{type(node).__name__} has no Unicode form")


_BY_CLASS = form.registry  # no class of nodes has subclasses, so one look is enough


def listed(nodes: Iterable[Node]) -> str:
    """Expressions with commas between them."""
    return ", ".join(map(write, nodes))


def signed(node: n.Add, k: int) -> str:
    """A term of a sum with the sign before it."""
    term = node.terms[k]
    if k and isinstance(term, n.Neg):
        return f"− {part(term, 0, term.arg)}"
    return ("+ " if k else "") + part(node, k, term)
