"""Macros with their arguments: fractions, sums, derivatives, underbraces, named functions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from generator.expr.calculus import At, Delta, Group, Limit, Mat, Sum, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.latex_bars import BARS, Head
from generator.expr.latex_derivatives import DERIVATIVES, derivative
from generator.expr.latex_names import begins_name, size
from generator.expr.latex_scripts import (
    Range,
    Scripts,
    apply,
    index_name,
    indices,
    is_square,
    power,
    scripts,
    spelling,
)
from generator.expr.latex_tokens import Token
from generator.expr.nodes import Call, Idx, Node, Num, Sym
from generator.expr.shapes import SCALAR, DimVar, is_matrix, is_scalar

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

WORDS: dict[str, str] = {name: name for name in FUNCTIONS if name not in ("kron", "logdet", "diagonal")} | {
    "ln": "log", "Tr": "tr", "trace": "tr", "Diag": "diag", "sgn": "sign", "ReLU": "relu",
}  # fmt: skip

ZERO = Num(Fraction(0))

# --- functions --------------------------------------------------------------------------------------


def call(p: Parser, token: Token, word: str) -> Node:
    """A named function after its head: primes, perhaps a power, and the argument."""
    fun = WORDS.get(word)
    if fun is None:
        p.fail(f"`{word}` is not understood here", token)
    if fun == "log" and p.at(r"\det"):
        p.take()
        fun = "logdet"
    before = scripts(p)
    if before.sub:
        p.fail("a subscript is not understood here", token)
    args = _arguments(p, token)
    if p.strict and fun == "tr" and is_scalar(args[0].shape):
        p.fail("`tr` needs a square matrix, found a number", token)
    node = p.make(token, _build, fun, args, before.primes)
    if fun == "logdet" and (before.sup or p.at("^")):
        p.fail("a power of log det is ambiguous: write parentheses", token)
    if before.sup and "-" in spelling(p, before.sup):
        p.fail("an inverse function or a negative power? write parentheses", token)
    return power(p, node, before.sup, token) if before.sup else node


def _build(fun: str, args: tuple[Node, ...], order: int) -> Node:
    if fun == "diag" and len(args) == 1 and is_matrix(args[0].shape) and is_square(args[0]):
        fun = "diagonal"
    return Call(fun, args, order)


def _arguments(p: Parser, token: Token) -> tuple[Node, ...]:
    """Arguments in parentheses; without them one factor, if nothing else could belong to it."""
    if p.at("(", "["):
        return p.enclosed(p.list)
    start = p.i
    arg = p.factor()
    following = p.peek()
    if following and p.starts_factor(following) and following.value[1:] not in WORDS:
        head, inner, rest = p.written(start - 1, start), p.written(start, p.i), p.rest()
        hint = f"write `{head}({inner}) {rest}` or `{head}({inner} {rest})`"
        p.fail("where the argument ends is ambiguous: write parentheses", token, hint)
    return (arg,)


def rectified(p: Parser, token: Token) -> Node:
    """max(0, x) is the rectifier; no other maximum is known."""
    args = p.enclosed(p.list) if p.at("(") else ()
    rest = [a for a in args if a != ZERO]
    if len(args) != 2 or len(rest) != 1:
        p.fail(r"only `\max(0, x)` is known, the rectifier", token)
    return p.make(token, Call, "relu", (rest[0],))


def root(p: Parser, token: Token) -> Node:
    """A square root."""
    if p.at("["):
        p.fail("only square roots are known", token)
    return p.make(token, Call, "sqrt", (p.within(*p.argument(), p.sum),))


# --- fractions, sums, deltas ------------------------------------------------------------------------


def fraction(p: Parser, token: Token) -> Node:
    """A quotient, or a derivative."""
    num, den = p.argument(), p.argument()
    found = derivative(p, token, num, den)
    if found is not None:
        return found
    return p.divide(token, p.within(*num, p.sum), p.within(*den, p.sum))


def summation(p: Parser, token: Token) -> Node:
    """A sum over one or several indices; its scope is the product that follows (or all that follows)."""
    limits = scripts(p)
    if limits.sub is None:
        p.fail("a sum needs an index", token)
    top = p.within(*limits.sup, lambda: size(p)) if limits.sup else None
    names = p.within(*limits.sub, lambda: _summed(p))
    found = [Idx(name, top or DimVar()) for name in names]
    outer = dict(p.bound)
    p.bound |= {i.name: i for i in found}
    p.deeper()
    body = p.sum() if p.wide_sums else p.product()
    p.depth -= 1
    p.bound = outer
    for i in reversed(found):
        body = p.make(token, Sum, i, body)
    return body


def _summed(p: Parser) -> list[str]:
    """``k=1``, ``k`` or ``k,l``."""
    names = []
    while True:
        token = p.take()
        if not (token.value.isalpha() or token.kind == "macro"):
            p.fail(f"`{token.value}` is not an index", token)
        names.append(index_name(token.value))
        p.places.setdefault(names[-1], token)
        if p.at("="):
            p.take()
            p.expect("1")
        if p.peek() is None:
            return names
        p.expect(",")


def limit(p: Parser, token: Token) -> Node:
    """A limit of the product that follows, as a letter goes to zero; the letter has a meaning only there."""
    below = scripts(p).sub
    if below is None:
        p.fail("a limit says what goes to zero", token)
    start = p.tokens.items[below[0]]
    letter = p.within(below[0], below[0] + 1, lambda: p.take().value)
    if spelling(p, below)[1:] != (r"\to", "0") or not begins_name(start):
        p.fail("a limit is understood as a letter goes to 0", start)
    by = Sym(index_name(letter), SCALAR)
    outer = dict(p.moving)
    p.moving[letter] = by
    p.deeper()
    body = p.product()
    p.depth -= 1
    p.moving = outer
    return p.make(token, Limit, by, body)


def at_point(p: Parser, token: Token) -> Node:
    """What stands before a bar, where a symbol has the value below it."""
    p.i -= 1
    arg, below = p.enclosed(p.sum), scripts(p).sub
    if below is None:
        p.fail("a bar on the right alone says below it at which point: x = 2", token)
    by, value = p.within(*below, lambda: _place(p))
    if not isinstance(by, Sym) and not (isinstance(by, Mat) and all(isinstance(c, Sym) for c in by.cells)):
        p.fail("below the bar a symbol has a value", token)
    return p.make(token, At, arg, by, value)


def _place(p: Parser) -> tuple[Node, Node]:
    several = p.at("(")
    by = Mat(p.enclosed(p.list), 1) if several else p.postfix()
    p.expect("=")
    value = Mat(p.enclosed(p.list), 1) if several and p.at("(") else p.sum()
    token = p.tokens.items[p.i - 1]
    p.same_sides(token, by.shape, value.shape)
    return by, value


def delta(p: Parser) -> Node:
    """Kronecker's delta."""
    token = p.take()
    left = scripts(p)
    found = indices(p, left.sub, 2) if left.sub else []
    if len(found) != 2 or found[0] is None or found[1] is None:
        p.fail("Kronecker's delta has two indices (a symbol delta is not declared)", token)
    return apply(p, Delta(found[0], found[1]), Scripts(None, left.sup, left.primes), token)


