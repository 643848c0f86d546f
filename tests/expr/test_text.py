"""Text to tree and back: a table, the property, what is refused and where the caret stands."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError, ShapeError
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import matrix, scalar, vector
from generator.expr.match import find, walk
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
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
    T,
)
from generator.expr.shapes import is_matrix, is_scalar, show
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from tests.strategies import SYMBOLS, expressions

NAMES = {
    s.name: s
    for s in (
        matrix("A", "n", "n"), matrix("B", "n", "m"), matrix("X", "n", "m"), matrix("Q", 2, 3),
        matrix("R", 20, 30), vector("x", "n"), vector("y", "n"), vector("u", "m"), vector("v", 12),
        scalar("c"), scalar("s"),
    )
}  # fmt: skip
SIZES = {"n": 4, "m": 3}
CASES = [
    # written, written by us
    ("tr(A@X @ X.T)", "tr(A @ X @ X.T)"),
    ("x + y - (x - y)", "x + y - (x - y)"),
    ("x - y + x", "x - y + x"),
    ("-x.T @ y", "-x.T @ y"),
    ("-(x.T @ y)", "-x.T @ y"),
    ("x @ y", "x.T @ y"),
    ("x @ A", "x.T @ A"),
    ("A @ x", "A @ x"),
    ("c * A @ x", "c * A @ x"),
    ("A * A @ x", "A * A @ x"),
    ("A * (A @ A)", "A * (A @ A)"),
    ("A @ (A * A)", "A @ (A * A)"),
    ("A / c @ x", "A / c @ x"),
    ("A @ (x / c)", "A @ (x / c)"),
    ("c / x", "c / x"),
    ("x / (y / x)", "x / (y / x)"),
    ("-c**2", "-c**2"),
    ("(-c)**2", "(-c)**2"),
    ("c**-2", "c**-2"),
    ("c**-(x.T @ y)", "c**-(x.T @ y)"),
    ("c**(s + 1)", "c**(s + 1)"),
    ("(c**s)**2", "(c**s)**2"),
    ("c**s**2", "c**(s**2)"),
    ("x**2", "x**2"),
    ("A**-1", "inv(A)"),
    ("inv(A).T", "inv(A).T"),
    ("matpow(A, 3)", "matpow(A, 3)"),
    ("matpow(A, -2)", "matpow(A, -2)"),
    ("(A @ X).T", "(A @ X).T"),
    ("(A + A.T) @ x", "(A + A.T) @ x"),
    ("c.T", "c"),
    ("x + 1", "x + ones(n)"),
    ("x - 2", "x - 2 * ones(n)"),
    ("c + x", "c * ones(n) + x"),
    ("X + 0", "X + zeros(n, m)"),
    ("ones(n, m) + X", "ones(n, m) + X"),
    ("eye(n) + A", "eye(n) + A"),
    ("outer(x, u)", "outer(x, u)"),
    ("outer(A @ x, u)", "outer(A @ x, u)"),
    ("outer(x, y) @ x", "outer(x, y) @ x"),
    ("outer(x, y) @ A @ outer(x, u)", "outer(x, y) @ A @ outer(x, u)"),
    ("outer(2 * x, A @ y) @ A", "outer(2 * x, A @ y) @ A"),
    ("x.T @ outer(y, u)", "x.T @ outer(y, u)"),
    ("x.T @ y * y.T @ x", "x.T @ y * y.T @ x"),
    ("x.T @ y * A @ x", "x.T @ y * A @ x"),
    ("norm(x)**2", "norm(x)**2"),
    ("norm(x, 3)", "norm(x, 3)"),
    ("norm1(x)", "norm1(x)"),
    ("norm(x, 1)", "norm1(x)"),
    ("sigmoid_prime(x)", "sigmoid_prime(x)"),
    ("diag(sigmoid_prime(x))", "diag(sigmoid_prime(x))"),
    ("logsumexp(x) + sum(X)", "logsumexp(x) + sum(X)"),
    ("kron(A, X)", "kron(A, X)"),
    ("vec(X).T @ vec(B)", "vec(X).T @ vec(B)"),
    ("Q_12 + Q_23", "Q_12 + Q_23"),
    ("R_1_12 + R_20_3", "R_1_12 + R_20_3"),
    ("v_1 * v_12", "v_1 * v_12"),
    ("A[i, k] * x[k]", "A[i, k] * x[k]"),
    ("(A @ x)[2]", "(A @ x)[2]"),
    ("0.5 * norm(x)**2", "0.5 * norm(x)**2"),
    ("1e2 * c", "100 * c"),
    ("1/2*c", "1 / 2 * c"),
    ("+c", "c"),
    ("  c\n", "c"),
    ("stack(c, s)", "stack(c, s)"),
]


def read(text: str, names: dict[str, Node] = NAMES) -> Node:
    return parse(text, Scope(names))


@pytest.mark.parametrize(("text", "ours"), CASES)
def test_table(text, ours):
    tree = read(text)
    assert to_text(tree) == ours
    assert to_text(read(ours)) == ours


@pytest.mark.parametrize(
    ("text", "kind", "shape"),
    [
        ("A @ x", Mul, "vector of size n"),
        ("x @ y", Mul, "scalar"),
        ("x * y", Had, "vector of size n"),
        ("c * x", Mul, "vector of size n"),
        ("x / y", Div, "vector of size n"),
        ("x**c", Pow, "vector of size n"),
        ("A**-1", Inv, "n×n matrix"),
        ("A**2", Pow, "n×n matrix"),
        ("matpow(A, 2)", MatPow, "n×n matrix"),
        ("-A @ x", Neg, "vector of size n"),
        ("X.T", T, "m×n matrix"),
        ("x + y", Add, "vector of size n"),
        ("norm(X)", Norm, "scalar"),
        ("outer(x, u)", Mul, "n×m matrix"),
        ("kron(A, X)", Call, "n·n×m·n matrix"),
        ("vec(X)", Call, "vector of size m·n"),
        ("ones(m)", Ones, "vector of size m"),
        ("x_2", Entry, "scalar"),
        ("2.50", Num, "scalar"),
    ],
)
def test_what_is_read(text, kind, shape):
    tree = read(text)
    assert isinstance(tree, kind)
    assert show(tree.shape) == shape


def point() -> Point:
    rng = np.random.default_rng(7)
    values = {}
    for s in SYMBOLS.values():
        rows, columns = (SIZES[d.names[0]] if d.names else 1 for d in s.shape)  # type: ignore[union-attr]
        values[s.name] = (
            rng.uniform(0.4, 1.3, (rows, columns)) if rows > 1 else np.float64(rng.uniform(0.4, 1.3))
        )
    return Point(values, sizes=SIZES)


def beyond_the_language(e: Node) -> bool:
    """Trees may hold what no text says: a transposed scalar, a p-norm of a matrix, the power A^c."""
    match e:
        case T():
            return is_scalar(e.shape)
        case Norm():
            return e.p is not None and e.p != Num(Fraction(1)) and is_matrix(e.arg.shape)
        case Pow():  # the text A**-1 is the inverse
            return is_matrix(e.base.shape) and e.exponent == Neg(Num(Fraction(1)))
        case MatPow():
            return not isinstance(e.exponent, Num | Neg)
    return False


TREES = expressions().filter(lambda tree: not any(beyond_the_language(e) for _, e in walk(tree)))


@given(TREES)
def test_round_trip(tree):
    once = read(to_text(tree), SYMBOLS)
    assert read(to_text(once), SYMBOLS) == once


@given(TREES)
def test_text_means_the_same(tree):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            wanted = np.squeeze(evaluate(tree, point()))
            found = np.squeeze(evaluate(read(to_text(tree), SYMBOLS), point()))
        except np.linalg.LinAlgError:
            return
    if np.all(np.isfinite(wanted)) and np.max(np.abs(wanted)) < 1e6:
        assert np.allclose(found, wanted, rtol=1e-6, atol=1e-9)


@given(TREES)
def test_nodes_are_never_simplified(tree):
    """Reading keeps every symbol and every sum as they are written."""
    text = to_text(tree)
    once = read(text, SYMBOLS)
    assert sorted(s.name for s in find(once, type(NAMES["x"]))) == sorted(
        s.name for s in find(tree, type(NAMES["x"]))
    )
    assert len(list(walk(once))) > 0


@pytest.mark.parametrize(
    ("text", "error", "told", "marked"),
    [
        ("tr(A @ Z)", InputError, "unknown name `Z`", "Z"),
        ("sigmod(x)", InputError, "did you mean `sigmoid`", "sigmod"),
        ("A.I", InputError, "only .T", "A.I"),
        ("A @", InputError, "syntax error", None),
        ("tr(A", InputError, "syntax error", "("),
        ("norm", InputError, "is a function", "norm"),
        ("norm()", InputError, "argument", "norm()"),
        ("tr(A, A)", InputError, "takes 1", "tr(A, A)"),
        ("ones(k)", InputError, "unknown dimension `k`", "k"),
        ("ones(0)", InputError, "from 1 to", "0"),
        ("eye(n, n)", InputError, "sizes", "eye(n, n)"),
        ("A @ u", ShapeError, "`A` is a n×n matrix; `u` is a vector of size m", "A @ u"),
        ("c @ x", ShapeError, "use \\* to scale", "c @ x"),
        ("1 + (x + u)", ShapeError, "equal shapes", "x + u"),
        ("x * u", ShapeError, "elementwise", "x * u"),
        ("x / u", ShapeError, "equal shapes", "x / u"),
        ("c**x", ShapeError, "exponent", "c**x"),
        ("tr(X)", ShapeError, "square", "tr(X)"),
        ("inv(X)", ShapeError, "square", "inv(X)"),
        ("diag(A)", ShapeError, "vector", "diag(A)"),
        ("matpow(A, 0.5)", ShapeError, "integer", "matpow(A, 0.5)"),
        ("norm(A, 3)", ShapeError, "vector", "norm(A, 3)"),
        ("outer(A, x)", ShapeError, "two vectors", "outer(A, x)"),
        ("Q_13 + Q_31", ShapeError, "outside 1 … 2", "Q_31"),
        ("v_13", ShapeError, "outside 1 … 12", "v_13"),
        ("A[i]", ShapeError, "needs 2 index", "A[i]"),
        ("x[0]", InputError, "index", "0"),
        ("x[i + 1]", InputError, "index", "i + 1"),
        ("c_1", ShapeError, "scalar has no entries", "c_1"),
        ("x if c else y", InputError, "IfExp", "x if c else y"),
        ("[x for x in y]", InputError, "ListComp", "[x for x in y]"),
        ("x.__class__", InputError, "attribute", "x.__class__"),
        ("__import__('os')", InputError, "unknown function", "__import__"),
        ("x(1)", InputError, "unknown function", "x"),
        ("(lambda: 1)()", InputError, "named functions", "lambda: 1"),
        ("tr(*A)", InputError, "plain arguments", None),
        ("tr(A=A)", InputError, "plain arguments", None),
        ("x < y", InputError, "Compare", "x < y"),
        ("A % A", InputError, "Mod", "A % A"),
        ("'x'", InputError, "not a number", "'x'"),
        ("1j", InputError, "not a number", "1j"),
        ("True", InputError, "not a number", "True"),
        ("1e400", InputError, "too large", "1e400"),
        ("1e-40", InputError, "too large or has too many digits", "1e-40"),
        ("0x10", InputError, "not a number", "0x10"),
        ("d(x)", InputError, "unknown function", "d"),
    ],
)
def test_errors_have_a_caret(text, error, told, marked):
    with pytest.raises(error, match=told) as caught:
        parse(text, Scope(NAMES, frozenset({"n", "m"})))
    e = caught.value
    assert e.column is not None
    assert e.source is not None
    if marked is not None:
        assert e.source[e.column : e.column + e.width] == marked


def test_the_caret_counts_characters_not_bytes():
    names = {**NAMES, "θ": vector("theta", "n")}
    with pytest.raises(InputError, match="unknown name `z`") as caught:
        parse("θ + z", Scope(names))
    assert caught.value.column == 4


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "\n", "x;y", "x = y", "import os", "x\ny", "'''", "\\", "f'{x}'", "# x",
        "x\x00", "x\x1b[31m", "x\u202e", "\ud800", "x" * 6000, "1" * 5000, "-" * 4000 + "x", "x" + ".T" * 400,
        "(" * 300 + "x" + ")" * 300, "+".join(["x"] * 400), "A" + "@A" * 1500, "exp(" * 150 + "x" + ")" * 150,
    ],
)  # fmt: skip
def test_hostile_input_is_refused(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError) as caught:
            read(text)
    assert len(str(caught.value)) < 500


@given(st.text(alphabet="xAcu_12.T@*+-/()[], ijn\\\n\"'{}λ", max_size=25))
def test_any_text_is_read_or_refused(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = read(text)
        except InputError:
            return
    assert to_text(tree)


def test_the_differential_belongs_to_rules():
    tree = parse("d(A @ x) - A @ d(x)", Scope(NAMES, calculus=True))
    assert to_text(tree) == "d(A @ x) - A @ d(x)"
