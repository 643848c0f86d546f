"""The three layouts, and the shape of a derivative under each."""

import pytest

from generator.expr.layout import LAYOUTS, Layout
from generator.expr.shapes import ONE, SCALAR, dim

n, m = dim("n"), dim("m")
X, C, R = (n, m), (n, ONE), (ONE, n)


@pytest.mark.parametrize(
    ("of", "wrt", "column", "numerator", "denominator"),
    [
        (SCALAR, SCALAR, SCALAR, SCALAR, SCALAR),
        (SCALAR, C, C, R, C),
        (SCALAR, X, X, X, X),
        (C, SCALAR, C, C, C),
        (X, SCALAR, X, X, X),
        ((m, ONE), C, (m, n), (m, n), (n, m)),
        (C, C, (n, n), (n, n), (n, n)),
        (X, C, None, None, None),
        (C, X, None, None, None),
        (X, X, None, None, None),
    ],
)
def test_shape_of_a_derivative(of, wrt, column, numerator, denominator):
    expected = {"gradient-column": column, "numerator": numerator, "denominator": denominator}
    assert {name: layout.derivative_shape(of, wrt) for name, layout in LAYOUTS.items()} == expected


def test_the_usual_layout_has_column_gradients_and_rows_for_outputs():
    assert Layout() == LAYOUTS["gradient-column"]
