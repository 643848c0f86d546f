"""Shapes of undeclared names, and shapes written in words."""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from generator.errors import InputError
from generator.expr.infer import ASSUMPTIONS, check_name, infer_symbols, parse_shapes, parse_symbol_spec
from generator.expr.make import matrix, vector
from generator.expr.nodes import Sym
from generator.expr.shapes import Dim, dim, is_column, is_scalar
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from tests.strategies import SYMBOLS, expressions


def sizes(symbol: Sym) -> str:
    """A shape as it is declared: "" for a scalar, "n" for a vector, "n m" for a matrix."""
    if is_scalar(symbol.shape):
        return ""
    return str(symbol.shape[0]) if is_column(symbol.shape) else f"{symbol.shape[0]} {symbol.shape[1]}"


@pytest.mark.parametrize(
    ("source", "wrt", "expected"),
    [
        ("tr(A @ X @ B)", "X", {"X": "n m", "A": "p n", "B": "m p"}),
        ("tr(X @ X)", "X", {"X": "n n"}),
        ("tr(X.T @ A @ X)", "X", {"X": "n m", "A": "n n"}),
        ("norm(A @ X - B)**2", "X", {"X": "n m", "A": "p n", "B": "p m"}),
        ("a.T @ X @ b", "X", {"X": "n m", "a": "n", "b": "m"}),
        ("x.T @ A @ x + b.T @ x", "x", {"x": "n", "A": "n n", "b": "n"}),
        ("x.T @ A @ x + c", "x", {"x": "n", "A": "n n", "c": ""}),
        ("tr(inv(X) @ A)", "X", {"X": "n n", "A": "n n"}),
        ("logdet(X)", "X", {"X": "n n"}),
        ("norm(A @ x - b)**2 + lam * norm(x)**2", "x", {"x": "n", "A": "m n", "b": "m", "lam": ""}),
        ("sum(sigmoid(A @ x))", "x", {"x": "n", "A": "m n"}),
        ("log(1 + exp(-w.T @ x))", "w", {"w": "n", "x": "n"}),
        ("c * x.T @ x", "x", {"c": "", "x": "n"}),
        ("c * norm(x)**2", "x", {"c": "", "x": "n"}),
        ("(x.T @ x) * x", "x", {"x": "n"}),
        ("sum(x * y)", "x", {"x": "n", "y": "n"}),
        ("norm(x - mu)**2", "x", {"x": "n", "mu": ""}),
        ("A @ theta", "theta", {"theta": "n", "A": "m n"}),
        ("norm(X @ w - Y)**2", "w", {"w": "n", "X": "m n", "Y": "m"}),
        ("X + c * B", "X", {"X": "n m", "B": "n m", "c": ""}),
        ("outer(x, y) @ z", "x", {"x": "n", "y": "m", "z": "m"}),
        ("y - W2 @ relu(W1 @ x)", "x", {"x": "n", "y": "m", "W2": "m p", "W1": "p n"}),
        ("y - W_2 @ relu(W_1 @ x)", "x", {"x": "n", "y": "m", "W_2": "m p", "W_1": "p n"}),
        ("a.T @ vec(X)", "a", {"X": "n m", "a": "m·n"}),
        ("ones(k).T @ X @ ones(n)", "X", {"X": "k n"}),
        ("sum(A @ x) + sum(n * y)", "x", {"x": "m", "A": "p m", "y": "q", "n": "q"}),
        ("3*x_1**2 + 2*x_1*x_3", "x", {"x": "3"}),
        ("X_12 + X_31", "X", {"X": "3 2"}),
        ("x_1 * x_2", "x_1 x_2", {"x_1": "", "x_2": ""}),
        ("W[i, k] * x[k]", "x", {"x": "n", "W": "m n"}),
        ("t**2 + s", "t", {"t": "", "s": ""}),
        ("A", "X", {"X": "n m", "A": "p q"}),
    ],
)
def test_inferred(source, wrt, expected):
    found = infer_symbols(source, {}, wrt.split())
    assert {name: sizes(s) for name, s in found.items()} == expected
    parse(source, Scope(found))


