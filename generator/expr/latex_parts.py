"""What the LaTeX writers of all nodes share: the dispatch, operands in their brackets, bracket sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import singledispatch

from generator.expr.calculus import At, Cases, D, Limit, Mat, Partial, Sum, Under
from generator.expr.grammar import bears_script, brackets
from generator.expr.match import children
from generator.expr.nodes import Div, Eye, MatPow, Mul, Node, Num, Ones, Pow, Zero
from generator.expr.notation import Notation, Sized, script
from generator.expr.shapes import Dim, Dimension, is_scalar, resolve

UNSIZED = (Eye, Ones, Zero)  # they are written without their size


def tall(node: Node) -> bool:
    """Whether the print is higher than a line, so that brackets around it must grow."""
    if isinstance(node, Div | Sum | Limit | At | Partial | Under | Cases):
        return not (isinstance(node, Div) and not is_scalar(node.den.shape)) or any(map(tall, children(node)))
    if isinstance(node, Mat):
        return len(node.cells) > node.columns or any(map(tall, node.cells))
    if isinstance(node, Pow | MatPow):
        return tall(node.base)
    return any(map(tall, children(node)))


@singledispatch
def form(node: Node, nt: Notation) -> str:
    """The LaTeX of a node; one function is registered for each class."""
    raise TypeError(f"no LaTeX for {type(node).__name__}")


_BY_CLASS = form.registry  # no class of nodes has subclasses, so one look is enough


def write(node: Node, nt: Notation) -> str:
    """The LaTeX of an expression."""
    return _BY_CLASS.get(type(node), form)(node, nt)


def closed(node: Node, nt: Notation) -> Notation:
    """The notation inside something that hides its size, as bars do: ‖1ₙ‖, where nothing else tells it."""
    return sized(nt) if unsized(node) else nt


def sized(nt: Notation) -> Notation:
    """The same notation, in which the identity, ones and zeros bear their sizes."""
    return Sized(*(getattr(nt, f.name) for f in fields(nt)))


def unsized(node: Node) -> bool:
    """Whether nothing in an expression is written with a size but identities, ones and zeros."""
    inside = children(node) if is_scalar(node.shape) else (node,)
    leaves = (leaf for e in inside for leaf in _arrays(e))
    return isinstance(next(leaves, None), UNSIZED) and all(isinstance(e, UNSIZED) for e in leaves)


def _arrays(node: Node) -> Iterator[Node]:
    """The symbols and other leaves that give an array its size."""
    kids = [k for k in children(node) if not is_scalar(k.shape)]
    if not kids and not is_scalar(node.shape):
        yield node
    for k in kids:
        yield from _arrays(k)


def operand(parent: Node, k: int, child: Node, nt: Notation) -> str:
    """An operand, in parentheses where it needs them."""
    if not brackets(parent, k, child):
        return write(child, nt)
    if isinstance(child, Under) and not bears_script(parent):
        return underbrace(child, nt, inside=True)
    return paren([child], nt, after=isinstance(parent, D))


def paren(args: Sequence[Node], nt: Notation, *, after: bool = False) -> str:
    """Arguments in parentheses; ``after`` a name, where growing ones would otherwise leave a gap."""
    text = ", ".join(write(a, nt) for a in args)
    if not any(map(tall, args)):
        return f"({text})"
    return (r"\!" if after else "") + rf"\left({text}\right)"


def fence(left: str, arg: Node, right: str, nt: Notation) -> str:
    """An expression between bars."""
    if tall(arg):
        return rf"\left{left} {write(arg, nt)} \right{right}"
    return f"{left} {write(arg, nt)} {right}"


def subscript(indices: Sequence[Node], nt: Notation) -> str:
    """Indices as a subscript, with commas where one has several characters."""
    texts = [write(i, nt) for i in indices]
    return script("_", ("" if all(len(t) == 1 for t in texts) else ",").join(texts))


def dimension(d: Dimension, nt: Notation) -> str:
    """A dimension; nothing where it is not determined."""
    d = resolve(d)
    if not isinstance(d, Dim):
        return ""
    factor = [str(d.factor)] if d.factor != 1 or not d.names else []
    return " ".join([*factor, *map(nt.symbol, d.names)])


def guard(node: Node, nt: Notation) -> str:
    """A condition; one that always holds is the last case, a product of conditions is their conjunction."""
    if isinstance(node, Num):
        return r"\text{otherwise}"
    if isinstance(node, Mul):
        return r" \text{ and } ".join(guard(f, nt) for f in node.factors)
    return write(node, nt)


def underbrace(node: Under, nt: Notation, *, inside: bool) -> str:
    """``inside``: the parentheses that the context asks for go inside the brace."""
    if inside and isinstance(node.arg, Under):
        text = underbrace(node.arg, nt, inside=True)
    else:
        text = paren([node.arg], nt) if inside else write(node.arg, nt)
    note = "".join(_note(part, nt) for part in node.note)
    return rf"\underbrace{{{text}}}_{{{note}}}"


def _note(part: str | Node, nt: Notation) -> str:
    if isinstance(part, Node):
        return write(part, nt)
    return r" \times " if part.strip() == "×" else rf"\text{{{escape(part)}}}"


_SPECIAL = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def escape(text: str) -> str:
    """Plain words for TeX: its special characters escaped."""
    return "".join(_SPECIAL.get(c, c) for c in text)
