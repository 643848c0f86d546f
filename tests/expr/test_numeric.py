"""Numeric derivatives: exact by complex step, close by differences, not a number off the domain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expr.numeric import central_difference, complex_step

FUNCTIONS = {
    "exp": (np.exp, np.exp),
    "sin": (np.sin, np.cos),
    "cube": (lambda x: x * x * x, lambda x: 3 * x * x),
    "rational": (lambda x: 1 / (2 + x * x), lambda x: -2 * x / (2 + x * x) ** 2),
    "constant": (lambda x: 0 * x + 3, lambda x: 0 * x),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@given(at=st.floats(-2, 2))
def test_both_ways_give_the_derivative(name, at):
    f, slope = FUNCTIONS[name]
    scale = max(1.0, abs(slope(at)))
    assert abs(complex_step(lambda t: f(at + t)) - slope(at)) <= 1e-14 * scale
    assert abs(central_difference(lambda t: f(at + t)) - slope(at)) <= 1e-9 * scale


def test_arrays_are_differentiated_entry_by_entry():
    x = np.array([[0.3, -1.0], [2.0, 0.7]])
    v = np.array([[1.0, 2.0], [-0.5, 0.0]])
    exact = np.exp(x) * v
    assert np.allclose(complex_step(lambda t: np.exp(x + t * v)), exact, rtol=1e-15)
    assert np.allclose(central_difference(lambda t: np.exp(x + t * v)), exact, rtol=1e-9)


def test_a_function_that_is_not_real_has_no_derivative_here():
    assert np.isnan(complex_step(lambda t: np.log(-2.0 + t)))
    both = complex_step(lambda t: np.sqrt(np.array([-1.0, 4.0]) + t))
    assert np.isnan(both[0])
    assert both[1] == pytest.approx(0.25)


def test_a_tiny_derivative_is_not_lost():
    assert complex_step(lambda t: 1.0 + 1e-200 * t) == pytest.approx(1e-200)


def test_more_levels_are_closer():
    errors = [abs(central_difference(lambda t: np.exp(1 + t), 0.1, k) - np.e) for k in (1, 2, 3)]
    assert errors == sorted(errors, reverse=True)


def test_what_has_no_value_has_no_derivative():
    """A NaN that forgets the complex step would pass for a constant."""
    assert np.isnan(complex_step(lambda s: np.float64("nan")))
