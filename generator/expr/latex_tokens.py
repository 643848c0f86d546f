"""LaTeX text -> tokens, strictly: the only file that knows pylatexenc.

Spacing, sizes of brackets and comments are dropped; brackets, groups and environments are paired. Every
token remembers its place, so that a message can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from pylatexenc.latexwalker import LatexWalker, LatexWalkerEndOfStream, LatexWalkerParseError
from pylatexenc.macrospec import LatexContextDb

from generator.errors import InputError

REMEMBERED = 4096  # formulas: those of a document, or of a few, repeat one another
MAX_LENGTH = 20_000
MAX_DEPTH = 100

_SPACES = {",", ";", ":", "!", " ", "\n", ">", "quad", "qquad", "enspace", "thinspace"}
_STYLES = {"displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag", "mathstrut", "allowbreak"}
_SIZES = {f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
_TEXT = {"text", "textrm", "textup", "textnormal", "mbox", "textbf", "textit"}
_LABELS = {"label", "tag"}
PAIRS = {
    "(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lVert": r"\rVert", r"\lvert": r"\rvert",
    r"\left.": r"\right|",
}  # fmt: skip
_BARS = {"|": "vert", r"\vert": "vert", r"\|": "Vert", r"\Vert": "Vert"}
_PLAIN_BARS = {"vert": ("char", "|"), "Vert": ("macro", r"\|")}  # the same sign by another name
_EVIDENT = re.compile(
    r"\s*(?:\\(?P<macro>(?!(?:begin|end)(?![a-zA-Z]))[a-zA-Z]+)(?![^\W\d_])\s*"
    r"|(?P<brace_open>\{)|(?P<brace_close>\})|(?P<char>[^\\{}%$\s]))"
)
_LENGTH = re.compile(r"\*?\s*(?:\[\s*-?\d*\.?\d+\s*(?:pt|em|ex|mm|cm|in)\s*\])?")


class Token(NamedTuple):
    """A piece of LaTeX; the value of a macro includes its backslash, that of words is the words."""

    kind: Literal["char", "macro", "open", "close", "begin", "end", "text"]
    value: str
    pos: int
    end: int

    @property
    def is_digit(self) -> bool:
        """Whether this is one of 0 to 9."""
        return self.kind == "char" and self.value in "0123456789"


class Tokens:
    """The tokens of one formula, with the partner of every bracket."""

    def __init__(self, source: str, items: list[Token]) -> None:
        self.source = source
        self.items = items
        self.partner: dict[int, int] = {}
        self._pair()

    def _pair(self) -> None:
        waiting: list[int] = []
        for k, token in enumerate(self.items):
            if closing(token) is not None:
                waiting.append(k)
                if len(waiting) > MAX_DEPTH:
                    raise _error(self.source, token, f"nested more than {MAX_DEPTH} deep")
            elif token.kind in ("close", "end") or token.value in PAIRS.values():
                if not waiting or closing(self.items[waiting[-1]]) != (token.kind, token.value):
                    raise _error(self.source, token, f"`{token.value}` closes nothing that is open here")
                self.partner[waiting.pop()] = k
        if waiting:
            token = self.items[waiting[0]]
            raise _error(self.source, token, f"`{token.value}` is never closed")


def closing(token: Token) -> tuple[str, str] | None:
    """Kind and value of the token that closes this one, or ``None`` if it opens nothing."""
    if token.kind == "open":
        return "close", "}"
    if token.kind == "begin":
        return "end", token.value
    if token.kind in ("char", "macro") and token.value in PAIRS:
        close = PAIRS[token.value]
        return "macro" if close.startswith("\\") else "char", close
    return None


def tokenize(source: str) -> list[Token]:
    """The tokens of a formula or of the body of a display.

    Raises:
        InputError: too long, or not well-formed LaTeX (a lone brace, ``\\left`` without ``\\right`` …).
    """
    if len(source) > MAX_LENGTH:
        told = f"a formula may have {MAX_LENGTH} characters, found {len(source)}"
        raise InputError(told, source=source, column=MAX_LENGTH)
    return list(_tokenized(source))


@lru_cache(REMEMBERED)
def _tokenized(source: str) -> tuple[Token, ...]:
    return tuple(_clean(source, list(_raw(source, 0, len(source)))))


def _error(source: str, token: Token, message: str) -> InputError:
    return InputError(message, source=source, column=token.pos, width=token.end - token.pos)


def _raw(source: str, start: int, stop: int) -> Iterator[Token]:
    pos = start
    while pos < stop:
        found = _found(source, pos, stop)
        if found is None:
            return
        token = _token(source, *found)
        pos = max(found[2] + found[3], pos + 1)
        if token is None:
            continue
        if token.value == r"\\":
            gap = _LENGTH.match(source, token.end)
            pos = gap.end() if gap else pos
        if token.kind == "macro" and token.value[1:] in _TEXT:
            a, b = _braced(source, token, stop)
            yield from _words(source, a, b)
            pos = b + 1
        elif token.kind == "macro" and token.value[1:] in _LABELS:
            pos = _braced(source, token, stop)[1] + 1
        else:
            yield token


def _found(source: str, pos: int, stop: int) -> tuple[str, str, int, int] | None:
    """What comes next: its kind, itself, where it begins and its length; ``None`` at the end.

    Letters, signs, braces and the names of macros are evident; pylatexenc reads everything else.
    """
    evident = _EVIDENT.match(source, pos, stop)
    if evident and (kind := evident.lastgroup):
        at = evident.start(kind) - (kind == "macro")
        return kind, evident[kind], at, evident.end() - at
    try:
        walker = LatexWalker(source[:stop], latex_context=LatexContextDb(), tolerant_parsing=False)
        found = walker.get_token(pos)
    except LatexWalkerEndOfStream:
        if source[pos:stop].strip():  # a lone backslash at the end
            raise InputError("the formula breaks off", source=source, column=pos) from None
        return None
    except LatexWalkerParseError as error:
        at = error.pos if error.pos is not None else pos
        raise InputError(f"not LaTeX: {error.msg}", source=source, column=at) from None
    return found.tok, found.arg, found.pos, found.len


def _token(source: str, kind: str, arg: str, pos: int, length: int) -> Token | None:
    match kind:
        case "char":
            value = "-" if arg == "−" else arg
            return None if arg.isspace() or arg == "~" else Token("char", value, pos, pos + len(arg))
        case "macro" if arg in _PLAIN_BARS:
            bar, value = _PLAIN_BARS[arg]
            return Token(bar, value, pos, pos + 1 + len(arg))  # type: ignore[arg-type]
        case "macro":
            return Token("macro", f"\\{arg}", pos, pos + 1 + len(arg))
        case "brace_open":
            return Token("open", "{", pos, pos + 1)
        case "brace_close":
            return Token("close", "}", pos, pos + 1)
        case "begin_environment":
            return Token("begin", arg, pos, pos + length)
        case "end_environment":
            return Token("end", arg, pos, pos + length)
        case "comment":
            return None
    raise InputError(f"`{arg}` has no place inside a formula", source=source, column=pos)


def _braced(source: str, token: Token, stop: int) -> tuple[int, int]:
    """Where the words in the braces after a macro begin and end."""
    opened = re.compile(r"\s*\{").match(source, token.end, stop)
    depth, k = 1, opened.end() if opened else stop
    start = k
    while opened and k < stop:
        if source[k] == "\\":
            k += 1
        elif source[k] in "{}":
            depth += 1 if source[k] == "{" else -1
            if not depth:
                return start, k
        k += 1
    raise _error(source, token, f"`{token.value}` needs words in braces")


def _words(source: str, start: int, stop: int) -> Iterator[Token]:
    """Words, and between dollars mathematics."""
    whole = start, stop
    for k, part in enumerate(re.split(r"(?<!\\)\$", source[start:stop])):
        end = start + len(part)
        if k % 2:
            yield from _raw(source, start, end)
        elif part or (start, end) == whole:
            yield Token("text", _unescape(part), start, end)
        start = end + 1


_ESCAPES = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}


def _unescape(words: str) -> str:
    found = r"\\text(?:backslash|asciitilde|asciicircum)\{\}|\\[&%$#_{}]"
    return re.sub(found, lambda m: _ESCAPES.get(m[0], m[0][1:]), words)


def _clean(source: str, raw: list[Token]) -> list[Token]:
    """Drop what has no meaning; ``\\left`` and ``\\right`` must pair, which pylatexenc does not check."""
    kept: list[Token] = []
    lefts: list[tuple[Token, bool]] = []  # with whether the left bracket is not drawn
    rest = iter(raw)
    for token in rest:
        name = token.value[1:] if token.kind == "macro" else None
        if name in _SPACES or name in _STYLES:
            continue
        if name not in ("left", "right") and name not in _SIZES:
            kept.append(token)
            continue
        bracket = next(rest, None)
        hidden = bracket is not None and bracket.value == "." and name == "left"
        if bracket is None or bracket.kind not in ("char", "macro") or (bracket.value == "." and not hidden):
            raise _error(source, token, f"`{token.value}` needs a bracket after it")
        if name == "left":
            lefts.append((token, hidden))
        elif name == "right":
            if not lefts:
                raise _error(source, token, r"`\right` without `\left`")
            _, hidden = lefts.pop()
        side = name[0] if name in ("left", "right") else name[-1]
        kept.append(_open(bracket, name) if hidden else _sided(bracket, side))
    if lefts:
        raise _error(source, lefts[0][0], r"`\left` without `\right`")
    return kept


def _open(bracket: Token, side: str) -> Token:
    """One of a pair whose left one is not drawn."""
    value = "|" if bracket.value in ("|", r"\vert") else bracket.value
    return Token("macro", f"\\{side}{value}", bracket.pos, bracket.end)


def _sided(bracket: Token, side: str) -> Token:
    """A bar that is told to be a left or a right one becomes a real bracket."""
    if side in ("l", "r") and bracket.value in _BARS:
        return Token("macro", f"\\{side}{_BARS[bracket.value]}", bracket.pos, bracket.end)
    return bracket
