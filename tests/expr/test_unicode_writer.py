"""Unicode mathematics: a table of expressions, and a form for every node class."""

from __future__ import annotations

import pytest
from hypothesis import given

from generator.expr import calculus, nodes
from generator.expr.calculus import (
    App,
    Cases,
    Commutation,
    D,
    Delta,
    Dims,
    Dots,
    Ellipsis,
    Grad,
    Group,
    Mat,
    Member,
    Partial,
    Rel,
    Sum,
    Under,
)  # fmt: skip
from generator.expr.layout import Layout
from generator.expr.letters import letter
from generator.expr.make import matrix, mul, neg, num, scalar, t, tr, vector
from generator.expr.nodes import Add, Div, Entry, Idx, Node, Pow, Row, Size, Sym, T
from generator.expr.shapes import SCALAR, dim
from generator.expr.text_reader import Scope, parse
from generator.expr.unicode_parts import form
from generator.expr.unicode_writer import pieces, to_unicode
from tests.strategies import formulas

A, X, W = matrix("A", "n", "n"), matrix("X", "n", "m"), matrix("W", "m", "n")
S = matrix("S", "n", "n")
x, y, b = vector("x", "n"), vector("y", "m"), vector("b", "n")
lam, s, L = scalar("lam"), scalar("s"), scalar("L")
i, j, k = (Idx(name, dim("n")) for name in "ijk")
NAMED = (A, S, X, W, x, y, b, lam, s, L, vector("h", "n"), vector("z", "n"))
SCOPE = Scope({q.name: q for q in NAMED}, calculus=True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tr(X.T @ A @ X)", "tr(XᵀAX)"),
        ("norm(A @ x - b)**2 + lam * norm(x)**2", "‖Ax − b‖² + λ‖x‖²"),
        ("d(X)", "dX"),
        ("d(A @ X)", "d(AX)"),
        ("tr(d(X).T @ A @ X + X.T @ A @ d(X))", "tr((dX)ᵀAX + XᵀA dX)"),
        ("inv(A)", "A⁻¹"),
        ("inv(A).T", "(A⁻¹)ᵀ"),
        ("inv(A + S)", "(A + S)⁻¹"),
        ("1/2 * x.T @ A @ x", "(1/2)xᵀAx"),
        ("x / norm(x)", "x/‖x‖"),
        ("1 / (1 + exp(-s))", "1/(1 + exp(−s))"),
        ("s / (2 * s)", "s/(2s)"),
        ("s / (s / 2)", "s/(s/2)"),
        ("s / 2 / s", "s/2/s"),
        ("(s + 1) / s", "(s + 1)/s"),
        ("sigmoid_prime(h)", "σ′(h)"),
        ("sigmoid(A @ x)", "σ(Ax)"),
        ("x * z", "x ∘ z"),
        ("(x + z) * z", "(x + z) ∘ z"),
        ("x / z", "x ⊘ z"),
        ("x**2", "x^∘2"),
        ("3*x_1**2 + 2*x_1*x_2 + x_2**2", "3x₁² + 2x₁x₂ + x₂²"),
        ("2 * 3 * s", "2·3s"),
        ("x_1 - (s - 2)", "x₁ − (s − 2)"),
        ("-(s + 1) * s", "−(s + 1)s"),
        ("norm1(x)", "‖x‖₁"),
        ("norm(x, s)", "‖x‖_s"),
        ("s**lam", "s^λ"),
        ("s**(-2)", "s⁻²"),
        ("s**(1/2)", "s^(1/2)"),
        ("matpow(A, 3)", "A³"),
        ("logdet(A)", "log det(A)"),
        ("abs(s)", "|s|"),
        ("kron(A, S)", "A ⊗ S"),
        ("eye(n) + ones(n, n) + zeros(n, n)", "I + 𝟏 + 0"),
        ("outer(x, z)", "xzᵀ"),
        ("tr(A) * x", "tr(A) x"),
    ],
)  # fmt: skip
def test_text_is_printed_as(text: str, line: str) -> None:
    assert to_unicode(parse(text, SCOPE)) == line


