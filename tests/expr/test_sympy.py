"""Expressions to SymPy and back: the same value, SymPy's own value, and clear refusals."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from sympy import MatrixSymbol, Symbol, symbols

from generator import derive
from generator.errors import InputError, NotDerivable
from generator.expr.evaluate import Point, evaluate
from generator.expr.from_sympy import read
from generator.expr.infer import infer_symbols
from generator.expr.match import find
from generator.expr.nodes import Sym
from generator.expr.operators import column
from generator.expr.shapes import size
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.expr.to_sympy import to_sympy
from tests.methods.corpus import cases, problem

n, m = symbols("n m")
A, X, Y = MatrixSymbol("A", n, n), MatrixSymbol("X", n, m), MatrixSymbol("Y", n, m)
x, b = MatrixSymbol("x", n, 1), MatrixSymbol("b", n, 1)
t, c = Symbol("t"), Symbol("c", positive=True)
SIZES = {"n": 4, "m": 3, "k": 2, "p": 5}


def point(symbols_, seed=3):
    rng = np.random.default_rng(seed)
    values = {}
    for s in symbols_:
        shape = tuple(size(side, SIZES) for side in s.shape)
        value = rng.uniform(0.4, 1.4, shape)
        values[s.name] = (
            value[0, 0] if shape == (1, 1) else value + 2 * np.eye(*shape) * (shape[0] == shape[1])
        )
    return Point(values, {}, SIZES)


def same(one, other):
    at = point({*find(one, Sym), *find(other, Sym)})
    return np.allclose(evaluate(one, at), evaluate(other, at), rtol=1e-9)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (sympy.Trace(X.T * A * X), "tr(X.T @ A @ X)"),
        (x.T * A * x, "x.T @ A @ x"),
        (sympy.Trace(x.T * x), "x.T @ x"),
        (sympy.log(sympy.Determinant(A)), "logdet(A)"),
        (sympy.log(sympy.Abs(sympy.Determinant(A))), "logdet(A)"),
        (sympy.Determinant(A) ** 2 / 3, "det(A)**2 / 3"),
        (A.inv() * x, "inv(A) @ x"),
        (A**3 * x, "matpow(A, 3) @ x"),
        (2 * X - Y / 3, "2*X - Y/3"),
        (sympy.HadamardProduct(X, Y), "X * Y"),
        (sympy.HadamardPower(X, 2), "X**2"),
        (sympy.KroneckerProduct(A, X), "kron(A, X)"),
        (A * sympy.Identity(n) * sympy.OneMatrix(n, 1), "A @ eye(n) @ ones(n)"),
        (sympy.DiagMatrix(x) * b, "diag(x) @ b"),
        (x.applyfunc(sympy.sin), "sin(x)"),
        (x.applyfunc(sympy.Lambda(t, 1 / (1 + sympy.exp(-t)))), "1 / (1 + exp(-x))"),
        (x.applyfunc(sympy.Lambda(t, t**2 + 3 * t - 1)), "x**2 + 3*x - 1"),
        (sympy.Trace(A + t * sympy.Identity(n)) * sympy.exp(-t), "tr(A + t*eye(n)) * exp(-t)"),
        (sympy.sqrt(t**2 + 1) / (c - t), "sqrt(t**2 + 1) / (c - t)"),
        (sympy.Rational(-2, 3) * t + sympy.Float("0.25"), "-2*t/3 + 0.25"),
        (sympy.Trace(sympy.Transpose(X) * Y) - sympy.tanh(t), "tr(X.T @ Y) - tanh(t)"),
    ],
    ids=str,
)
def test_expressions_of_sympy_are_read(expression, text):
    found, given = read(expression)
    scope = infer_symbols(text, {s.name: s for s in find(found, Sym)})
    assert same(found, column(parse(text, Scope(scope))))
    assert set(given) >= {s.name for s in find(found, Sym)}


def test_assumptions_and_sizes_are_kept():
    found, given = read(c * sympy.Trace(MatrixSymbol("B", 3, 2 * n) * MatrixSymbol("C", 2 * n, 3)))
    known = {s.name: s for s in find(found, Sym)}
    assert known["c"].assume == {"positive"}
    assert [str(side) for side in known["B"].shape] == ["3", "2·n"]
    assert given["n"] is n


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ((x.T * x)[0, 0], "Sum.*\n.*Trace"),
        (sympy.gamma(t), "gamma"),
        (sympy.Derivative(sympy.sin(t), t), "Derivative"),
        (MatrixSymbol("r", 1, n) * x, "`r` is a row"),
        (MatrixSymbol("B", n + 1, n), "a dimension is a name"),
        (A ** Symbol("k"), "no whole number"),
        (Symbol("lambda"), "word of Python"),
        (42j, "found a complex"),
    ],
    ids=str,
)
def test_what_has_no_counterpart_is_refused(expression, told):
    with pytest.raises(InputError, match=told):
        read(expression)


def test_functions_of_the_corpus_go_there_and_come_back():
    without_form, readable = set(), [c for c in cases().values() if not {"d", "T"} & set(c["variables"])]
    for case in readable:  # d and T mean something else in the language
        body = problem(case).body
        try:
            assert same(read(to_sympy(body))[0], body), case["id"]
        except NotDerivable:
            without_form.add(case["id"])
    assert without_form == {id_ for id_ in without_form if "vec(" in cases()[id_]["function"]}
    assert len(readable) > 100


@pytest.mark.parametrize(
    "text",
    ["X.T @ A @ X", "inv(A) @ X", "tr(A) * X * Y", "det(A) * A.T", "2*A @ x - x", "kron(A, X)", "exp(X)"],
)
def test_sympy_itself_gives_the_same_value(text):
    known = {s.name: s for s in (read(e)[0] for e in (A, X, Y, x))}
    node = column(parse(text, Scope(known)))
    at = point(known.values())
    there = to_sympy(node, {"n": sympy.Integer(4), "m": sympy.Integer(3)})
    explicit = {s: sympy.Matrix(at.values[s.name]) for s in there.atoms(MatrixSymbol)}
    found = there.xreplace(explicit).doit()
    assert np.allclose(np.array(sympy.Matrix(found).tolist(), float), evaluate(node, at))


def test_derivatives_of_sympy_expressions():
    solution = derive(sympy.Trace(X.T * A * X), X)
    assert solution.answer_text == "(A + A.T) @ X"
    assert (solution.to_sympy() - (A * X + A.T * X)).doit().expand() == sympy.ZeroMatrix(n, m)
    assert derive(t**2 * sympy.sin(c), [t, c]).to_sympy() == sympy.ImmutableMatrix(
        [2 * t * sympy.sin(c), t**2 * sympy.cos(c)]
    )
    assert derive(x.T * A * x, x, assume={"A": "symmetric"}).to_sympy() == 2 * A * x


def test_the_text_of_a_sympy_function_can_be_read():
    derivation = derive(sympy.log(sympy.Trace(x.T * x)), "x").derivation
    assert derivation.problem.text == to_text(derivation.problem.body)


def test_an_answer_without_a_form_in_sympy_is_refused():
    with pytest.raises(NotDerivable, match="Commutation"):
        derive("X.T @ X", "X").to_sympy()
