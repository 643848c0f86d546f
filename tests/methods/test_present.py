"""The form of an answer: a residual is transposed as a whole, and keeps its sign where it stands twice."""

import pytest

from generator import derive
from generator.expr.unicode_writer import to_unicode


@pytest.mark.parametrize(
    ("function", "wrt", "assume", "answer"),
    [
        ("(x - m).T @ inv(S) @ (x - m)", "S", {}, "−(S⁻¹)ᵀ(x − m)(x − m)ᵀ(S⁻¹)ᵀ"),
        ("(x - m).T @ inv(S) @ (x - m)", "S", {"S": "symmetric"}, "−S⁻¹(x − m)(x − m)ᵀS⁻¹"),
        ("(A @ x - b).T @ W @ (A @ x - b)", "W", {}, "(Ax − b)(Ax − b)ᵀ"),
        ("norm(b - A @ x)**2", "A", {}, "−2(b − Ax)xᵀ"),
    ],
)
def test_residuals(function, wrt, assume, answer):
    found = derive(function, wrt, assume=assume).derivation.answers[0].rhs
    assert to_unicode(found) == answer


def test_the_structured_form_keeps_the_residual():
    found = derive("(x - m).T @ inv(S) @ (x - m)", "S", assume={"S": "symmetric"}, structured=True)
    assert "m - x" not in found.to_latex()
    assert r"\mathbf{m} - \mathbf{x}" not in found.to_latex()
