"""Wrong answers come from mistakes made inside the derivation, and are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from generator.api import pose
from generator.distractors import distractors
from generator.errors import CheckFailed
from generator.expr.evaluate import evaluate
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive
from generator.problem import Problem
from generator.rules.laws import believing
from generator.rules.mistakes import MISTAKES
from tests.methods.numbers import usable

CASES = [
    ("x.T @ A @ x", "x", {}, {"quadratic form as if symmetric": "2Aᵀx", "forgotten factor": "Ax"}),
    ("norm(A @ x - b)**2", "x", {}, {"missing factor two": "Aᵀ(Ax − b)"}),
    ("a.T @ inv(X) @ b", "X", {}, {"sign of the inverse": "(X⁻¹)ᵀabᵀ(X⁻¹)ᵀ"}),
    ("tr(A @ X @ B)", "X", {"A": "n,n", "X": "n,n", "B": "n,n"}, {"transpose without reversal": "BᵀAᵀ"}),
    ("7 * tr(A @ X @ B)", "X", {"A": "n,n", "X": "n,n", "B": "n,n"}, {"order lost under the trace": "7BᵀAᵀ"}),
    ("sum(sin(A @ x))", "x", {}, {"sine for sine": "Aᵀ sin(Ax)"}),
    ("x_1**2 * x_2", "x", {"x": "2"}, {"power not lowered": "[2x₁²x₂; x₁²]"}),
    (
        "log(1 + exp(a*b))", "a,b", {"a": "", "b": ""},
        {"exponential dropped": "[b/(1 + exp(ab)); a/(1 + exp(ab))]"},
    ),
]  # fmt: skip


def posed(text: str, wrt: str, shapes: dict[str, str]) -> Problem:
    return pose(text, wrt, shapes, {}, None, "gradient-column")[0]


@pytest.mark.parametrize(("text", "wrt", "shapes", "expected"), CASES, ids=[c[0] for c in CASES])
def test_what_a_mistake_leads_to(text, wrt, shapes, expected):
    derivation = derive(posed(text, wrt, shapes))
    found = {d.mistake.name: to_unicode(d.answer) for d in distractors(derivation)}
    assert expected.items() <= found.items()


@pytest.mark.parametrize(("text", "wrt", "shapes"), [c[:3] for c in CASES], ids=[c[0] for c in CASES])
def test_every_distractor_is_wrong_and_another_one(text, wrt, shapes):
    problem = posed(text, wrt, shapes)
    derivation = derive(problem)
    found = distractors(derivation)
    for d in found:
        assert d.answer.shape == derivation.answer.shape
        with pytest.raises(CheckFailed, match="wrong"):
            judge(problem, d.answer)
    (at,) = usable(problem, 1)
    values = [np.asarray(evaluate(e, at)) for e in (derivation.answer, *(d.answer for d in found))]
    assert all(np.abs(a - b).max() > 1e-4 for k, a in enumerate(values) for b in values[:k])


def test_the_wrong_line_is_the_first_that_differs():
    derivation = derive(posed("a.T @ inv(X) @ b", "X", {}))
    sign = next(d for d in distractors(derivation) if d.mistake.name == "sign of the inverse")
    assert sign.right is not None
    assert to_unicode(sign.right.rhs) == "−aᵀX⁻¹(dX)X⁻¹b"
    assert to_unicode(sign.wrong.rhs) == "aᵀX⁻¹(dX)X⁻¹b"


def test_a_mistake_is_believed_only_inside():
    problem = posed("x.T @ A @ x", "x", {})
    right = derive(problem)
    with believing(MISTAKES["forgotten factor"]) as belief:
        assert derive(problem).answer != right.answer
        assert belief.misled
    assert derive(problem) == right
    with believing(MISTAKES["sine for sine"]) as belief:
        assert derive(problem) == right
        assert not belief.misled
