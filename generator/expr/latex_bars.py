"""What stands between bars or angles: determinants, absolute values, norms, inner products."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.expr.latex_scripts import Scripts, apply, is_square, scripts, spelling
from generator.expr.latex_tokens import Token
from generator.expr.nodes import Call, Mul, Node, Norm, T
from generator.expr.shapes import ONE, DimVar, is_matrix, is_one, is_scalar, resolve, same, show

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

Head = Callable[["Parser", Token], Node]


def determinant_or_abs(p: Parser, token: Token, inner: Node) -> Node:
    """|X| is the determinant of a square matrix, else the absolute value."""
    if p.strict and not is_scalar(inner.shape):
        return _determinant(p, token, inner)
    return p.make(token, Call, "det" if is_square(inner) else "abs", (inner,))


def _determinant(p: Parser, token: Token, inner: Node) -> Node:
    """|X| where nobody has said that it is the determinant: the size must allow no other reading."""
    if is_matrix(inner.shape) and same(*inner.shape):
        return p.make(token, Call, "det", (inner,))
    if p.bars:
        return p.make(token, Norm, inner) if p.bars == "norm" else p.make(token, Call, "abs", (inner,))
    what = p.written(p.tokens.items.index(token) + 1, p.i - 1).lstrip("{")
    readings = (
        rf"write `\operatorname{{abs}}({what})` for absolute values, `\lVert {what}\rVert` for the norm"
    )
    return p.fail(f"bars around a {show(inner.shape)} can be read in two ways", token, readings)


def norm(p: Parser, token: Token, inner: Node) -> Node:
    """A norm after its right bar; the subscript says which."""
    left = scripts(p)
    kind = spelling(p, left.sub)
    vector = is_one(inner.shape[0]) or is_one(inner.shape[1])
    if kind == ("2",) and not vector:
        if isinstance(resolve(inner.shape[1]), DimVar) and not p.strict:
            same(inner.shape[1], ONE)
        else:
            p.fail(
                "the spectral norm of a matrix is not known", token, "the Frobenius norm has the subscript F"
            )
    plain = kind in ((), ("2",), ("F",))
    p_value = None if plain or not left.sub else p.within(*left.sub, p.sum)
    node = p.make(token, Norm, inner, p_value)
    return apply(p, node, Scripts(None, left.sup, left.primes), token)


def inner_product(p: Parser, token: Token) -> Node:
    """⟨a, b⟩."""
    p.i -= 1
    items = p.enclosed(p.list)
    if len(items) != 2:
        p.fail("an inner product has two arguments", token)
    node = p.make(token, Mul, (T(items[0]), items[1]))
    return node if is_scalar(node.shape) else p.make(token, Call, "tr", (node,))


def braced(read: Callable[[Parser, Token, Node], Node]) -> Callable[[Parser, Token], Node]:
    """A reader for a macro that draws the bars itself."""
    return lambda p, token: read(p, token, p.within(*p.argument(), p.sum))


def fenced(read: Callable[[Parser, Token, Node], Node]) -> Callable[[Parser, Token], Node]:
    """A reader for what stands between a left and a right bar."""

    def head(p: Parser, token: Token) -> Node:
        p.i -= 1
        return read(p, token, p.enclosed(p.sum))

    return head


BARS: dict[str, Head] = {
    r"\langle": inner_product, r"\norm": braced(norm), r"\abs": braced(determinant_or_abs),
    r"\lVert": fenced(norm), r"\lvert": fenced(determinant_or_abs),
}  # fmt: skip
