"""The usual mistakes of a solution."""

import pytest

from generator.exam.usual import MOST, usual_mistakes
from generator.expr.make import matrix, scalar, vector
from generator.methods import derive
from tests.problems import LEAST_SQUARES, POLYNOMIAL, problem

USUAL = [
    (LEAST_SQUARES, ["missing factor two"], ["softmax entry by entry", "forgotten factor"]),
    (POLYNOMIAL, ["lost constant factor", "power not lowered"], ["forgotten factor", "swapped factors"]),
    (
        problem("3*t**3 / (t**2 + 1)", "t", scalar("t"), function="g"),
        ["quotient rule with the sign swapped"],
        ["forgotten factor"],
    ),
    (problem("sin(4*t)", "t", scalar("t")), ["sine for sine"], ["cosine without its sign"]),
]


@pytest.mark.parametrize(("asked", "there", "absent"), USUAL)
def test_usual_mistakes_fit_the_solution(asked, there, absent):
    names = [mistake.name for mistake in usual_mistakes(derive(asked))]
    assert set(there) <= set(names)
    assert not set(absent) & set(names)
    assert len(names) <= MOST


def test_the_closest_fit_comes_first_and_every_law_once():
    """Of several wrong product rules the one for a quadratic form says most; other laws follow."""
    form = problem("x.T @ A @ x", "x", matrix("A", "n", "n"), vector("x", "n"))
    found = usual_mistakes(derive(form))
    assert found[0].name == "quadratic form as if symmetric"
    laws = [mistake.of for mistake in found]
    assert laws.index("product rule") == 0
    first = [law for k, law in enumerate(laws) if law not in laws[:k]]
    assert laws[: len(first)] == first
