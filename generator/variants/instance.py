"""Drawn values put into the data of a problem file: numbers into expressions, words into names.

In an expression a parameter is replaced on Python's syntax tree, so that ``a*x`` with a = −3 is (−3)x and
never something else; in names, shapes and keys a whole word is replaced.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from generator.errors import InputError
from generator.expr.text_reader import syntax_tree
from generator.variants.arithmetic import ENTRY, calculate, names_in
from generator.variants.spaces import Matrix, Value, Vector

Data = dict[str, Any]
WORD = re.compile(r"[A-Za-z]\w*")
BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def put_in(data: Mapping[str, Any], values: Mapping[str, Value]) -> Data:
    """The data of a file with the values in the place of their names; what is malformed stays as it is."""
    names, numbers = _Words(values), arrays(values)
    done = dict(data)
    done["symbols"] = _table(data, "symbols", names, lambda entry: _shape(entry, names))
    done["given"] = _table(data, "given", names, lambda text: expression(text, values))
    if isinstance(find := data.get("find"), dict):
        done["find"] = {key: names(entry) for key, entry in find.items()}
        if isinstance(at := find.get("at"), list):
            done["find"]["at"] = [_entry(text, numbers) for text in at]
    for key in ("statement", "remark"):
        done[key] = _prose(data.get(key, ""), values)
    for key in ("hints", "questions"):
        if isinstance(texts := data.get(key), list):
            done[key] = [_prose(text, values) for text in texts]
    return done


def arrays(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values for arithmetic: vectors and matrices as arrays."""
    return {name: np.array(v, dtype=object) if isinstance(v, tuple) else v for name, v in values.items()}


def shown(value: Value) -> str:
    """A value as it is written in a file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)


class _Words:
    """Replaces whole words by texts and numbers."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.known = {name: str(v) for name, v in values.items() if isinstance(v, str | Fraction)}

    def __call__(self, entry: Any) -> Any:
        if isinstance(entry, list):
            return [self(item) for item in entry]
        return WORD.sub(lambda w: self.known.get(w[0], w[0]), entry) if isinstance(entry, str) else entry


def _table(data: Mapping[str, Any], key: str, names: _Words, change: Callable[[Any], Any]) -> Any:
    table = data.get(key)
    return {names(k): change(v) for k, v in table.items()} if isinstance(table, dict) else table


def _shape(entry: Any, names: _Words) -> Any:
    if isinstance(entry, dict):
        return {k: names(v) if k == "shape" else v for k, v in entry.items()}
    return names(entry)


def _entry(text: Any, numbers: Mapping[str, Any]) -> Any:
    """A number of the point; it may be an expression in the parameters."""
    try:
        if not isinstance(text, str) or not names_in(text):
            return text
        return str(calculate(text, numbers))
    except (InputError, KeyError):
        return text


def _prose(text: Any, values: Mapping[str, Value]) -> Any:
    def math(found: re.Match[str]) -> str:
        return found[0] if found[1] is None else f"{{{_formula(found[1], values)}}}"

    return BRACES.sub(math, text) if isinstance(text, str) else text


def _formula(text: str, values: Mapping[str, Value]) -> str:
    """Mathematics within words: a relation, an expression, or one of the short forms."""
    sides = text.split("=") if "==" not in text else [text]
    done = [expression(side.strip(), values) for side in sides]
    if len(sides) == 1 and done[0] == text.strip():
        return str(_Words(values)(text))  # a short form, such as `x in`
    return " = ".join(done).strip() if sides[-1].strip() else f"{done[0]} ="


def expression(text: Any, values: Mapping[str, Value]) -> Any:
    """An expression with the values in it.

    A text that cannot be read comes back as it is, for the reader to complain about.
    """
    try:
        tree = syntax_tree(re.sub(r"\s", " ", text)) if isinstance(text, str) else None
        return ast.unparse(_Put(values).visit(tree)) if tree is not None else text
    except (InputError, RecursionError):
        return text


class _Put(ast.NodeTransformer):
    """Replaces names on a syntax tree."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values, self.numbers = values, arrays(values)

    def visit_Name(self, node: ast.Name) -> Any:
        """A parameter, an entry of one, or an entry of a symbol whose name is a parameter."""
        value = self.values.get(node.id)
        split = ENTRY.fullmatch(node.id)
        if value is None and split and isinstance(base := self.values.get(split[1]), str):
            return ast.Name(base + node.id[len(split[1]) :])
        if value is None and split and split[1] in self.values:
            value = calculate(node.id, self.numbers)
        if isinstance(value, str):
            others = {name: v for name, v in self.values.items() if name != node.id}
            return _Put(others).visit(syntax_tree(value))  # a function may hold further parameters
        return node if value is None else _written(value)


def _written(value: Fraction | Vector | Matrix) -> ast.expr:
    """A number, or a vector or a matrix of numbers."""
    if isinstance(value, tuple):
        return ast.List([_written(v) for v in value], ast.Load())
    if value < 0:
        return ast.UnaryOp(ast.USub(), _written(-value))
    whole = ast.Constant(value.numerator)
    return whole if value.denominator == 1 else ast.BinOp(whole, ast.Div(), ast.Constant(value.denominator))