# --- underbraces and boxes --------------------------------------------------------------------------


def underbrace(p: Parser, token: Token) -> Node:
    """An expression with a note; the note says nothing that could be wrong."""
    arg = p.within(*p.argument(), p.sum)
    mark = "_" if token.value == r"\underbrace" else "^"
    note: tuple[str | Node, ...] = ()
    if p.at(mark):
        p.take()
        note = _note(p, p.argument())
    if p.at("^", "_"):
        p.fail("a script on a braced expression is ambiguous: write parentheses", token)
    return Under(arg, note)


def _note(p: Parser, at: Range) -> tuple[str | Node, ...]:
    """Words and expressions."""
    parts: list[str | Node] = []
    k = at[0]
    while k < at[1]:
        token = p.tokens.items[k]
        start = k
        k += 1
        if token.kind == "text" or token.value == r"\times":
            parts.append(token.value if token.kind == "text" else "×")
            continue
        while k < at[1] and p.tokens.items[k].kind != "text" and p.tokens.items[k].value != r"\times":
            k += 1
        found = p.attempt(start, k, p.sum)
        if found is None:  # mathematics of another kind, such as a set
            source = p.tokens.source
            return (source[p.tokens.items[at[0]].pos : p.tokens.items[at[1] - 1].end],)
        parts.append(found)
    return tuple(parts)


def box(p: Parser, token: Token) -> Node:
    """A box prints a frame and brackets nothing: it may hold a factor, or all of one side."""
    start = p.i - 1
    before = p.tokens.items[start - 1] if start else None
    inner = p.within(*p.argument(), p.sum)
    after = p.peek()
    whole = (before is None or p.is_relation(before)) and (after is None or p.is_relation(after))
    return inner if whole else Group(inner)


HEADS: dict[str, Head] = {
    r"\frac": fraction, r"\dfrac": fraction, r"\tfrac": fraction, r"\cfrac": fraction,
    r"\sqrt": root, r"\sum": summation, r"\lim": limit, r"\underbrace": underbrace, r"\overbrace": underbrace,
    r"\left.": at_point, r"\max": rectified, r"\boxed": box,
    **BARS, **DERIVATIVES,
}  # fmt: skip
