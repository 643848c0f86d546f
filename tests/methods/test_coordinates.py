"""Functions with arrays of numbers: written in coordinates, then solved and confirmed."""

import pytest

from generator.errors import InputError, NotDerivable
from generator.expr.make import matrix, num, vector
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.judge import judge
from generator.methods import derive, whole
from generator.methods.coordinates import written
from generator.render import render_derivation
from generator.replay import replay
from generator.solved import scopes
from generator.verify import verify_text
from tests.problems import problem

X = vector("x", 2)
CASES = {
    "x.T @ [[2, 1], [1, 3]] @ x - [4, -1] @ x": "2 * x_1**2 + 2 * x_1 * x_2 - 4 * x_1 + 3 * x_2**2 + x_2",
    "norm([[1, 0], [2, -1]] @ x - [1, 2])**2": "5 * x_1**2 - 4 * x_1 * x_2 - 10 * x_1 + x_2**2 + 4 * x_2 + 5",
    "sum([[1, 2], [3, 4]] @ x)": "4 * x_1 + 6 * x_2",
    "tr([[1, 2], [3, 4]].T * [[1, 0], [0, 5]]) * x_1": "21 * x_1",
    "exp([1, 2] @ x)": "exp(x_1 + 2 * x_2)",
    "([1, 2] * x) @ x / 2": "x_1**2 / 2 + x_2**2",
}


def read(text, *symbols):
    return parse(text, Scope({s.name: s for s in (X, *symbols)}))


@pytest.mark.parametrize("text", CASES)
def test_written(text):
    assert to_text(written(read(text))) == CASES[text]


@pytest.mark.parametrize("text", CASES)
def test_solved_and_confirmed(text):
    asked = problem(text, "x", X, function="f", parameters=(X,), at=(num(1), num(-2)))
    derivation = derive(asked)
    assert derivation.method == "partials"
    assert derivation.problem == asked  # the statement keeps its matrices
    assert len(derivation.answers) == 2
    judge(asked, whole(derivation))
    assert replay(derivation) == [] or "exp" in text  # exact values of exponentials are not matched
    latex = render_derivation(derivation, "latex")
    assert verify_text(latex, "latex", scopes({asked.id: derivation}), "test").ok
    assert "Write the function in coordinates" in latex


def test_a_critical_point():
    asked = problem("x.T @ [[2, 1], [1, 3]] @ x - [6, 8] @ x", "x", X, function="f", parameters=(X,), order=2,
                    set_to_zero=True)  # fmt: skip
    derivation = derive(asked)
    latex = render_derivation(derivation, "latex")
    assert verify_text(latex, "latex", scopes({asked.id: derivation}), "test").ok
    assert "minimum" in latex


def test_what_has_no_coordinates():
    with pytest.raises(NotDerivable):
        written(read("norm(x, 3)"))
    with pytest.raises(NotDerivable):
        written(read("sum(A)", matrix("A", "n", "n")))


@pytest.mark.parametrize("text", ["[[1, 2], [3]] @ x", "[] @ x", "[x, x] @ x", "[1, 2, 3] @ x"])
def test_wrong_literals(text):
    with pytest.raises(InputError):
        read(text)