F = scalar("f")
DOTS = tuple(Ellipsis(kind) for kind in ("cdots", "vdots", "ddots"))
PARTIAL = Partial(Entry(y, (Idx("i", dim("m")),)), Entry(x, (j,)))
NODES: list[tuple[Node, str]] = [
    (PARTIAL, "∂y_i/∂x_j"),
    (Partial(Add((s, num(1))), s), "∂/∂s (s + 1)"),
    (Partial(Partial(F, Entry(x, (j,))), Entry(x, (i,))), "∂²f/(∂x_i∂x_j)"),
    (Partial(Partial(F, s), s), "∂²f/∂s²"),
    (Div(s, Partial(F, s)), "s/(∂f/∂s)"),
    (Sum(k, mul(Entry(W, (Idx("i", dim("m")), k)), Entry(x, (k,)))), "Σ_k W_ik x_k"),
    (mul(Sum(k, Entry(x, (k,))), s), "(Σ_k x_k)s"),
    (mul(num(2), Sum(k, Entry(x, (k,)))), "2 Σ_k x_k"),
    (Sum(k, Add((Entry(x, (k,)), s))), "Σ_k (x_k + s)"),
    (Dots(k, Entry(x, (k,)), (num(1), num(2), Size(dim("n")))), "x₁ + x₂ + ⋯ + x_n"),
    (Dots(k, Entry(x, (k,)), (num(1), j, Size(dim("n")))), "x₁ + ⋯ + x_j + ⋯ + x_n"),
    (Delta(i, j), "δ_ij"),
    (Entry(X, (num(1), num(12))), "X_{1,12}"),
    (Entry(X, (num(1), num(2))), "X₁₂"),
    (Entry(mul(A, X), (i, Idx("q", dim("m")))), "(AX)_iq"),
    (Row(W, Idx("i", dim("m"))), "W_i:"),
    (Rel(i, "≠", j), "i ≠ j"),
    (Cases((num(1), num(0)), (Rel(i, "=", j), Rel(i, "≠", j))), "{1 if i = j; 0 if i ≠ j}"),
    (Mat((Entry(x, (num(1),)), Entry(x, (num(2),))), 1), "[x₁; x₂]"),
    (Mat((num(1), num(2), num(3), num(4)), 2), "[1, 2; 3, 4]"),
    (Mat((s, *DOTS), 2, S.shape), "[s, ⋯; ⋮, ⋱]"),
    (Grad(L, (X,)), "∇_X L"),
    (Grad(F, (x,), (x,)), "∇f(x)"),
    (Grad(F, (x,), (num(1), num(-1))), "∇f(1, −1)"),
    (Grad(F, (s, lam)), "∇_(s, λ) f"),
    (T(Grad(L, (X,))), "(∇_X L)ᵀ"),
    (App(F, (x,)), "f(x)"),
    (Entry(App(y, (x,)), (num(1),)), "y₁(x)"),
    (mul(num(6), Group(num(1))), "6(1)"),
    (mul(num(2), Group(num(-1))), "2(−1)"),
    (Under(mul(num(2), s), ("linear in ", s)), "2s"),
    (tr(mul(t(matrix("G", "n", "m")), D(X))), "tr(Gᵀ dX)"),
    (D(Entry(x, (k,))), "dx_k"),
    (neg(Group(neg(s))), "−(−s)"),
    (Pow(D(s), num(2)), "(ds)²"),
    (Partial(y, x, Layout("column", "denominator")), "∂y/∂x"),
    (Commutation(*X.shape), "𝒦_nm"),
    (Dims(X.shape), "n×m"),
    (Member(X), "X ∈ ℝⁿˣᵐ"),
    (Member(vector("v", 3)), "v ∈ ℝ³"),
    (Member(s), "s ∈ ℝ"),
    (Member(vector("v", "q")), "v ∈ ℝ^(q)"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "line"), NODES, ids=[line for _, line in NODES])
def test_node_is_printed_as(node: Node, line: str) -> None:
    assert to_unicode(node) == line


def test_every_node_class_has_a_form() -> None:
    classes = {
        c for module in (nodes, calculus) for c in vars(module).values()
        if isinstance(c, type) and issubclass(c, Node) and c is not Node
    }  # fmt: skip
    assert len(classes) > 30
    assert [c.__name__ for c in classes if form.dispatch(c) is form.dispatch(object)] == []


@pytest.mark.parametrize(
    ("name", "printed"),
    [("lam", "λ"), ("W1", "W₁"), ("x_star", "x⋆"), ("x_hat", "x̂"), ("Sigma", "Σ"), ("w_max", "w_max")],
)
def test_letters(name: str, printed: str) -> None:
    assert letter(name) == printed


def test_pieces_join_to_the_line() -> None:
    node = parse("norm(A @ x - b)**2 + lam * norm(x)**2 - s", SCOPE)
    assert pieces(node) == ["‖Ax − b‖²", "+ λ‖x‖²", "− s"]
    assert " ".join(pieces(node)) == to_unicode(node)
    assert pieces(Sym("q", SCALAR)) == ["q"]


@given(formulas())
def test_random_formulas_are_one_line_with_matching_brackets(node: Node) -> None:
    line = to_unicode(node)
    assert line == " ".join(line.split())
    assert [line.count(c) for c in "([{"] == [line.count(c) for c in ")]}"]
    assert "‖" not in line or line.count("‖") % 2 == 0
