r"""What stands before a function: a name ``f(x) =``, ``x \mapsto``, or that its derivative is asked for."""

from __future__ import annotations

from collections.abc import Collection

from generator.expr.latex_guess import name_of
from generator.expr.latex_names import begins_name, glyph
from generator.expr.latex_parser import Parser
from generator.expr.latex_scripts import Range, scripts, spelling
from generator.expr.latex_table import Table
from generator.expr.latex_tokens import Token, Tokens, tokenize

_MARKS = ((r"\partial",), ("d",))
_DEFINES = {"=", r"\coloneqq", ":"}
_FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac")


def symbol_name(text: str) -> str:
    """The name of a symbol that is written in LaTeX, such as ``\\mathbf{W}_1``.

    Raises:
        InputError: LaTeX that is no single letter.
    """
    p = Parser(Tokens(text, tokenize(text)), Table({}))
    name = _name(p)
    if p.peek() is not None:
        p.unexpected()
    return name


def take_head(p: Parser) -> tuple[str, tuple[str, ...]]:
    """Take the head ``f(x) =``, if there is one."""
    k = 0
    while k < p.stop and p.tokens.items[k].value not in _DEFINES:
        k = p.tokens.partner.get(k, k) + 1
    if k >= p.stop:
        return "", ()
    name, parameters = p.within(0, k, lambda: (_name(p), _parameters(p)))
    p.i = k + 1
    if p.tokens.items[k].value == ":":
        p.expect("=")
    return name, parameters


def _name(p: Parser) -> str:
    token = p.peek()
    if token is None or not begins_name(token):
        p.unexpected("a name such as f or f(x) is expected here")
    g = glyph(p)
    s = scripts(p)
    if s.sup or s.primes:
        p.fail("a name has no superscript", token)
    return name_of(g.base, g.accent, spelling(p, s.sub))


def _parameters(p: Parser) -> tuple[str, ...]:
    if not p.at("("):
        return ()

    def names() -> tuple[str, ...]:
        found = [_name(p)]
        while p.at(",", ";"):
            p.take()
            found.append(_name(p))
        return tuple(found)

    return p.enclosed(names)


def skip_asked(p: Parser, wrt: Collection[str]) -> None:
    """Go on after what asks for the derivative; it must ask for the same as ``wrt``, and of the whole text.

    Raises:
        InputError: it does not.
    """
    if _maps(p):
        return
    token = p.peek()
    at = _variable(p)
    if token is None or at is None:
        return
    if at[0] < at[1]:
        found = p.within(*at, lambda: _name(p))
        if wrt and found not in wrt:
            p.fail(f"this asks for the derivative by {found}, not by {', '.join(wrt)}", token)
    if _is_sum(p):
        hint = "write the function alone: what is asked for is its derivative"
        p.fail("whether all terms are to be differentiated is ambiguous", token, hint)


def _maps(p: Parser) -> bool:
    """Whether a name with an arrow was taken."""
    start, token = p.i, p.peek()
    arrow = any(t.value == r"\mapsto" for t in p.tokens.items[start:])
    if arrow and token is not None and begins_name(token):
        _name(p)
        if p.at(r"\mapsto"):
            p.take()
            return True
    p.i = start
    return False


def _variable(p: Parser) -> Range | None:
    """Take an operator, if there is one; where its variable stands (an empty range if it names none)."""
    start, token = p.i, p.peek()
    if token is None or token.value not in (r"\nabla", *_FRACTIONS):
        return None
    p.take()
    if token.value == r"\nabla":
        left = scripts(p)
        _refuse_second(p, token, spelling(p, left.sup)[-1:] == ("2",))
        return left.sub or (start, start)
    num, den = p.argument(), p.argument()
    _refuse_second(p, token, any(spelling(p, num) == (*mark, "^", "2") for mark in _MARKS))
    mark = _mark(p, den)
    if spelling(p, num) in _MARKS and mark > 0:
        return den[0] + mark, den[1]
    p.i = start
    return None


def _refuse_second(p: Parser, token: Token, found: bool) -> None:
    if found:
        hint = "write the function alone, and ask with --hessian (order = 2)"
        p.fail("this asks for the second derivative", token, hint)


def _mark(p: Parser, den: Range) -> int:
    """How many tokens the d of dx takes; 0 if there is none."""
    for k in range(1, den[1] - den[0]):
        if spelling(p, (den[0], den[0] + k)) in _MARKS and _closed(p.tokens.items[den[0] : den[0] + k]):
            return k
    return 0


def _closed(items: list[Token]) -> bool:
    return [t.kind for t in items].count("open") == [t.kind for t in items].count("close")


def _is_sum(p: Parser) -> bool:
    """Whether the rest is a sum outside of brackets."""
    k = p.i
    while k < p.stop:
        if p.tokens.items[k].value in ("+", "-") and k > p.i:
            return True
        k = p.tokens.partner.get(k, k) + 1
    return False
