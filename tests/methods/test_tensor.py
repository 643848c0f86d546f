"""Derivatives with more than two indices: vec form and index form, judged by NumPy, confirmed in print."""

from __future__ import annotations

import pytest

from generator.api import pose
from generator.confirmation import scopes
from generator.derivation import Chain, Derivation
from generator.errors import CheckFailed, NotDerivable
from generator.expr.calculus import Cases
from generator.expr.latex_writer import to_latex
from generator.expr.match import find
from generator.expr.text_writer import to_text
from generator.expr.unicode_writer import to_unicode
from generator.judge import TOLERANCE, judge
from generator.methods import derive, whole
from generator.render import render_derivation
from generator.verify import require, verify_text

# function, variable, shapes, Jacobian of the vecs, entry by entry
TENSORS = [
    ("X @ a", "X", "X=n,m a=m", "kron(row(a), eye(n))", "δ_ij a_k"),
    ("A.T @ x", "A", "A=n,m x=n", "kron(row(x), eye(m)) @ commutation(n, m)", "δ_ik x_j"),
    ("diagonal(X @ X.T)", "X", "X=n,m", "2 * kron(row(ones(m)), eye(n)) @ diag(vec(X))", "2 X_ik δ_ij"),
    ("A @ X @ B", "X", "A=p,n X=n,m B=m,k", "kron(B.T, A)", "A_il B_qj"),
    ("X @ X", "X", "X=n,n", "kron(X.T, eye(n)) + kron(eye(n), X)", "δ_ik X_lj + X_ik δ_jl"),
    ("X.T @ X", "X", "X=n,m", "kron(X.T, eye(m)) @ commutation(n, m) + kron(eye(m), X.T)",
     "δ_il X_kj + X_ki δ_jl"),
    ("inv(X)", "X", "X=n,n:invertible", "-kron(inv(X).T, inv(X))", "−(X⁻¹)_ik (X⁻¹)_lj"),
    ("outer(x, x)", "x", "x=n", "kron(col(x), eye(n)) + kron(eye(n), col(x))", "δ_ik x_j + x_i δ_jk"),
    ("diag(x) @ A", "x", "x=n A=n,m", "diag(vec(A)) @ kron(col(ones(m)), eye(n))", "δ_ik A_ij"),
    ("A * X", "X", "A=n,m X=n,m", "diag(vec(A))", "A_ij δ_ik δ_jl"),
]  # fmt: skip
VEC_ONLY = [
    ("sigmoid(W @ x + b)", "W", "W=m,n x=n b=m"),
    ("softmax(W @ x)", "W", "W=m,n x=n"),
    ("tr(X) * A", "X", "X=n,n A=p,k"),
    ("X @ a * (a.T @ X @ b)", "X", "X=n,n a=n b=n"),
    ("X / norm(X)", "X", "X=n,m"),
    ("diag(X @ a)", "X", "X=n,m a=m"),
    ("kron(X @ a, b)", "X", "X=n,m a=m b=k"),
    ("B @ diag(x) @ A", "x", "x=n A=n,m B=p,n"),
    ("X @ inv(X.T @ X)", "X", "X=n,m"),
    ("kron(A, X)", "X", "A=p,q X=n,m"),
    ("kron(X, A)", "X", "A=p,q X=n,m"),
    ("kron(X, X)", "X", "X=n,m"),
    ("kron(X, Y)", "Y", "X=p,q Y=n,m"),
    ("inv(kron(A, X))", "X", "A=p,p X=n,n"),
    ("kron(A, X) @ b", "X", "A=p,q X=n,m b=q*m"),
    ("B * kron(A, exp(X))", "X", "A=p,q X=n,m B=p*n,q*m"),
]
SCALARS = [
    ("tr(kron(A, X))", "X", "A=m,m X=n,n", "tr(A) * eye(n)"),
    ("sum(kron(x, y))", "x", "x=n y=m", "sum(y) * ones(n)"),
    ("det(kron(A, X))", "X", "A=m,m X=n,n", "tr(eye(m)) * det(kron(A, X)) * inv(X).T"),
    ("logdet(kron(X, X))", "X", "X=n,n", "2 * tr(eye(n)) * inv(X).T"),
    ("norm(kron(X, X))**2", "X", "X=n,m", "4 * tr(X.T @ X) * X"),
    ("tr(inv(kron(A, X)))", "X", "A=m,m X=n,n", "-tr(inv(A)) * matpow(X, -2).T"),
    ("tr(kron(X, X.T))", "X", "X=n,n", "2 * tr(X) * eye(n)"),
    ("vec(X).T @ kron(B, A) @ vec(X)", "X", "A=n,n:symmetric B=m,m:symmetric X=n,m", "2 * A @ X @ B"),
]


