r"""One piece of mathematics -> the statements in it, without alignment marks, boxes and punctuation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_SIGNS = (
    "coloneqq neq ne leqslant leq le geqslant geq ge lt gt approx equiv triangleq "
    "succeq preceq succ prec in to"
)
RELATIONS = rf"=|<|>|:=|\\(?:{_SIGNS.replace(' ', '|')})(?![a-zA-Z])"
_OPERATORS = r"\+|\\(?:cdot|times|circ|odot)(?![a-zA-Z])"
_TOKEN = re.compile(
    rf"(?P<begin>\\begin\{{[a-zA-Z]+\*?\}})|(?P<end>\\end\{{[a-zA-Z]+\*?\}})"
    r"|(?P<open>\\left(?![a-zA-Z])\s*(?:\\[a-zA-Z]+|\\.|.)|\\[bB]igg?l(?![a-zA-Z])\s*\\?.|\\\{|[{(\[])"
    r"|(?P<close>\\right(?![a-zA-Z])\s*(?:\\[a-zA-Z]+|\\.|.)|\\[bB]igg?r(?![a-zA-Z])\s*\\?.|\\\}|[})\]])"
    r"|(?P<row>\\\\(?:\s*\[[^\]]*\])?|\\cr(?![a-zA-Z]))"
    rf"|(?P<relation>{RELATIONS})"
    r"|(?P<break>\\qquad(?![a-zA-Z]))|(?P<comma>,)|(?P<amp>&)|\\[a-zA-Z]+|\\.|\s+|.",
    re.DOTALL,
)
_WRAPPED = re.compile(
    r"\s*\\begin\{(?P<env>aligned|alignedat|split|gathered)\}(?:\[[tbc]\]|\{\d+\})*(?P<body>.*)\\end\{(?P=env)\}\s*[.,;]?\s*\Z",
    re.DOTALL,
)
_BOXED = re.compile(r"\s*\\(?:boxed|fbox)\s*\{(?P<body>.*)\}\s*[.,;]?\s*\Z", re.DOTALL)
_NOISE = re.compile(r"\\(?:nonumber|notag)(?![a-zA-Z])|\\(?:label|tag)\*?\{[^{}]*\}")


REMEMBERED = 512  # formulas: one is looked at several times in a row


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a statement and the line of the text where it stands."""

    latex: str
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at the outermost level of a formula: its kind and place."""

    kind: str
    start: int
    end: int


@lru_cache(REMEMBERED)
def marks(latex: str) -> tuple[Mark, ...]:
    """Row ends, alignment marks, relations, commas and wide gaps outside all brackets."""
    found: list[Mark] = []
    depth = 0
    for m in _TOKEN.finditer(latex):
        kind = m.lastgroup
        if kind in ("begin", "open"):
            depth += 1
        elif kind in ("end", "close"):
            depth -= 1
        elif kind and depth == 0:
            found.append(Mark(kind, m.start(), m.end()))
    return tuple(found)


def relations(latex: str) -> list[Mark]:
    """The outermost relation signs."""
    return [m for m in marks(latex) if m.kind == "relation"]


def statements(latex: str, line_at: Callable[[int], int], *, display: bool) -> Iterator[tuple[Row, ...]]:
    """The statements of a formula; a row that begins with ``&`` or a relation continues the one before.

    ``line_at`` gives the line of an offset.
    """
    body, shift = _unwrapped(latex)
    chain: list[Row] = []
    for start, stop in _split(body, ("row", "break") if display else ("break",)):
        text = body[start:stop]
        plain = _trimmed(text)
        if not plain:
            continue
        goes_on = text.lstrip().startswith("&") or _continues(plain, chain)
        lead = len(text) - len(text.lstrip())
        row = Row(plain, line_at(shift + start + lead))
        if chain and not goes_on:
            yield tuple(chain)
            chain = []
        chain.append(row)
    if chain:
        yield tuple(chain)


def _continues(latex: str, chain: list[Row]) -> bool:
    """Whether a row goes on with the row before: with a relation or an operator, or with its last term."""
    if chain and re.search(rf"(?:{_OPERATORS}|-|{RELATIONS})\s*\Z", chain[-1].latex):
        return True
    if latex.startswith("-"):
        return not relations(latex)
    return bool(re.match(rf"{_OPERATORS}|{RELATIONS}", latex))


def pieces(latex: str) -> list[str]:
    """The parts of a list such as a, b or x = 1, y = 2."""
    return [p for start, stop in _split(latex, ("comma",)) if (p := _trimmed(latex[start:stop]))]


def _split(latex: str, at: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in marks(latex):
        if mark.kind in at:
            yield start, mark.start
            start = mark.end
    yield start, len(latex)


def _unwrapped(latex: str) -> tuple[str, int]:
    """The formula without aligned environments and boxes around all of it, and how far that begins."""
    shift = 0
    while (m := _WRAPPED.match(latex) or _BOXED.match(latex)) and _balanced(m["body"]):
        shift += m.start("body")
        latex = m["body"]
    return latex, shift


def _balanced(latex: str) -> bool:
    depth = 0
    for m in _TOKEN.finditer(latex):
        depth += (m.lastgroup in ("begin", "open")) - (m.lastgroup in ("end", "close"))
        if depth < 0:
            return False
    return depth == 0


def _trimmed(latex: str) -> str:
    """Without labels, alignment marks of this level, and the punctuation of the sentence around it."""
    latex = _NOISE.sub(" ", latex)
    for mark in reversed([m for m in marks(latex) if m.kind == "amp"]):
        latex = f"{latex[: mark.start]} {latex[mark.end :]}"
    latex = re.sub(r"(?:\s|\\[,;:!]|\\quad(?![a-zA-Z])|(?<!\\right)[.,;])+\Z", "", latex)
    return re.sub(r"\A(?:\s|\\[,;:!]|\\quad(?![a-zA-Z])|[,;])+", "", latex)
