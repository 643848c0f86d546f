"""Values of expressions against NumPy written by hand, derivatives against known ones, errors in words."""

import numpy as np
import pytest
from hypothesis import given, settings

from generator.errors import InputError
from generator.expr.calculus import (
    App,
    Cases,
    D,
    Delta,
    Dots,
    Ellipsis,
    Grad,
    Group,
    Mat,
    Member,
    Partial,
    Rel,
    Sum,
    Under,
)
from generator.expr.evaluate import Definition, Point, evaluate, extent, index_value
from generator.expr.layout import LAYOUTS
from generator.expr.make import matrix, mul, num, scalar, tr, vector
from generator.expr.nodes import Entry, Idx, Mul, Norm, Pow, Row, Size, T
from generator.expr.numeric import central_difference
from generator.expr.shapes import ONE, SCALAR, dim
from generator.expr.text_reader import Scope, parse
from tests.strategies import expressions

n, m = dim("n"), dim("m")
x, y, u = vector("x", "n"), vector("y", "n"), vector("u", "m")
A, S, B, X = matrix("A", "n", "n"), matrix("S", "n", "n"), matrix("B", "n", "m"), matrix("X", "n", "m")
c, t, w, f, L = scalar("c"), scalar("t"), vector("w", "n"), scalar("f"), scalar("L")
i, j, k = (Idx(name, n) for name in "ijk")
SYMBOLS = {e.name: e for e in (x, y, u, w, A, S, B, X, c, t)}
SCOPE = Scope(SYMBOLS, calculus=True)
SIZES = {"n": 3, "m": 2}
RNG = np.random.default_rng(8)
VALUES = {
    name: RNG.uniform(0.3, 1.5, () if s.shape == SCALAR else extent(s.shape, Point({}, sizes=SIZES)))
    for name, s in SYMBOLS.items()
}
DIRECTIONS = {name: RNG.normal(size=np.shape(v)) for name, v in VALUES.items()}
AT = Point(VALUES, DIRECTIONS, SIZES)
V = {**VALUES, "np": np, "ones": lambda *s: np.ones((SIZES[s[0]], SIZES[s[1]] if len(s) > 1 else 1))}


@pytest.mark.parametrize(
    ("text", "numpy"),
    [
        ("A @ x", "A @ x"),
        ("x.T @ A @ y", "(x.T @ A @ y)[0, 0]"),
        ("outer(x, u)", "x @ u.T"),
        ("c * A", "c * A"),
        ("A * S", "A * S"),
        ("x / y", "x / y"),
        ("x / c", "x / c"),
        ("1 / x", "1 / x"),
        ("c**2 + t", "c**2 + t"),
        ("A**2", "A**2"),
        ("x**c", "x**c"),
        ("matpow(A, 3)", "A @ A @ A"),
        ("matpow(A, -2)", "np.linalg.inv(A @ A)"),
        ("A**-1", "np.linalg.inv(A)"),
        ("inv(A)", "np.linalg.inv(A)"),
        ("norm(x)", "np.linalg.norm(x)"),
        ("norm(B)", "np.linalg.norm(B)"),
        ("norm(x, 3)", "np.sum(np.abs(x)**3)**(1 / 3)"),
        ("norm1(-B)", "np.abs(B).sum()"),
        ("tr(A @ S)", "np.trace(A @ S)"),
        ("sum(B)", "B.sum()"),
        ("sigmoid(x)", "1 / (1 + np.exp(-x))"),
        ("diag(x) @ A", "np.diag(x[:, 0]) @ A"),
        ("diagonal(A)", "np.diag(A)[:, None]"),
        ("vec(B)", "B.reshape(-1, 1, order='F')"),
        ("kron(A, B)", "np.kron(A, B)"),
        ("x + 1", "x + 1"),
        ("c + x", "c + x"),
        ("ones(n, m) + B", "1 + B"),
        ("eye(n) @ x", "x"),
        ("zeros(n) + x", "x"),
        ("-A @ x", "-(A @ x)"),
        ("x_2", "x[1, 0]"),
        ("B_31", "B[2, 0]"),
        ("stack(c, t)", "np.array([[c], [t]])"),
        ("(x.T @ y) * A", "(x.T @ y)[0, 0] * A"),
    ],
)
def test_values(text, numpy):
    expected = eval(numpy, {}, V)
    value = evaluate(parse(text, SCOPE), AT)
    assert np.shape(value) == np.shape(expected)
    assert np.allclose(value, expected, rtol=1e-12)


