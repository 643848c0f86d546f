"""SymPy's scalar and matrix expressions -> expressions. One of the files that import sympy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

from generator.errors import InputError
from generator.expr.calculus import Mat
from generator.expr.infer import parse_symbol_spec
from generator.expr.make import mul, neg, num
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Inv,
    MatPow,
    Neg,
    Node,
    Num,
    Ones,
    Pow,
    T,
    Zero,
)
from generator.expr.operators import aligned, scale_or_hadamard, spread
from generator.expr.shapes import Dim, dim, is_scalar

ELEMENTWISE = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tanh": "tanh", "Abs": "abs", "sign": "sign",
}  # fmt: skip


def read(expression: Any) -> tuple[Node, dict[str, Any]]:
    """The expression, and SymPy's own symbols by name, among them the sizes.

    A 1×1 matrix is a number. Indices, which SymPy counts from 0, count from 1 here.

    Raises:
        InputError: it is not SymPy's, or holds something that has no counterpart.
    """
    import sympy

    if not isinstance(expression, sympy.Basic | sympy.MatrixBase):
        kind = type(expression).__name__
        raise InputError(f"a function is text or an expression of SymPy, found a {kind}")
    reader = _Reader()
    return reader.node(sympy.sympify(expression)), reader.found


class _Reader:
    """Reads by the name of SymPy's class; ``bound`` are arguments of a function that acts on each entry."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.bound: dict[Any, Node] = {}

    def node(self, e: Any) -> Node:
        """One expression."""
        if e in self.bound:
            return self.bound[e]
        name = type(e).__name__
        if e.is_Rational and e.is_number:
            return num(Fraction(int(e.p), int(e.q)))
        if e.is_Float:
            return num(Fraction(str(e)))
        if name in ELEMENTWISE:
            return Call(ELEMENTWISE[name], (self.node(e.args[0]),)) if name != "log" else self.logarithm(e)
        if name in _READERS:
            return _READERS[name](self, e)
        hint = "write a sum over entries as a product or a Trace" if name == "Sum" else None
        raise InputError(f"there is no counterpart of SymPy's {name}: {str(e)[:60]}", hint=hint)

    def symbol(self, e: Any) -> Node:
        """A number."""
        self.found[e.name] = e
        return parse_symbol_spec(e.name, "", ["positive"] if e.is_positive else [])

    def matrix(self, e: Any) -> Node:
        """A matrix symbol, or a vector or number where a side is 1."""
        self.found[e.name] = e
        rows, columns = map(self.size, e.shape)
        if rows == Dim() and columns != Dim():
            hint = f"declare a column and write {e.name}.T"
            raise InputError(f"`{e.name}` is a row", hint=hint)
        sides = [str(side).replace("·", "*") for side in (rows, columns) if side != Dim()]
        return parse_symbol_spec(e.name, " ".join(sides))

    def size(self, e: Any) -> Dim:
        """A size: a number, a name, or a product of them.

        Raises:
            InputError: another expression.
        """
        for s in e.free_symbols:
            self.found[s.name] = s
        return dim(str(e).replace(" ", ""))

    def logarithm(self, e: Any) -> Node:
        """The logarithm; that of the absolute determinant is a function of its own."""
        (inner,) = e.args
        determinant = inner.args[0] if type(inner).__name__ == "Abs" else inner
        if type(determinant).__name__ == "Determinant":
            return Call("logdet", (self.node(determinant.args[0]),))
        return Call("log", (self.node(inner),))

    def add(self, e: Any) -> Node:
        """A sum; beside an array a number is added to each entry."""
        terms = [self.node(a) for a in e.args]
        whole = next((t for t in terms if not is_scalar(t.shape)), terms[0])
        return Add(tuple(spread(t, whole)[0] for t in terms))

    def times(self, e: Any) -> Node:
        """A product of numbers (entry by entry on arrays), with what has a negative exponent below."""
        sign, above, below = 1, [], []
        for factor in e.args:
            if factor.is_Rational:
                sign *= -1 if factor < 0 else 1
                above += [num(abs(int(factor.p)))] * (abs(factor.p) != 1)
                below += [num(int(factor.q))] * (factor.q != 1)
            elif factor.is_Pow and factor.exp.is_number and factor.exp.is_negative:
                below.append(self.node(1 / factor))
            else:
                above.append(self.node(factor))
        product = _joined(above)
        quotient = Div(product, _joined(below)) if below else product
        return quotient if sign > 0 else neg(quotient)

    def power(self, e: Any) -> Node:
        """A power; the square root and the reciprocal have forms of their own."""
        base, exponent = e.args
        if exponent.is_number and exponent.is_negative:
            return Div(num(1), self.node(1 / e))
        if exponent.is_Rational and (exponent.p, exponent.q) == (1, 2):
            return Call("sqrt", (self.node(base),))
        return Pow(self.node(base), self.node(exponent))

    def product(self, e: Any) -> Node:
        """A product of matrices and numbers."""
        factors = [self.node(a) for a in e.args]
        sign = sum(isinstance(f, Neg) for f in factors) % 2
        plain = mul(*(f.arg if isinstance(f, Neg) else f for f in factors if f not in (num(1), num(-1))))
        return neg(plain) if sign else plain

    def entrywise(self, e: Any) -> Node:
        """A function of each entry."""
        (letter,) = e.function.variables
        inner = self.node(e.expr)
        before, self.bound = self.bound, {**self.bound, letter: inner}
        try:
            return self.node(e.function.expr)
        finally:
            self.bound = before

    def entry(self, e: Any) -> Node:
        """An entry of a symbol."""
        base = self.node(e.parent)
        places = [i for i, side in zip((e.i, e.j), base.shape, strict=True) if side != Dim()]
        if not all(i.is_Integer and i >= 0 for i in places):
            raise InputError(f"the index of {e} is no number")
        return Entry(base, tuple(Num(Fraction(int(i) + 1)) for i in places)) if places else base

    def written(self, e: Any) -> Node:
        """A matrix that is written out."""
        return Mat(tuple(self.node(cell) for cell in e), e.shape[1])


