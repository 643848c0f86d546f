"""Letters in a formula: symbols, functions with their arguments, identity, ones and zeros, indices, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import did_you_mean
from generator.expr.calculus import App, Commutation
from generator.expr.latex_scripts import (
    FONTS,
    Scripts,
    apply,
    index,
    index_name,
    named_index,
    one_index,
    scripts,
    spelling,
)
from generator.expr.latex_tokens import Token
from generator.expr.nodes import Call, Entry, Eye, Idx, Mul, Node, Num, Ones, Size, Sym, Zero
from generator.expr.notation import GREEK
from generator.expr.shapes import ONE, SCALAR, Dimension, DimVar, Shape, dim, is_matrix, is_scalar, times

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

UPRIGHT = (r"\mathrm", r"\operatorname", r"\mathsf")
ACCENTED = {
    r"\hat": "hat", r"\widehat": "hat", r"\bar": "bar", r"\overline": "bar", r"\tilde": "tilde",
    r"\widetilde": "tilde", r"\dot": "dot",
}  # fmt: skip
LETTERS = frozenset(GREEK.values())


@dataclass(frozen=True)
class Glyph:
    """A letter or a word as printed."""

    token: Token
    base: str
    bold: bool = False
    accent: str = ""


def begins_name(token: Token) -> bool:
    """Whether a token begins a name."""
    if token.kind == "char":
        return token.value.isalpha()
    return token.kind == "macro" and (
        token.value in LETTERS or token.value in FONTS or token.value in ACCENTED
    )


def glyph(p: Parser) -> Glyph:
    """Take a letter with its font and accent."""
    token = p.take()
    if token.value in FONTS or token.value in ACCENTED:
        inner = p.within(*p.argument(), lambda: _inside(p))
        bold = inner.bold or FONTS.get(token.value, False)
        return Glyph(token, inner.base, bold, ACCENTED.get(token.value, inner.accent))
    return Glyph(token, token.value)


def _inside(p: Parser) -> Glyph:
    token = p.peek()
    if token is None:
        p.unexpected()
    if token.kind == "macro":
        if not begins_name(token):
            p.unexpected()
        return glyph(p)
    word = ""
    while p.peek() is not None:
        part = p.take()
        if part.kind != "char" or not part.value.isalnum():
            p.fail(f"`{part.value}` is not a letter", part)
        word += part.value
    return Glyph(token, word)


def name(p: Parser) -> tuple[Node, Scripts]:
    """Take a name, with its arguments if it is a function; and the scripts that are not part of it."""
    matrix = commutation(p) if p.at(r"\mathcal") else None
    if matrix is not None:
        return matrix, scripts(p)
    found = glyph(p)
    left = scripts(p)
    jacobian = _jacobian(p, found, left)
    if jacobian is not None:
        return jacobian, scripts(p)
    return meaning(p, found, left), left


def _jacobian(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    """J_f(x) for a declared function f; ``None`` for anything else."""
    if g.base != "J" or s.sub is None or s.sup is not None or not p.at("("):
        return None
    fun = p.attempt(*s.sub, p.postfix)
    declared = p.table.abstract.get(fun.name) if isinstance(fun, Sym) else None
    return None if declared is None else p.make(g.token, declared.slope, p.enclosed(p.list), p.table.layout)


def commutation(p: Parser) -> Node | None:
    """Take the commutation matrix, a calligraphic K with two sizes; ``None`` for anything else."""
    start = p.i
    p.take()
    if spelling(p, p.argument()) == ("K",) and p.at("_"):
        p.take()
        found = p.attempt(*p.argument(), lambda: sizes(p))
        if found and len(found) == 2:
            return Commutation(*found)
    p.i = start
    return None


def meaning(p: Parser, g: Glyph, s: Scripts) -> Node:
    """What a glyph stands for; scripts that belong to the name or are used up are removed."""
    if not g.bold and not g.accent and index_name(g.base) in p.bound:
        return p.bound[index_name(g.base)]
    if not g.bold and not g.accent and g.base in p.moving:
        return p.moving[g.base]
    found = p.names.find(g.base, g.accent, "".join(spelling(p, s.sub)), "".join(spelling(p, s.sup)))
    if found is None:
        return _unnamed(p, g, s)
    symbol, sub_used, sup_used = found
    s.sub = None if sub_used else s.sub
    s.sup = None if sup_used else s.sup
    if g.bold and is_scalar(symbol.shape):
        p.fail(f"{symbol.name} is a scalar, but printed in bold", g.token)
    following = p.peek()
    if (
        symbol not in p.names.functions.values()
        or not p.at("(")
        or not following
        or not p.starts_factor(following)
    ):
        return symbol
    return _applied(p, symbol, s, g.token)


def _applied(p: Parser, fun: Sym, s: Scripts, token: Token) -> Node:
    """A function with its arguments, primed if it is a derivative; scripts around them are taken together."""
    args, declared = p.enclosed(p.list), p.table.abstract.get(fun.name)
    if declared is None:
        node: Node = App(fun, args)
    elif s.primes:
        if declared.takes != (SCALAR,):
            p.fail("a prime marks the derivative of a function of one number", token)
        node, s.primes = p.make(token, declared.slope, args, p.table.layout, 0, s.primes), 0
    else:
        node = p.make(token, declared.at, args)
    if s.sub:
        node = index(p, node, s.sub, token)
    after = scripts(p)
    if s.sup and after.sup:
        p.fail("a second superscript", token)
    s.sub, s.sup, s.primes = after.sub, s.sup or after.sup, s.primes + after.primes
    return node


def _unnamed(p: Parser, g: Glyph, s: Scripts) -> Node:
    """A glyph that is no declared name."""
    if not g.accent:
        for reading in (_constant, _exponential, _small_entry, _run_together, _number):
            node = reading(p, g, s)
            if node is not None:
                return node
    word = g.base.removeprefix("\\")
    hint = did_you_mean(word, p.names.spelled())
    raise p.refusal(f"the symbol {word} is not declared", g.token, hint)


def _constant(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    """The identity, ones and zeros; their size may stand as a subscript."""
    if g.base != "I" and not (g.bold and g.base in ("0", "1")):
        return None
    sides: list[Dimension] = []
    if s.sub:
        sides = p.within(*s.sub, lambda: sizes(p, r"\times"))
        s.sub = None
    if g.base == "I" and len(sides) < 2:
        return Eye(sides[0] if sides else DimVar())
    if g.base == "I" or len(sides) > 2:
        p.fail("these are too many sizes", g.token)
    rows, columns = (*sides, ONE)[:2] if sides else (DimVar(), ONE if p.columns else DimVar())
    shape: Shape = (rows, columns)
    return Ones(shape) if g.base == "1" else Zero(shape)


def sizes(p: Parser, mark: str = ",") -> list[Dimension]:
    """Sizes with commas, or another mark, between them."""
    found = [size(p)]
    while p.at(mark):
        p.take()
        found.append(size(p))
    return found


def size(p: Parser) -> Dimension:
    """A size: a number, a name, or a product of them."""
    found: Dimension = ONE
    start = p.peek()
    while (token := p.peek()) is not None and not p.at(",", r"\times"):
        part = one_index(p, whole=True)
        if isinstance(part, Num) and part.value > 0:
            found = times(found, dim(int(part.value)))
        elif isinstance(part, Size):
            found = times(found, part.size)
        else:
            p.fail(f"`{token.value}` is not a size", token)
    if start is None:
        p.unexpected()
    return found


def _exponential(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    if g.base != "e" or g.bold or not s.sup:
        return None
    exponent = p.within(*s.sup, p.sum)
    s.sup = None
    return Call("exp", (exponent,))


def _small_entry(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    """a_ij for an entry of A."""
    found = p.names.find(g.base.upper(), "", "", "") if len(g.base) == 1 and g.base.islower() else None
    if g.bold or found is None or s.sub is None or not is_matrix(found[0].shape):
        return None
    node = index(p, found[0], s.sub, g.token)
    if not isinstance(node, Entry):
        return None
    s.sub = None
    return node


def _run_together(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    """Several letters in one font command: \\mathbf{Ax} is a product."""
    if len(g.base) < 2 or not g.base.isalpha() or not all(p.names.find(c, "", "", "") for c in g.base):
        return None
    nodes = [meaning(p, Glyph(g.token, c, g.bold), Scripts()) for c in g.base[:-1]]
    rest = Scripts(s.sub, s.sup, s.primes)
    last = meaning(p, Glyph(g.token, g.base[-1], g.bold), rest)
    s.sub, s.sup, s.primes = None, None, 0
    return p.make(g.token, Mul, (*nodes, apply(p, last, rest, g.token)))


def _number(p: Parser, g: Glyph, s: Scripts) -> Node | None:
    """A letter that stands for a number by itself: a size, or an index that is known or in a condition."""
    if g.bold or not (g.base.isalpha() or g.base in LETTERS):
        return None
    sub = "".join(spelling(p, s.sub))
    size = p.names.dimension(g.base, sub) or p.names.dimension(g.base)
    if size is not None:
        s.sub = None if p.names.dimension(g.base, sub) else s.sub
        return Size(size)
    plain = s.sub is None and len(index_name(g.base)) == 1 and g.base.islower()
    if index_name(g.base) in p.free or (p.in_guard and plain):
        node = named_index(p, g.base, "", g.token)
        return node if isinstance(node, Idx) else None
    return None