def test_declared_shapes_are_kept_and_spread():
    declared = {"A": matrix("A", "k", "k", ["symmetric"])}
    found = infer_symbols("tr(X.T @ A @ X)", declared)
    assert found["A"] is declared["A"]
    assert sizes(found["X"]) == "k n"


def test_concrete_sizes_spread():
    assert sizes(infer_symbols("A @ x", {"A": matrix("A", 3, 2)})["x"]) == "2"


@given(expressions(depth=2))
def test_inference_agrees_with_declarations(tree):
    """With every shape declared nothing is changed."""
    text = to_text(tree)
    try:
        parse(text, Scope(SYMBOLS))
    except InputError:
        reject()  # trees may hold what no text says, such as a p-norm of a matrix
    assert infer_symbols(text, SYMBOLS) == SYMBOLS


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x @ A + A", "--shape x=n A=n,m"),
        ("tr(A @ x)", "found a scalar|square"),
        ("A @ B + B @ A @ A @ x", "--shape"),
        ("tr(kron(A, X))", "--shape A=n,m X=n,m"),
        ("d @ x", "differential"),
        ("T @ x", "transpose"),
        ("foo(x)", "unknown function `foo`"),
        ("norm(lambda)", "syntax"),
        ("", "empty"),
        ("-" * 500 + "x", "nested too deeply"),
        ("+".join(["x"] * 2000), "nested too deeply"),
        ("+".join(f"x{k}" for k in range(50)), "50 names"),
    ],
)
def test_contradictions_are_told(source, told):
    with pytest.raises(InputError, match=told):
        infer_symbols(source, {})


@pytest.mark.parametrize(
    ("item", "name", "shape", "assume"),
    [
        ("X=n,m", "X", (dim("n"), dim("m")), set()),
        ("X=3,2", "X", (dim(3), dim(2)), set()),
        ("x=n", "x", (dim("n"), dim(1)), set()),
        ("c=", "c", (dim(1), dim(1)), set()),
        ("c=:positive", "c", (dim(1), dim(1)), {"positive"}),
        ("S=n,n:symmetric", "S", (dim("n"), dim("n")), {"symmetric"}),
        ("S=n,n:symmetric,invertible", "S", (dim("n"), dim("n")), {"symmetric", "invertible"}),
        ("v=m*n", "v", (Dim(1, ("m", "n")), dim(1)), set()),
    ],
)
def test_shapes_in_words(item, name, shape, assume):
    assert parse_shapes([item]) == {name: Sym(name, shape, frozenset(assume))}


def test_several_shapes_in_one_text():
    assert parse_shapes(["X=n,m A=n,n", "c="]) == parse_shapes(["X=n,m", "A=n,n", "c="])


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("X", "X=n,m"),
        ("X=n,m,p", "3 sides"),
        ("X=1,n", "row"),
        ("X=0", "from 1 to"),
        ("X=99999999999", "from 1 to"),
        ("X=10000,10000", "more than 10000 entries"),
        ("X=n;m", "a dimension is"),
        ("S=n,m:symmetric", "not a square"),
        ("x=n:symetric", "did you mean `symmetric`"),
        ("x=n:blue", "known are"),
        ("lambda=n", "write lam"),
        ("exp=n", "function"),
        ("sigmoid_prime=n", "function"),
        ("x_star=n", "star"),
        ("é=n", "cannot name"),
        ("x=n x=m", "twice"),
        ("=n", "cannot name"),
    ],
)
def test_wrong_shapes_are_told(item, told):
    with pytest.raises(InputError, match=told):
        parse_shapes([item])


@pytest.mark.parametrize("name", ["x", "W1", "theta", "x_hat", "x_1", "lam", "Phi"])
def test_names(name):
    assert check_name(name) == name


@pytest.mark.parametrize("word", sorted(ASSUMPTIONS))
def test_every_assumption_is_accepted(word):
    assert parse_symbol_spec("S", "n n", [word]).assume == {word}


@given(st.text(max_size=30))
def test_hostile_text_is_refused_or_read(text):
    try:
        infer_symbols(text, {"x": vector("x", "n")})
        parse_shapes([text])
    except InputError:
        pass
