"""Scalar functions of a matrix by flattening: answers are right, every line holds, others are declined."""

from __future__ import annotations

import pytest

from generator.api import pose
from generator.errors import NotDerivable
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.methods import derive
from generator.replay import replay
from tests.methods.numbers import false_lines, usable
from tests.methods.telling import told

CASES = [
    ("norm(A.T @ x)**2", "A"),
    ("norm(B.T @ sigmoid(A.T @ x) - c)**2", "A"),
    ("tr(A @ X)", "X"),
    ("tr(X.T @ A @ X)", "X"),
    ("x.T @ A @ y", "A"),
    ("exp(x.T @ A @ y)", "A"),
    ("sum(tanh(W @ x))", "W"),
    ("logsumexp(W @ x)", "W"),
]


@pytest.mark.parametrize(("text", "wrt"), CASES, ids=[c[0] for c in CASES])
@pytest.mark.parametrize("layout", ["gradient-column", "denominator", "numerator"])
def test_the_answer_and_every_line(text, wrt, layout):
    problem, _ = pose(text, wrt, {}, {}, None, layout)
    derivation = derive(problem, "vec")
    judge(problem, derivation.answer)
    assert not false_lines(derivation, usable(problem, 1)[0])
    assert not replay(derivation)


def test_jacobian_times_gradient_then_back_to_a_matrix():
    problem, _ = pose("norm(A.T @ x)**2", "A", {}, {}, None, "denominator")
    text = told(derive(problem, "vec"))
    places = [text.index(part) for part in ("(xᵀ ⊗ I) 𝒦", "vec(G) = ", "(x ⊗ I)r", "vec(2xrᵀ)", "G = 2xrᵀ")]
    assert places == sorted(places)


@pytest.mark.parametrize(("text", "wrt"), [("norm(A @ x)**2", "x"), ("norm(X @ X)**2", "X")])
def test_what_is_no_chain_of_columns_is_declined(text, wrt):
    problem, _ = pose(text, wrt, {}, {}, None, "gradient-column")
    with pytest.raises(NotDerivable):
        derive(problem, "vec")


FILLED = [
    ("b.T @ vec(X)", ["b=n*m"], "kron(row(vec(eye(m))), eye(n)) @ kron(eye(m), col(b))"),
    ("vec(X).T @ b", ["b=n*m"], "kron(row(vec(eye(m))), eye(n)) @ kron(eye(m), col(b))"),
    ("norm(vec(X) - b)**2", ["b=n*m"], "2 * (X - kron(row(vec(eye(m))), eye(n)) @ kron(eye(m), col(b)))"),
    ("logsumexp(vec(X))", [], "kron(row(vec(eye(m))), eye(n)) @ kron(eye(m), col(softmax(vec(X))))"),
    ("b.T @ sigmoid(vec(X)) + tr(X.T @ X)", ["b=n*m"], None),
    ("vec(X).T @ A @ vec(X)", [], None),
    ("norm(vec(X))**2", [], "2 * X"),
]


@pytest.mark.parametrize(("text", "shapes", "answer"), FILLED, ids=[c[0] for c in FILLED])
@pytest.mark.parametrize("layout", ["gradient-column", "denominator", "numerator"])
def test_columns_that_are_no_vec_fill_a_matrix(text, shapes, answer, layout):
    problem, _ = pose(text, "X", ["X=n,m", *shapes], {}, None, layout)
    derivation = derive(problem)
    judge(problem, derivation.answer)
    assert not false_lines(derivation, usable(problem, 1)[0])
    assert not replay(derivation)
    assert answer is None or to_text(derivation.answer) == answer
    read_back = parse(to_text(derivation.answer), Scope(problem.symbols, calculus=True))
    judge(problem, read_back)
