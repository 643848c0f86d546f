"""Random functions of the whole language: each is derived, and every line of the solution is confirmed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.errors import CheckFailed
from generator.expr.calculus import Group
from generator.expr.match import find, symbols
from generator.expr.nodes import Call, Sym
from generator.expr.shapes import SCALAR
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.methods import derive, whole
from generator.problem import Problem
from generator.solution import confirmed
from tests.rules.points import moderate, positive_point
from tests.strategies import expressions

FAST, SLOW = 12, 400
LONGEST = 200  # signs of a function that somebody would write down


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A scalar function that has a value where all its symbols are positive, and a variable of it."""
    body = draw(expressions(SCALAR, draw(st.integers(2, 5))))
    free = sorted(symbols(body), key=lambda s: s.name)
    assume(free and not find(body, Group) and all(c.order == 0 for c in find(body, Call)))
    text = to_text(body)
    assume(len(text) <= LONGEST)
    with np.errstate(all="ignore"):
        assume(moderate(body, positive_point()) is not None)
    wrt = draw(st.sampled_from(free))
    return Problem("random", "random", {s.name: s for s in free}, Sym("q", SCALAR), body, text, (wrt,))


def solve(problem: Problem) -> None:
    """Derive, judge and confirm; a function that is not smooth or real enough to be judged is given up."""
    found = derive(problem)
    try:
        judge(problem, whole(found))
    except CheckFailed as failed:
        assume("could not be judged" not in failed.message)
        raise
    assert confirmed(found).report


LENIENT = settings(suppress_health_check=list(HealthCheck))


@given(problems())
@settings(LENIENT, max_examples=FAST, derandomize=True)
def test_some_random_functions_are_derived(problem):
    solve(problem)


@pytest.mark.slow
@given(problems())
@settings(LENIENT, max_examples=SLOW)
def test_random_functions_are_derived(problem):
    solve(problem)
