r"""The name of a symbol that is being defined: ``\mathbf{r}`` is r, ``\hat{\theta}_1`` is theta1_hat."""

from __future__ import annotations

import re

from generator.errors import InputError
from generator.expr.names import ACCENTS
from generator.expr.notation import GREEK

_FONT = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathit|mathrm)\s*\{([^{}]*)\}")
_NAME = re.compile(r"(?P<base>[A-Za-z]+|\\[A-Za-z]+)\s*(?:_\s*(?P<sub>\w|\{\w+\}))?\s*\Z")
_LETTERS = {glyph: name for name, glyph in reversed(GREEK.items())}


def name_of(latex: str) -> str:
    """The name that these glyphs stand for.

    Raises:
        InputError: they are no single name.
    """
    text = latex.strip()
    accent = re.match(rf"\\({'|'.join(ACCENTS)})\s*\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}", text)
    if accent:
        text = accent[2] + text[accent.end() :]
    star = re.search(r"\^\s*(?:\{\s*)?(?:\\star|\\ast|\*)(?:\s*\})?\s*", text)
    if star:
        text = text[: star.start()] + text[star.end() :]
    found = _NAME.match(_FONT.sub(r"\1", text).strip())
    if not found:
        raise InputError(f"only a name can be defined, found `{latex.strip()}`")
    base = found["base"]
    if base.startswith("\\") and base not in _LETTERS:
        raise InputError(f"only a name can be defined, found `{latex.strip()}`")
    name = _LETTERS.get(base, base)
    sub = (found["sub"] or "").strip("{}")
    name += sub if sub.isdigit() else f"_{sub}" if sub else ""
    return name + (f"_{accent[1]}" if accent else "") + ("_star" if star else "")
