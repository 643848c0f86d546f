"""Many more functions: derived by the default method, judged, confirmed; stated answers are derivatives."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from generator.api import check, derive
from generator.judge import TOLERANCE

PATH = Path(__file__).parents[1] / "cases" / "more.toml"
CASES: dict[str, dict[str, Any]] = {c["id"]: c for c in tomllib.loads(PATH.read_text("utf-8"))["case"]}
SAMPLE = tuple(CASES)[::12]


def solve(case: dict[str, Any]) -> str:
    """The answer, confirmed; raises where something is not."""
    given = (case["function"], case["wrt"], case.get("shapes", ()), case.get("assume"))
    if "answer" in case:
        assert check(case["answer"], *given, order=case.get("order", 1)) < TOLERANCE
    return derive(*given, order=case.get("order", 1)).answer_text


@pytest.mark.parametrize("case", SAMPLE)
def test_a_sample(case):
    assert solve(CASES[case])


@pytest.mark.slow
@pytest.mark.parametrize("case", [key for key in CASES if key not in SAMPLE])
def test_all(case):
    assert solve(CASES[case])


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        ("cookbook-trace-fourth-power", "4 * matpow(X, 3).T"),
        ("ml-logistic-sigmoid", "X.T @ (sigmoid(X @ w) - y)"),
        ("ml-kl", "-p / q"),
        ("mn-skew-part", "4 * (X - X.T)"),
        ("ml-gaussian-sample-covariance", "inv(S) - inv(S) @ C @ inv(S)"),
        ("mn-projection-trace", "2 * (eye(n) - X @ inv(X.T @ X) @ X.T) @ A @ X @ inv(X.T @ X)"),
    ],
)
def test_answers_are_in_their_best_form(case, answer):
    assert solve(CASES[case]) == answer
