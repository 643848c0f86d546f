"""A derivative at a point: put in, worked out exactly, and confirmed in print, whatever the method."""

import re

import numpy as np
import pytest

from generator.errors import NotDerivable
from generator.expr.calculus import At, Mat, Partial
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import matrix, num, scalar, vector
from generator.expr.nodes import Sym
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive, whole
from generator.methods.coordinates import determinant, inverse
from generator.render import render_derivation
from generator.solved import scopes
from generator.verify import verify_text
from tests.problems import check, problem

T, X, S = scalar("t"), vector("x", 2), matrix("X", 2, 2)
M = "[[1, 2], [3, 4]]"
CASES = [  # function, variable, method, point, value
    ("3*t**3 / (t**2 + 1)", T, None, "2", "84/25"),
    ("3*t**3 / (t**2 + 1)", T, "differential", "2", "84/25"),
    ("exp(t) + t", T, None, "0", "2"),
    ("norm(x)**2 + x_1", X, "chain", "1 2", "[3; 4]"),
    ("exp(norm(x)**2)", X, "differential", "1 -2", "[2 exp(5); −4 exp(5)]"),
    (f"{M} @ x * (x.T @ x)", X, None, "1 2", "[15, 30; 37, 64]"),
    ("softmax(x)", X, None, "0 0", "[1/4, −1/4; −1/4, 1/4]"),
    ("x.T @ inv([[2, 1], [1, 1]]) @ x", X, None, "1 2", "[−2; 6]"),
    (f"tr({M} @ X @ X)", S, None, "1 2 0 1", "[8, 6; 14, 14]"),
    ("logdet(X)", S, None, "2 1 1 1", "[1, −1; −1, 2]"),
    ("det(X) + tr(X)", S, None, "2 1 1 1", "[2, −1; −1, 3]"),
]


def posed(text: str, variable: Sym, point: str, **more: object):
    at = tuple(map(num, point.split()))
    name = "P" if variable is S else "p"
    scalar_valued = not text.startswith((M, "softmax"))
    return problem(text, variable.name, variable, function="f" if scalar_valued else "y", at=at,
                   parameters=(variable,) if scalar_valued else (), point_name=name, **more)  # fmt: skip


@pytest.mark.parametrize(("text", "variable", "method", "point", "value"), CASES)
def test_the_value_at_a_point(text, variable, method, point, value):
    asked = posed(text, variable, point)
    derivation = derive(asked, method)
    judge(asked, whole(derivation))
    formula, at_point = derivation.answers
    assert to_unicode(at_point.rhs) == value
    truth = evaluate(formula.rhs, Point({variable.name: numbers(variable, point)}))
    np.testing.assert_allclose(evaluate(at_point.rhs, Point({})), truth, rtol=1e-12)
    for form in ("latex", "markdown"):
        told = render_derivation(derivation, form)
        assert verify_text(told, form, scopes({asked.id: derivation}), "test").ok


def numbers(variable: Sym, point: str):
    found = np.array(list(map(float, point.split())))
    return found[0] if variable is T else found.reshape(2, -1)


def test_a_second_derivative_at_a_point_has_its_name():
    derivation = derive(posed("3*t**3", T, "2", order=2))
    (_, at_point) = derivation.answers
    assert at_point.lhs == At(Partial(Partial(derivation.problem.function, T), T), T, num(2))
    assert at_point.rhs == num(36)


def test_letters_that_stay():
    """A matrix without numbers stays in the value."""
    asked = problem("x.T @ A @ x", "x", X, matrix("A", 2, 2), function="f", at=(num(1), num(0)))
    value = derive(asked).answers[1].rhs
    assert isinstance(value, Mat)
    assert to_unicode(value) == "[2A₁₁; A₂₁ + A₁₂]"


def test_a_stationary_point_in_numbers():
    least = problem("norm([[2, 1], [1, 1], [0, 1]] @ x - [1, 2, 3])**2", "x", X, set_to_zero=True)
    assert to_unicode(derive(least).answers[-1].rhs) == "[−1; 3]"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (r"\left. \frac{\partial L}{\partial c} \right|_{c = 2} = \frac{s}{2}", True),
        (r"\left. \frac{\partial L}{\partial c} \right|_{c = 2} = \frac{s}{3}", False),
        (r"\left. c s \right|_{s = 3} = 3 c", True),
        (r"\left. c s \right|_{s = 3} = s c", False),
    ],
)
def test_the_bar_is_read_as_a_value_there(line, right):
    assert check("logarithm", line).ok is right


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (r"\left. c s \right| = 1", "at which point"),
        (r"\left. c s \right|_{2 = s} = 1", "a symbol has a value"),
        (r"\left. c s \right) = 1", "closes nothing|never closed"),
        (r"c \left( s \right. = 1", "needs a bracket"),
    ],
)
def test_a_bar_that_says_nothing(line, message):
    report = check("logarithm", line)
    assert not report.ok
    assert any(re.search(message, str(f)) for f in report.failures)


def test_inverse_and_determinant():
    grid = ((num(0), num(2)), (num(1), num("1/2")))
    assert to_unicode(determinant(grid)) == "−2"
    assert [[to_unicode(v) for v in row] for row in inverse(grid)] == [["−1/4", "1"], ["1/2", "0"]]
    with pytest.raises(NotDerivable, match="singular"):
        inverse(((num(1), num(2)), (num(2), num(4))))
    with pytest.raises(NotDerivable, match="letters"):
        determinant(((T, num(2)), (num(2), num(4))))
