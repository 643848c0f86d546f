"""Sums of which one term survives, functions with a kink, and Kronecker deltas on request."""

from __future__ import annotations

import pytest

from generator.api import derive
from generator.derivation import Derivation, Line
from generator.errors import NotDerivable
from generator.expr.calculus import Cases, Delta, Dots
from generator.expr.match import find
from generator.expr.unicode_writer import to_unicode
from generator.replay import replay

SURVIVES = "Differentiate, and see what survives"


def told(text: str, method: str = "index", **more: object) -> Derivation:
    return derive(text, "x", {"x": "n"}, method=method, **more).derivation  # type: ignore[arg-type]


def titles(found: Derivation) -> list[str]:
    return [step.title for step in found.steps]


def holding(found: Derivation, kind: type) -> list[Line]:
    return [line for line in found.lines() if find(line.rhs, kind)]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a @ x", "a"),
        ("3 * (a @ x) + s", "3a"),
        ("norm(x)**2 / 2", "x"),
        ("-norm(x)**2", "−2x"),
        ("norm1(x)", "sign(x)"),
        ("sum(exp(x)) / s", "(1/s) exp(x)"),
    ],
)
def test_one_term_survives(text: str, answer: str) -> None:
    found = told(text)
    assert SURVIVES in titles(found)
    assert holding(found, Dots)
    assert not holding(found, Delta)
    assert to_unicode(found.answer) == answer
    assert replay(found) == []


@pytest.mark.parametrize("text", ["norm1(A @ x)", "norm(x, 3)", "sum(x)**2", "x.T @ B @ x"])
def test_other_sums_need_deltas(text: str) -> None:
    found = told(text)
    assert SURVIVES not in titles(found)
    assert holding(found, Delta)
    assert replay(found) == []


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("norm1(x)", "{1 if x_i > 0; −1 if x_i < 0}"),
        ("sum(relu(x))", "{1 if x_i > 0; 0 if x_i < 0}"),
        ("y = abs(x)", "{1 if x_i > 0; −1 if x_i < 0}"),
    ],
)
def test_a_kink_is_told_by_cases(text: str, cases: str) -> None:
    found = told(text)
    assert [to_unicode(line.rhs) for line in holding(found, Cases)] == [cases]
    assert any("not differentiable" in i.text for s in found.steps for i in s.items if hasattr(i, "text"))


@pytest.mark.parametrize("text", ["norm(x)**2", "y = exp(x)", "norm1(A @ x)"])
def test_no_cases_without_a_kink_at_an_entry(text: str) -> None:
    assert not [line for line in holding(told(text), Cases) if line.rule == "sides of a kink"]


@pytest.mark.parametrize("layout", ["gradient-column", "numerator", "denominator"])
@pytest.mark.parametrize("text", ["a @ x", "y = A @ x", "norm(x)**2", "y = exp(x)"])
def test_deltas_on_request(text: str, layout: str) -> None:
    found, plain = (told(text, method, layout=layout) for method in ("deltas", "index"))
    assert found.method == "deltas"
    assert found.answer == plain.answer
    rule = next(step for step in found.steps if step.title == "One entry by another")
    assert len(rule.items) == 2
    assert holding(found, Delta)
    assert not holding(plain, Delta)
    assert replay(found) == []


@pytest.mark.parametrize("text", ["norm1(A @ x)", "F = outer(x, x)"])
def test_deltas_are_not_offered_where_they_are_used_anyway(text: str) -> None:
    with pytest.raises(NotDerivable, match=r"anyway|more than two"):
        told(text, "deltas")
