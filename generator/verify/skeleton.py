r"""A statement without its numbers: the text with a gap for every number, and the numbers that stood there.

A number in a script (an index, an exponent), in words or in the length of a row is no value but a part of how
the text is read: it stays where it is. So two statements with one skeleton are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

GAP = "\0"
MOST_DIGITS = 12  # more than that is not exact in the arithmetic of machines
MOST_NUMBERS = 200
_GROUP = r"\{[^{}]*\}"
for _ in range(3):  # braces within braces
    _GROUP = rf"\{{(?:[^{{}}]|{_GROUP})*\}}"
# What makes the value of a number, or how many there are, a part of the meaning; braces that are too deep.
_UNFIT = re.compile(
    r"\\(?:[lcvd]?dots|ddots|sum|prod|lim|in|to|approx|times|begin\s*\{(?:cases|array))(?![a-zA-Z])"
    rf"|{GAP}|\d{{{MOST_DIGITS + 1}}}|[_^]\s*(?=\{{)(?!{_GROUP})"
)
_PIECES = re.compile(
    rf"[_^]\s*(?:{_GROUP}|\\[a-zA-Z]+\s*(?:{_GROUP})?|.)"
    rf"|\\(?:text|mbox|textrm|mathbf|boldsymbol|mathbb|begin|end)\s*{_GROUP}"
    r"|\\(?:\\|sqrt)\s*\[[^\]]*\]|\\[a-zA-Z]+|\\."
    r"|(?P<number>\d+(?:\.\d+)?)",
    re.DOTALL,
)


def skeleton(latex: str) -> tuple[str, tuple[str, ...]] | None:
    """The text with a gap for each number, and the numbers; ``None`` where more depends on a number."""
    if _UNFIT.search(latex):
        return None
    numbers: list[str] = []

    def gap(m: re.Match[str]) -> str:
        if m["number"] is None:
            return m[0]
        numbers.append(m["number"])
        return GAP

    text = _PIECES.sub(gap, latex)
    return (text, tuple(numbers)) if len(numbers) <= MOST_NUMBERS else None


def filled(text: str, numbers: Sequence[str]) -> str:
    """A skeleton, or a part of one, with its numbers."""
    first, *rest = text.split(GAP)
    return first + "".join(n + part for n, part in zip(numbers, rest, strict=True))


def stand_ins(count: int) -> tuple[str, ...]:
    """Different numbers without the digits 0, 1 and 2: they show where the numbers of a text are read."""
    return tuple("".join(str(3 + k // 7**i % 7) for i in (3, 2, 1, 0)) for k in range(count))