def told(
    text: str, wrt: str, shapes: str, method: str | None = None, layout: str = "gradient-column"
) -> Derivation:
    problem, _ = pose(text, wrt, shapes.split(), {}, method, layout)
    return derive(problem)


def confirmed(derivation: Derivation) -> None:
    assert judge(derivation.problem, whole(derivation)) < TOLERANCE
    text = render_derivation(derivation, "latex")
    require(verify_text(text, "latex", scopes({derivation.problem.id: derivation}), "test"))


@pytest.mark.parametrize(
    ("text", "wrt", "shapes", "jacobian", "entry"), TENSORS, ids=[row[0] for row in TENSORS]
)
def test_both_tellings_are_right_and_printed_right(text, wrt, shapes, jacobian, entry):
    stacked = told(text, wrt, shapes)
    assert stacked.method == "vec"
    assert to_text(stacked.answer) == jacobian
    confirmed(stacked)
    by_entries = told(text, wrt, shapes, "index")
    assert to_unicode(by_entries.answer) == entry
    assert judge(by_entries.problem, whole(by_entries)) < TOLERANCE


@pytest.mark.parametrize(("text", "wrt", "shapes"), VEC_ONLY, ids=[row[0] for row in VEC_ONLY])
def test_the_vec_form_of_more(text, wrt, shapes):
    confirmed(told(text, wrt, shapes, "vec"))


@pytest.mark.parametrize(("text", "wrt", "shapes", "answer"), SCALARS, ids=[row[0] for row in SCALARS])
def test_kronecker_products_under_a_scalar(text, wrt, shapes, answer):
    derivation = told(text, wrt, shapes, "differential")
    assert to_text(derivation.answer) == answer
    confirmed(derivation)


@pytest.mark.parametrize(
    ("text", "wrt", "shapes"),
    [
        ("A.T @ x", "A", "A=n,m x=n"), ("outer(x, x)", "x", "x=n"), ("diag(x) @ A", "x", "x=n A=n,m"),
        ("X.T @ X", "X", "X=3,2"), ("inv(X)", "X", "X=2,2:invertible"), ("A * X", "X", "A=2,3 X=2,3"),
    ],
)  # fmt: skip
def test_the_index_form_is_printed_right(text, wrt, shapes):
    confirmed(told(text, wrt, shapes, "index"))


def test_the_denominator_layout_transposes():
    derivation = told("X.T @ X", "X", "X=n,m", layout="denominator")
    assert to_text(derivation.answer) == "commutation(m, n) @ kron(X, eye(m)) + kron(eye(m), X)"
    confirmed(derivation)
    confirmed(told("X.T @ X", "X", "X=2,3", "index", "denominator"))
    confirmed(told("outer(x, x)", "x", "x=n", "index", "numerator"))


def test_the_size_comes_first_and_the_cases_follow():
    derivation = told("R.T @ R", "R", "R=M,N", "index")
    titles = [step.title for step in derivation.steps]
    assert titles[0] == "Sizes first"
    assert titles[-2:] == ["Case by case", "Write one slice out"]
    lines = [line for s in derivation.steps for i in s.items if isinstance(i, Chain) for line in i.lines]
    *_, found = (e for line in lines for e in find(line.rhs, Cases))
    assert [to_unicode(v) for v in found.values] == ["2 R_kj", "R_kj", "R_ki", "0"]
    assert r"R_{12} & R_{11} & \cdots & 0" in to_latex(lines[-1].rhs)


def test_short_sides_are_written_in_full():
    derivation = told("A @ x", "A", "A=2,3 x=3", "index")
    assert "[x₁, x₂, x₃; 0, 0, 0]" in to_unicode(list(derivation.lines())[-2].rhs)
    confirmed(derivation)


def test_a_wrong_entry_is_found():
    problem, _ = pose("X.T @ X", "X", ["X=n,m"], {}, "index", "gradient-column")
    right = derive(problem)
    other = told("X.T @ X * 2", "X", "X=n,m", "index")
    with pytest.raises(CheckFailed, match="it gives"):
        judge(problem, whole(other))
    assert judge(problem, whole(right)) < TOLERANCE


def test_the_vec_form_leaves_matrices_to_the_others():
    with pytest.raises(NotDerivable, match="scalar function of a matrix"):
        told("A @ x", "x", "A=m,n x=n", "vec")


def test_a_kronecker_product_by_its_factor_has_a_vec_form():
    derivation = told("kron(A, X)", "X", "A=p,q X=n,m")
    sort = "kron(kron(eye(q), commutation(m, p)), eye(n))"
    assert to_text(derivation.answer) == f"{sort} @ kron(col(vec(A)), kron(eye(m), eye(n)))"


def test_the_index_form_of_blocks_is_refused_and_says_why():
    with pytest.raises(NotDerivable, match="blocks of a Kronecker product"):
        told("kron(A, X)", "X", "A=p,q X=n,m", "index")
