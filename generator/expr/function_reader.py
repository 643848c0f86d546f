"""A function as a person writes it, in the NumPy-like language or in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.expr.abstract import Abstract
from generator.expr.infer import check_name, infer_symbols
from generator.expr.nodes import Node, Sym
from generator.expr.operators import column
from generator.expr.text_reader import Scope, parse


@dataclass(frozen=True, slots=True)
class Written:
    """A function: its name and parameters (there may be none), its symbols, its expression and text.

    ``text`` is empty where the function was not written in the NumPy-like language. ``rows`` names the
    matrices that were written by their rows, as the vectors with the index of a sum.
    """

    name: str
    parameters: tuple[str, ...]
    symbols: dict[str, Sym]
    body: Node
    text: str = ""
    rows: tuple[str, ...] = ()


def is_latex(text: str) -> bool:
    """Whether a text is LaTeX: it has a sign that the NumPy-like language does not use."""
    return isinstance(text, str) and re.search(r"[\\^{}|$]", text) is not None


def read_written(
    source: str,
    declared: Mapping[str, Sym],
    wrt: Iterable[str] = (),
    functions: Mapping[str, Abstract] = MappingProxyType({}),
) -> Written:
    """Read a function, perhaps with a head such as ``f(x) =``; shapes that are not declared are inferred.

    Names in ``wrt`` are symbols even if the function lacks them; abstract ``functions`` may be applied.

    Raises:
        InputError: the text is not understood, or can be read in two ways; with a caret at the place.
        ShapeError: operands whose sizes do not fit.
    """
    if is_latex(source):
        from generator.expr.latex_input import read_latex

        name, parameters, symbols, body, rows = read_latex(source, declared, wrt, functions)
        return Written(check_name(name) if name else "", parameters, symbols, body, rows=rows)
    name, parameters, text = _head(source)
    symbols = infer_symbols(text, declared, [*wrt, *parameters], functions)
    return Written(name, parameters, symbols, column(parse(text, Scope(symbols, functions=functions))), text)


def listed(names: str | Iterable[str]) -> list[str]:
    """Names as a list, from text with commas between them; a name in LaTeX becomes one of the language.

    Raises:
        InputError: LaTeX that is no single letter.
    """
    parts = names.split(",") if isinstance(names, str) else names
    return [_name(part.strip()) for part in parts]


def _name(text: str) -> str:
    if not is_latex(text):
        return text
    from generator.expr.latex_preface import symbol_name

    return symbol_name(text)


def _head(function: str) -> tuple[str, tuple[str, ...], str]:
    """The name, the parameters and the expression of ``f(x) = …``; the first two may be missing."""
    found = re.fullmatch(r"\s*([A-Za-z]\w*)\s*(?:\(([\w\s,]+)\))?\s*=(?!=)(.*)", function, re.DOTALL)
    if not found:
        return "", (), function
    return check_name(found[1]), tuple(listed(found[2] or ())), found[3].strip()
