"""What is wrong with spec files: collected from all of them, each with its place, and raised as one error."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.errors import InputError
from generator.spec.keylines import Key, key_lines, line_of

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME_IN_WORDS = "lower-case letters, digits and hyphens, such as linear-product"
_TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}  # they make text look other than it is


@dataclass(frozen=True)
class Source:
    """A TOML file: its text and its data."""

    path: Path
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def lines(self) -> dict[Key, int]:
        """The line of every key."""
        return key_lines(self.text)


class Complaints:
    """A growing list of complaints."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, str]] = []

    def __bool__(self) -> bool:
        return bool(self.told)

    def __len__(self) -> int:
        return len(self.told)

    def add(
        self, source: Source, key: Key, message: str, hint: str | None = None, line: int | None = None
    ) -> None:
        """Complain about a key: what was found, what was expected, what may have been meant."""
        if line is None:
            line = line_of(source.lines, key)
        name = f" {shown(key)}:" if key else ""
        text = f"{source.path}:{line}:{name} {message}"
        self.told.append((str(source.path), line, f"{text}; {hint}" if hint else text))

    def wrong(self, source: Source, key: Key, error: InputError, hint: str | None = None) -> None:
        """Complain about what stands at a key, with a caret under the line of the file."""
        line, caret = _caret(source.text, line_of(source.lines, key), error)
        hint = error.hint or hint
        self.add(source, key, f"{error.message}{f'; {hint}' if hint else ''}{caret}", line=line)

    def settle(self) -> None:
        """Do nothing if there are no complaints.

        Raises:
            InputError: all complaints, by file and line.
        """
        if self.told:
            order = {name: k for k, name in enumerate(dict.fromkeys(file for file, _, _ in self.told))}
            told = sorted(self.told, key=lambda c: (order[c[0]], c[1]))
            raise InputError("\n".join(dict.fromkeys(text for _, _, text in told)))


def shown(key: Key) -> str:
    """A key for people: ``given.L``, ``part[1].minutes``, counted from one."""
    out = ""
    for part in key:
        plain = isinstance(part, int) or re.fullmatch(r"[\w-]{1,40}", part)
        name = part if plain else f'"{_printable(str(part)[:40])}"'
        out += f"[{part + 1}]" if isinstance(part, int) else f".{name}" if out else str(name)
    return out


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _caret(text: str, line: int, error: InputError) -> tuple[int, str]:
    """The line of the file and a caret below; the expression alone where the file has it in other words."""
    if error.source is None or error.column is None:
        return line, ""
    start = error.source.rfind("\n", 0, error.column) + 1
    row = error.source[start:].partition("\n")[0]
    begin = sum(len(t) + 1 for t in text.split("\n")[: line - 1])
    for quote in ('"', "'", ""):
        found = text.find(quote + row, begin, begin + 2 * len(error.source) + 200) + len(quote)
        if row and found >= len(quote):
            place = InputError("", source=text, column=found + error.column - start, width=error.width)
            return text.count("\n", 0, found) + 1, str(place)
    return line, str(InputError("", source=error.source, column=error.column, width=error.width))


def told_value(value: Any) -> str:
    """A value of a TOML file in few words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value[:40]!r}{'…' if len(value) > 40 else ''}"
    if isinstance(value, int | float):
        return f"the number {value!r}" if abs(value) < 1e12 else "a gigantic number"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"


def read_source(path: Path, complaints: Complaints) -> Source | None:
    """The file's text and data; ``None`` after complaining that it cannot be read as TOML."""
    source = Source(path)
    try:
        if not path.is_file():
            complaints.add(source, (), "this is not a file", line=1)
            return None
        if path.stat().st_size > MAX_BYTES:
            complaints.add(source, (), f"the file is larger than {MAX_BYTES // 1_000_000} MB", line=1)
            return None
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        line = path.read_bytes()[: e.start].count(b"\n") + 1
        complaints.add(source, (), "the file is not written in UTF-8", line=line)
        return None
    except OSError as e:
        complaints.add(source, (), f"the file cannot be read: {e.strerror}", line=1)
        return None
    return _parsed(path, text, complaints)


def _parsed(path: Path, text: str, complaints: Complaints) -> Source | None:
    source = Source(path, text)
    try:
        source = Source(path, text, tomllib.loads(text))
    except RecursionError:
        complaints.add(source, (), "the file is nested too deeply", line=1)
        return None
    except ValueError as e:  # TOMLDecodeError, and what int() says of numbers with thousands of digits
        found = re.search(r" \(at line (\d+), column (\d+)\)", str(e))
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        lines = text.split("\n")
        column = int(found[2]) - 1 if found else len(lines[line - 1])
        message = re.sub(r" \(at [^)]*\)$", "", str(e)).partition(";")[0]
        caret = InputError("", source=text, column=sum(len(t) + 1 for t in lines[: line - 1]) + column)
        complaints.add(source, (), f"column {column + 1}: not TOML: {message}{caret}", line=line)
        return None
    hostile = list(_hostile(source.data, ()))
    for key, message in hostile:
        complaints.add(source, key, message)
    return None if hostile else source


def _hostile(value: Any, key: Key) -> Iterator[tuple[Key, str]]:
    """Text that no document can hold."""
    if len(key) > MAX_DEPTH:
        yield key[:3], "found tables within tables within tables; expected what docs/spec.md shows"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _hostile(name, (*key, name))
            yield from _hostile(inner, (*key, name))
    elif isinstance(value, list):
        for k, inner in enumerate(value):
            yield from _hostile(inner, (*key, k))
    elif isinstance(value, str):
        bad = next(
            (c for c in value if c not in "\n\t" and (unicodedata.category(c) == "Cc" or c in _TURNING)), None
        )
        if bad is not None:
            yield key, f"found the control character U+{ord(bad):04X}; expected plain text"
