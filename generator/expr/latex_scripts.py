"""Subscripts and superscripts: entries, rows, powers, transposes and inverses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from generator.expr.calculus import Group
from generator.expr.latex_tokens import Token
from generator.expr.nodes import Entry, Idx, Inv, MatPow, Neg, Node, Num, Pow, Row, Size, Sym, T
from generator.expr.notation import STAR
from generator.expr.shapes import (
    MAX_DIM,
    MAX_POWER,
    DimVar,
    is_column,
    is_matrix,
    is_row,
    is_scalar,
    resolve,
    same,
)

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

Range = tuple[int, int]
FONTS: dict[str, bool] = {
    r"\mathbf": True,
    r"\boldsymbol": True,
    r"\bm": True,
    r"\pmb": True,
    r"\vec": True,
} | dict.fromkeys((r"\mathrm", r"\mathit", r"\mathcal", r"\mathsf", r"\mathnormal"), False)  # whether bold
_TRANSPOSES = (r"\top", r"\intercal", "T")
_SLICES = (":", r"\cdot", ".")


@dataclass
class Scripts:
    """The subscript and superscript of an atom (ranges of tokens), and its primes."""

    sub: Range | None = None
    sup: Range | None = None
    primes: int = 0


def scripts(p: Parser) -> Scripts:
    """Take the scripts that follow an atom; their order has no meaning."""
    found = Scripts()
    while p.at("_", "^", "'"):
        mark = p.take()
        if mark.value == "'":
            found.primes += 1
            continue
        if (found.sub if mark.value == "_" else found.sup) is not None:
            p.fail("a second script of the same kind: write parentheses or braces", mark)
        start, stop = p.argument()
        values = spelling(p, (start, stop))
        if not values:
            p.fail("an empty script", mark)
        if mark.value == "_":
            found.sub = start, stop
        elif set(values) == {r"\prime"}:
            found.primes += len(values)
        else:
            found.sup = start, stop
    return found


def spelling(p: Parser, at: Range | None) -> tuple[str, ...]:
    """The glyphs in a range, without braces and fonts."""
    items = p.tokens.items[at[0] : at[1]] if at else []
    bare = (t.value for t in items if t.kind not in ("open", "close") and t.value not in FONTS)
    return tuple(STAR if value in ("*", r"\ast") else value for value in bare)


def apply(p: Parser, node: Node, s: Scripts, token: Token) -> Node:
    """The node with its scripts.

    The typeset X_ij^T is an entry of the transpose, whatever the order in the source; that of a row is not.
    """
    if s.primes:
        hint = r"write `^\top` for the transpose"
        p.fail("a prime is understood after the name of a function only", token, hint)
    if s.sub and s.sup and _count(p, s.sub) == 2 and is_transpose(p, spelling(p, s.sup)):
        return index(p, power(p, node, s.sup, token), s.sub, token)
    if s.sub:
        node = index(p, node, s.sub, token)
        if s.sup and isinstance(node, Entry) and len(node.indices) == 2 and spelling(p, s.sup)[0] == "-":
            p.fail("an entry of the inverse, or the inverse of an entry? write parentheses", token)
    return power(p, node, s.sup, token) if s.sup else node


def is_transpose(p: Parser, values: tuple[str, ...]) -> bool:
    """Whether a superscript is the mark of the transpose."""
    return len(values) == 1 and values[0] in _TRANSPOSES and not (values[0] == "T" and _named_t(p))


def _named_t(p: Parser) -> bool:
    return p.names.find("T", "", "", "") is not None


def power(p: Parser, node: Node, at: Range, token: Token) -> Node:
    """The node with a superscript: transpose, inverse, or a power."""
    values = spelling(p, at)
    if is_transpose(p, values):
        return T(node)
    if values[0] == "-" and is_transpose(p, values[1:]):
        return T(p.make(token, Inv, node))
    if values[0] in (r"\circ", r"\odot"):
        return p.make(token, Pow, node, p.within(at[0] + 1, at[1], p.sum))
    mark = p.tokens.items[at[0]]
    exponent = p.within(*at, p.sum)
    if is_scalar(node.shape):
        return p.make(token, Pow, node, exponent)
    if not is_square(node) and not (p.strict and is_matrix(node.shape) and same(*node.shape)):
        p.fail(
            r"a power of a vector or matrix that is not square: use `^{\circ k}` for an entrywise one", mark
        )
    if exponent == Neg(Num(Fraction(1))):
        return p.make(token, Inv, node)
    if not is_scalar(exponent.shape) or not _is_whole(exponent):
        p.fail(f"a power of a matrix needs an integer exponent, at most {MAX_POWER}", mark)
    return p.make(token, MatPow, node, exponent)


def _is_whole(node: Node) -> bool:
    while isinstance(node, Neg | Group):
        node = node.arg
    if isinstance(node, Num):
        return node.value.denominator == 1 and node.value <= MAX_POWER
    return isinstance(node, Sym | Size | Idx)


def is_square(node: Node) -> bool:
    """Whether the node is a square matrix for certain."""
    return not is_scalar(node.shape) and resolve(node.shape[0]) == resolve(node.shape[1])


# --- indices ----------------------------------------------------------------------------------------


def index(p: Parser, node: Node, at: Range, token: Token) -> Node:
    """An entry, a row or a column."""
    want = 1 if is_column(node.shape) or is_row(node.shape) else 2
    found = indices(p, at, want)
    mark = p.tokens.items[at[0]]
    if len(found) == 2 and found.count(None) == 1:
        return _row(p, node, found[0], mark) if found[0] else T(_row(p, T(node), found[1], mark))
    if None in found:
        p.fail("a row or column has one index and one colon", mark)
    return p.make(mark, Entry, node, tuple(found))


def _row(p: Parser, node: Node, at: Node | None, mark: Token) -> Node:
    if isinstance(at, Idx) and not same(at.size, node.shape[0]):
        p.fail(f"index {at.name} runs to {at.size}, the matrix has {node.shape[0]} rows", mark)
    return p.make(mark, Row, node, at)


def _count(p: Parser, at: Range) -> int:
    values = spelling(p, at)
    if any(v in _SLICES for v in values):
        return 0
    return values.count(",") + 1 if "," in values else len(values)


def indices(p: Parser, at: Range, want: int) -> list[Node | None]:
    """The indices in a subscript; ``None`` is a colon. Without commas every character is one."""
    commas = "," in spelling(p, at)

    def read() -> list[Node | None]:
        found = [one_index(p, whole=commas or want == 1)]
        while p.peek() is not None:
            if commas:
                p.expect(",")
            found.append(one_index(p, whole=commas))
        return found

    return p.within(*at, read)


def one_index(p: Parser, *, whole: bool) -> Node | None:
    """An index: digits (all of them if ``whole``), a size, a letter, or ``None`` for a colon."""
    token = p.take()
    if token.kind in ("char", "macro") and token.value in _SLICES:
        return None
    if token.kind == "open":
        close = p.tokens.partner[p.i - 1]
        found = p.within(p.i, close, lambda: one_index(p, whole=True))
        p.i = close + 1
        return found
    if token.is_digit:
        digits = token.value
        while whole and (following := p.peek()) and following.is_digit:
            digits += p.take().value
        if int(digits[:9]) > MAX_DIM:
            p.fail(f"an index runs to {MAX_DIM} at most", token)
        return Num(Fraction(int(digits)))
    if token.kind not in ("char", "macro") or not (token.value.isalpha() or token.value.startswith("\\")):
        p.fail(f"`{token.value}` is not an index", token)
    base = token.value
    sub = ""
    if p.at("_"):
        p.take()
        sub = "".join(spelling(p, p.argument()))
    return named_index(p, base, sub, token)


def named_index(p: Parser, base: str, sub: str, token: Token) -> Node:
    """The size or the index with this letter; a new letter is an index of a range yet unknown."""
    name = index_name(base) + sub
    if name in p.bound:
        return p.bound[name]
    size = p.names.dimension(base, sub)
    if size is not None:
        return Size(size)
    if not (base.islower() or base.startswith("\\")):
        p.fail(f"`{base}` is neither an index nor a size", token)
    if name not in p.free:
        p.free[name] = Idx(name, DimVar())
        p.places.setdefault(name, token)
    return p.free[name]


def index_name(base: str) -> str:
    """The name of an index with this letter."""
    return base.removeprefix("\\")
