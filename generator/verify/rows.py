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
    r"|(?P<break>\\qquad(?![a-zA-Z]))|(?P<comma>,)|(?P<amp>&)|\\[a-zA-Z]+|\\.|[^\\{}()\[\],&=<>:]+|.",
    re.DOTALL,
)
_WRAPPED = re.compile(
    r"\s*\\begin\{(?P<env>aligned|alignedat|split|gathered)\}(?:\[[tbc]\]|\{\d+\})*(?P<body>.*)\\end\{(?P=env)\}\s*[.,;]?\s*\Z",
    re.DOTALL,
)
_BOXED = re.compile(r"\s*\\(?:boxed|fbox)\s*\{(?P<body>.*)\}\s*[.,;]?\s*\Z", re.DOTALL)
_NOISE = re.compile(r"\\(?:nonumber|notag)(?![a-zA-Z])|\\(?:label|tag)\*?\{[^{}]*\}")


REMEMBERED = 2048  # formulas: one is looked at several times in a row


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
    for chain in _chains(latex, display=display):
        yield tuple(Row(text, line_at(place)) for text, place in chain)


@lru_cache(REMEMBERED)
def _chains(latex: str, *, display: bool) -> tuple[tuple[tuple[str, int], ...], ...]:
    """The rows of every statement with the offsets at which they begin."""
    body, shift = _unwrapped(latex)
    chains: list[list[tuple[str, int]]] = []
    for start, stop in _split(body, ("row", "break") if display else ("break",)):
        text = body[start:stop]
        plain = _trimmed(text)
        if not plain:
            continue
        if not chains or not (text.lstrip().startswith("&") or _continues(plain, chains[-1][-1][0])):
            chains.append([])
        chains[-1].append((plain, shift + start + len(text) - len(text.lstrip())))
    return tuple(map(tuple, chains))


def _continues(latex: str, before: str) -> bool:
    """Whether a row goes on with the row before: with a relation or an operator, or with its last term."""
    if re.search(rf"(?:{_OPERATORS}|-|{RELATIONS})\s*\Z", before):
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


def neighbours(latex: str, count: int) -> list[str]:
    """The text of every two neighbours of a chain."""
    signs = relations(latex)
    if len(signs) != count:
        return [latex] * count
    cuts = [0, *(s.end for s in signs)], [*(s.start for s in signs), len(latex)]
    sides = [latex[a:b].strip() for a, b in zip(*cuts, strict=True)]
    return [f"{sides[k]} {latex[s.start : s.end]} {sides[k + 1]}" for k, s in enumerate(signs)]


def bare(latex: str) -> str:
    """A point such as (1, −1) without its parentheses; anything else as it is."""
    inner = latex[1:-1]
    enclosed = latex.startswith("(") and latex.endswith(")") and "(" not in inner and ")" not in inner
    return inner if enclosed and len(pieces(inner)) > 1 else latex
