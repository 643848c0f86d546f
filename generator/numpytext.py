"""The text language run with NumPy's own meaning: vectors are one-dimensional, and nothing is ever eval'ed.

The text is walked on Python's ``ast``; nothing is shared with the reader of expressions or with their values.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from generator.errors import InputError
from generator.expr.functions import real_sign

WORST_CONDITION = 1e10
Array = Any
Function = Callable[..., Array]
Values = Mapping[str, Array]
Step = Callable[["Text"], Array]

_OPERATORS: dict[type, Callable[[Array, Array], Array]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
}  # fmt: skip


def _log_sum_exp(x: Array) -> Array:
    return np.logaddexp.reduce(x)


def _norm(x: Array, p: Array = 2) -> Array:
    return np.sum(np.abs(x) ** p) ** (1 / p)


def invertible(x: Array) -> Array:
    """The matrix, which must have an inverse: rounding errors would make one for a matrix that has none.

    Raises:
        LinAlgError: it is singular, or nearly so.
    """
    if np.linalg.cond(x) > WORST_CONDITION:
        raise np.linalg.LinAlgError("a matrix is singular")
    return x


_FUNCTIONS: dict[str, Callable[..., Array]] = {
    "tr": np.trace, "det": np.linalg.det, "inv": lambda x: np.linalg.inv(invertible(x)),
    "logdet": lambda x: np.linalg.slogdet(invertible(x))[1],
    "norm": _norm, "norm1": lambda x: np.sum(np.abs(x)), "sum": np.sum, "diag": np.diag,
    "diagonal": np.diagonal, "softmax": lambda x: np.exp(x - _log_sum_exp(x)), "logsumexp": _log_sum_exp,
    "outer": np.outer, "kron": np.kron, "vec": lambda x: x.reshape(-1, order="F"),
    "matpow": lambda x, k: np.linalg.matrix_power(invertible(x) if k < 0 else x, int(k)),
    "stack": lambda *xs: np.stack(xs),
    "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0), "abs": np.abs,
    "sign": real_sign,
}  # fmt: skip
_SIZED: dict[str, Callable[..., Array]] = {
    "ones": lambda *s: np.ones(s), "zeros": lambda *s: np.zeros(s), "eye": np.eye,
}  # fmt: skip


class Text:
    """What the names in a text of the language mean: plain NumPy values, sizes and functions."""

    def __init__(
        self,
        values: Values,
        sizes: Mapping[str, int],
        functions: Mapping[str, Function] = MappingProxyType({}),
    ) -> None:
        self.values, self.sizes, self.functions = {**sizes, **values}, sizes, functions

    def run(self, node: ast.expr) -> Array:
        """The value of a piece of syntax.

        Raises:
            InputError: it is outside the language.
        """
        return program(node)(self)

    def entry(self, name: str, base: str, digits: list[str]) -> Array:
        """An entry by its 1-based name: x_1, X_12, X_1_12."""
        if base not in self.values:
            raise InputError(f"the judge does not know `{name}`")
        array = self.values[base]
        if np.ndim(array) == 2 and len(digits) == 1:
            digits = list(digits[0])
        return array[tuple(int(d) - 1 for d in digits)]

    def call(self, name: str, args: Sequence[Array]) -> Array:
        """A function of the language."""
        if name in self.functions:
            return _plain(self.functions[name](*args))
        if name not in _FUNCTIONS:
            raise InputError(f"the judge does not know the function `{name}`")
        return _FUNCTIONS[name](*args)

    def side(self, text: str) -> int:
        """A size, by name or number."""
        if text not in self.sizes and not text.isdigit():
            raise InputError(f"the judge does not know the size `{text}`")
        return self.sizes[text] if text in self.sizes else int(text)


def program(node: ast.expr) -> Step:
    """A piece of syntax as a function of what its names mean: it is run again and again.

    Raises:
        InputError: it is outside the language.
    """
    match node:
        case ast.Constant(value=int() | float() as number):
            constant = np.float64(number)
            return lambda text: constant
        case ast.Name(id=name):
            return _name(name)
        case ast.Attribute(value=inner, attr="T"):
            whole = program(inner)
            return lambda text: whole(text).T
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            positive = program(inner)
            return lambda text: -positive(text)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return program(inner)
        case ast.BinOp():
            return _binary(node)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _SIZED:
            sides = [ast.unparse(a) for a in args]
            return lambda text: _SIZED[name](*map(text.side, sides))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            given = [program(a) for a in args]
            return lambda text: text.call(name, [one(text) for one in given])
        case ast.List(elts=items):
            cells = [program(item) for item in items]
            return lambda text: np.array([one(text) for one in cells])
        case ast.Subscript(value=inner, slice=key):
            base = program(inner)
            keys = [program(k) for k in (key.elts if isinstance(key, ast.Tuple) else [key])]
            return lambda text: base(text)[tuple(int(k(text)) - 1 for k in keys)]
    raise InputError(f"the judge does not know `{ast.unparse(node)}`")


def _name(name: str) -> Step:
    """A symbol, a size as a number, or an entry."""
    split = re.fullmatch(r"(.+?)_(\d+)(?:_(\d+))?", name)
    base, digits = (split[1], [d for d in split.groups()[1:] if d]) if split else ("", [])
    return lambda text: text.values[name] if name in text.values else text.entry(name, base, digits)


def _binary(node: ast.BinOp) -> Step:
    """An operator between two values."""
    left, right = program(node.left), program(node.right)
    if isinstance(node.op, ast.Pow):
        inverse = ast.unparse(node.right) == "-1"
        return lambda text: _power(left(text), right(text), inverse=inverse)
    if type(node.op) not in _OPERATORS:
        raise InputError(f"the judge does not know the operator {type(node.op).__name__}")
    operation = _OPERATORS[type(node.op)]
    return lambda text: operation(left(text), right(text))


def _power(a: Array, b: Array, *, inverse: bool) -> Array:
    return np.linalg.inv(invertible(a)) if inverse and np.ndim(a) == 2 else a**b


def _plain(value: Array) -> Array:
    """The value of an abstract function, a column among others, as NumPy users write it."""
    return value[:, 0] if np.ndim(value) == 2 and np.shape(value)[1] == 1 else value
