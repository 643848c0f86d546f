"""The atoms of a formula: numbers, names, brackets, bars and whatever a macro or environment begins."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from generator.expr.calculus import Group
from generator.expr.grammar import POW, printed
from generator.expr.latex_arrays import ENVIRONMENTS
from generator.expr.latex_bars import determinant_or_abs, norm
from generator.expr.latex_heads import HEADS, WORDS, call, delta
from generator.expr.latex_names import UPRIGHT, begins_name, name
from generator.expr.latex_scripts import FONTS, Scripts, scripts, spelling
from generator.expr.nodes import Node, Num

if TYPE_CHECKING:
    from generator.expr.latex_parser import Parser

MAX_DIGITS = 40


def atom(p: Parser) -> tuple[Node, Scripts]:
    """Take an atom and the scripts after it, which are still to be applied."""
    token = p.peek()
    if token is None:
        p.unexpected()
    if token.kind == "begin":
        return _environment(p), scripts(p)
    if token.kind == "open":
        return _braces(p), scripts(p)
    if token.kind == "text":
        p.take()
        return call(p, token, token.value.strip()), scripts(p)
    if token.is_digit or _decimal_point(p):
        return number(p), scripts(p)
    if p.at("(", "[", r"\{"):
        return Group(p.enclosed(p.sum)), scripts(p)
    if p.at("|", r"\|"):
        return _bars(p), scripts(p)
    word = _word(p)
    if word:
        return call(p, token, word), scripts(p)
    if token.value == r"\delta" and not p.names.find(r"\delta", "", "", ""):
        return delta(p), scripts(p)
    if begins_name(token):
        return name(p)
    head = HEADS.get(token.value)
    if head is None:
        kind = "macro" if token.kind == "macro" else "sign"
        p.fail(f"the {kind} `{token.value}` is not understood here", token)
    p.take()
    return head(p, token), scripts(p)


def number(p: Parser) -> Node:
    """Digits with no space between them, and perhaps a decimal point."""
    text = ""
    end = -1
    while (token := p.peek()) is not None and (not text or token.pos == end):
        if not token.is_digit and ("." in text or not _decimal_point(p)):
            break
        text += p.take().value
        end = token.end
        if len(text) > MAX_DIGITS:
            p.fail(f"a number may have {MAX_DIGITS} digits", token)
    return Num(Fraction(text))


def _decimal_point(p: Parser) -> bool:
    """Whether a point comes next, with a digit right after it."""
    token, following = p.peek(), p.peek(1)
    if token is None or following is None or token.value != ".":
        return False
    return following.is_digit and following.pos == token.end


def _environment(p: Parser) -> Node:
    token = p.take()
    read = ENVIRONMENTS.get(token.value)
    if read is None:
        p.fail(f"the environment `{token.value}` is not understood here", token)
    close = p.tokens.partner[p.i - 1]
    start, p.i = p.i, close + 1
    return read(p, token, start, close)


def _braces(p: Parser) -> Node:
    """Braces that are not an argument: they print nothing, so they must not bracket anything."""
    token = p.peek()
    node = p.enclosed(p.sum)
    if printed(node) < POW:
        p.fail("braces do not bracket: write parentheses", token)
    return node


def _bars(p: Parser) -> Node:
    """|x| or ‖x‖ with bars that do not say which is left."""
    token = p.take()
    outer, p.bar = p.bar, token.value
    inner = p.sum()
    p.expect(token.value)
    p.bar = outer
    return norm(p, token, inner) if token.value == r"\|" else determinant_or_abs(p, token, inner)


def _word(p: Parser) -> str:
    """Take the head of a named function, if there is one: exp as a macro, tr as a word, sigma."""
    token = p.peek()
    if token is None or token.kind != "macro":
        return ""
    if token.value == r"\sigma" and not p.names.find(r"\sigma", "", "", ""):
        p.take()
        return "sigmoid"
    macro = token.value[1:]
    if macro in WORDS and macro not in ("sum", "vec", "sqrt"):
        p.take()
        return macro
    if token.value not in UPRIGHT and token.value not in FONTS:
        return ""
    start = p.i
    p.take()
    following = p.peek()
    word = "".join(spelling(p, p.argument())) if following and following.kind == "open" else ""
    if word in WORDS and not p.names.find(word, "", "", ""):
        return word
    if token.value == r"\operatorname":
        p.fail(f"the function {word} is not known", token)
    p.i = start
    return ""
