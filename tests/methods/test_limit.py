"""Derivatives from their definition: every line is confirmed, what is no polynomial is declined."""

from __future__ import annotations

import pytest

from generator.api import derive, pose
from generator.errors import NotDerivable
from generator.expr.layout import LAYOUTS
from generator.expr.unicode_writer import to_unicode
from generator.methods import derive as solved
from generator.replay import replay
from generator.verify import scope_of, verify_text

FUNCTIONS = [
    ("f(x) = stack(x_1**2, x_1*x_2, 3*x_2)", "x", "2", ("[2x₁, 0; x₂, x₁; 0, 3]", "[2x₁, x₂, 0; 0, x₁, 3]")),
    ("y = stack(t, t**3)", "t", "", ("[1; 3t²]",) * 2),
    ("f(t) = t**3 - 2*t", "t", "", ("3t² − 2",) * 2),
    ("f(x) = x_1**2 * x_2 + c", "x", "2", ("[2x₁x₂; x₁²]",) * 2),
    ("f(s, t) = s**2 + s*t", "s,t", "", ("[2s + t; s]",) * 2),
]


@pytest.mark.parametrize(("function", "wrt", "size", "answers"), FUNCTIONS)
def test_columns_are_limits(function, wrt, size, answers):
    shapes = dict.fromkeys(wrt.split(","), size)
    for layout in LAYOUTS:
        found = derive(function, wrt, shapes, method="limit", layout=layout)
        assert found.report.ok
        assert replay(found.derivation) == []
        if layout != "numerator":
            assert to_unicode(found.answer) == answers[layout == "denominator"]


def test_the_limit_of_an_abstract_function_is_what_its_derivative_means():
    found = derive("f(t) = c(t)", "t", functions={"c": "1 -> n"}, method="limit")
    assert [to_unicode(x.rhs) for x in found.derivation.lines()][:2] == [
        "lim_{h→0} (c(t + h) − c(t))/h",
        "c′(t)",
    ]


@pytest.mark.parametrize(
    ("function", "wrt", "shapes", "told"),
    [
        ("sin(t)", "t", (), "polynomials"),
        ("x @ x", "x", (), "inputs"),
        ("a.T @ (X @ a)", "X", (), "inputs"),
        ("x @ x", "x", {"x": "3"}, "written out"),
        ("t * b", "t", {"b": "n", "t": ""}, "written out"),
        ("h(t**2)", "t", (), "function of one number"),
    ],
)
def test_what_is_not_worked_out_is_declined(function, wrt, shapes, told):
    functions = {"h": "1 -> 1"} if "h(" in function else {}
    problem, _ = pose(function, wrt, shapes, {}, "limit", "numerator", functions)
    with pytest.raises(NotDerivable, match=told):
        solved(problem)


@pytest.mark.parametrize(
    ("formula", "ok"),
    [
        (r"\frac{\partial f}{\partial t} = \lim_{h \to 0} \frac{f(t + h) - f(t)}{h}", True),
        (r"\frac{\partial f}{\partial t} = \lim_{h \to 0} (3 t^2 + 3 t h + h^2)", True),
        (r"\frac{\partial f}{\partial t} = \lim_{h \to 0} \frac{f(t + h) - f(t)}{2 h}", False),
        (r"\frac{\partial f}{\partial t} = \lim_{h \to 0} \frac{f(t + h) + f(t)}{h}", False),
        (r"\frac{\partial f}{\partial t} = \lim_{h \to 0} (3 t^2 + 3 t h + h^2) h", False),
    ],
)
def test_a_printed_limit_is_judged(formula, ok):
    problem, _ = pose("f(t) = t**3", "t", (), {}, None, "numerator")
    text = f"% scope: p\n\\[ {formula} \\]\n% end scope\n"
    assert verify_text(text, "latex", {"p": scope_of(problem)}, "test").ok is ok
