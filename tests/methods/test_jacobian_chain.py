"""The chain of Jacobians: what makes a stage, the order of the factors, sizes, answers in every layout."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from generator.api import derive as confirmed
from generator.derivation import Chain, Derivation, Line
from generator.errors import NotDerivable
from generator.expr.calculus import Dims, Partial, Under
from generator.expr.evaluate import Definition, Point, evaluate
from generator.expr.latex_reader import read
from generator.expr.latex_table import Table
from generator.expr.layout import LAYOUTS
from generator.expr.make import vector
from generator.expr.match import find
from generator.expr.nodes import Node, Sym, T
from generator.expr.shapes import ONE, SCALAR, dim
from generator.expr.text_reader import Scope, parse
from generator.expr.unicode_writer import to_unicode
from generator.judge import judge
from generator.methods import derive
from generator.methods.chain_stages import stages, waists
from generator.problem import Problem

SIZES = {
    "A": "m n", "B": "k m", "C": "n n", "b": "m", "c": "k", "x": "n", "w": "n", "y": "m", "M": "n m",
    "W": "m m", "a": "n", "s": "", "t": "",
}  # fmt: skip
# function, variable, number of stages
FUNCTIONS = [
    ("norm(y - A @ x)**2", "x", 2),
    ("norm(M.T @ x)**2", "x", 2),
    ("norm(A @ x - b)", "x", 2),
    ("(y - A @ x).T @ W @ (y - A @ x)", "x", 2),
    ("log(1 + exp(-w @ x))", "w", 3),
    ("0.5 * norm(tanh(A @ x))**2", "x", 3),
    ("B @ sigmoid(A @ x)", "x", 3),
    ("B @ tanh(A @ x + b) + c", "x", 3),
    ("norm(B @ tanh(A @ x + b) - c)**2", "x", 4),
    ("softmax(A @ x)", "x", 2),
    ("logsumexp(A @ tanh(C @ x))", "x", 4),
    ("sin(a @ x) * b", "x", 3),
    ("exp(tr(A @ M))**2", "M", 3),
    ("norm(s * b + t * y)**2", "t", 2),
    ("stack(t*cos(t), t*sin(t))[1] * stack(t*cos(t), t*sin(t))[2]**2", "t", 2),
    ("exp(stack(s*t, s + t**2)[1]) + stack(s*t, s + t**2)[2]", "s,t", 2),
]
CASES = [(text, wrt, layout) for text, wrt, _ in FUNCTIONS for layout in LAYOUTS]


def posed(text: str, wrt: str, layout: str = "gradient-column") -> Problem:
    table = {
        name: Sym(name, ((*map(dim, sides.split()), ONE, ONE)[:2]))  # type: ignore[arg-type]
        for name, sides in SIZES.items()
    }
    body = parse(text, Scope(table))
    name = "q" if body.shape != SCALAR else "L"
    used = {s.name: s for s in find(body, Sym)}
    variables = tuple(table[v] for v in wrt.split(","))
    return Problem("p", "p", used, Sym(name, body.shape), body, text, variables, layout=LAYOUTS[layout])


def product_of(d: Derivation) -> Line:
    """The line with the product of the Jacobians."""
    return next(
        line for s in d.steps if s.title.startswith("Multiply") for i in s.items if isinstance(i, Chain)
        for line in i.lines
    )  # fmt: skip


def factors_of(d: Derivation) -> list[Under]:
    return find(product_of(d).rhs, Under)


@pytest.mark.parametrize(("text", "wrt", "layout"), CASES)
def test_the_answer_is_the_derivative_and_methods_agree(text, wrt, layout):
    problem = posed(text, wrt, layout)
    told = derive(problem, "chain")
    judge(problem, told.answer)
    for method in ("differential", "index", "partials"):
        try:
            other = derive(problem, method)
        except NotDerivable:
            continue
        judge(problem, other.answer)
        assert other.answer.shape == told.answer.shape


@pytest.mark.parametrize(("text", "wrt", "layout"), CASES)
def test_the_sizes_under_the_factors_are_theirs_and_chain_up(text, wrt, layout):
    told = derive(posed(text, wrt, layout), "chain")
    braced = factors_of(told)
    assert [u.note for u in braced] == [(Dims(u.arg.shape),) for u in braced]
    chain = [u.arg.shape for u in braced if u.arg.shape != SCALAR]
    assert all(a[1] == b[0] for a, b in pairwise(chain))
    assert product_of(told).rhs.shape == told.answer.shape


@pytest.mark.parametrize(("text", "wrt", "count"), FUNCTIONS)
def test_how_many_stages(text, wrt, count):
    assert len(stages(posed(text, wrt))) == count


def test_the_order_of_the_product_is_that_of_the_layout():
    def factors(layout: str) -> list[Node]:
        return [u.arg for u in factors_of(derive(posed("norm(tanh(A @ x) - b)**2", "x", layout), "chain"))]

    def letters(factors: list[Node]) -> list[str]:
        partials = [f.arg if isinstance(f, T) else f for f in factors]
        return [to_unicode(p.of) for p in partials if isinstance(p, Partial)]

    outward, inward = factors("denominator"), factors("numerator")
    assert letters(outward) == ["z", "r", "L"]
    assert letters(inward) == ["L", "r", "z"]
    assert not [f for f in outward + inward if isinstance(f, T)]
    assert [isinstance(f, T) for f in factors("gradient-column")] == [True, True, False]
    assert letters(factors("gradient-column")) == ["z", "r", "L"]


def test_layouts_differ_by_a_transpose():
    answers = {name: derive(posed("B @ sigmoid(A @ x)", "x", name), "chain").answer for name in LAYOUTS}
    assert to_unicode(answers["numerator"]) == "B diag(σ′(Ax)) A"
    assert to_unicode(answers["denominator"]) == "Aᵀ diag(σ′(Ax)) Bᵀ"
    assert answers["gradient-column"] == answers["numerator"]


def test_a_scalar_in_and_out_is_a_sum_first():
    told = derive(posed("norm(s * b + t * y)**2", "t"), "chain")
    titles = [s.title for s in told.steps]
    assert titles.index("Add up the effects of all entries") < titles.index(
        "Multiply the derivatives of the stages"
    )
    (line,) = next(i for i in told.steps[1].items if isinstance(i, Chain)).lines
    assert to_unicode(line.rhs) == "Σ_i ∂L/∂r_i ∂r_i/∂t"


def test_named_coordinates_are_written_out_and_the_answer_is_in_the_variable():
    told = derive(posed("exp(stack(t, t**2)[1] * stack(t, t**2)[2])", "t"), "chain")
    assert "∂L/∂x₁ ∂x₁/∂t + ∂L/∂x₂ ∂x₂/∂t" in {to_unicode(line.rhs) for line in told.lines()}
    assert {s.name for s in find(told.answer, Sym)} == {"t"}


@pytest.mark.parametrize("text", ["A @ x + b", "norm(x)**2", "a @ x", "softmax(x)", "sum(exp(C)) * sum(x)"])
def test_a_single_stage_is_declined(text):
    with pytest.raises(NotDerivable, match="single stage"):
        derive(posed(text, "x"), "chain")


def test_a_vector_by_a_matrix_is_declined():
    with pytest.raises(NotDerivable, match="two indices"):
        derive(posed("tanh(A @ x)", "A"), "chain")


# function, variable, the parts, the function in terms of them
WAYS = [
    ("x @ C @ x", "x", "u := x, z := Cx", "uᵀz"),
    ("norm(A @ x)**2 + norm(x)**2", "x", "r := Ax, u := ‖r‖², v := ‖x‖²", "u + v"),
    ("s * norm(x)**2 - 3 * (a @ x)", "x", "u := ‖x‖², v := aᵀx", "su − 3v"),
    ("sum(x) * x", "x", "u := sum(x), v := x", "uv"),
    ("x / norm(x)", "x", "u := x, v := ‖x‖", "u/v"),
    ("(a @ x) / norm(x)", "x", "u := aᵀx, v := ‖x‖", "u/v"),
    ("exp(a @ x) * sin(w @ x)", "x", "s := aᵀx, u := exp(s), t := wᵀx, v := sin(t)", "uv"),
    ("x * tanh(C @ x)", "x", "u := x, z := Cx, h := tanh(z)", "u ∘ h"),
    ("sin(t) / t", "t", "u := sin(t), v := t", "u/v"),
    ("s**2 * t + s * t**2", "s,t", "u := s²t, v := st²", "u + v"),
    ("a.T @ C @ C.T @ w", "C", "z := Cᵀa, u := Cᵀw", "zᵀu"),
    ("tr(C) * (a.T @ C @ w)", "C", "u := tr(C), v := aᵀCw", "uv"),
]
# function, variable, answer; the derivative of a part has more than two indices
MATRICES = [
    ("norm(M.T @ x)**2", "M", "2xxᵀM"),
    ("norm(B @ tanh(A @ x + b) - c)**2", "A", None),
    ("logsumexp(A @ x)", "A", "softmax(Ax) xᵀ"),
    ("norm(B @ A)**2", "A", "2BᵀBA"),
    ("det(C @ C)", "C", None),
    ("norm(C - outer(x, x))**2", "x", None),
    ("a.T @ inv(C + diag(x)) @ w", "x", None),
    ("sum(exp(A @ C))", "A", "exp(AC) Cᵀ"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("text", "wrt", "parts", "body"), WAYS, ids=[row[0] for row in WAYS])
def test_several_ways_add_up(text, wrt, parts, body, layout):
    told = derive(posed(text, wrt, layout), "chain")
    judge(told.problem, told.answer)
    defined = [line for line in told.lines() if line.mode == "definition"]
    assert ", ".join(f"{to_unicode(x.lhs)} := {to_unicode(x.rhs)}" for x in defined if x.lhs) == parts
    (first,) = (
        line for line in told.lines() if line.lhs == told.problem.function and line.mode == "identity"
    )
    assert to_unicode(first.rhs) == body


@pytest.mark.parametrize(("text", "wrt", "answer"), MATRICES, ids=[row[0] for row in MATRICES])
def test_matrices_are_contracted_entry_by_entry(text, wrt, answer):
    for layout in LAYOUTS:
        told = derive(posed(text, wrt, layout), "chain")
        judge(told.problem, told.answer)
        assert "Add up the effects of all entries" in [step.title for step in told.steps]
        assert answer is None or to_unicode(told.answer) == answer


def test_what_is_told_of_matrices_and_of_several_ways_is_confirmed():
    shapes = {"A": "m,n", "C": "n,n", "M": "n,m"}
    for text, wrt in (("norm(M.T @ x)**2", "M"), ("x.T @ C @ x", "x"), ("norm(C - outer(x, x))**2", "x"),
                      ("x / norm(x)", "x"), ("norm(tanh(A @ x))**2", "A")):  # fmt: skip
        used = {name: spec for name, spec in shapes.items() if f"{name} " in text or f"{name}." in text}
        assert confirmed(text, wrt, used | {"x": "n"}, method="chain").report.ok


def test_waists_are_inside_one_another():
    found = waists(posed("log(1 + norm(A @ x - b)**2)", "x").body, frozenset("x"))
    assert all(inner in find(outer, type(inner)) for outer, inner in pairwise(found))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_printed_line_is_confirmed(layout):
    for text, wrt in (("norm(tanh(A @ x) - b)**2", "x"), ("h(t) = exp(stack(t, t**2)[1])", "t")):
        solution = confirmed(
            text, wrt, {"A": "m,n"} if "A" in text else {"t": ""}, layout=layout, method="chain"
        )
        assert solution.report.ok
        solution.to_latex()


def derivative_by_a_part(text: str, part: str, wrt: str = r"\mathbf{r}") -> np.ndarray:
    """∂L/∂r as the checker reads and values it, for L = text and r := part."""
    table = {"x": vector("x", 3), "y": vector("y", 3)}
    body, r = parse(text, Scope(table)), parse(part, Scope(table))
    names = {**table, "L": Sym("L", SCALAR), "r": Sym("r", r.shape)}
    point = Point(
        {"x": np.array([[0.3], [-0.7], [1.1]]), "y": np.array([[0.5], [0.2], [-0.9]])},
        definitions={"L": Definition(body, (table["x"],)), "r": Definition(r)},
    )
    node = read(
        rf"\frac{{\partial L}}{{\partial {wrt}}}", Table(names, {"L": names["L"]}, (table["x"],), frozenset())
    )
    return np.asarray(evaluate(node, point))


def test_a_derivative_by_a_named_part_moves_the_part_alone():
    x, y = np.array([[0.3], [-0.7], [1.1]]), np.array([[0.5], [0.2], [-0.9]])
    assert np.allclose(derivative_by_a_part("norm(x - y)**2", "x - y"), 2 * (x - y))
    assert np.allclose(derivative_by_a_part("norm(x - y)**2 + x @ x", "x - y"), 2 * (x - y))
    assert np.allclose(derivative_by_a_part("norm(x)**2", "x - y"), 0)
    assert np.allclose(derivative_by_a_part("norm(x - y)**2", "x - y", r"r_2"), 2 * (x - y)[1, 0])
