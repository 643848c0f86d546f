"""Expressions -> SymPy's scalar and matrix expressions. One of the files that import sympy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatchmethod
from typing import Any

from generator.errors import NotDerivable
from generator.expr.calculus import Group, Mat, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import ONE, Dim, Dimension, is_one, is_scalar, resolve
from generator.expr.text_reader import Scope, parse

ELEMENTWISE = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tanh": "tanh", "sqrt": "sqrt", "abs": "Abs",
    "sign": "sign",
}  # fmt: skip


def to_sympy(node: Node, symbols: Mapping[str, Any] | None = None) -> Any:
    """The expression as SymPy's; ``symbols`` are SymPy's own for names of symbols and sizes.

    A number that is a product of matrices (xᵀAx) is the trace of it, because SymPy keeps numbers and 1×1
    matrices apart.

    Raises:
        NotDerivable: SymPy has no form for something in it.
    """
    return _Writer(symbols or {}).write(node)


class _Writer:
    def __init__(self, symbols: Mapping[str, Any]) -> None:
        import sympy

        self.sympy, self.symbols = sympy, symbols

    def size(self, side: Dimension) -> Any:
        """A size."""
        found = resolve(side)
        assert isinstance(found, Dim)
        names = (self.symbols.get(name, self.sympy.Symbol(name)) for name in found.names)
        return self.sympy.Mul(found.factor, *names)

    def sides(self, node: Node) -> tuple[Any, Any]:
        """The shape."""
        return self.size(node.shape[0]), self.size(node.shape[1])

    def number(self, matrix: Any) -> Any:
        """A 1×1 matrix as a number."""
        return self.sympy.Trace(matrix)

    @singledispatchmethod
    def write(self, node: Node) -> Any:
        """SymPy's form of one node."""
        raise NotDerivable(f"SymPy has no form for a {type(node).__name__} in the answer")

    @write.register
    def _(self, node: Num) -> Any:
        return self.sympy.Rational(node.value.numerator, node.value.denominator)

    @write.register
    def _(self, node: Size) -> Any:
        return self.size(node.size)

    @write.register
    def _(self, node: Sym) -> Any:
        if node.name in self.symbols:
            return self.symbols[node.name]
        if is_scalar(node.shape):
            return self.sympy.Symbol(node.name, positive="positive" in node.assume or None)
        return self.sympy.MatrixSymbol(node.name, *self.sides(node))

    @write.register
    def _(self, node: Entry) -> Any:
        base = self.write(node.base)
        places = [self._place(i) for i in node.indices]
        if len(places) == 1:
            places = [0, *places] if is_one(node.base.shape[0]) else [*places, 0]
        return base[tuple(places)]

    def _place(self, index: Node) -> Any:
        if not isinstance(index, Num | Size):
            raise NotDerivable("SymPy has no form for an answer in indices")
        return self.write(index) - 1

    @write.register
    def _(self, node: Group | Under) -> Any:
        return self.write(node.arg)

    @write.register
    def _(self, node: Add) -> Any:
        terms = [self.write(t) for t in node.terms]
        return self.sympy.Add(*terms) if is_scalar(node.shape) else self.sympy.MatAdd(*terms)

    @write.register
    def _(self, node: Neg) -> Any:
        return -self.write(node.arg)

    @write.register
    def _(self, node: Mul) -> Any:
        scale = self.sympy.Mul(*(self.write(f) for f in node.factors if is_scalar(f.shape)))
        arrays = [self.write(f) for f in node.factors if not is_scalar(f.shape)]
        if not arrays:
            return scale
        product = arrays[0] if len(arrays) == 1 else self.sympy.MatMul(*arrays)
        if is_scalar(node.shape):
            return scale * self.number(product)
        return product if scale == 1 else self.sympy.MatMul(scale, *arrays)

    @write.register
    def _(self, node: Had) -> Any:
        return self.sympy.HadamardProduct(*map(self.write, node.factors))

    @write.register
    def _(self, node: Div) -> Any:
        above, below = self.write(node.num), self.write(node.den)
        if is_scalar(node.den.shape):
            return above / below
        reciprocal = self.sympy.HadamardPower(below, -1)
        if is_scalar(node.num.shape):
            return reciprocal if above == 1 else above * reciprocal
        return self.sympy.HadamardProduct(above, reciprocal)

    @write.register
    def _(self, node: Pow) -> Any:
        base, exponent = self.write(node.base), self.write(node.exponent)
        return base**exponent if is_scalar(node.shape) else self.sympy.HadamardPower(base, exponent)

    @write.register
    def _(self, node: MatPow) -> Any:
        return self.sympy.MatPow(self.write(node.base), self.write(node.exponent))

    @write.register
    def _(self, node: T) -> Any:
        inner = self.write(node.arg)
        return inner if is_scalar(node.shape) else self.sympy.Transpose(inner)

    @write.register
    def _(self, node: Inv) -> Any:
        return self.sympy.Inverse(self.write(node.arg))

    @write.register
    def _(self, node: Norm) -> Any:
        array = self.write(node.arg)
        if node.p is None:
            return self.sympy.sqrt(self.number(self.sympy.MatMul(self.sympy.Transpose(array), array)))
        p = self.write(node.p)
        powers = self.sympy.HadamardPower(array.applyfunc(self.sympy.Abs), p)
        return self.total(powers if p != 1 else array.applyfunc(self.sympy.Abs)) ** (1 / p)

    def total(self, array: Any) -> Any:
        """The sum of all entries."""
        rows, columns = array.shape
        left = [] if rows == 1 else [self.sympy.OneMatrix(1, rows)]
        right = [] if columns == 1 else [self.sympy.OneMatrix(columns, 1)]
        return self.number(self.sympy.MatMul(*left, array, *right))

    @write.register
    def _(self, node: Call) -> Any:
        args = [self.write(a) for a in node.args]
        if node.order == 0 and node.name in ELEMENTWISE:
            return self._entrywise(getattr(self.sympy, ELEMENTWISE[node.name]), args[0])
        if FUNCTIONS[node.name].elementwise:
            return self._written_out(node)
        if node.name not in _CALLS:
            raise NotDerivable(f"SymPy has no form for {node.name}")
        return _CALLS[node.name](self, *args)

    def _entrywise(self, function: Any, array: Any) -> Any:
        return array.applyfunc(function) if hasattr(array, "applyfunc") else function(array)

    def _written_out(self, node: Call) -> Any:
        """σ, relu and derivatives by their definitions."""
        texts = {"sigmoid": "1 / (1 + exp(-x))", "relu": "(x + abs(x)) / 2"}
        row = FUNCTIONS[node.name]
        if node.order > 1 or not (row.derivative if node.order else texts.get(node.name)):
            raise NotDerivable(f"SymPy has no form for {node.name}")
        letter = Sym("x", (ONE, ONE))
        body = parse(row.derivative if node.order else texts[node.name], Scope({"x": letter}))
        dummy = self.sympy.Dummy("x")
        function = _Writer({**self.symbols, "x": dummy}).write(body)
        return self._entrywise(self.sympy.Lambda(dummy, function), self.write(node.args[0]))

    @write.register
    def _(self, node: Eye) -> Any:
        return self.sympy.Identity(self.size(node.size))

    @write.register
    def _(self, node: Ones | Zero) -> Any:
        kind = self.sympy.OneMatrix if isinstance(node, Ones) else self.sympy.ZeroMatrix
        return kind(*self.sides(node))

    @write.register
    def _(self, node: Mat) -> Any:
        cells = [self.write(cell) for cell in node.cells]
        return self.sympy.ImmutableMatrix(len(cells) // node.columns, node.columns, cells)


def _softmax(w: _Writer, z: Any) -> Any:
    powers = z.applyfunc(w.sympy.exp)
    return w.sympy.MatMul(1 / w.total(powers), powers)


_CALLS: dict[str, Any] = {
    "tr": lambda w, a: w.sympy.Trace(a), "det": lambda w, a: w.sympy.Determinant(a),
    "logdet": lambda w, a: w.sympy.log(w.sympy.Abs(w.sympy.Determinant(a))),
    "sum": lambda w, a: w.total(a), "diag": lambda w, a: w.sympy.DiagMatrix(a),
    "diagonal": lambda w, a: w.sympy.DiagonalOf(a), "kron": lambda w, *a: w.sympy.KroneckerProduct(*a),
    "softmax": _softmax, "logsumexp": lambda w, z: w.sympy.log(w.total(z.applyfunc(w.sympy.exp))),
}  # fmt: skip
