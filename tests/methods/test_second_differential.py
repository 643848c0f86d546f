"""The second differential is printed before a Hessian is read off, and confirmed like every line."""

from __future__ import annotations

import pytest

from generator.api import derive
from generator.expr.calculus import D
from generator.expr.latex_writer import to_latex
from generator.expr.make import mul, scalar
from generator.expr.text_writer import to_text
from generator.expr.unicode_writer import to_unicode
from tests.methods.telling import told

CASES = [
    ("norm(A @ x - b)**2", "x", (), ["d²L = (dG)ᵀ dx", "= (dx)ᵀ dG", "= 2(dx)ᵀAᵀA dx"]),
    ("tr(X.T @ A @ X @ B)", "X", ("X=n,m",),
     ["d²L = tr((dG)ᵀ dX)", "= tr((A(dX)B + Aᵀ(dX)Bᵀ)ᵀ dX)", "= vec(dX)ᵀ (Bᵀ ⊗ A + B ⊗ Aᵀ) vec(dX)"]),
    ("logdet(A + t*B)", "t", ("t=",), ["d²L = (dG) dt", "= −(dt)² tr(K⁻¹BK⁻¹B)"]),
]  # fmt: skip


@pytest.mark.parametrize(("function", "wrt", "shapes", "lines"), CASES, ids=[c[0] for c in CASES])
@pytest.mark.parametrize("layout", ["gradient-column", "numerator"])
def test_it_comes_before_the_hessian(function, wrt, shapes, lines, layout):
    text = told(derive(function, wrt, shapes=shapes, order=2, layout=layout).derivation)
    if layout == "numerator" and wrt == "x":
        lines = [line.replace("dG", "dg") for line in lines]
    step = text[text.index("# The second differential") : text.rindex("# Identify the")]
    places = [step.index(line) for line in lines]
    assert places == sorted(places)


def test_a_constant_gradient_has_none():
    assert "second differential" not in told(derive("a.T @ x", "x", order=2).derivation)


def test_how_it_is_written():
    c, t = scalar("c"), scalar("t")
    assert to_latex(D(D(c))) == r"\mathrm{d}^2c"
    assert to_unicode(D(D(mul(c, t)))) == "d²(ct)"
    assert to_text(D(D(c))) == "d(d(c))"
