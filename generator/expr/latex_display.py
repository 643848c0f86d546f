"""A display -> the tokens of its formulas: environments, rows, and rows that continue the one before."""

from __future__ import annotations

from generator.errors import InputError
from generator.expr.latex_parser import RELATIONS
from generator.expr.latex_tokens import Token, Tokens, tokenize

_DISPLAYS = {
    "equation", "align", "gather", "multline", "aligned", "gathered", "split", "displaymath", "eqnarray",
}  # fmt: skip
_CONTINUES = {"+", r"\cdot", r"\times", r"\circ", r"\odot", r"\overset", r"\stackrel", ":", *RELATIONS}
_BINDS = {*_CONTINUES, "-"}


def formulas_in(source: str) -> list[list[Token]]:
    """The tokens of each formula of a display.

    Raises:
        InputError: not well-formed.
    """
    items = _unwrapped(Tokens(source, tokenize(source)))
    groups: list[list[Token]] = []
    for row in _rows(Tokens(source, items)):
        if groups and (row[0].value in _CONTINUES or groups[-1][-1].value in _BINDS or _goes_on(source, row)):
            groups[-1] += row
        else:
            groups.append(row)
    if not groups:
        raise InputError("an empty formula", source=source, column=0)
    return groups


def _unwrapped(tokens: Tokens) -> list[Token]:
    """Without the environments and boxes around the whole."""
    items = tokens.items
    start, stop = 0, len(items)
    while start < stop and items[start].kind == "begin" and tokens.partner[start] == stop - 1:
        if items[start].value.rstrip("*") not in _DISPLAYS:
            break
        start, stop = start + 1, stop - 1
    return items[start:stop]


def _rows(tokens: Tokens) -> list[list[Token]]:
    """The rows with something in them, without alignment marks."""
    rows: list[list[Token]] = [[]]
    k = 0
    while k < len(tokens.items):
        token = tokens.items[k]
        close = tokens.partner.get(k, k)
        if token.kind == "macro" and token.value == r"\\":
            rows.append([])
        elif token.kind != "char" or token.value != "&":
            rows[-1] += tokens.items[k : close + 1]
        k = close + 1
    return [row for row in rows if row]


def _goes_on(source: str, row: list[Token]) -> bool:
    """Whether a row that begins with a minus sign goes on with the sum of the row before."""
    return row[0].value == "-" and not any(t.value in RELATIONS for t in row)
