"""Sums over an index: they are written with matrices, which the derivation says and the checker confirms."""

from __future__ import annotations

import pytest

from generator.api import derive, pose
from generator.errors import NotDerivable
from generator.expr.text_writer import to_text
from generator.methods.sums import without_sums


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\sum_{i=1}^n x_i^2", "norm(x)**2"),
        (r"\sum_i \exp(x_i)", "sum(exp(x))"),
        (r"\sum_{i=1}^n \log(1 + \exp(-y_i x_i))", "sum(log(ones(n) + exp(-y * x)))"),
        (r"\frac{1}{n}\sum_{i=1}^n (x_i - \mu)^2", "1 / tr(eye(n)) * norm(x - mu * ones(n))**2"),
        (r"\sum_i \sum_j A_{ij} x_i y_j", "x.T @ A @ y"),
        (r"\sum_{i=1}^m ((A x)_i - b_i)^2", "norm(A @ x - b)**2"),
        (r"\sum_{i=1}^n x_i + y_i", "sum(x + y)"),
        (r"\sum_{i=1}^n x_i y_i + c", "x.T @ y + c"),
        (r"\log \sum_i e^{x_i}", "log(sum(exp(x)))"),
    ],
)
def test_matrix_form(latex, text):
    problem, _ = pose(latex, "x", (), {}, None, "gradient-column")
    assert problem.text == ""
    found = without_sums(problem)
    assert found.text == to_text(found.body) == text


def test_the_rewriting_is_told_and_confirmed():
    solution = derive(r"\frac{1}{n}\sum_{i=1}^n (x_i - c)^2", "x")
    first = solution.derivation.steps[0]
    assert first.title == "Matrix notation"
    assert r"\sum_{i=1}^{n}" in solution.to_latex()


def test_a_function_without_sums_is_left_alone():
    problem, _ = pose("x.T @ x", "x", (), {}, None, "gradient-column")
    assert without_sums(problem) is problem


def test_what_has_no_matrix_form_is_refused():
    problem, _ = pose(r"\sum_i \sum_j \exp(x_i y_j z_i)^{x_j}", "x", (), {}, None, "gradient-column")
    with pytest.raises(NotDerivable, match="no matrix notation"):
        without_sums(problem)