def _joined(factors: Iterable[Node]) -> Node:
    found = list(factors)
    return reduce(lambda a, b: scale_or_hadamard(*aligned(a, b)), found) if found else num(1)


def _call(name: str) -> Callable[[_Reader, Any], Node]:
    return lambda r, e: Call(name, tuple(r.node(a) for a in e.args))


def _trace(r: _Reader, e: Any) -> Node:
    inner = r.node(e.args[0])
    return inner if is_scalar(inner.shape) else Call("tr", (inner,))


def _matrix_power(r: _Reader, e: Any) -> Node:
    base, exponent = e.args
    if not exponent.is_Integer:
        raise InputError(f"the exponent of {e} is no whole number")
    return MatPow(r.node(base), num(int(exponent)))


_READERS: dict[str, Callable[[_Reader, Any], Node]] = {
    "Symbol": _Reader.symbol, "MatrixSymbol": _Reader.matrix, "MatrixElement": _Reader.entry,
    "Add": _Reader.add, "MatAdd": lambda r, e: Add(tuple(map(r.node, e.args))), "Mul": _Reader.times,
    "MatMul": _Reader.product, "Pow": _Reader.power, "MatPow": _matrix_power,
    "Transpose": lambda r, e: T(r.node(e.args[0])), "Inverse": lambda r, e: Inv(r.node(e.args[0])),
    "Trace": _trace, "Determinant": _call("det"), "KroneckerProduct": _call("kron"),
    "HadamardProduct": lambda r, e: _joined(map(r.node, e.args)),
    "HadamardPower": lambda r, e: Pow(r.node(e.args[0]), r.node(e.args[1])),
    "Identity": lambda r, e: Eye(r.size(e.shape[0])),
    "OneMatrix": lambda r, e: Ones((r.size(e.shape[0]), r.size(e.shape[1]))),
    "ZeroMatrix": lambda r, e: Zero((r.size(e.shape[0]), r.size(e.shape[1]))),
    "DiagMatrix": _call("diag"), "DiagonalOf": _call("diagonal"),
    "ElementwiseApplyFunction": _Reader.entrywise, "ImmutableDenseMatrix": _Reader.written,
    "MutableDenseMatrix": _Reader.written, "Exp1": lambda r, e: Call("exp", (num(1),)),
}  # fmt: skip
