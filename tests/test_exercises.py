"""The exercise sheet and the worksheet: the results as they are known, and what each solution has to show."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from generator.confirmation import judge_answers
from generator.derivation import Derivation
from generator.expr.evaluate import evaluate
from generator.expr.layout import LAYOUTS
from generator.expr.text_reader import Scope, parse
from generator.expr.unicode_writer import to_unicode
from generator.solved import solve
from generator.spec import load_collection
from generator.terminal import compose
from tests.methods.numbers import usable
from tests.spec.files import ROOT

SHEET, WORKSHEET = "gradient-exercises", "denominator-worksheet"
LAYOUT = {SHEET: "gradient-column", WORKSHEET: "denominator"}
WIDE = 400  # characters: nothing is folded

# The result in the language; for abstract functions as it is printed. Then what is shown, in this order.
ROWS: dict[tuple[str, str], tuple[str, list[str]]] = {
    (SHEET, "product-rule"): (
        "J_f(x)ᵀ g(x) + J_g(x)ᵀ f(x)",
        ["Σ_j f_j(x) g_j(x)", "f_j(x) ∂g_j(x)/∂x_i", "(J_f(x))_ji", "(J_f(x)ᵀ)_ij", "sizes agree"],
    ),
    (SHEET, "product-rule-scalar"): (
        "g(x) ∇f(x) + f(x) ∇g(x)", ["Exercise 1 (a)", "∇f(x) g(x) + ∇g(x) f(x)"],
    ),
    (SHEET, "composition"): ("J_f(x)ᵀ ∇g(f(x))", ["(∂z/∂x)ᵀ ∂h/∂z", "= J_f(x)ᵀ ∇g(f(x))"]),
    (SHEET, "scalar-chain"): (
        "h₂′(h₁(f(x))) h₁′(f(x)) ∇f(x)",
        ["Exercise 2 (a)", "∂p/∂v ∂v/∂u", "h₂′(v) h₁′(u) ∇f(x)"],
    ),
    (SHEET, "several-functions"): (
        "∂L/∂x ∇x(w) + ∂L/∂y ∇y(w) + ∂L/∂z ∇z(w)",
        ["φ ≔ [x(w); y(w); z(w)]", "(∂φ/∂w)ᵀ[∂L/∂x; ∂L/∂y; ∂L/∂z]", "[∇x(w), ∇y(w), ∇z(w)]"],
    ),
    (SHEET, "inner-product"): ("a", ["Σ_j a_j x_j", "δ_ji", "Σ_j a_j δ_ji", "keeps the one term", "= a_i"]),
    (SHEET, "linear-map"): ("A", ["Σ_k A_ik x_k", "Σ_k A_ik δ_kj", "= A_ij"]),
    (SHEET, "quadratic-form"): ("(A + A.T) @ x", ["Exercise 1 (a)", "∂x/∂x = I", "∂u/∂x", "Ax + Aᵀx"]),
    (SHEET, "quadratic-form-matrix"): (
        "outer(x, x)", ["Σ_k Σ_l x_k A_kl x_l", "x_k δ_ki δ_lj x_l", "= x_i x_j"],
    ),
    (SHEET, "three-variables"): (
        "stack(x - 2*x*y**3*z*exp(x**2*y**3*z)/(1 + exp(x**2*y**3*z)),"
        " z - 3*x**2*y**2*z*exp(x**2*y**3*z)/(1 + exp(x**2*y**3*z)),"
        " y - x**2*y**3*exp(x**2*y**3*z)/(1 + exp(x**2*y**3*z)))",
        ["takes the chain rule", "∂f/∂x =", "∂f/∂y =", "∂f/∂z =", "Stack"],
    ),
    (SHEET, "half-squared-norm"): (
        "x",
        ["First way: by the product rule", "Exercise 1 (a)", "Iᵀx + Iᵀx", "Second way: coordinate by",
         "x₁² + ⋯ + x_i² + ⋯ + x_d²", "Both ways give the same gradient."],
    ),
    (SHEET, "logistic-loss"): (
        "-sigmoid(-w @ x) * x", ["Exercise 2 (b)", "∂h/∂v ∂v/∂u ∂u/∂w", "exp(u)", "= −x"],
    ),
    (WORKSHEET, "one-norm"): (
        "sign(x)",
        ["Σ_j |x_j|", "∂/∂x_i (|x₁| + ⋯", "{1 if x_i > 0; −1 if x_i < 0}", "not differentiable", "sign(x_i)"],
    ),
    (WORKSHEET, "squared-norm"): ("2 * x", ["Σ_j x_j²", "∂/∂x_i (x_i²)", "∇f(x) = 2x"]),
    (WORKSHEET, "p-norm"): (
        "sign(x) * abs(x)**(p - 1) / norm(x, p)**(p - 1)", ["(Σ_j |x_j|ᵖ)^(1/p)", "must not be zero"],
    ),
    (WORKSHEET, "linear-map"): ("A", ["d×n", "Σ_k A_ki x_k", "Only the term with k = j survives", "= A_ji"]),
    (WORKSHEET, "squared-norm-of-linear-map"): (
        "2 * A @ A.T @ x", ["∂r/∂x ∂f/∂r", "(d×n)(n×1) = d×1", "2Ar"],
    ),
    (WORKSHEET, "layer"): (
        "A @ diag(sigmoid_prime(A.T @ x)) @ B", ["∂z/∂x ∂h/∂z ∂f/∂h", "diagonal", "diag(σ′(z))"],
    ),
    (WORKSHEET, "squared-norm-by-matrix"): (
        "2 * outer(x, x) @ A", ["∂r_k/∂A_ij = δ_kj x_i", "2xrᵀ", "Both ways"],
    ),
    (WORKSHEET, "first-layer"): (
        "2 * outer(x, sigmoid_prime(A.T @ x) * (B @ (B.T @ sigmoid(A.T @ x) - c)))",
        ["dL = 2rᵀ dr", "dr = Bᵀ(σ′(z) ∘ dz)", "2x(Br ∘ σ′(z))ᵀ"],
    ),
    (WORKSHEET, "chain-rule-scalar"): (
        "x′(t)ᵀ ∇f(x(t))", ["effects add up", "Σ_i ∂z_i/∂t ∂L/∂z_i", "(∂z/∂t)ᵀ ∂L/∂z"],
    ),
    (WORKSHEET, "linear-map-by-matrix"): (
        "", ["(d×n) × n", "= δ_ik x_j", "∂y₁/∂A", "∂y/∂vec(A)", "Both ways", "∂y/∂vec(A) = 𝒦_nd (x ⊗ I)"],
    ),
    (WORKSHEET, "chain-rule-matrix"): ("a ∇f(Xᵀa)ᵀ", ["(∇f(Xᵀa))_k", "δ_li δ_kj a_l", "a_i (∇f(Xᵀa))_j"]),
    (WORKSHEET, "chain-rule-vector"): ("J_y(x) ∇f(y(x))", ["Σ_j ∂z_j/∂x_i ∂L/∂z_j", "∂z/∂x ∂L/∂z"]),
}  # fmt: skip


@cache
def told(collection: str) -> dict[str, Derivation]:
    solved = solve(load_collection(ROOT / "content" / collection))
    assert solved.error is None
    return dict(solved.derivations)


@pytest.mark.parametrize("collection", LAYOUT)
def test_every_problem_has_a_row_its_layout_and_a_right_answer(collection: str) -> None:
    found = told(collection)
    assert found.keys() == {name for place, name in ROWS if place == collection}
    assert {d.problem.layout for d in found.values()} == {LAYOUTS[LAYOUT[collection]]}
    judge_answers(found.values())


@pytest.mark.parametrize("row", ROWS, ids="/".join)
def test_the_result_is_the_known_one(row: tuple[str, str]) -> None:
    collection, name = row
    derivation, known = told(collection)[name], ROWS[row][0]
    if derivation.problem.tensor:
        judge_answers([derivation])  # each of its entries
        return
    if derivation.problem.functions:
        assert to_unicode(derivation.answer) == known
        return
    expected = parse(known, Scope(derivation.problem.symbols))
    for at in usable(derivation.problem, 2):
        assert np.allclose(evaluate(derivation.answer, at), evaluate(expected, at))


@pytest.mark.parametrize("row", ROWS, ids="/".join)
def test_the_solution_shows_what_it_has_to(row: tuple[str, str]) -> None:
    collection, name = row
    page = "\n".join(line.text for line in compose(told(collection)[name], width=WIDE))
    at = 0
    for needle in ROWS[row][1]:
        assert needle in page[at:], f"{needle} is missing, or too early"
        at = page.index(needle, at)