@given(expressions())
@settings(max_examples=80, derandomize=True)
def test_a_value_has_the_shape_of_its_node(e):
    with np.errstate(all="ignore"):
        try:
            value = evaluate(e, AT)
        except (np.linalg.LinAlgError, TypeError):  # singular; a fractional matrix power
            return
    rows, columns = extent(e.shape, AT)
    assert np.shape(value) == ((rows, columns) if rows * columns > 1 else ())


# --- indices ---------------------------------------------------------------------------------------------


def at(**indices: int) -> Point:
    return Point(VALUES, DIRECTIONS, SIZES, indices)


def test_entries_rows_and_sizes():
    assert evaluate(Entry(A, (i, j)), at(i=1, j=3)) == VALUES["A"][0, 2]
    assert evaluate(Entry(x, (num(2),)), AT) == VALUES["x"][1, 0]
    assert evaluate(Entry(T(x), (i,)), at(i=3)) == VALUES["x"][2, 0]
    assert evaluate(Entry(x, (Size(n),)), AT) == VALUES["x"][2, 0]
    assert np.array_equal(evaluate(Row(B, i), at(i=2)), VALUES["B"][1:2, :])
    assert index_value(Size(n), AT) == 3


def test_sums_in_both_forms():
    product = Mul((Entry(A, (i, k)), Entry(x, (k,))))
    expected = (VALUES["A"] @ VALUES["x"])[1, 0]
    assert evaluate(Sum(k, product), at(i=2)) == pytest.approx(expected)
    assert evaluate(Dots(k, product, (num(1), Size(n))), at(i=2)) == pytest.approx(expected)


def test_an_inner_index_hides_an_outer_one():
    assert evaluate(Sum(i, Entry(x, (i,))), at(i=1)) == pytest.approx(VALUES["x"].sum())


def test_deltas_relations_and_cases():
    assert evaluate(Delta(i, j), at(i=2, j=2)) == 1
    assert evaluate(Delta(i, num(2)), at(i=1)) == 0
    cases = Cases((c, num(0)), (Rel(i, "=", j), Rel(i, "≠", j)))
    assert evaluate(cases, at(i=1, j=1)) == VALUES["c"]
    assert evaluate(cases, at(i=1, j=2)) == 0


def test_a_matrix_with_dots_has_no_value_where_nothing_is_printed():
    down, zero = Ellipsis("vdots"), num(0)
    written = Mat((Entry(x, (num(1),)), down, Entry(x, (Size(n),))), 1, (n, ONE))
    value = evaluate(written, AT)
    assert np.array_equal(np.isnan(value[:, 0]), [False, True, False])
    assert value[2, 0] == VALUES["x"][2, 0]
    assert np.array_equal(evaluate(Mat((c, zero, zero, t), 2), AT), np.diag([VALUES["c"], VALUES["t"]]))


def test_notes_and_parentheses_change_no_value():
    assert np.array_equal(evaluate(Under(Group(x), ("a note",)), AT), VALUES["x"])


# --- derivatives -----------------------------------------------------------------------------------------

DX, DA = DIRECTIONS["x"], DIRECTIONS["A"]


@pytest.mark.parametrize(
    ("text", "numpy"),
    [
        ("d(x)", "dx"),
        ("d(A @ x)", "dA @ x + A @ dx"),
        ("d(norm(x)**2)", "2 * (x.T @ dx)[0, 0]"),
        ("d(inv(A))", "-np.linalg.inv(A) @ dA @ np.linalg.inv(A)"),
        ("d(exp(x))", "np.exp(x) * dx"),
        ("d(2)", "0"),
    ],
)
def test_differentials(text, numpy):
    expected = eval(numpy, {}, {**V, "dx": DX, "dA": DA})
    assert np.allclose(evaluate(parse(text, SCOPE), AT), expected, rtol=1e-12)


def test_only_what_has_a_direction_varies():
    still = Point(VALUES, {"x": DX}, SIZES)
    assert np.allclose(evaluate(D(mul(A, x)), still), VALUES["A"] @ DX)
    assert np.allclose(evaluate(D(A), still), 0)


def test_a_differential_of_a_differential_is_the_second_one():
    value = evaluate(D(D(Pow(Norm(x), num(2)))), AT)
    assert value == pytest.approx(2 * (DX.T @ DX)[0, 0], rel=1e-7)


