"""What goes wrong, said to people.

WorkingsError
├── CheckFailed    exit code 1   a formula could not be confirmed, or a document did not build
├── InputError     exit code 2   a spec, an expression or an option cannot be understood
│   ├── ShapeError               sizes do not fit
│   └── NotDerivable             valid mathematics that no method can derive
└── MissingPart    exit code 3   a system part (TeX, KaTeX) is not installed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WorkingsError(Exception):
    """An error meant for people: a message, and where possible a hint that mends it."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class CheckFailed(WorkingsError):
    """A formula is wrong or unreadable, or a document failed to build."""

    exit_code = 1


class InputError(WorkingsError):
    """A user's text cannot be understood; ``source`` and ``column`` (0-based) place a caret under it."""

    exit_code = 2

    def __init__(
        self, message: str, *, hint: str | None = None, source: str | None = None, column: int | None = None,
        width: int = 1,
    ) -> None:  # fmt: skip
        super().__init__(message, hint=hint)
        self.source = source
        self.column = column
        self.width = width

    def __str__(self) -> str:
        text = self.message
        if self.source is not None and self.column is not None:
            line, column = _line_around(self.source, self.column)
            text += f"\n  {line}\n  {' ' * column}{'^' * max(1, min(self.width, len(line) - column))}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class ShapeError(InputError):
    """Operands whose sizes do not fit; the message names operator, operands and sizes."""


class NotDerivable(InputError):
    """A valid problem that no method of the program can derive."""


class MissingPart(WorkingsError):
    """A part of the system is missing; the message names the command that installs it."""

    exit_code = 3


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A suggestion for a near miss, as a full sentence, or ``None``."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def _line_around(source: str, column: int, most: int = 100) -> tuple[str, int]:
    start = source.rfind("\n", 0, column) + 1
    stop = source.find("\n", column)
    line, column = source[start : stop if stop >= 0 else None], column - start
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    if len(line) > most:
        cut = max(0, column - most // 2)
        line, column = line[cut : cut + most], column - cut
    return line, column
