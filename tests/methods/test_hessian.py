"""Hessians: the order-2 cases of the corpus, definiteness, critical points, and what is refused."""

import re
from dataclasses import replace

import pytest

from generator.api import derive, pose
from generator.errors import CheckFailed, InputError, NotDerivable
from generator.expr.calculus import Grad, Mat
from generator.expr.make import matrix, num, scalar, vector
from generator.expr.scalar import shortened, sign, solve
from generator.expr.text_reader import Scope, parse
from generator.judge import judge
from generator.methods import derive as tell
from generator.methods.definite import kind_of
from generator.spec import load_collection
from tests.methods import corpus
from tests.problems import problem

SECOND = {key: case for key, case in corpus.cases().items() if case.get("order", 1) == 2}


def texts(derivation):
    return [i.text for step in derivation.all_steps() for i in step.items if hasattr(i, "text")]


def square(*rows):
    def cell(v):
        return parse(str(v), Scope({"a": scalar("a"), "b": scalar("b", ["positive"])}))

    return Mat(tuple(cell(v) for row in rows for v in row), len(rows))


@pytest.mark.parametrize("key", SECOND)
def test_the_corpus(key):
    posed = replace(corpus.problem(SECOND[key]), order=2)
    assert judge(posed, tell(posed).answer) < 1e-6


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("tr(X.T @ A @ X)", "kron(eye(m), A + A.T)"),
        ("logdet(X)", "-kron(inv(X), inv(X).T) @ commutation(n, n)"),
    ],
)
def test_the_hessian_by_a_matrix_has_a_row_and_a_column_for_each_entry(function, expected):
    assert (
        derive(function, "X", {"X": "n,n" if function == "logdet(X)" else "n,m"}, order=2).answer_text
        == expected
    )


def test_the_curvature_by_a_matrix():
    told = texts(derive("norm(A @ X @ B - C)**2", "X", order=2).derivation)
    assert any("the function is convex" in text for text in told)


@pytest.mark.parametrize(
    ("function", "wrt", "layout"),
    [
        ("norm(A @ x - b)**2", "x", "gradient-column"),
        ("log(1 + x.T @ x)", "x", "numerator"),
        ("logdet(A + t*B)", "t", "denominator"),
        ("f(x, y) = x**3 - 3*x + y**2", "x,y", "numerator"),
        ("x.T @ x", "x", "gradient-column"),
        ("a.T @ x", "x", "numerator"),
        ("logdet(X)", "X", "numerator"),
        ("tr(A @ X)", "X", "gradient-column"),
    ],
)
def test_every_line_is_confirmed(function, wrt, layout):
    solution = derive(function, wrt, shapes=("t=",) if wrt == "t" else (), order=2, layout=layout)
    assert r"\nabla" in solution.to_markdown() or "partial" in solution.to_latex()


def test_the_matrix_form_of_least_squares():
    solution = derive("norm(A @ x - b)**2", "x", order=2)
    assert solution.answer_text == "2 * A.T @ A"
    assert any("the function is convex" in t for t in texts(solution.derivation))


def test_a_concave_function_is_said_to_be_so():
    solution = derive("c - x.T @ x", "x", shapes={"c": ""}, order=2)
    assert any("the function is concave" in t for t in texts(solution.derivation))


def test_an_indefinite_matrix_is_not_called_definite():
    solution = derive("x.T @ A @ x", "x", order=2)
    assert not any("convex" in t or "concave" in t for t in texts(solution.derivation))


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (((2, 1), (1, 3)), "positive definite"),
        (((-2, 1), (1, -3)), "negative definite"),
        (((1, 2), (2, 1)), "indefinite"),
        (((0, 1), (1, 0)), "indefinite"),
        (((1, 0), (0, 0)), "positive semidefinite"),
        (((0, 0), (0, -1)), "negative semidefinite"),
        (((2, -1, 0), (-1, 2, 0), (0, 0, 2)), "positive definite"),
        (((-2, 1, 0), (1, -2, 0), (0, 0, -2)), "negative definite"),
        (((1, 0, 0), (0, -1, 0), (0, 0, -1)), "indefinite"),
        (((0, 0, 0), (0, 1, 0), (0, 0, -1)), "indefinite"),
        (((1, 0, 0), (0, 0, 0), (0, 0, 2)), "positive semidefinite"),
        (((0, 0, 0), (0, -1, 2), (0, 2, -4)), "negative semidefinite"),
        (((0, 0, 0), (0, 1, 2), (0, 2, 1)), "indefinite"),
        ((("b", 0), (0, "b")), "positive definite"),
        ((("a", 0), (0, "b")), "unknown"),
        ((("a", 1), (1, 0)), "indefinite"),
    ],
)  # fmt: skip
def test_kinds_of_matrices(rows, kind):
    assert kind_of(square(*rows))[0] == kind


@pytest.mark.parametrize(
    ("function", "wrt", "verdicts"),
    [
        ("x**3 - 3*x + y**2", "x,y", ["a saddle point", "a local minimum"]),
        ("x**4 - 2*x**2", "x", ["local minimum", "local maximum", "local minimum"]),
        ("x**2 + y**2 + z**2 - x*y + z", "x,y,z", ["a global minimum"]),
        ("x_1*x_2 - x_1**2 - x_2**2", "x", ["a global maximum"]),
        ("x**3 - 3*x*y**2", "x,y", ["decides nothing"]),
        ("x**3", "x", ["decides nothing"]),
        ("x*exp(-x**2 - y**2)", "x,y", ["a local minimum", "a local maximum"]),
    ],
)
def test_critical_points_are_classified(function, wrt, verdicts):
    shapes = {"x": "2"} if "_1" in function else ()
    solution = derive(function, wrt, shapes, order=2, set_to_zero=True)
    marks = ("a saddle point", "global m", "local m", "decides nothing")
    said = [t for t in texts(solution.derivation) if any(m in t for m in marks)]
    assert len(said) == len(verdicts)
    assert all(v in t for v, t in zip(verdicts, said, strict=True))


