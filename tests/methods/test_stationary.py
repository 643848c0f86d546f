"""Setting the gradient to zero, in every layout: the same equations, the same point."""

from __future__ import annotations

import pytest

from generator.api import derive
from generator.errors import NotDerivable
from generator.expr.layout import LAYOUTS
from generator.expr.unicode_writer import to_unicode
from generator.replay import replay

CASES = [
    ("norm(A @ x - b)**2", "AᵀAx⋆ = Aᵀb", "(AᵀA)⁻¹Aᵀb"),
    ("x.T @ B @ x - 2*(a @ x)", "(B + Bᵀ)x⋆ = 2a", "2(B + Bᵀ)⁻¹a"),
    ("norm(x - b)**2", "x⋆ = b", "b"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("text", "equation", "solution"), CASES)
def test_the_same_point_in_every_layout(text: str, equation: str, solution: str, layout: str) -> None:
    found = derive(text, "x", {"x": "n"}, layout=layout, set_to_zero=True).derivation
    _, equal, point = found.answers
    assert f"{to_unicode(equal.lhs)} = {to_unicode(equal.rhs)}" == equation  # type: ignore[arg-type]
    assert to_unicode(point.rhs) == solution
    assert replay(found) == []
    said = [item.text for step in found.steps for item in step.items if hasattr(item, "text")]
    assert any(text.startswith("Transpose, so that") for text in said) == (layout == "numerator")


@pytest.mark.parametrize(("text", "why"), [("sum(exp(x))", "not linear"), ("a @ x", "does not contain")])
def test_what_is_not_solved(text: str, why: str) -> None:
    with pytest.raises(NotDerivable, match=why):
        derive(text, "x", {"x": "n"}, set_to_zero=True)
