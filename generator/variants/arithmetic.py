"""Exact arithmetic and comparisons on parameters and results: the language of constraints.

Written as Python, read with Python's ``ast``, and nothing is ever eval'ed. Numbers are fractions; vectors and
matrices are arrays of them, compared entry by entry all at once. A list of words equals one word when all of
its words are that one.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from generator.errors import InputError, did_you_mean
from generator.expr.text_reader import syntax_tree

Number = Fraction | float
MOST_POWER = 64
MOST_BITS = 400  # of a number on the way
ENTRY = re.compile(r"(.+?)_(\d+)(?:_(\d+))?")
NEAR = 1e-9  # a result this close to a whole number is one


def whole(value: Any) -> bool:
    """Whether all entries are whole numbers."""
    return all(abs(v - round(v)) < NEAR for v in _flat(value))


def _flat(value: Any) -> list[Any]:
    return list(np.ravel(value)) if isinstance(value, np.ndarray) else [value]


def _all(*args: Any) -> list[Any]:
    """The entries of all arguments, in one list."""
    return [entry for arg in args for entry in (arg if isinstance(arg, list) else _flat(arg))]


def _det(value: Any) -> Fraction:
    """The determinant, by elimination with fractions."""
    return _eliminated(value)[0]


def _rank(value: Any) -> Fraction:
    return Fraction(_eliminated(value)[1])


def _eliminated(value: Any) -> tuple[Fraction, int]:
    """The determinant (of a square matrix) and the rank."""
    rows = [[Fraction(v) for v in row] for row in np.atleast_2d(value)]
    det, done = Fraction(1), 0
    for k in range(len(rows[0])):
        pivot = next((i for i in range(done, len(rows)) if rows[i][k]), None)
        if pivot is None:
            det = Fraction(0)
            continue
        if pivot != done:
            rows[done], rows[pivot], det = rows[pivot], rows[done], -det
        det *= rows[done][k]
        for i in range(done + 1, len(rows)):
            ratio = rows[i][k] / rows[done][k]
            rows[i] = [a - ratio * b for a, b in zip(rows[i], rows[done], strict=True)]
        done += 1
    return det, done


def _inverse(value: Any) -> Any:
    """The inverse, exactly."""
    rows = [[Fraction(v) for v in row] for row in np.atleast_2d(value)]
    n, whole_det = len(rows), _det(value)
    if n != len(rows[0]) or not whole_det:
        raise ValueError("a matrix without an inverse")
    cells = [[(-1) ** (i + j) * _det(_without(rows, j, i)) / whole_det for j in range(n)] for i in range(n)]
    return np.array(cells, dtype=object)


def _without(rows: list[list[Fraction]], i: int, j: int) -> list[list[Fraction]]:
    left = [[v for k, v in enumerate(row) if k != j] for r, row in enumerate(rows) if r != i]
    return left if left and left[0] else [[Fraction(1)]]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": lambda x: np.abs(x) if isinstance(x, np.ndarray) else abs(x),
    "max": lambda *xs: max(_all(*xs)),
    "min": lambda *xs: min(_all(*xs)),
    "sum": lambda *xs: sum(_all(*xs), Fraction(0)),
    "len": lambda *xs: Fraction(len(_all(*xs))),
    "integer": whole,
    "distinct": lambda *xs: len(set(_all(*xs))) == len(_all(*xs)),
    "gcd": lambda *xs: Fraction(math.gcd(*(int(x) for x in _all(*xs)))),
    "det": _det,
    "rank": _rank,
    "inv": _inverse,
}  # fmt: skip
_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: operator.mod, ast.MatMult: operator.matmul,
}  # fmt: skip


def names_in(text: str) -> set[str]:
    """The names of values that an expression uses.

    Raises:
        InputError: it is no expression.
    """
    tree = syntax_tree(text)
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called}


def check_names(text: str, known: Mapping[str, Any] | set[str]) -> None:
    """Nothing, if every name is known, alone or as the name of an entry.

    Raises:
        InputError: it is no expression, or a name is unknown; with a caret.
    """
    for name in sorted(names_in(text)):
        split = ENTRY.fullmatch(name)
        if name not in known and not (split and split[1] in known):
            hint = did_you_mean(name, known) or f"known are {', '.join(sorted(known))}"
            place = re.search(rf"\b{name}\b", text)
            column = place.start() if place else 0
            raise InputError(f"unknown name `{name}`", hint=hint, source=text, column=column, width=len(name))


def calculate(text: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression.

    Raises:
        InputError: it is outside the language, or has no value for these values (a division by zero).
    """
    try:
        return _Arithmetic(values).run(syntax_tree(text))
    except (TypeError, ValueError, IndexError, OverflowError, ZeroDivisionError) as error:
        raise InputError(f"`{text[:60]}` has no value: {error}") from None


