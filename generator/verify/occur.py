"""What occurs in expressions, and in the definitions that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from generator.expr.abstract import Jac
from generator.expr.calculus import App, D, Grad, Limit, Partial
from generator.expr.evaluate import Definition
from generator.expr.match import children, find, nodes
from generator.expr.nodes import Call, Inv, MatPow, Neg, Node, Sym

REMEMBERED = 2048  # expressions: definitions are looked into for every formula


def inner_inverses(nodes: Iterable[Node], definitions: Mapping[str, Definition]) -> list[Node]:
    """What is inverted, or has a determinant, in expressions and in the definitions they use."""
    return [arg for node in reach(nodes, definitions) for arg in inverted(node)]


@lru_cache(REMEMBERED)
def inverted(node: Node) -> tuple[Node, ...]:
    """What is inverted, or has a determinant, in an expression."""
    determinants = (c.args[0] for c in find(node, Call) if c.name in ("det", "logdet"))
    powers = (e.base for e in find(node, MatPow) if isinstance(e.exponent, Neg))
    return (*(inv.arg for inv in find(node, Inv)), *determinants, *powers)


@lru_cache(REMEMBERED)
def derives(node: Node) -> bool:
    """Whether a derivative is written in an expression."""
    return any(isinstance(e, D | Partial | Limit | Grad | Jac) for e in nodes(node))


def reach(nodes: Iterable[Node], definitions: Mapping[str, Definition]) -> list[Node]:
    """The expressions and the bodies of all definitions they lead to."""
    found, pending, seen = list(nodes), list(nodes), set[str]()
    while pending:
        node = pending.pop()
        for name in names(node) & definitions.keys():
            if name not in seen:
                seen.add(name)
                found.append(definitions[name].body)
                pending.append(definitions[name].body)
    return found


@lru_cache(REMEMBERED)
def names(node: Node) -> frozenset[str]:
    """The names that occur, also as functions."""
    parts = (e for e in nodes(node) if isinstance(e, Sym | App | Grad))
    return frozenset(e.name if isinstance(e, Sym) else e.fun.name for e in parts)


def order(node: Node, definitions: Mapping[str, Definition], seen: frozenset[str] = frozenset()) -> int:
    """How many derivatives are nested in an expression, definitions included."""
    if names(node).isdisjoint(definitions):
        return _nested(node)
    own = _own_order(node)
    inner = [order(k, definitions, seen) for k in children(node)]
    name = node.name if isinstance(node, Sym) else node.fun.name if isinstance(node, App | Grad) else ""
    if name in definitions and name not in seen:
        inner.append(order(definitions[name].body, definitions, seen | {name}))
    return own + max(inner, default=0)


@lru_cache(REMEMBERED)
def _nested(node: Node) -> int:
    """The same where no definitions occur."""
    return _own_order(node) + max(map(_nested, children(node)), default=0)


def _own_order(node: Node) -> int:
    return node.order if isinstance(node, Grad | Jac) else int(isinstance(node, D | Partial | Limit))
