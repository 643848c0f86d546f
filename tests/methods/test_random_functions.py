"""Random functions of the whole language: each is derived, and every line of the solution is confirmed.

WORKINGS_EXAMPLES=10000 pytest -m slow tests/methods/test_random_functions.py
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.expr.calculus import Group
from generator.expr.match import find, symbols
from generator.expr.nodes import Call, Sym
from generator.expr.shapes import SCALAR
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.methods import derive, whole
from generator.problem import Problem
from generator.solution import confirmed
from tests.methods.domain import differentiable, tame
from tests.rules.points import positive_point
from tests.strategies import SYMBOLS, expressions

FAST = 12
SLOW = int(os.environ.get("WORKINGS_EXAMPLES", "400"))
LONGEST = 200  # signs of a function that somebody would write down
FOUND = [  # by random functions, and made small: each was refused, unreadable or wrong once
    ("tr(A * c)", "A"),
    ("cos(sum(ones(n, n) + S))", "S"),
    ("norm(kron(A / A, X))", "X"),
    ("norm(kron(diag(u), tr(A) * (-B) / B))", "A"),
    ("norm(kron(S / S / (c * c), B))", "B"),
    ("y.T @ inv(S) @ x * norm(kron(diag(u), B * ones(n, m)))", "x"),
    ("norm((B * 5 @ B.T * c).T)", "B"),
    ("norm(x.T / x.T)", "x"),
    ("norm(ones(n, m) * c) * c", "c"),
    ("norm(eye(m) + ones(m, m) * c)", "c"),
    ("norm(0 * x) * t", "x"),
    ("((-u.T @ X.T @ y) / sin(c + t))**c", "y"),
    ("sum(sqrt((u.T @ u)**11 / (x / x).T))", "u"),
    ("det(X @ (B.T @ X) @ B.T / (S + eye(n)))", "X"),
    ("norm(kron(diag(u) / (B.T @ X / (B.T @ X)), B))", "B"),
    ("norm(vec(B.T @ X * norm(vec(X))))", "B"),
    ("(-sqrt(c))**(-c + c)", "c"),
    ("x.T @ (S / S) @ (x / x)", "S"),
    ("logdet(((B.T @ X)**c)**c)", "B"),
    ("tr(matpow(S, -2) / S)", "S"),
    ("log(t * c)**det(B.T @ X)", "c"),
    ("c * u.T @ inv(inv(B.T @ X)) @ u", "u"),
    ("((y.T @ X @ u)**(y.T @ B @ u * c))**(-relu(c) - norm(diagonal(A)) + logsumexp(x))", "y"),
    ("logdet(sign(B.T @ X) + matpow(B.T @ X, -2) * (B.T @ X))", "B"),
    ("-(norm(y.T, 3) / logdet(S))**(0.5 * t)", "t"),
    ("norm(diag(u) * (matpow(B.T @ X, 2) - B.T @ X) * (B.T @ X @ (B.T @ X)))", "B"),
]


def posed(text: str, wrt: str) -> Problem:
    """The problem that somebody poses who writes this function."""
    body = parse(text, Scope(SYMBOLS))
    free = {s.name: s for s in sorted(symbols(body), key=lambda s: s.name)}
    return Problem("random", "random", free, Sym("q", SCALAR), body, text, (SYMBOLS[wrt],))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A scalar function that has a derivative somewhere, and a variable of it."""
    body = draw(expressions(SCALAR, draw(st.integers(2, 5))))
    free = sorted(s.name for s in symbols(body))
    assume(free and not find(body, Group) and all(c.order == 0 for c in find(body, Call)))
    text = to_text(body)
    assume(len(text) <= LONGEST)
    assume(tame(body, positive_point()))
    problem = posed(text, draw(st.sampled_from(free)))
    assume(differentiable(problem))
    return problem


def solve(problem: Problem) -> None:
    """Derive, judge and confirm: none of them may refuse."""
    found = derive(problem)
    judge(problem, whole(found))
    assert confirmed(found).report


@pytest.mark.parametrize(("text", "wrt"), FOUND, ids=[text for text, _ in FOUND])
def test_functions_that_failed(text, wrt):
    problem = posed(text, wrt)
    assert differentiable(problem)
    solve(problem)


LENIENT = settings(suppress_health_check=list(HealthCheck), deadline=None)


@given(problems())
@settings(LENIENT, max_examples=FAST, derandomize=True)
def test_some_random_functions_are_derived(problem):
    solve(problem)


@pytest.mark.slow
@given(problems())
@settings(LENIENT, max_examples=SLOW)
def test_random_functions_are_derived(problem):
    solve(problem)
