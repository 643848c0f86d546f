"""Which line of a TOML text a key stands on; made only for an error, from a text that tomllib accepts."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Any

Key = tuple[str | int, ...]

_STRING = r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
_SPACE = re.compile(r"(?:\s|#[^\n]*)+")
_HEADER = re.compile(rf"\[\[?((?:{_STRING}|[^\[\]\"'])*)\]\]?", re.DOTALL)
_NAME = re.compile(rf"((?:{_STRING}|[^=\"'])+)=", re.DOTALL)
_TOKEN = re.compile(rf"{_STRING}|#[^\n]*|[^\S\n]+|[^\s,\[\]{{}}\"'#]+|.", re.DOTALL)


def key_lines(text: str) -> dict[Key, int]:
    """The line, from 1, of every table, key and list element."""
    return _Scanner(text).scan()


def line_of(lines: dict[Key, int], key: Key) -> int:
    """The line of a key, or of the nearest thing around it that the text has."""
    return next((lines[key[:k]] for k in range(len(key), 0, -1) if key[:k] in lines), 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.lines: dict[Key, int] = {}
        self.elements: dict[Key, int] = {}  # array of tables -> index of its last table

    def line(self, at: int) -> int:
        return bisect_right(self.starts, at)

    def note(self, key: Key, at: int) -> None:
        for k in range(1, len(key) + 1):
            self.lines.setdefault(key[:k], self.line(at))

    def scan(self) -> dict[Key, int]:
        at = 0
        table: Key = ()
        while at < len(self.text):
            if space := _SPACE.match(self.text, at):
                at = space.end()
            elif header := _HEADER.match(self.text, at):
                table = self.header(header)
                at = header.end()
            elif name := _NAME.match(self.text, at):
                key = (*table, *_parts(name[1]))
                self.note(key, at)
                at = self.value(key, name.end())
            else:
                break
        return self.lines

    def header(self, header: re.Match[str]) -> Key:
        """The table that a header opens."""
        key: Key = ()
        names = _parts(header[1])
        for k, name in enumerate(names):
            key = (*key, name)
            if header[0].startswith("[[") and k == len(names) - 1:
                self.elements[key] = self.elements.get(key, -1) + 1
            if key in self.elements:
                key = (*key, self.elements[key])
        self.note(key, header.start())
        return key

    def value(self, key: Key, at: int) -> int:
        """Skip a value and note the lines of the elements of a list; the place where it ends."""
        depth, index, is_list = 0, 0, False
        while at < len(self.text) and (token := _TOKEN.match(self.text, at)):
            mark = token[0]
            if mark == "\n" and depth == 0:
                break
            if mark in "]}":
                depth -= 1
            elif mark == "," and depth == 1:
                index += 1
            elif mark.strip() and not mark.startswith("#") and is_list and depth == 1:
                self.note((*key, index), at)
            if mark in "[{":
                is_list = is_list or (mark == "[" and depth == 0)
                depth += 1
            at = token.end()
        return at


def _parts(source: str) -> tuple[str, ...]:
    """The parts of a dotted key; tomllib knows how to unquote them."""
    found: list[str] = []
    value: Any = tomllib.loads(f"{source.strip()} = 0")
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        found.append(name)
    return tuple(found)
