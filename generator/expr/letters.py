"""Names, subscripts and superscripts in Unicode characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.expr.names import split_name
from generator.expr.nodes import Sym

_NAMES = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
_GREEK = dict(zip(_NAMES, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_GREEK |= {name.capitalize(): letter.upper() for name, letter in _GREEK.items()}
_GREEK |= {
    "lam": "λ",
    "eps": "ε",
    "varepsilon": "ε",
    "varphi": "ϕ",
    "vartheta": "ϑ",
    "varrho": "ϱ",
    "ell": "ℓ",
}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_RAISED = dict(zip("0123456789−×", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ˣ", strict=True))
_RAISED |= dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))  # there is no q
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def letter(name: str) -> str:
    """The name of a symbol as it is printed: ``lam`` is λ, ``W1`` is W₁, ``x_hat`` is x̂, ``x_star`` is x⋆."""
    parts = split_name(name)
    text = _GREEK.get(parts.base, parts.base) + _ACCENTS.get(parts.accent, "")
    below = subscript([_GREEK.get(parts.sub, parts.sub)]) if parts.sub else ""
    return text + below + ("⋆" if parts.sup else "")


def in_words(name: str) -> str:
    """The name of a symbol within a title: printed like ``letter``, as long as plain text has the signs."""
    text = letter(name)
    return text if re.fullmatch("[A-Za-zΑ-Ωα-ω₀-₉]+", text) else name


def listed(symbols: Iterable[Sym]) -> str:
    """Symbols within a title: u and v."""
    return " and ".join(in_words(s.name) for s in symbols)


def subscript(parts: Sequence[str]) -> str:
    """An index or several below the line: ₁₂, _ij, _{1,12}."""
    if all(p.isdecimal() for p in parts) and (len(parts) == 1 or all(len(p) == 1 for p in parts)):
        return "".join(parts).translate(_LOWERED)
    if all(len(p) == 1 for p in parts):
        return "_" + "".join(parts)
    return f"_{parts[0]}" if len(parts) == 1 and parts[0].isalnum() else f"_{{{','.join(parts)}}}"


def superscript(text: str) -> str | None:
    """The text above the line, or ``None`` where Unicode has no such characters."""
    return "".join(_RAISED[c] for c in text) if set(text) <= _RAISED.keys() else None
