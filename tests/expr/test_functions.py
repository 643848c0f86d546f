"""The table of functions: analytic NumPy forms, slopes, domains, and text that can be read."""

import numpy as np
import pytest

from generator.expr.functions import FUNCTIONS, real_sign
from generator.expr.make import vector
from generator.expr.numeric import STEP, central_difference
from generator.expr.text_reader import RESERVED, Scope, parse

ELEMENTWISE = sorted(name for name, row in FUNCTIONS.items() if row.elementwise)
PLAIN = {
    "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt,
    "abs": np.abs, "sign": np.sign, "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}  # fmt: skip


def points(name: str) -> np.ndarray:
    return (
        np.array([0.2, 0.7, 1.9, 3.0])
        if FUNCTIONS[name].domain == "positive"
        else np.array([-2.1, -0.3, 0.4, 1.7])
    )


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_analytic_form_is_the_function(name):
    x = points(name)
    assert np.allclose(FUNCTIONS[name].numpy(x), PLAIN[name](x), rtol=1e-14)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_slope_is_the_derivative_by_two_ways(name):
    row, x = FUNCTIONS[name], points(name)
    assert row.slope is not None
    assert np.allclose(row.slope(x), np.imag(row.numpy(x + 1j * STEP)) / STEP, rtol=1e-12)
    assert np.allclose(row.slope(x), central_difference(lambda t: PLAIN[name](x + t)), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_derivative_can_be_read(name):
    parse(FUNCTIONS[name].derivative, Scope({"x": vector("x", "n")}))


MATRIX = np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.4], [0.3, -0.2, 1.8]])
COLUMN = np.array([[0.3], [-1.2], [2.0]])
VALUES = [
    ("tr", MATRIX, np.trace(MATRIX)), ("tr", 3.0, 3.0), ("det", MATRIX, np.linalg.det(MATRIX)),
    ("logdet", -MATRIX, np.linalg.slogdet(MATRIX)[1]), ("sum", MATRIX, MATRIX.sum()),
    ("diag", COLUMN, np.diag(COLUMN[:, 0])), ("diagonal", MATRIX, np.diag(MATRIX)[:, None]),
    ("vec", MATRIX[:, :2], np.concatenate([MATRIX[:, :1], MATRIX[:, 1:2]])),
    ("softmax", COLUMN, np.exp(COLUMN) / np.exp(COLUMN).sum()),
    ("logsumexp", COLUMN, np.log(np.exp(COLUMN).sum())),
]  # fmt: skip


@pytest.mark.parametrize(("name", "argument", "expected"), VALUES, ids=[v[0] for v in VALUES])
def test_functions_of_arrays(name, argument, expected):
    assert np.allclose(FUNCTIONS[name].numpy(argument), expected)


@pytest.mark.parametrize(("name", "argument"), [(v[0], v[1]) for v in VALUES], ids=[v[0] for v in VALUES])
def test_functions_of_arrays_continue_to_complex_numbers(name, argument):
    rng = np.random.default_rng(5)
    direction = rng.normal(size=np.shape(argument))
    f = FUNCTIONS[name].numpy
    step = np.imag(f(argument + 1j * STEP * direction)) / STEP
    assert np.allclose(step, central_difference(lambda t: f(argument + t * direction)), rtol=1e-7, atol=1e-9)


def test_large_arguments_do_not_overflow():
    big = np.array([[1000.0], [1001.0]])
    with np.errstate(over="raise", invalid="raise"):
        assert np.allclose(FUNCTIONS["softmax"].numpy(big).sum(), 1)
        assert FUNCTIONS["logsumexp"].numpy(big) == pytest.approx(1001 + np.log(1 + np.exp(-1)))


def test_the_sign_is_constant_along_the_complex_step():
    assert real_sign(-2 + 5j) == -1
    assert real_sign(3 - 1e-30j) == 1


def test_every_function_is_reserved_and_has_heads():
    assert set(FUNCTIONS) <= RESERVED
    for name, row in FUNCTIONS.items():
        assert row.name == name
        assert row.latex
        assert row.unicode
        assert row.domain in ("", "positive", "nonzero", "invertible")
        assert bool(row.derivative) == row.elementwise == (row.slope is not None)
