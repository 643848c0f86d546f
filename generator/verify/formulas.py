r"""Finished LaTeX or Markdown -> the formulas in it, with scope, step and line number.

Nothing between math delimiters is passed over: what cannot be taken apart comes back with a ``trouble``.
Comments in the text (``% scope: …``, ``% step: …``, ``% end scope``; ``<!-- … -->`` in Markdown) say where a
formula stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from generator.verify.rows import Row, statements

Kind = Literal["latex", "markdown"]

_ENVIRONMENTS = "equation|align|gather|multline|flalign|alignat|eqnarray|displaymath|math"
_OPENERS = rf"\\begin\{{(?P<env>(?:{_ENVIRONMENTS})\*?)\}}|\\\(|\\\[|\$\$|\$"
_LATEX = re.compile(
    r"\\begin\{(?P<verbatim>verbatim|lstlisting)\}.*?\\end\{(?P=verbatim)\}"
    r"|\\verb\*?(?P<bar>[^\w\s*]).*?(?P=bar)"
    r"|%(?P<comment>[^\n]*)"
    rf"|(?P<open>{_OPENERS})"
    r"|\\(?s:.)",
    re.DOTALL,
)
_MARKDOWN = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ \t]*(?P=fence)[`~]*[ \t]*$"
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--(?P<comment>.*?)-->"
    rf"|(?P<open>{_OPENERS})"
    r"|\\(?s:.)",
    re.DOTALL | re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---[ \t]*\n", re.DOTALL)
_DIRECTIVE = re.compile(r"\s*(?P<word>scope|step|end scope)\b\s*:?\s*(?P<name>.*?)\s*\Z", re.DOTALL)
_CLOSERS = {r"\(": r"\)", r"\[": r"\]", "$$": "$$", "$": "$"}


@dataclass(frozen=True, slots=True)
class Found:
    """One statement of a text: a chain such as a = b = c, or an expression.

    ``visit`` numbers the scopes as they open, so that two visits of one scope can be told apart. A
    ``trouble`` says why the text here is no formula.
    """

    rows: tuple[Row, ...]
    scope: str
    step: str
    visit: int
    trouble: str = ""

    @property
    def line(self) -> int:
        """The line of the text where the statement begins."""
        return self.rows[0].line

    @property
    def latex(self) -> str:
        """The whole statement."""
        return " ".join(row.latex for row in self.rows)


@dataclass
class _Place:
    """Where we are: the open scopes with their steps."""

    scopes: list[tuple[str, int]] = field(default_factory=lambda: [("", 0)])
    steps: list[str] = field(default_factory=lambda: [""])
    opened: int = 0

    def obey(self, comment: str) -> str:
        """Follow a comment; say what is wrong with it, if anything."""
        found = _DIRECTIVE.match(comment)
        if not found or (found["word"] != "end scope" and not re.match(r"\s*(scope|step)\s*:", comment)):
            return ""
        if found["word"] == "scope":
            self.opened += 1
            self.scopes.append((found["name"], self.opened))
            self.steps.append(self.steps[-1])
        elif found["word"] == "step":
            self.steps[-1] = found["name"]
        elif len(self.scopes) == 1:
            return "`end scope` without a scope"
        else:
            self.scopes.pop()
            self.steps.pop()
        return ""


def extract(text: str, kind: Kind) -> list[Found]:
    """All statements of a finished text, in order."""
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    place = _Place()
    found: list[Found] = []

    def keep(latex: str, pos: int, display: bool) -> None:
        scope, visit = place.scopes[-1]
        for rows in statements(latex, lambda k: bisect_right(starts, pos + k), display=display):
            found.append(Found(rows, scope, place.steps[-1], visit))

    for pos, piece in _pieces(text, kind):
        trouble = place.obey(piece.comment) if piece.comment is not None else piece.trouble
        if trouble:
            row = Row(piece.latex.strip()[:60], bisect_right(starts, pos))
            found.append(Found((row,), place.scopes[-1][0], place.steps[-1], place.scopes[-1][1], trouble))
        elif piece.comment is None:
            keep(piece.latex, pos, piece.display)
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    latex: str = ""
    display: bool = False
    comment: str | None = None
    trouble: str = ""


def _pieces(text: str, kind: Kind) -> Iterator[tuple[int, _Piece]]:
    """Comments and formulas with their places."""
    pattern = _LATEX if kind == "latex" else _MARKDOWN
    front = _FRONT_MATTER.match(text) if kind == "markdown" else None
    pos = front.end() if front else 0
    while (m := pattern.search(text, pos)) is not None:
        pos = m.end()
        if m["comment"] is not None:
            yield m.start(), _Piece(comment=m["comment"])
        elif m["open"]:
            stop, after = _closing(text, m, kind)
            if stop < 0:
                yield m.start(), _Piece(text[m.start() : pos + 40], trouble=f"`{m['open']}` opens no formula")
                continue
            yield m.end(), _Piece(_blank_comments(text[m.end() : stop], kind), m["open"] not in (r"\(", "$"))
            pos = after


def _closing(text: str, opened: re.Match[str], kind: Kind) -> tuple[int, int]:
    """Where a formula stops and where the text goes on; −1 where it does not stop."""
    start, opener = opened.end(), opened["open"]
    closer = rf"\end{{{opened['env']}}}" if opened["env"] else _CLOSERS[opener]
    if opener == "$" and kind == "markdown" and text[start : start + 1].isspace():
        return -1, start
    dollar, depth = closer == opener, 0
    for m in _signs(opener, closer, kind).finditer(text, start):
        token, stop = m[0], m.start()
        if token.isspace():  # an empty line ends every formula
            break
        if token == closer and depth == 0:
            loose = opener == "$" and kind == "markdown" and text[stop - 1].isspace()
            return (-1, start) if loose else (stop, m.end())
        if dollar:  # one within \text{…} belongs to the words
            depth += token.endswith("{") - (token == "}")
        else:
            depth += (token == opener) - (token == closer)
    return -1, start


@cache
def _signs(opener: str, closer: str, kind: Kind) -> re.Pattern[str]:
    """What may end a formula, and what must not be taken for its end."""
    comment = r"%[^\n]*|" if kind == "latex" else ""
    words = r"\\(?:text|mbox|textrm)\s*\{|[{}]"
    return re.compile(rf"{comment}{re.escape(closer)}|{re.escape(opener)}|{words}|\\(?s:.)|\n[ \t]*\n")


def _blank_comments(latex: str, kind: Kind) -> str:
    """The formula with TeX comments blanked, so that places stay right."""
    if kind != "latex" or "%" not in latex:
        return latex
    return re.sub(r"(?<!\\)((?:\\\\)*)%[^\n]*", lambda m: m[1] + " " * (len(m[0]) - len(m[1])), latex)