class _Arithmetic:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def run(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | str() as value):
                return value
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name(id=name):
                return self.name(name)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return [self.run(item) for item in items]
            case ast.Attribute(value=inner, attr="T"):
                return np.transpose(self.run(inner))
            case ast.UnaryOp(op=ast.USub() | ast.Not() as op, operand=inner):
                return -self.run(inner) if isinstance(op, ast.USub) else not self.run(inner)
            case ast.BoolOp(op=op, values=parts):
                return (all if isinstance(op, ast.And) else any)(map(self.run, parts))
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(node, op, self.run(left), self.run(right))
            case ast.Compare():
                return self.compare(node)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                if name not in FUNCTIONS:
                    raise InputError(f"unknown function `{name}`", hint=did_you_mean(name, FUNCTIONS))
                return FUNCTIONS[name](*map(self.run, args))
        raise InputError(f"`{ast.unparse(node)[:60]}` is not part of the language of constraints")

    def name(self, name: str) -> Any:
        """A value, or an entry of one, counted from 1."""
        split = ENTRY.fullmatch(name)
        if name in self.values or not split or split[1] not in self.values:
            return self.values[name]
        digits = [d for d in split.groups()[1:] if d]
        base = self.values[split[1]]
        if np.ndim(base) == 2 and len(digits) == 1:
            digits = list(digits[0])
        return base[tuple(int(d) - 1 for d in digits)]

    def binary(self, node: ast.expr, op: ast.operator, a: Any, b: Any) -> Any:
        """An operator between two values."""
        if isinstance(op, ast.Pow):
            if not (isinstance(b, Fraction) and b.denominator == 1 and abs(b) <= MOST_POWER):
                raise InputError(f"an exponent is a whole number of at most {MOST_POWER}")
            result = a ** int(b)
        elif type(op) in _BINARY:
            result = _BINARY[type(op)](a, b)
        else:
            raise InputError(f"`{ast.unparse(node)[:60]}` is not part of the language of constraints")
        if any(isinstance(v, Fraction) and v.numerator.bit_length() > MOST_BITS for v in _flat(result)):
            raise InputError(f"`{ast.unparse(node)[:60]}` is gigantic")
        return result

    def compare(self, node: ast.Compare) -> bool:
        """A chain of comparisons: all of them hold."""
        left = self.run(node.left)
        for op, side in zip(node.ops, node.comparators, strict=True):
            right = self.run(side)
            if not self.holds(op, left, right):
                return False
            left = right
        return True

    def holds(self, op: ast.cmpop, a: Any, b: Any) -> bool:
        """One comparison; of arrays, in every entry."""
        match op:
            case ast.Eq():
                return _equal(a, b)
            case ast.NotEq():
                return not _equal(a, b)
            case ast.In() | ast.NotIn():
                found = any(_equal(a, item) for item in _members(b))
                return found == isinstance(op, ast.In)
        if type(op) not in _COMPARE:
            raise InputError("the comparisons are == != < <= > >= in and not in")
        return bool(np.all(_COMPARE[type(op)](a, b)))


def _members(value: Any) -> Iterator[Any]:
    if not isinstance(value, list | tuple | np.ndarray):
        raise InputError("`in` needs a list on its right")
    yield from np.ravel(value) if isinstance(value, np.ndarray) else value


def _equal(a: Any, b: Any) -> bool:
    """Whether two values are equal: numbers to within rounding, a list of words to the word that fills it."""
    if isinstance(a, str) or isinstance(b, str):
        word, other = (a, b) if isinstance(a, str) else (b, a)
        return word == other if not isinstance(other, list) else bool(other) and set(other) == {word}
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return bool(np.all(np.abs(np.subtract(a, b, dtype=object)) < NEAR))
