"""Modules of code: they run, their derivatives are right, they are clean, and they say what they compute."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from generator.code import DIALECTS, module
from generator.derivation import Derivation
from generator.errors import CheckFailed, InputError, NotDerivable
from generator.expr.layout import LAYOUTS
from generator.expr.shapes import size
from generator.judge import derivative
from generator.methods import derive
from tests.code.libraries import available
from tests.methods.corpus import cases, problem

CLOSE = 1e-6
# The corpus has functions that no method derives yet; those are not counted here.
LEAST = 100


@cache
def derivations(case: str, layout: str = "gradient-column") -> tuple[Derivation, ...]:
    """The derivations of a case up to its order; none where it is refused."""
    asked = replace(problem(cases()[case], LAYOUTS[layout]), order=cases()[case].get("order", 1))
    try:
        return (derive(asked),) if asked.order == 1 else (derive(asked.first), derive(asked))
    except NotDerivable:
        return ()


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "solution"}
    exec(compile(text, "solution.py", "exec"), names)
    return names


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_function_of_the_corpus_runs_and_is_right(dialect):
    wrong, right = {}, 0
    with available(dialect), np.errstate(all="ignore"):
        for case in cases():
            if found := derivations(case):
                error = run(module(found, dialect))["check"](seed=7)
                right += 1
                if not error < CLOSE:
                    wrong[case] = error
    assert wrong == {}
    assert right >= LEAST


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "case", ["norm-squared", "jacobian-two-layer", "tensor-gram", "matrix-factorisation-u"]
)
def test_derivatives_have_the_layout_that_was_asked_for(case, layout):
    (found,) = derivations(case, layout)
    names = run(module((found,)))
    sizes = {"n": 4, "m": 3, "k": 2, "p": 5}
    rng = np.random.default_rng(5)
    shapes = {n: [size(side, sizes) for side in s.shape] for n, s in found.problem.symbols.items()}
    values = {n: rng.normal(size=shape) for n, shape in shapes.items()}
    function = next(f for name, f in names.items() if name.startswith("value_and"))
    computed = function(**{n: v[:, 0] if v.shape[1] == 1 else v for n, v in values.items()})[1]
    wanted = derivative(found.problem, values, sizes)
    assert np.allclose(computed, wanted.squeeze(), atol=1e-6)


def function_body(case: str, dialect: str = "numpy") -> str:
    text = module(derivations(case), dialect)
    return text.partition("def value_")[2].partition("layout:")[2].partition("return")[0]


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        ("student-t-loss", ["u = 1 + v @ v", "value = np.log(u)"]),
        ("trace-inverse", ["np.linalg.solve(X, B)", "np.linalg.solve(X.T,"]),
        ("gp-likelihood-kernel", ["K_inv = np.linalg.inv(K)", "u = K_inv @ y", "slogdet(K)[1]"]),
        ("bilinear-inverse", ["np.linalg.solve(X, b)", "np.outer(np.linalg.solve(X.T, a)"]),
        ("cross-entropy-logits", ["np.logaddexp.reduce(z)", "softmax(z) - y"]),
        ("logistic-signs", ["np.logaddexp(0, ", "sigmoid("]),
        ("hessian-three-scalars", ["t = np.sin(y * z)", "np.array([[2 * y, 2 * x, 0], "]),
        ("matrix-kl-nmf", ["Z = W @ H", "A / Z"]),
        ("laplacian-smoothing", ["np.sum(A, 1)"]),
        ("jacobian-elementwise-sin", ["[:, None] * A"]),
        ("tensor-gram", ["np.kron(", "@ commutation(n, m)"]),
    ],
)
def test_what_is_shared_is_named_and_what_is_inverted_is_solved(case, lines):
    body = function_body(case)
    for line in lines:
        assert line in body, body


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_computed_twice(dialect):
    for case in ("student-t-loss", "trace-inverse-gram-ratio", "portfolio-sharpe", "gp-likelihood-kernel"):
        tree = ast.parse(module(derivations(case), dialect))
        body = next(f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name.startswith("value"))
        calls = [ast.dump(node) for node in ast.walk(body) if isinstance(node, ast.Call)]
        products = [
            ast.dump(node)
            for node in ast.walk(body)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
        ]
        assert len({*calls}) == len(calls), case
        assert len({*products}) == len(products), case


def test_no_inverse_is_multiplied():
    for case in cases():
        if found := derivations(case):
            assert not re.search(r"linalg\.inv\([^()]*\)(\.T)? @|@ np\.linalg\.inv", module(found)), case


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_is_clean(dialect):
    for case in (
        "student-t-loss",
        "hessian-three-scalars",
        "tensor-gram",
        "two-layer-softmax",
        "hessian-rayleigh",
    ):
        text = module(derivations(case), dialect)
        assert max(map(len, text.splitlines())) <= 88, case
        assert all(line == line.rstrip() for line in text.splitlines())
        assert not re.search(r"\n{4}", text)
        imported = set(re.findall(r"^import (?:\S+ as )?(\w+)$", text, re.MULTILINE))
        assert all(re.search(rf"(?<!import ){name}\.", text) for name in imported)


def test_the_docstring_tells_shapes_layout_formula_and_conditions():
    text = module(derivations("gp-likelihood-kernel"))
    for told in ("K: n×n matrix, positive definite", "layout: gradient-column", "gradient: ∇_K L ="):
        assert told in text
    assert "if: " in module(derivations("det"))


def test_names_that_mean_something_in_the_code_are_changed():
    from generator.api import derive as solve

    text = solve("sum(np * value)", "np", {"np": "n", "value": "n"}).to_code()
    assert "def value_and_gradient(np_, value_):" in text


def test_index_answers_become_einsum():
    from generator.api import derive as solve

    solution = solve("X.T @ X", "X", method="index")
    text = solution.to_code()
    assert "np.einsum(" in text
    assert "axes: " in text
    assert run(text)["check"](seed=3) < CLOSE


def test_a_hessian_comes_with_value_and_gradient():
    names = run(module(derivations("hessian-student-t")))
    x = np.array([0.3, -0.8])
    value, gradient, hessian = names["value_gradient_and_hessian"](x)
    assert np.isclose(value, np.log(1 + x @ x))
    assert gradient.shape == (2,)
    assert hessian.shape == (2, 2)


def test_wrong_code_is_not_given_out(monkeypatch):
    (found,) = derivations("norm-squared")
    doubled = replace(found.answers[0], rhs=found.problem.wrt[0])
    with pytest.raises(CheckFailed, match="does not compute the derivative"):
        module((replace(found, answers=(doubled,)),))


def test_an_unknown_dialect_is_refused():
    with pytest.raises(InputError, match="no code for 'nunpy'") as caught:
        module(derivations("norm-squared"), "nunpy")
    assert "numpy" in str(caught.value)
