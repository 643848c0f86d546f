"""The Python interface: what is derived, in which words, and as which data."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

import generator
from generator.api import Solution, derive, pose
from generator.errors import InputError, WorkingsError
from generator.expr.layout import LAYOUTS
from generator.expr.text_reader import Scope, parse


@pytest.fixture(scope="module")
def quadratic() -> Solution:
    return derive("tr(X.T @ A @ X)", "X", {"X": "n,m", "A": ("n", "n")})


def test_import_is_light() -> None:
    code = "import sys, generator; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"numpy", "click", "pydantic", "jinja2", "rich", "generator.api"} & set(loaded.split()) == set()


def test_the_package_offers_derive() -> None:
    assert generator.derive is derive
    with pytest.raises(AttributeError):
        _ = generator.nothing  # type: ignore[attr-defined]


def test_answer_text_reads_back(quadratic: Solution) -> None:
    symbols = quadratic.derivation.problem.symbols
    assert parse(quadratic.answer_text, Scope(symbols)).shape == quadratic.answer.shape
    assert str(quadratic) == quadratic.answer_text


def test_what_jupyter_shows(quadratic: Solution) -> None:
    assert quadratic._repr_markdown_() == quadratic.to_markdown()
    assert quadratic._repr_latex_().strip("$") in quadratic.to_latex().replace("\n", " ")


def test_report_holds_every_formula(quadratic: Solution) -> None:
    assert quadratic.report.ok
    assert quadratic.report.formulas > 10
    assert not quadratic.inferred


def every_line(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = [
        line for step in steps for item in step["items"] if item["kind"] == "lines" for line in item["lines"]
    ]
    return lines + [line for step in steps for line in every_line(step["steps"])]


def test_json(quadratic: Solution) -> None:
    data = json.loads(quadratic.to_json())
    assert set(data) == {
        *("problem", "method", "size", "idea", "steps", "answer", "more_answers"),
        *("conditions", "checks", "slip", "also", "report"),
    }
    assert data["problem"]["symbols"]["X"] == {"shape": ["n", "m"], "assume": []}
    assert data["answer"]["shape"] == ["n", "m"]
    assert data["answer"]["layout"] in LAYOUTS
    assert data["report"]["ok"] is True
    lines = every_line(data["steps"])
    assert lines
    for line in lines:
        assert set(line) == {"lhs", "rhs", "mode", "rule", "guard"}
        assert line["rhs"]["latex"]
        assert line["rhs"]["unicode"]


def test_several_variables() -> None:
    solution = derive("3*u**2 + 2*u*v", "u,v")
    assert solution.answer.shape == (parse("stack(1, 2)", Scope({}))).shape
    assert derive("3*u**2 + 2*u*v", ["u", "v"]).answer == solution.answer


def test_assumptions_change_the_answer() -> None:
    plain = derive("x.T @ A @ x", "x", ["x=n", "A=n,n"])
    symmetric = derive("x.T @ A @ x", "x", ["x=n", "A=n,n"], assume={"A": "symmetric"})
    assert plain.answer != symmetric.answer
    assert "symmetric" in symmetric.derivation.problem.symbols["A"].assume


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_and_method_reach_the_problem(layout: str) -> None:
    problem, inferred = pose("a.T @ x", "x", ["x=n"], {}, "index", layout)
    assert (problem.layout, problem.methods) == (LAYOUTS[layout], ("index",))
    assert inferred == {"a"}


def test_the_value_gets_a_letter_of_its_own() -> None:
    problem, _ = pose("L * norm(f)**2", "f", ["L="], {}, None, "numerator")
    assert problem.function.name == "g"


def test_a_function_may_be_named() -> None:
    solution = derive("f(x) = x.T @ A @ x", "x")
    assert solution.derivation.problem.function.name == "f"
    assert [s.name for s in solution.derivation.problem.parameters] == ["x"]
    assert derive("Q = tr(X)", "X").derivation.problem.function.name == "Q"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tr(X)", "X", (), None, None, "diagonal"), "layout"),
        (("tr(X)", "X", (), {"Y": "symmetric"}), "no symbol `Y`"),
        (("tr(X)", "X", (), {"X": "round"}), "round"),
        (("tr(X)", "Z"), "does not depend on `Z`"),
        (("5", "s"), "does not depend on `s`"),
        (("X = tr(X)", "X"), "names the function and a symbol"),
        (("tr = x.T @ x", "x"), "cannot name a symbol"),
        (("f(x) = ", "x"), "empty"),
        (("x.T @ x + u", "u,x"), "`x` is not a number"),
        (("", "x"), "empty"),
        (("tr(X)", ""), "cannot name a symbol"),
        (("tr(X)", "X", {"X": "n,m,k"}), "3 sides"),
    ],
)
def test_mistakes(arguments: tuple[Any, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        derive(*arguments)


@pytest.mark.parametrize(
    ("answer", "function", "wrt", "options"),
    [
        ("2 * A.T @ (A @ x - b)", "norm(A @ x - b)**2", "x", {}),
        ("2 * A.T @ (A @ x - b)", "norm(A @ x - b)**2", "x", {"layout": "numerator"}),
        (r"(A + A^\top) X", r"\operatorname{tr}(X^\top A X)", "X", {}),
        ("A", "A @ x", "x", {}),
        ("A.T", "A @ x", "x", {"layout": "denominator"}),
        ("A + A.T", "x.T @ A @ x", "x", {"order": 2}),
        ("2 * A @ x", "x.T @ A @ x", "x", {"assume": {"A": "symmetric"}}),
    ],
)
def test_an_answer_of_ones_own_is_checked(answer, function, wrt, options) -> None:  # type: ignore[no-untyped-def]
    assert generator.check(answer, function, wrt, **options) < 1e-6


@pytest.mark.parametrize(
    ("answer", "told"),
    [("2 * A @ x", "wrong: it gives"), ("A @ A", "differ in size"), ("B @ x", "do not fit|unknown|B")],
)
def test_a_wrong_answer_of_ones_own_is_refuted(answer: str, told: str) -> None:
    with pytest.raises(WorkingsError, match=told):
        generator.check(answer, "x.T @ A @ x", "x")


@pytest.mark.parametrize("word", ["orthogonal", "diagonal", "positive definite"])
def test_an_assumption_makes_an_inferred_matrix_square(word):
    solution = derive("norm(A @ x - b)**2", "x", assume={"A": word})
    assert solution.derivation.problem.symbols["A"].shape[0] == solution.derivation.problem.wrt[0].shape[0]
    with pytest.raises(InputError, match="not a square matrix"):
        derive("norm(A @ x - b)**2", "x", ["A=m,n"], assume={"A": word})
