"""One row for each named function of the expression language.

``numpy`` is the *analytic* form: it continues to complex arguments (kinks branch on the real part), so the
complex step is exact. Vectors come as columns (n, 1), matrices as (n, m), scalars as 0-d numbers.
``derivative`` is the derivative of an elementwise function in the text language, in the letter ``x``;
``slope`` is the same for numbers. ``domain`` says where the function is differentiable.
``pieces`` is what a function with a kink at zero is on the positive and on the negative side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from generator.errors import ShapeError
from generator.expr.shapes import ONE, SCALAR, Shape, is_column, is_matrix, is_scalar, same, show, times

SINGULAR = 1e-13  # a determinant that is so small beside its bound (Hadamard's) is that of a singular matrix
Array = Any  # a complex or real scalar, or a 2-d array


@dataclass(frozen=True, slots=True)
class Function:
    """A named function: text name, LaTeX and Unicode heads, shape rule, analytic NumPy form, derivative."""

    name: str
    latex: str
    unicode: str
    shape: Callable[..., Shape]
    numpy: Callable[..., Array]
    arity: tuple[int, ...] = (1,)
    elementwise: bool = False
    derivative: str = ""
    slope: Callable[[Array], Array] | None = None
    domain: str = ""
    pieces: tuple[str, ...] = ()


def _fail(name: str, want: str, got: Shape) -> ShapeError:
    return ShapeError(f"`{name}` needs {want}, found a {show(got)}")


def _square(name: str) -> Callable[[Shape], None]:
    def check(s: Shape) -> None:
        if is_column(s) or is_scalar(s) or not same(s[0], s[1]):
            raise _fail(name, "a square matrix", s)

    return check


def _matrix_to_scalar(name: str) -> Callable[[Shape], Shape]:
    def rule(s: Shape) -> Shape:
        _square(name)(s)
        return SCALAR

    return rule


def _trace_shape(s: Shape) -> Shape:
    if not is_scalar(s):  # a number is its own trace, though not in the text language
        _square("tr")(s)
    return SCALAR


def _entries_to_scalar(name: str) -> Callable[[Shape], Shape]:
    def rule(s: Shape) -> Shape:
        if is_scalar(s):
            raise _fail(name, "a vector or a matrix", s)
        return SCALAR

    return rule


def _vector_to(name: str, result: Callable[[Shape], Shape]) -> Callable[[Shape], Shape]:
    def rule(s: Shape) -> Shape:
        if not is_column(s):
            raise _fail(name, "a vector", s)
        return result(s)

    return rule


def _diagonal_shape(s: Shape) -> Shape:
    _square("diagonal")(s)
    return (s[0], ONE)


def _vec_shape(s: Shape) -> Shape:
    if not is_matrix(s):
        raise _fail("vec", "a matrix", s)
    return (times(s[0], s[1]), ONE)


def _kron_shape(a: Shape, b: Shape) -> Shape:
    if is_scalar(a) or is_scalar(b):
        raise ShapeError(f"`kron` needs matrices or vectors, found a {show(a)} and a {show(b)}")
    return (times(a[0], b[0]), times(a[1], b[1]))


def real_sign(x: Array) -> Array:
    """The sign of the real part, constant along the complex step."""
    return np.sign(np.real(x))


def _abs(x: Array) -> Array:
    return x * real_sign(x)


def _of_positive(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A real function of positive numbers, continued to complex ones; nothing left of the imaginary axis."""
    return lambda x: f(x) * np.where(np.real(x) < 0, np.nan, 1.0)


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def _log_det(x: Array) -> Array:
    d = np.linalg.det(x)
    if abs(d) <= SINGULAR * np.prod(np.linalg.norm(x, axis=0)):
        return np.nan  # zero but for rounding
    return np.log(d if np.real(d) > 0 else -d)


def _diag(x: Array) -> Array:
    return np.diag(x[:, 0])


def _number(s: Shape) -> Shape:
    return SCALAR


def _softmax(x: Array) -> Array:
    e = np.exp(x - np.max(np.real(x)))
    return e / np.sum(e)


def _log_sum_exp(x: Array) -> Array:
    top = np.max(np.real(x))
    return top + np.log(np.sum(np.exp(x - top)))


def _elementwise(
    name: str, numpy: Callable[[Array], Array], slope: Callable[[Array], Array], derivative: str,
    latex: str = "", unicode: str = "", domain: str = "", pieces: tuple[str, ...] = (),
) -> Function:  # fmt: skip
    return Function(
        name, latex or rf"\{name}", unicode or name, lambda s: s, numpy,
        elementwise=True, derivative=derivative, slope=slope, domain=domain, pieces=pieces,
    )  # fmt: skip


def _op(name: str) -> str:
    return rf"\operatorname{{{name}}}"


_ROWS = (
    Function("tr", _op("tr"), "tr", _trace_shape, lambda x: np.trace(x) if np.ndim(x) else x),
    Function("det", r"\det", "det", _matrix_to_scalar("det"), np.linalg.det),
    Function("logdet", r"\log\det", "log det", _matrix_to_scalar("logdet"), _log_det, domain="invertible"),
    Function("sum", _op("sum"), "sum", _entries_to_scalar("sum"), np.sum),
    Function("diag", _op("diag"), "diag", _vector_to("diag", lambda s: (s[0], s[0])), _diag),
    Function("diagonal", _op("diag"), "diag", _diagonal_shape, lambda x: np.diagonal(x)[:, None].copy()),
    Function("vec", _op("vec"), "vec", _vec_shape, lambda x: x.reshape(-1, 1, order="F")),
    Function("kron", r"\otimes", "⊗", _kron_shape, np.kron, arity=(2,)),
    Function("softmax", _op("softmax"), "softmax", _vector_to("softmax", lambda s: s), _softmax),
    Function("logsumexp", _op("logsumexp"), "logsumexp", _vector_to("logsumexp", _number), _log_sum_exp),
    _elementwise("exp", np.exp, np.exp, "exp(x)"),
    _elementwise("log", _of_positive(np.log), lambda x: 1 / x, "1 / x", domain="positive"),
    _elementwise("sin", np.sin, np.cos, "cos(x)"),
    _elementwise("cos", np.cos, lambda x: -np.sin(x), "-sin(x)"),
    _elementwise("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2, "1 - tanh(x)**2"),
    _elementwise(
        "sigmoid", _sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x)), "sigmoid(x) * (1 - sigmoid(x))",
        latex=r"\sigma", unicode="σ",
    ),
    _elementwise(
        "relu", lambda x: x * (np.real(x) > 0), lambda x: (1 + real_sign(x)) / 2, "(1 + sign(x)) / 2",
        latex=_op("relu"), domain="nonzero", pieces=("x", "0"),
    ),
    _elementwise(
        "abs", _abs, real_sign, "sign(x)", latex=_op("abs"), domain="nonzero", pieces=("x", "-x")
    ),
    _elementwise(
        "sqrt", _of_positive(np.sqrt), lambda x: 1 / (2 * np.sqrt(x)), "1 / (2 * sqrt(x))", domain="positive"
    ),
    _elementwise(
        "sign", lambda x: real_sign(x) + 0 * x, lambda x: 0 * x, "0 * x", latex=_op("sign"), domain="nonzero"
    ),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
PRIME = "_prime"  # the text name of a derivative of an elementwise function: sigmoid_prime(h) is σ′(h)
