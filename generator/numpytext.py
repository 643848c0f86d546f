"""The text language run with NumPy's own meaning: vectors are one-dimensional, and nothing is ever eval'ed.

The text is walked on Python's ``ast``; nothing is shared with the reader of expressions or with their values.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from generator.errors import InputError
from generator.expr.functions import real_sign

WORST_CONDITION = 1e10
Array = Any
Function = Callable[..., Array]
Values = Mapping[str, Array]

_OPERATORS: dict[type, Callable[[Array, Array], Array]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
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
    """Runs a text of the language on plain NumPy values."""

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
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.float64(number)
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=inner, attr="T"):
                return self.run(inner).T
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self.run(inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.run(inner)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.run(left), self.run(right), right)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(name, args)
            case ast.List(elts=items):
                return np.array([self.run(item) for item in items])
            case ast.Subscript(value=inner, slice=key):
                keys = key.elts if isinstance(key, ast.Tuple) else [key]
                return self.run(inner)[tuple(int(self.run(k)) - 1 for k in keys)]
        raise InputError(f"the judge does not know `{ast.unparse(node)}`")

    def name(self, name: str) -> Array:
        """A symbol, a size as a number, or an entry by its 1-based name: x_1, X_12, X_1_12."""
        if name in self.values:
            return self.values[name]
        split = re.fullmatch(r"(.+?)_(\d+)(?:_(\d+))?", name)
        if not split or split[1] not in self.values:
            raise InputError(f"the judge does not know `{name}`")
        base = self.values[split[1]]
        digits = [d for d in split.groups()[1:] if d]
        if np.ndim(base) == 2 and len(digits) == 1:
            digits = list(digits[0])
        return base[tuple(int(d) - 1 for d in digits)]

    def binary(self, op: ast.operator, a: Array, b: Array, right: ast.expr) -> Array:
        """An operator between two values."""
        if isinstance(op, ast.MatMult):
            return a @ b
        if isinstance(op, ast.Pow):
            return np.linalg.inv(invertible(a)) if np.ndim(a) == 2 and ast.unparse(right) == "-1" else a**b
        if type(op) not in _OPERATORS:
            raise InputError(f"the judge does not know the operator {type(op).__name__}")
        return _OPERATORS[type(op)](a, b)

    def call(self, name: str, args: list[ast.expr]) -> Array:
        """A function of the language."""
        if name in _SIZED:
            return _SIZED[name](*(self.side(a) for a in args))
        if name in self.functions:
            return _plain(self.functions[name](*map(self.run, args)))
        if name not in _FUNCTIONS:
            raise InputError(f"the judge does not know the function `{name}`")
        return _FUNCTIONS[name](*map(self.run, args))

    def side(self, node: ast.expr) -> int:
        """A size, by name or number."""
        text = ast.unparse(node)
        if text not in self.sizes and not text.isdigit():
            raise InputError(f"the judge does not know the size `{text}`")
        return self.sizes[text] if text in self.sizes else int(text)


def _plain(value: Array) -> Array:
    """The value of an abstract function, a column among others, as NumPy users write it."""
    return value[:, 0] if np.ndim(value) == 2 and np.shape(value)[1] == 1 else value
