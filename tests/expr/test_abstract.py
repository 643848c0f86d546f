"""The numbers behind abstract functions: random, smooth, differentiated without a rule."""

from __future__ import annotations

import numpy as np
import pytest

from generator.errors import ShapeError
from generator.expr.abstract import Abstract, Jac, laid, smooth, values_alone
from generator.expr.calculus import Limit
from generator.expr.evaluate import Point, evaluate
from generator.expr.layout import LAYOUTS, Layout
from generator.expr.make import add, matrix, mul, neg, scalar, t, vector
from generator.expr.nodes import Div, T
from generator.expr.numeric import central_difference
from generator.expr.shapes import ONE, SCALAR, dim

D, N = (dim("d"), ONE), (dim("n"), ONE)
F, G, H = Abstract("f", (D,), N), Abstract("g", (N,), SCALAR), Abstract("h", (SCALAR,), SCALAR)
U = Abstract("u", (SCALAR, D), SCALAR)
X, S, W = vector("x", "d"), scalar("s"), matrix("W", "d", "n")
SIZES = {"d": 3, "n": 2}
VALUES = {"x": np.array([[0.3], [-0.4], [0.8]]), "s": np.float64(0.6), "W": np.arange(6.0).reshape(3, 2) / 7}


def at(seed: int = 1, *, positive: bool = False) -> Point:
    functions = {
        f.name: smooth(f, SIZES, np.random.default_rng(seed + k), positive=positive)
        for k, f in enumerate((F, G, H, U))
    }
    return Point(VALUES, {}, SIZES, functions=functions)


def differences(value, x: np.ndarray) -> np.ndarray:
    """The matrix of derivatives with a row for each output, by differences."""
    units = [unit.reshape(x.shape) for unit in np.eye(x.size)]
    return np.stack([np.ravel(central_difference(lambda s, u=u: value(x + s * u))) for u in units], axis=1)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_jacobian_is_that_of_the_function_in_every_layout(name):
    layout, point = LAYOUTS[name], at()
    rows = differences(lambda x: point.functions["f"](x), VALUES["x"])
    found = evaluate(F.slope((X,), layout), point)
    assert np.allclose(found, rows if layout.jacobian == "numerator" else rows.T, rtol=1e-10)
    y = point.functions["f"](VALUES["x"])
    gradient = evaluate(G.slope((F.at((X,)),), layout), point)
    row = differences(lambda v: point.functions["g"](v), y)
    assert np.allclose(gradient, row if layout.gradient == "row" else row.T, rtol=1e-10)


def test_slopes_of_numbers_and_of_one_argument():
    point, plain = at(), Layout()
    h, u = point.functions["h"], point.functions["u"]
    first = central_difference(lambda s: h(0.6 + s))
    second = central_difference(lambda s: central_difference(lambda r: h(0.6 + s + r)))
    assert np.isclose(evaluate(H.slope((S,), plain), point), first, rtol=1e-10)
    assert np.isclose(evaluate(H.slope((S,), plain, order=2), point), second, rtol=1e-7)
    by_second = differences(lambda x: u(0.6, x), VALUES["x"]).T
    assert np.allclose(evaluate(U.slope((S, X), plain, 1), point), by_second, rtol=1e-10)


@pytest.mark.parametrize("name", LAYOUTS)
def test_another_layout_means_the_same(name):
    e = add(mul(T(F.slope((X,), Layout())), F.at((X,))), F.slope((X,), Layout()).args[0])
    there = laid(e, LAYOUTS[name])
    assert np.allclose(evaluate(e, at()), evaluate(there, at()))
    assert all(
        j.layout == LAYOUTS[name] for j in (n for n in [*there.terms[0].factors] if isinstance(n, Jac))
    )


def test_functions_differ_and_are_reproducible_and_may_be_positive():
    assert evaluate(F.at((X,)), at(1)).tolist() == evaluate(F.at((X,)), at(1)).tolist()
    assert evaluate(F.at((X,)), at(1)).tolist() != evaluate(F.at((X,)), at(2)).tolist()
    assert all(np.min(evaluate(F.at((X,)), at(seed, positive=True))) > 0 for seed in range(20))


def test_a_limit_is_taken_from_both_sides():
    tau = scalar("tau")
    quotient = Div(add(H.at((add(S, tau),)), neg(H.at((S,)))), tau)
    point = at()
    assert np.isclose(
        evaluate(Limit(tau, quotient), point), evaluate(H.slope((S,), Layout()), point), rtol=1e-9
    )


def test_a_bare_name_means_the_only_value():
    functions = {"f": F, "h": H}
    assert values_alone(mul(t(F.at((X,))), F.at((X,))), functions) == {"f": F.at((X,))}
    assert values_alone(add(H.at((S,)), H.at((H.at((S,)),))), functions) == {}


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: F.at((S,)), "takes a vector of size d, found a scalar"),
        (lambda: F.at((X, X)), "takes 1 argument"),
        (lambda: U.slope((S, X), Layout(), 2), "has 2 argument"),
        (lambda: Abstract("k", (W.shape,), N).slope((W,), Layout()), "more than two indices"),
        (lambda: F.slope((X,), Layout(), order=2), "higher derivatives"),
    ],
)
def test_what_does_not_fit_is_refused(build, told):
    with pytest.raises(ShapeError, match=told):
        build()
