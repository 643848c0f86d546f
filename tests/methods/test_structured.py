"""Symmetric and diagonal variables: gradients by free entries, and by entries that keep the structure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.api import derive, pose
from generator.errors import CheckFailed
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive as tell

CASES = [
    ("logdet(X)", "symmetric", "X⁻¹", "2X⁻¹ − I ∘ X⁻¹"),
    ("tr(A @ X)", "symmetric", "Aᵀ", "Aᵀ + A − I ∘ A"),
    ("tr(X @ X)", "positive_definite", "2X", "2(2X − I ∘ X)"),
    ("tr(A @ X)", "diagonal", "Aᵀ", "I ∘ A"),
]


@pytest.mark.parametrize(("function", "assumed", "free", "kept"), CASES)
def test_both_gradients_are_told_and_the_one_that_is_asked_for_is_judged(function, assumed, free, kept):
    posed, _ = pose(function, "X", {"X": "n,n"}, {"X": assumed}, None, "gradient-column")
    for structured, expected in ((False, free), (True, kept)):
        asked = replace(posed, structured=structured)
        found = tell(asked)
        assert to_unicode(found.answer) == expected
        assert {to_unicode(line.rhs) for line in found.answers} == {free, kept}
        assert judge(asked, found.answer) < 1e-6


def test_the_judge_knows_the_structure():
    posed, _ = pose("tr(A @ X)", "X", {"X": "n,n"}, {"X": "symmetric"}, None, "gradient-column")
    with pytest.raises(CheckFailed):
        judge(replace(posed, structured=True), tell(posed).answer)


def test_every_line_is_confirmed():
    text = derive("logdet(X)", "X", {"X": "n,n"}, {"X": "symmetric"}).latex
    assert r"\nabla_{\mathbf{X}}^{\mathrm{sym}}" in text
    assert r"^{\mathrm{diag}}" in derive("tr(A @ X)", "X", {"X": "n,n"}, {"X": "diagonal"}).latex


def test_a_variable_without_structure_has_one_gradient():
    assert len(derive("logdet(X)", "X").derivation.answers) == 1
