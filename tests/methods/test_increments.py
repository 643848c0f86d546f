"""Numbers as variables of a function of vectors and matrices: one total differential, all partials."""

from __future__ import annotations

import pytest

from generator.api import derive
from generator.errors import NotDerivable

CASES = [
    ("norm(a * x + b * ones(n) - y)**2", "a,b", "a= b= x=n y=n",
     "stack(2 * (a * x + b * ones(n) - y).T @ x, 2 * (a * x + b * ones(n) - y).T @ ones(n))"),
    ("logdet(s * A + t * B)", "s,t", "s= t= A=n,n B=n,n",
     "stack(tr(inv(s * A + t * B) @ A), tr(inv(s * A + t * B) @ B))"),
    ("sum(exp(s * x)) * t", "s,t", "s= t= x=n", "stack(t * sum(exp(s * x) * x), sum(exp(s * x)))"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "wrt", "shapes", "answer"), CASES, ids=[c[0] for c in CASES])
@pytest.mark.parametrize("layout", ["gradient-column", "numerator", "denominator"])
def test_the_answer_is_confirmed(function, wrt, shapes, answer, layout):
    solution = derive(function, wrt, shapes.split(), layout=layout)
    assert solution.derivation.method == "differential"
    assert layout != "gradient-column" or solution.answer_text == answer


def test_terms_that_cancel_leave_a_zero():
    solution = derive("t * s * x.T @ x - s * t * x.T @ x + s", "s,t", ["x=n", "s=", "t="])
    assert solution.answer_text == "stack(1, 0)"


def test_the_chain_does_not_take_a_matrix_of_two_numbers_for_one():
    with pytest.raises(NotDerivable):
        derive("logdet(s * A + t * B)", "s,t", ["s=", "t=", "A=n,n"], method="chain")


def test_the_hessian_has_a_row_for_each_number():
    solution = derive("norm(a * x + b * ones(n) - y)**2", "a,b", ["a=", "b=", "x=n", "y=n"], order=2)
    rows = "stack(2 * x.T @ x, 2 * ones(n).T @ x), stack(2 * x.T @ ones(n), 2 * ones(n).T @ ones(n))"
    assert solution.answer_text == f"stack({rows})"


def test_a_partial_derivative_that_is_constant_has_a_row_of_zeros():
    solution = derive("s**2 * x.T @ x + t * sum(x)", "s,t", ["s=", "t=", "x=n"], order=2)
    assert solution.answer_text == "stack(stack(2 * x.T @ x, 0), stack(0, 0))"
