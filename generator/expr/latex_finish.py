"""The last pass of the reader: sizes that unification has found, and parentheses that carry no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import is_not

from generator.errors import InputError
from generator.expr.calculus import Dots, Group, Mat, Sum, Under
from generator.expr.grammar import bears_script, brackets
from generator.expr.latex_tokens import Token
from generator.expr.match import children, with_children
from generator.expr.nodes import Eye, Idx, Node, Ones, Size, Zero
from generator.expr.shapes import ONE, Dimension, DimVar, Shape, resolve


class Finisher:
    """Finishes the trees of one formula; ``places`` says where an index first stands."""

    def __init__(self, source: str, places: Mapping[str, Token]) -> None:
        self.source = source
        self.places = places

    def finish(self, node: Node) -> Node:
        """The tree with known sizes, without the parentheses that the writer prints by itself.

        Raises:
            InputError: a size is not determined.
            ShapeError: with the sizes found, operands do not fit.
        """
        if node.PARTS:
            node = _over(node, tuple([self.finish(child) for child in children(node)]))
        node = self.sized(node)
        if node.PARTS:
            node = _over(node, tuple([_unwrap(node, k, child) for k, child in enumerate(children(node))]))
        return node

    def sized(self, node: Node) -> Node:
        """The node with its own sizes known."""
        match node:
            case Idx():
                return replace(node, size=resolve(node.size))
            case Size() | Eye() if isinstance(node.size, DimVar):
                return replace(node, size=self.known(node.size, node))
            case Sum() | Dots():
                return replace(node, index=replace(node.index, size=self.known(node.index.size, node.index)))
            case Ones() | Zero():
                return replace(node, of_shape=self.shape(node.of_shape, node))
            case Mat(full=(_, _)):
                return replace(node, full=self.shape(node.shape, node))
            case Under():
                return replace(node, note=tuple(self.in_note(part) for part in node.note))
        return node

    def shape(self, shape: Shape, node: Node) -> Shape:
        """Known sizes; a column of ones or zeros need not say that it is one column."""
        rows = self.known(shape[0], node)
        column = isinstance(node, Ones | Zero) and isinstance(resolve(shape[1]), DimVar)
        return rows, ONE if column else self.known(shape[1], node)

    def known(self, d: Dimension, node: Node) -> Dimension:
        """A size, which must be determined."""
        found = resolve(d)
        if not isinstance(found, DimVar):
            return found
        if isinstance(node, Idx):
            message, place = f"the range of the index {node.name} is not known", self.places.get(node.name)
        else:
            names = {Eye: "the identity", Ones: "the ones", Zero: "the zeros"}
            what = names.get(type(node), "the matrix with dots")
            message, place = f"the size of {what} is not determined here", None
        raise InputError(message, source=self.source, column=place.pos if place else 0)

    def in_note(self, part: str | Node) -> str | Node:
        """A part of a note, whose indices need no range."""
        try:
            return self.finish(part) if isinstance(part, Node) else part
        except InputError:
            return part


def _over(node: Node, kids: tuple[Node, ...]) -> Node:
    """The node over other children; the node itself, where these are its own."""
    return with_children(node, kids) if any(map(is_not, kids, children(node))) else node


def _unwrap(parent: Node, k: int, child: Node) -> Node:
    """The operand without the parentheses that belong to its place."""
    if isinstance(child, Group):
        return child.arg if brackets(parent, k, child.arg) else child
    if isinstance(child, Under) and not (bears_script(parent) and k == 0):
        bare = _bare(child)
        if bare is not None and brackets(parent, k, bare):
            return bare
    return child


def _bare(node: Under) -> Under | None:
    """An underbraced expression without the parentheses inside."""
    if isinstance(node.arg, Group):
        return Under(node.arg.arg, node.note)
    inner = _bare(node.arg) if isinstance(node.arg, Under) else None
    return Under(inner, node.note) if inner is not None else None