def test_no_critical_point():
    solution = derive("x + y**2", "x,y", order=2, set_to_zero=True)
    assert any("there is no critical point" in t for t in texts(solution.derivation))


def test_a_signed_constant_leaves_the_kind_open():
    told = texts(derive("(a - x)**2 + b*(y - x**2)**2", "x,y", order=2, set_to_zero=True).derivation)
    assert any("depends on the signs of the constants" in t for t in told)
    positive = derive(
        "(a - x)**2 + b*(y - x**2)**2", "x,y", assume={"b": "positive"}, order=2, set_to_zero=True
    )
    assert any("a local minimum" in t for t in texts(positive.derivation))


def test_the_hessian_at_a_point():
    x = vector("x", 2)
    posed = problem(
        "x_1**3 + x_1*x_2**2", "x", x, function="f", parameters=(x,), at=(num(1), num(-2)), order=2
    )
    answers = tell(posed).answers
    assert answers[1].rhs == square((6, -4), (-4, 2))
    assert isinstance(answers[1].lhs, Grad)
    assert any("The determinant is negative" in t for t in texts(tell(posed)))


def test_the_judge_rejects_wrong_hessians():
    posed, _ = pose("norm(A @ x - b)**2", "x", (), {}, None, "gradient-column")
    posed = replace(posed, order=2)
    for wrong in ("A.T @ A", "2 * A.T @ A + eye(n)", "-2 * A.T @ A"):
        with pytest.raises(CheckFailed):
            judge(posed, parse(wrong, Scope({"A": posed.symbols["A"]})))


@pytest.mark.parametrize(
    ("function", "wrt", "message"),
    [
        ("A @ x", "x", "scalar function"),
        ("sin(x) + y**2", "x,y", "system of polynomials"),
        ("x**7 - x", "x", "up to degree"),
        ("x**2 * y**2", "x,y", "not isolated"),
    ],
)
def test_refusals(function, wrt, message):
    with pytest.raises(NotDerivable, match=message):
        derive(function, wrt, order=2, set_to_zero=len(wrt) > 1 or "**7" in function)


def test_orders_beyond_two_are_refused():
    with pytest.raises(InputError, match="order 3"):
        derive("x**3", "x", order=3)
    posed, _ = pose("x**3", "x", (), {}, None, "gradient-column")
    with pytest.raises(NotDerivable, match="second derivatives"):
        tell(posed, "hessian")


@pytest.mark.parametrize(
    ("given", "wrt", "told"),
    [
        ('y = "A @ x"', "x", "`y` is a vector of size m; expected a scalar"),
    ],
)
def test_specs_are_checked(tmp_path, given, wrt, told):
    (tmp_path / "collection.toml").write_text('title = "T"\n[[part]]\ntitle = "P"\nproblems = ["h"]\n')
    find = f'[find]\nwrt = "{wrt}"\norder = 2\n'
    symbols = '[symbols]\nA = "m n"\nx = "n"\n'
    (tmp_path / "h.toml").write_text(f'title = "H"\n{symbols}[given]\n{given}\n{find}')
    with pytest.raises(InputError, match=re.escape(told)):
        load_collection(tmp_path)
    right = 'L = "norm(A @ x)**2"\n[find]\nwrt = "x"\norder = 2\n'
    (tmp_path / "h.toml").write_text(f'title = "H"\n{symbols}[given]\n{right}')
    assert load_collection(tmp_path).parts[0].problems[0].order == 2


def test_exact_algebra():
    x, b = scalar("x"), scalar("b", ["positive"])
    table = Scope({"x": x, "b": b})
    assert solve([parse("x**2 - b", table)], [x]) == [
        (parse("-sqrt(b)", table),),
        (parse("sqrt(b)", table),),
    ]
    assert solve([parse("x**2 + 1", table)], [x]) == []
    assert solve([parse("(x - 1) / (x - 1)", table)], [x]) == []
    assert [sign(parse(t, table)) for t in ("b", "-b", "x", "x - x", "x**2 + 1")] == [1, -1, None, 0, 1]
    assert shortened(parse("x**2 + 2*x*b + b**2", table)) == parse("(x + b)**2", table)
    with pytest.raises(NotDerivable, match="does not know"):
        sign(parse("norm(v)", Scope({"v": matrix("v", "n", "n")})))


def test_the_equations_of_a_single_critical_point_are_conditions():
    solution = derive("x_1**2 + x_1*x_2 + x_2**2 - 3*x_2", "x", {"x": 2}, order=2, set_to_zero=True)
    conditions = [line for line in solution.derivation.lines() if line.mode == "condition"]
    assert len(conditions) == 3
    assert conditions[-1].rhs == Mat((num(-1), num(2)), 1)
    assert solution.report.counts["condition"] == 3
    (say,) = solution.derivation.conditions
    assert say.text == "The point {0} is a global minimum, with {1}."


def test_every_critical_point_is_named_after_the_answer():
    told = derive("x**3 - 3*x", "x", order=2, set_to_zero=True).derivation.conditions
    assert [say.text for say in told] == [
        "The point {0} is a local maximum.",
        "The point {0} is a local minimum.",
    ]
