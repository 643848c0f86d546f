"""Prose into LaTeX and Markdown: every character means itself, none is a command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from generator.errors import InputError
from generator.expr.notation import GREEK

Kind = Literal["latex", "markdown"]
REMEMBERED = 4096  # sentences: those of a derivation are said again in the next one


class Raw(str):
    """Text that is LaTeX or Markdown already and must not be escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        """The protocol by which the template engine knows a finished text."""
        return str(self)


_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}", "\N{NO-BREAK SPACE}": "~",
    "“": "``", "”": "''", "‘": "`", "’": "'", "„": r"\quotedblbase{}", "–": "--", "—": "---", "…": r"\dots{}",
    "\N{MINUS SIGN}": r"\ensuremath{-}", "×": r"\texttimes{}", "·": r"\textperiodcentered{}",
}  # fmt: skip
# Signs that people write into prose; the mathematics that is checked does not come this way.
_SIGNS = {
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "∈": r"\in", "→": r"\to", "∞": r"\infty",
    "⇒": r"\Rightarrow", "∇": r"\nabla", "∂": r"\partial", "∑": r"\sum", "√": r"\surd", "⊤": r"\top",
    "≡": r"\equiv", "⋅": r"\cdot", "∘": r"\circ", "⊙": r"\odot", "‖": r"\|", "′": "'", "ℝ": r"\mathbb{R}",
    "ᵀ": r"^\top", "⁻": "^{-}", "⪰": r"\succeq", "≻": r"\succ",
}  # fmt: skip
_LATIN_CAPITALS = {
    "alpha": "A", "beta": "B", "epsilon": "E", "zeta": "Z", "eta": "H", "iota": "I", "kappa": "K", "mu": "M",
    "nu": "N", "rho": "P", "tau": "T", "chi": "X",
}  # fmt: skip
_MARKDOWN = {
    **{c: "\\" + c for c in "*_`[]"},
    **{c: f"&#{ord(c)};" for c in "\\$~|^{}"},  # not every dialect lets these be escaped by a backslash
    "<": "&lt;", ">": "&gt;", "&": "&amp;",
}  # fmt: skip
# What would open a list, a heading, an admonition at the start of a line.
_BLOCK_START = re.compile(r"([-+#=:?!]|\d+(?=[.)](?:\s|$)))")
_NOT_IN_T1 = frozenset("ĦħĸĿŀŉŦŧſ")  # the other letters of Latin-1 and Latin Extended-A are
_PAIR = re.compile(r'"([^"]*)"')


@lru_cache(REMEMBERED)
def escape(text: str, kind: Kind, *, starts: bool = True) -> Raw:
    """Prose as text of ``kind``; white space is tidied, and a blank line still parts paragraphs.

    ``starts`` says that the text may open a line, where some signs have a meaning in Markdown.

    Raises:
        InputError: a character that the handout has no glyph for.
    """
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n[ \t]*\n", text))
    one: Callable[[str], str] = _latex if kind == "latex" else _markdown_line if starts else _markdown
    edges = (" " if text[:1].isspace() else "", " " if text[-1:].isspace() else "")
    body = "\n\n".join(one(p) for p in paragraphs if p)
    return Raw(f"{edges[0]}{body}{edges[1]}" if body else edges[0])


def comment(text: str) -> Raw:
    """A title as it may stand in a comment of either format: one line that cannot end the comment."""
    return Raw(re.sub(r"--+", "-", " ".join(text.split())))


def slug(text: str) -> str:
    """A name for files and anchors: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _latex(text: str) -> str:
    return "".join(_glyph(c) for c in _PAIR.sub(r"“\1”", text))


def _glyph(c: str) -> str:
    if c in _LATEX:
        return _LATEX[c]
    if c in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[c]}}}"
    name = unicodedata.name(c, "")
    word = name.split()[-1].lower().replace("lamda", "lambda") if name else ""
    if word in GREEK and re.match("GREEK (SMALL|CAPITAL) LETTER", name) and "WITH" not in name:
        return rf"\ensuremath{{{GREEK[word] if 'SMALL' in name else _capital(word)}}}"
    if script := re.fullmatch(r"<(super|sub)> 003(\d)", unicodedata.decomposition(c)):
        return rf"\ensuremath{{{'^' if script[1] == 'super' else '_'}{script[2]}}}"
    if not (" " <= c <= "~" or ("\u00a1" <= c <= "\u017f" and c not in _NOT_IN_T1)):
        shown = c if c.isprintable() else "?"
        raise InputError(
            f"the handout has no glyph for {shown!r} (U+{ord(c):04X} {name})".rstrip(),
            hint="write mathematics in braces, as in {A @ x}, and other signs as words",
        )
    return c


def _capital(word: str) -> str:
    return GREEK.get(word.capitalize()) or rf"\mathrm{{{_LATIN_CAPITALS[word]}}}"


def _markdown(text: str) -> str:
    return "".join(_MARKDOWN.get(c, c if c.isprintable() else "\N{REPLACEMENT CHARACTER}") for c in text)


def _markdown_line(text: str) -> str:
    shown = _markdown(text)
    start = _BLOCK_START.match(text)
    if start is None:
        return shown
    at = start.end() if text[0].isdigit() else 0  # after a number it is the full stop that makes a list
    return f"{text[:at]}&#{ord(text[at])};{shown[at + 1 :]}"
