"""Walking and rewriting trees: children, paths, replacement, substitution, free symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from operator import is_not
from typing import TypeVar

from generator.expr.calculus import Dots, Sum
from generator.expr.nodes import Call, Idx, Node, Sym

Path = tuple[int, ...]
REMEMBERED = 4096  # expressions: what a law asks of one, the next law asks again
N = TypeVar("N", bound=Node)


def children(node: Node) -> tuple[Node, ...]:
    """The child nodes, in printing order."""
    if len(node.PARTS) == 1:
        only = getattr(node, node.PARTS[0])
        return only if isinstance(only, tuple) else (only,)
    found: list[Node] = []
    for name in node.PARTS:
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return tuple(found)


def with_children(node: Node, new: tuple[Node, ...]) -> Node:
    """The same node over other children (as many as before)."""
    if not node.PARTS:
        return node
    rest = iter(new)
    values: list[object] = []
    for name in node.FIELDS:
        value = getattr(node, name)
        if name not in node.PARTS or value is None:
            values.append(value)
        else:
            values.append(tuple(islice(rest, len(value))) if isinstance(value, tuple) else next(rest))
    return type(node)(*values)


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """All nodes with their paths, from the root down, left to right."""
    pending = [(path, node)]
    while pending:
        path, node = pending.pop()
        yield path, node
        if node.PARTS:
            kids = children(node)
            pending.extend([((*path, k), kids[k]) for k in range(len(kids) - 1, -1, -1)])


def nodes(node: Node) -> Iterator[Node]:
    """All nodes in the order of ``walk``, without their paths: much faster where these are not needed."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        if node.PARTS:
            pending.extend(children(node)[::-1])


def at(node: Node, path: Path) -> Node:
    """The node at a path."""
    for k in path:
        node = children(node)[k]
    return node


def put(node: Node, path: Path, new: Node) -> Node:
    """The tree with the node at ``path`` replaced."""
    if not path:
        return new
    kids = children(node)
    k = path[0]
    return with_children(node, (*kids[:k], put(kids[k], path[1:], new), *kids[k + 1 :]))


def transform(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Replace top-down: a node that ``change`` gives is taken as it is, else its children are visited."""
    new = change(node)
    if new is not None:
        return new
    if not node.PARTS:
        return node
    kids = children(node)
    done = tuple([transform(k, change) for k in kids])
    return with_children(node, done) if any(map(is_not, kids, done)) else node


def substitute(node: Node, values: Mapping[Node, Node]) -> Node:
    """Replace every occurrence of the keys by their values, at once."""
    return transform(node, lambda e: values.get(e)) if values else node


def occurs(what: Node, node: Node) -> bool:
    """Whether ``what`` occurs in ``node``."""
    return any(e == what for e in nodes(node))


def operation(node: Node) -> object:
    """The outermost operation: the class of a node, of a function its name and order."""
    return (node.name, node.order) if isinstance(node, Call) else type(node)


def find(node: Node, kind: type[N]) -> list[N]:
    """All nodes of a class, in printing order."""
    found: list[N] = []
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, kind):
            found.append(node)
        if node.PARTS:
            pending.extend(children(node)[::-1])
    return found


def symbols(node: Node) -> set[Sym]:
    """The symbols that occur."""
    return set(find(node, Sym))


@lru_cache(REMEMBERED)
def free_indices(node: Node) -> frozenset[Idx]:
    """The indices that occur and are not summed over."""
    if isinstance(node, Idx):
        return frozenset((node,))
    inner = frozenset[Idx]().union(*map(free_indices, children(node)))
    return inner - {node.index} if isinstance(node, Sum | Dots) else inner


def depends(node: Node, names: frozenset[str]) -> bool:
    """Whether a symbol with one of these names occurs."""
    return not names.isdisjoint(letters(node))


@lru_cache(REMEMBERED)
def letters(node: Node) -> frozenset[str]:
    """The names of the symbols that occur."""
    if isinstance(node, Sym):
        return frozenset((node.name,))
    return frozenset().union(*map(letters, children(node)))