def test_partial_derivatives():
    form = mul(T(x), A, x)
    gradient = (VALUES["A"] + VALUES["A"].T) @ VALUES["x"]
    assert np.allclose(evaluate(Partial(form, x), AT), gradient)
    assert np.allclose(evaluate(Partial(form, x, LAYOUTS["numerator"]), AT), gradient.T)
    assert evaluate(Partial(form, Entry(x, (j,))), at(j=2)) == pytest.approx(gradient[1, 0])
    assert np.allclose(evaluate(Partial(mul(A, x), x), AT), VALUES["A"])
    assert np.allclose(evaluate(Partial(mul(A, x), x, LAYOUTS["denominator"]), AT), VALUES["A"].T)
    assert np.allclose(evaluate(Partial(mul(c, A), c), AT), VALUES["A"])
    assert np.allclose(evaluate(Partial(tr(mul(T(B), X)), X), AT), VALUES["B"])


def test_gradients_of_named_functions():
    body = mul(T(w), A, w)
    defined = {"f": Definition(body, (w,)), "L": Definition(tr(mul(A, A)))}
    point = Point(VALUES, DIRECTIONS, SIZES, {}, defined)
    both = VALUES["A"] + VALUES["A"].T
    assert np.allclose(evaluate(Grad(f, (w,)), point), both @ VALUES["w"])
    assert np.allclose(evaluate(Grad(f, (w,), (x,)), point), both @ VALUES["x"])
    assert np.allclose(evaluate(Grad(f, (w,), (), LAYOUTS["numerator"]), point), (both @ VALUES["w"]).T)
    assert np.allclose(evaluate(Grad(L, (A,)), point), 2 * VALUES["A"].T)
    assert evaluate(App(f, (x,)), point) == pytest.approx((VALUES["x"].T @ VALUES["A"] @ VALUES["x"])[0, 0])
    assert evaluate(L, point) == pytest.approx(np.trace(VALUES["A"] @ VALUES["A"]))


def test_several_numbers_may_fill_a_vector():
    v = vector("v", 2)
    body = Mul((Entry(v, (num(1),)), Entry(v, (num(2),))))
    point = Point({"v": np.array([[2.0], [5.0]])}, {}, {}, {}, {"f": Definition(body, (v,))})
    assert evaluate(App(f, (num(3), num(4))), point) == 12
    assert np.array_equal(evaluate(Grad(f, (v,), (num(3), num(4))), point), [[4.0], [3.0]])


def test_the_gradient_by_several_numbers_is_a_vector():
    body = parse("c**2 * t", SCOPE)
    point = Point(VALUES, DIRECTIONS, SIZES, {}, {"f": Definition(body, (c, t))})
    expected = [[2 * VALUES["c"] * VALUES["t"]], [VALUES["c"] ** 2]]
    assert np.allclose(evaluate(Grad(f, (c, t)), point), expected)
    assert np.allclose(evaluate(Grad(f, (c, t), (), LAYOUTS["numerator"]), point), np.transpose(expected))


@given(expressions())
@settings(max_examples=60, derandomize=True)
def test_the_differential_is_the_slope_along_the_directions(e):
    """Complex step against differences, for whatever has a moderate value near the point."""
    with np.errstate(all="ignore"):
        try:
            exact = evaluate(D(e), AT)
            near = central_difference(lambda s: evaluate(e, AT.shifted(s)), 1e-4, 3)
            around = [evaluate(e, AT.shifted(s)) for s in (-1e-3, 1e-3)]
        except (np.linalg.LinAlgError, TypeError):
            return
    if all(np.all(np.isfinite(v)) for v in (exact, near, *around)) and np.max(np.abs(around)) < 1e3:
        assert np.allclose(exact, near, rtol=1e-3, atol=1e-3 * max(1.0, np.max(np.abs(exact))))


# --- errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "point", "message"),
    [
        (vector("missing", "n"), AT, "the symbol missing has no value here"),
        (Entry(x, (i,)), AT, "the index i has no value here"),
        (Entry(x, (i,)), at(i=9), "an index is outside its range"),
        (Entry(x, (num(4),)), AT, "an index is outside its range"),
        (D(x), Point(VALUES, {}, SIZES), "a differential needs directions"),
        (Cases((c,), (Rel(i, "=", j),)), at(i=1, j=2), "no case of a distinction of cases applies"),
        (App(f, (x,)), AT, "the function f is not defined"),
        (Partial(c, T(x)), AT, "with respect to a symbol that has a value"),
        (Member(x), AT, "a Member has no value"),
    ],
)
def test_errors(node, point, message):
    with pytest.raises(InputError, match=message):
        evaluate(node, point)


def test_a_function_wants_its_arguments():
    point = Point(VALUES, {}, SIZES, {}, {"f": Definition(mul(c, t), (c, t))})
    with pytest.raises(InputError, match=r"f takes 2 argument\(s\), found 1"):
        evaluate(App(f, (c,)), point)
