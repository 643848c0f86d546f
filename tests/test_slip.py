"""The remark on a slip: derived, confirmed, refused where the slip leads to nothing wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.api import pose
from generator.confirmation import scopes
from generator.derivation import Derivation
from generator.errors import InputError
from generator.expr.make import num
from generator.methods import derive
from generator.problem import Slip
from generator.render import render_derivation
from generator.slip import warned
from generator.verify import verify_text
from tests.methods.telling import sentence

LOGISTIC = ("log(1 + exp(a*b))", "a,b", {"a": "", "b": ""})


def solved(slip: Slip, text: str, wrt: str, shapes: dict[str, str]) -> Derivation:
    problem, _ = pose(text, wrt, shapes, {}, None, "gradient-column")
    return warned(derive(replace(problem, slip=slip)))


def test_it_says_what_comes_out_and_what_that_is_in_numbers():
    told = solved(Slip("exponential dropped", (num(2), num(-1))), *LOGISTIC)
    why, _, what, _, *numbers = map(sentence, told.slip)
    assert why == "The exponential is its own derivative, so it stays as a factor."
    assert "∂L/∂a ≠ b/(1 + exp(ab))" in what
    assert "≈ −0.119" in numbers[0]  # −exp(−2)/(1 + exp(−2))
    assert "≈ −0.881" in numbers[-1]


@pytest.mark.parametrize("kind", ["latex", "markdown"])
def test_a_vector_in_matrix_notation(kind):
    told = solved(Slip("missing factor two"), "norm(A @ x - b)**2", "x", {})
    assert "∇_x L ≠ Aᵀ(Ax − b)" in sentence(told.slip[2])
    text = render_derivation(told, kind)
    assert "A slip to avoid" in text
    report = verify_text(text, kind, scopes({told.problem.id: told}), "slip")
    assert report.ok


def test_a_slip_that_cannot_be_made_is_refused():
    with pytest.raises(InputError, match="no wrong answer") as caught:
        solved(Slip("sine for sine"), *LOGISTIC)
    assert "exponential dropped" in (caught.value.hint or "")
