"""Notation: which glyphs stand for what. It changes no result, only how one looks.

The writer turns names into glyphs with ``symbol``; the reader finds the name again with ``key``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.expr.calculus import Op
from generator.expr.names import split_name

_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi "
    "chi psi omega varphi vartheta varrho varepsilon"
)
_CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
GREEK: dict[str, str] = {name: rf"\{name}" for name in f"{_SMALL} {_CAPITAL}".split()}
GREEK |= {"lam": r"\lambda", "eps": r"\varepsilon", "ell": r"\ell"}

RELATIONS: dict[Op, str] = {
    "=": "=", ":=": r"\coloneqq", "≠": r"\neq", "<": "<", ">": ">", "≤": r"\le", "≥": r"\ge",
    "≈": r"\approx",
}  # fmt: skip
STAR = r"\star"

Key = tuple[str, str, str, str]  # base letter, accent, subscript, superscript


@dataclass(frozen=True, slots=True)
class Notation:
    """The glyphs of a collection; every choice is read back by the same reader."""

    bold: bool = True
    transpose: str = r"\top"
    differential: str = r"\mathrm{d}"
    hadamard: Literal[r"\circ", r"\odot"] = r"\circ"
    matrix: Literal["bmatrix", "pmatrix"] = "bmatrix"
    gradient: Literal["nabla", "partial"] = "nabla"
    inverse_transpose: bool = False

    def symbol(self, name: str, *, bold: bool = False) -> str:
        """The glyphs of a name: ``W1`` is W with subscript 1, ``x_star`` has a star, ``x_hat`` a hat."""
        parts = split_name(name)
        text = self.letter(parts.base, bold=bold)
        if parts.accent:
            text = rf"\{parts.accent}{{{text}}}"
        if parts.sub:
            text += script("_", ",".join(_subscript(part) for part in parts.sub.split(",")))
        if parts.sup:
            text += script("^", STAR)
        return text

    def letter(self, base: str, *, bold: bool = False) -> str:
        """The glyph of a base letter; a word that is no Greek letter is set as one word."""
        glyph = GREEK.get(base, base)
        if bold and self.bold:
            return rf"\boldsymbol{{{glyph}}}" if base in GREEK else rf"\mathbf{{{glyph}}}"
        return glyph if base in GREEK or len(base) == 1 else rf"\mathit{{{glyph}}}"


@dataclass(frozen=True, slots=True)
class Sized(Notation):
    """The same glyphs where nothing around tells sizes: the identity, ones and zeros bear theirs."""


def key(name: str) -> Key:
    """What the reader sees of a name, bold or not: base glyph, accent, subscript and superscript."""
    parts = split_name(name)
    sub = ",".join(GREEK.get(part, part) for part in parts.sub.split(","))
    return GREEK.get(parts.base, parts.base), parts.accent, sub, STAR if parts.sup else ""


def script(mark: str, text: str) -> str:
    """A subscript or superscript, in braces where TeX needs them."""
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def _subscript(part: str) -> str:
    if part in GREEK:
        return GREEK[part]
    return part if part.isdigit() or len(part) == 1 else rf"\mathrm{{{part}}}"
