"""The judge of the final answer: NumPy itself against the answer."""

import ast

import numpy as np
import pytest

from generator.errors import CheckFailed, InputError
from generator.expr.evaluate import Point
from generator.expr.layout import LAYOUTS
from generator.expr.make import matrix, scalar, vector
from generator.expr.text_reader import Scope, parse
from generator.judge import TOLERANCE, Text, judge
from tests.problems import AFFINE, ELEMENTWISE, LEAST_SQUARES, POLYNOMIAL, QUADRATIC, problem

A, S, X = matrix("A", "n", "n"), matrix("S", "n", "n", ["symmetric"]), matrix("X", "n", "m")
P, V = matrix("P", "n", "n", ["positive_definite"]), matrix("V", "n", "n", ["invertible"])
W = matrix("W", "m", "n")
x, y, b, h = vector("x", "n"), vector("y", "n"), vector("b", "m"), vector("h", "n")
c, s = scalar("c"), scalar("s")

RIGHT = [
    ("tr(X.T @ A @ X)", "X", (A, X), "(A + A.T) @ X"),
    ("tr(X.T @ S @ X)", "X", (S, X), "2 * S @ X"),
    ("norm(W @ x - b)**2", "x", (W, x, b), "2 * W.T @ (W @ x - b)"),
    ("norm(X)", "X", (X,), "X / norm(X)"),
    ("norm1(x)", "x", (x,), "sign(x)"),
    ("logdet(V)", "V", (V,), "inv(V).T"),
    ("tr(inv(V) @ A)", "V", (A, V), "-inv(V).T @ A.T @ inv(V).T"),
    ("tr(V**-1 @ A)", "V", (A, V), "-inv(V).T @ A.T @ inv(V).T"),
    ("sum(log(P @ exp(x)))", "x", (P, x), "exp(x) * (P.T @ (1 / (P @ exp(x))))"),
    ("sum(relu(x) * y)", "x", (x, y), "y * (1 + sign(x)) / 2"),
    ("logsumexp(x)", "x", (x,), "softmax(x)"),
    ("softmax(x).T @ y", "x", (x, y), "softmax(x) * y - softmax(x) * (softmax(x).T @ y)"),
    ("c**2 * s + sin(c)", "c", (c, s), "2 * c * s + cos(c)"),
    ("c * x", "c", (c, x), "x"),
    ("x_1**2 + x_1*x_2", "x", (vector("x", 2),), "stack(2*x_1 + x_2, x_1)"),
    ("X_12 * X_2_1", "X", (matrix("X", 2, 2),), "zeros(2, 2)"),
    ("log(c) * s", "c", (c, s), "s / c"),
    ("sqrt(c)", "c", (c,), "1 / (2 * sqrt(c))"),
    ("W @ x + b", "x", (W, x, b), "W"),
    ("sigmoid(h)", "h", (h,), "diag(sigmoid(h) * (1 - sigmoid(h)))"),
    ("tr(matpow(A, 3))", "A", (A,), "3 * matpow(A, 2).T"),
    ("sum(ones(n) * x) + tr(eye(n) @ A)", "x", (x, A), "ones(n)"),
    ("c**2 * s", "c,s", (c, s), "stack(2*c*s, c**2)"),
]


def answer(symbols, text):
    return parse(text, Scope({s.name: s for s in symbols}))


@pytest.mark.parametrize(("text", "wrt", "symbols", "right"), RIGHT, ids=[row[0] for row in RIGHT])
def test_right_answers_and_wrong_ones(text, wrt, symbols, right):
    p = problem(text, wrt, *symbols)
    if text.startswith("X_12"):
        right = "outer(stack(0, 1), stack(1, 0)) * X_12 + outer(stack(1, 0), stack(0, 1)) * X_21"
    true = answer(symbols, right)
    assert judge(p, true) < TOLERANCE
    with pytest.raises(
        CheckFailed, match=r"it gives -?[\d.e-]+.* differentiating the problem's text gives -?\d"
    ):
        judge(p, answer(symbols, f"1.001 * ({right})"))


@pytest.mark.parametrize(
    ("name", "shape"),
    [("gradient-column", "column"), ("numerator", "row"), ("denominator", "column")],
)
def test_the_gradient_is_arranged_by_the_layout(name, shape):
    p = problem("x.T @ y", "x", x, y, layout=LAYOUTS[name])
    asked = {"column": answer((y,), "y"), "row": answer((y,), "y.T")}
    row = parse("y", Scope({"y": y}))
    from generator.expr.nodes import T

    asked["row"] = T(row)
    for kind, node in asked.items():
        if kind == shape:
            assert judge(p, node) < TOLERANCE
        else:
            with pytest.raises(CheckFailed, match="differ in size"):
                judge(p, node)


def test_the_jacobian_is_arranged_by_the_layout():
    for name, right, wrong in (("numerator", "W", "W.T"), ("denominator", "W.T", "W")):
        p = problem("W @ x", "x", W, x, function="y", layout=LAYOUTS[name])
        assert judge(p, answer((W,), right)) < TOLERANCE
        with pytest.raises(CheckFailed, match="differ in size"):
            judge(p, answer((W,), wrong))


def test_an_answer_may_be_a_function():
    def half(point: Point) -> np.ndarray:
        v = point.values
        return v["A"].T @ (v["A"] @ v["x"] - v["b"])

    assert judge(LEAST_SQUARES, lambda point: 2 * half(point)) < TOLERANCE
    with pytest.raises(CheckFailed, match="is wrong"):
        judge(LEAST_SQUARES, half)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [(QUADRATIC, "2 * A @ X"), (AFFINE, "-W"), (ELEMENTWISE, "diag(sigmoid(h))"), (POLYNOMIAL, "x")],
)
def test_classic_mistakes_are_rejected(given, wrong):
    with pytest.raises(CheckFailed, match="it gives"):
        judge(given, answer(given.symbols.values(), wrong))


def test_assumptions_hold_at_the_points():
    Q = matrix("Q", "n", "n", ["orthogonal"])
    p = problem("norm(Q @ x)**2", "x", Q, x)
    assert judge(p, answer((x,), "2 * x")) < TOLERANCE
    d = matrix("D0", "n", "n", ["diagonal"])
    p = problem("x.T @ D0 @ x", "x", d, x)
    assert judge(p, answer((d, x), "2 * diagonal(D0) * x")) < TOLERANCE


def test_matrices_are_stacked_column_by_column():
    for name, right, wrong in (("numerator", "", ".T"), ("denominator", ".T", "")):
        p = problem("W @ X", "X", W, X, function="F", layout=LAYOUTS[name])
        assert judge(p, answer((W,), f"kron(eye(m), W){right}")) < TOLERANCE
        with pytest.raises(CheckFailed, match="differ in size"):
            judge(p, answer((W,), f"kron(eye(m), W){wrong}"))


def test_what_the_judge_refuses():
    with pytest.raises(CheckFailed, match="could not be judged"):
        judge(problem("log(-norm(x)**2)", "x", x), answer((x,), "x"))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "x.shape", "(lambda: 1)()", "x if x else y", "[k for k in x]",
        "open('f')", "x @ q", "eye(2.5)", "x // 2", "sum(x, axis=0)", "'a'", "x.T.T.__class__",
    ],
)  # fmt: skip
def test_nothing_but_the_language_is_run(text):
    with pytest.raises(InputError, match="the judge does not know"):
        Text({"x": np.ones(2)}, {"n": 2}).run(ast.parse(text, mode="eval").body)
