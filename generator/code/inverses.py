"""Which inverses are worth computing: those that are needed themselves; the others are linear systems."""

from __future__ import annotations

from collections.abc import Iterable

from generator.expr.match import children, walk
from generator.expr.nodes import Inv, Mul, Node, T
from generator.expr.shapes import is_scalar

MOST_SYSTEMS = 2  # an inverse in more products than that is computed once instead


def kept(expressions: Iterable[Node]) -> frozenset[Node]:
    """The inverses that stand alone in one of the expressions, or occur in many of its products."""
    alone: set[Node] = set()
    products: dict[Node, set[Node]] = {}
    for expression in expressions:
        alone |= _inverses([expression])
        for _, node in walk(expression):
            arrays = [child for child in children(node) if not is_scalar(child.shape)]
            if isinstance(node, Mul) and len(arrays) > 1:
                for inverse in _inverses(arrays):
                    products.setdefault(inverse, set()).add(node)
            elif not isinstance(node, T):
                alone |= _inverses(arrays)
    return frozenset(alone | {inverse for inverse, found in products.items() if len(found) > MOST_SYSTEMS})


def _inverses(nodes: Iterable[Node]) -> set[Node]:
    plain = (node.arg if isinstance(node, T) else node for node in nodes)
    return {node for node in plain if isinstance(node, Inv)}
