"""Abstract functions: every method, every layout, every line; and lines that are wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.api import derive, pose
from generator.code.module import module
from generator.errors import CheckFailed, InputError, NotDerivable
from generator.expr.layout import LAYOUTS
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive as solved
from generator.problem import Problem
from generator.replay import replay
from generator.verify import Report, scope_of, verify_text

FUNCTIONS = {
    "f": "d -> n", "g": "d -> n", "q": "n ->", "r": "d ->", "s": "d ->", "h": "1 -> 1", "c": "1 -> n",
    "u": "1, 1 ->", "x1": "1 -> 1", "x2": "1 -> 1", "y1": "1, 1 ->", "y2": "1, 1 ->", "l": "1, 1, n ->",
    "m": "d d ->", "k": "d -> d", "w": "d n -> n", "v": "d -> n n",
}  # fmt: skip
# function, variable, methods that tell it
CASES = [
    ("f(x) @ g(x)", "x", ("product", "index", "differential")),
    ("r(x) * s(x)", "x", ("product", "index", "differential")),
    ("q(f(x))", "x", ("chain", "index", "differential")),
    ("h(h(r(x)))", "x", ("chain", "differential")),
    ("h(a @ x)", "x", ("chain", "index", "differential")),
    ("norm(f(x))**2", "x", ("product", "chain", "index", "differential")),
    ("x @ k(A @ x)", "x", ("product", "index", "differential")),
    ("f(A @ x)", "x", ("chain", "index", "differential")),
    ("r(x) * f(x)", "x", ("index", "differential")),
    ("q(c(t))", "t", ("chain", "differential")),
    ("log(1 + h(t)**2)", "t", ("partials", "chain", "differential")),
    ("u(x1(t), x2(t))", "t", ("chain", "partials", "differential")),
    ("u(t**3, x2(t**2))", "t", ("chain", "partials")),
    ("u(t, x2(t**2))", "t", ("partials",)),
    ("u(y1(v, t), y2(v, t))", "v,t", ("chain", "partials")),
    ("u(r(x), s(x))", "x", ("chain", "index", "differential")),
    ("l(a @ x, r(x), f(x))", "x", ("index", "differential")),
    ("tr(A @ X) + h(m(X))", "X", ("differential",)),
    ("q(w(X))", "X", ("index",)),
]
TOLD = [
    (text, wrt, method, layout) for text, wrt, methods in CASES for method in methods for layout in LAYOUTS
    if method == methods[0] or layout == "denominator"
]  # fmt: skip


def posed(text: str, wrt: str, layout: str = "gradient-column", method: str | None = None) -> Problem:
    functions = {name: maps for name, maps in FUNCTIONS.items() if f"{name}(" in text}
    return pose(f"F = {text}", wrt, (), {}, method, layout, functions)[0]


@pytest.mark.parametrize(("text", "wrt", "method", "layout"), TOLD)
def test_every_line_is_confirmed_and_the_answer_is_the_derivative(text, wrt, method, layout):
    functions = {name: maps for name, maps in FUNCTIONS.items() if f"{name}(" in text}
    found = derive(f"F = {text}", wrt, method=method, layout=layout, functions=functions)
    assert found.report.ok
    assert found.derivation.method == method
    assert replay(found.derivation) == []


ANSWERS = [
    ("f(x) @ g(x)", (
        "J_f(x)ᵀ g(x) + J_g(x)ᵀ f(x)", "g(x)ᵀ J_f(x) + f(x)ᵀ J_g(x)", "J_f(x) g(x) + J_g(x) f(x)",
    )),
    ("q(f(x))", ("J_f(x)ᵀ ∇q(f(x))", "∇q(f(x)) J_f(x)", "J_f(x) ∇q(f(x))")),
    ("h(h(r(x)))", (*("h′(h(r(x))) h′(r(x)) ∇r(x)",) * 2, "h′(r(x)) h′(h(r(x))) ∇r(x)")),
    ("f(A @ x)", ("J_f(Ax) A", "J_f(Ax) A", "Aᵀ J_f(Ax)")),
    ("u(r(x), s(x))", ("∂u/∂r ∇r(x) + ∂u/∂s ∇s(x)",) * 3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answers"), ANSWERS)
def test_the_answer_is_written_as_one_would(text, answers):
    method = {"f(x) @ g(x)": "product"}.get(text, "chain")
    found = tuple(to_unicode(solved(posed(text, "x", layout), method).answer) for layout in LAYOUTS)
    assert found == answers


# --- what is wrong is found -------------------------------------------------------------------------

F, G, X = r"\mathbf{f}(\mathbf{x})", r"\mathbf{g}(\mathbf{x})", r"\mathbf{x}"
JF, JG = r"\mathbf{J}_{\mathbf{f}}(\mathbf{x})", r"\mathbf{J}_{\mathbf{g}}(\mathbf{x})"
SLOPE = r"\frac{\partial F}{\partial t}"
U1, U2 = r"\frac{\partial u}{\partial x_1}", r"\frac{\partial u}{\partial x_2}"
RIGHT_AND_WRONG = [
    ("f(x) @ g(x)", "x", rf"\nabla F = {JF}^\top {G} + {JG}^\top {F}", [
        rf"\nabla F = {JF} {G} + {JG}^\top {F}",
        rf"\nabla F = {JF}^\top {F} + {JG}^\top {G}",
        rf"\nabla F = {JF}^\top {G} - {JG}^\top {F}",
        rf"\nabla F = {JF}^\top {G}",
        rf"\nabla F = 2 {JF}^\top {G}",
    ]),
    ("q(f(x))", "x", rf"\nabla F = {JF}^\top \nabla q({F})", [
        rf"\nabla F = {JF} \nabla q({F})",
        rf"\nabla F = {JF}^\top \nabla q({X})",
        r"\nabla F = \nabla q(\mathbf{f}(\mathbf{x}))",
        rf"\mathrm{{d}}F = \nabla q({F}) {JF} \mathrm{{d}}{X}",
    ]),
    ("h(r(x))", "x", r"\nabla F = h'(r(\mathbf{x})) \nabla r(\mathbf{x})", [
        r"\nabla F = h(r(\mathbf{x})) \nabla r(\mathbf{x})",
        r"\nabla F = \nabla r(\mathbf{x})",
        r"\nabla F = h''(r(\mathbf{x})) \nabla r(\mathbf{x})",
        r"\nabla F = h'(r(\mathbf{x}))",
    ]),
    ("u(x1(t), x2(t))", "t", rf"{SLOPE} = {U1} x_1'(t) + {U2} x_2'(t)", [
        rf"{SLOPE} = {U1} + {U2}",
        rf"{SLOPE} = {U2} x_1'(t) + {U1} x_2'(t)",
        rf"{SLOPE} = \partial_1 u(t, t) x_1'(t) + \partial_2 u(t, t) x_2'(t)",
        rf"{SLOPE} = \lim_{{h \to 0}} \frac{{u(x_1(t + h), x_2(t)) - u(x_1(t), x_2(t))}}{{h}}",
    ]),
]  # fmt: skip


def checked(problem: Problem, formula: str) -> Report:
    text = f"% scope: p\n\\[ {formula} \\]\n% end scope\n"
    return verify_text(text, "latex", {"p": scope_of(problem)}, "test")


@pytest.mark.parametrize(("text", "wrt", "right", "wrong"), RIGHT_AND_WRONG)
def test_wrong_lines_are_rejected_and_right_ones_are_not(text, wrt, right, wrong):
    problem = posed(text, wrt)
    report = checked(problem, right)
    assert report.ok, report.failed
    for formula in wrong:
        assert not checked(problem, formula).ok, formula


@pytest.mark.parametrize(
    ("claim", "ok"),
    [
        (r"\mathbf{f} \colon \mathbb{R}^d \to \mathbb{R}^n", True),
        (r"\mathbf{f}, \mathbf{g} \colon \mathbb{R}^{d} \to \mathbb{R}^{n}", True),
        (r"\mathbf{f} \colon \mathbb{R}^n \to \mathbb{R}^n", False),
        (r"\mathbf{f} \colon \mathbb{R}^d \to \mathbb{R}", False),
    ],
)
def test_a_declaration_in_print_is_compared(claim, ok):
    assert checked(posed("f(x) @ g(x)", "x"), claim).ok is ok


def test_the_judge_refuses_a_wrong_answer():
    problem = posed("f(x) @ g(x)", "x")
    right = solved(problem, "product").answer
    assert judge(problem, right) < 1e-9
    with pytest.raises(CheckFailed, match="is wrong"):
        judge(problem, replace(right, terms=right.terms[::-1][:1]))


@pytest.mark.parametrize(
    ("text", "method", "told"),
    [
        ("a @ f(x)", "product", "no inner product"),
        ("norm(f(x))", "product", "no inner product"),
        ("f(x)", "chain", "single stage"),
        ("v(x)", "index", "nothing is known of v"),
    ],
)
def test_what_a_method_is_not_for_is_declined(text, method, told):
    with pytest.raises(NotDerivable, match=told):
        solved(posed(text, "x"), method)


@pytest.mark.parametrize(
    ("function", "functions", "told"),
    [
        ("f(x)", {"f": "d"}, "maps to what"),
        ("f(x)", {"f": "-> n"}, "maps to what"),
        ("f(x, x)", {"f": "d -> 1"}, r"takes 1 argument\(s\), found 2"),
        ("f(x) + f", {"f": "d ->"}, "needs arguments"),
        ("f(x)", {"tr": "d ->"}, "is a function of the language"),
        ("z(x)", {"f": "d ->"}, "unknown function"),
    ],
)
def test_bad_declarations_and_uses_are_refused(function, functions, told):
    with pytest.raises(InputError, match=told):
        derive(function, "x", functions=functions)


def test_there_is_no_code_for_a_function_without_a_formula():
    with pytest.raises(NotDerivable, match="no code for f"):
        module([solved(posed("f(x) @ f(x)", "x"))])


def test_an_inner_function_changes_one_thing_a_line():
    lines = [to_unicode(x.rhs) for x in solved(posed("q(f(x))", "x"), "differential").lines()]
    assert lines[:2] == ["dq(f(x))", "∇q(f(x))ᵀ J_f(x) dx"]
