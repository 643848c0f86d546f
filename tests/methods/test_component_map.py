"""Jacobians of maps that are written out in components, in every layout, and gradients at points."""

from __future__ import annotations

import pytest

from generator import derive
from generator.errors import NotDerivable
from generator.expr.text_writer import to_text


@pytest.mark.parametrize(
    ("function", "wrt", "layout", "answer"),
    [
        ("[x**2*y, 5*x + sin(y)]", "x,y", "gradient-column",
         "stack(stack(2 * x * y, x**2), stack(5, cos(y)))"),
        ("[x**2*y, 5*x + sin(y)]", "x,y", "denominator", "stack(stack(2 * x * y, 5), stack(x**2, cos(y)))"),
        ("F(x, y) = [x*y, x, y]", "x,y", "numerator", "stack(stack(y, x), stack(1, 0), stack(0, 1))"),
        ("[x_1*x_2, exp(x_1)]", "x", "gradient-column", "stack(stack(x_2, x_1), stack(exp(x_1), 0))"),
        ("[cos(t), sin(t), t**2]", "t", "gradient-column", "stack(-sin(t), cos(t), 2 * t)"),
        (r"\begin{bmatrix} r\cos\phi \\ r\sin\phi \end{bmatrix}", "r,phi", "gradient-column",
         "stack(stack(cos(phi), -r * sin(phi)), stack(sin(phi), r * cos(phi)))"),
    ],
)  # fmt: skip
def test_jacobians(function, wrt, layout, answer):
    found = derive(function, wrt, layout=layout)
    assert found.derivation.method == "partials"
    assert to_text(found.derivation.answers[0].rhs) == answer


def test_each_component_has_a_step():
    found = derive("[x**2*y, 5*x + sin(y)]", "x,y")
    assert [step.title for step in found.derivation.steps] == [
        "Understand the goal", "The first component", "The second component", "Collect the entries",
    ]  # fmt: skip
    assert r"\frac{\partial \mathbf{z}}{\partial (x, y)}" in found.to_latex()


def test_matrices_by_several_numbers_are_refused():
    with pytest.raises(NotDerivable, match="one variable"):
        derive("[[x, y], [y, x*y]]", "x,y")
