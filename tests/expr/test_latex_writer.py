"""The LaTeX writer: a table by hand, a print for every node class, notations."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expr import calculus, nodes
from generator.expr.abstract import Maps
from generator.expr.calculus import D, Dims, Ellipsis, Grad, Group, Mat, Member, Partial, Rel
from generator.expr.latex_writer import to_latex, write_relation
from generator.expr.match import walk
from generator.expr.nodes import Eye, Had, Idx, Inv, Mul, Node, Num, Size, T
from generator.expr.notation import GREEK, Notation, key
from generator.expr.shapes import DimVar
from tests.expr.latex_cases import (
    ALGEBRA,
    CALCULUS,
    FUNCTIONS,
    A,
    L,
    X,
    b,
    c,
    i,
    j,
    n,
    one,
    phi,
    theta,
    x,
    x1,
    zero,
)
from tests.strategies import formulas

CASES = ALGEBRA + CALCULUS + FUNCTIONS
# What KaTeX and pdfLaTeX with amsmath and mathtools share, and the reader knows.
WORDS = """
mathbf boldsymbol mathrm mathit operatorname text mathbb displaystyle begin end left right
lVert rVert lvert rvert top star hat bar tilde dot circ odot oslash otimes cdot times
frac sqrt sum partial nabla delta sigma underbrace lim to
cdots vdots ddots neq le ge in coloneqq quad exp log sin cos tanh det
"""
MACROS = {*WORDS.split(), *(glyph[1:] for glyph in GREEK.values())}


@pytest.mark.parametrize(("tree", "latex"), CASES, ids=[latex for _, latex in CASES])
def test_prints(tree, latex):
    assert to_latex(tree) == latex


def classes(base: type[Node]) -> set[str]:
    return {base.__name__}.union(*(classes(c) for c in base.__subclasses__()))


def test_every_node_class_has_a_print():
    more = [Dims(X.shape), Member(X), Member(x), Member(L), Group(x), Ellipsis("cdots"), Maps((phi,))]
    examples = [*(tree for tree, _ in CASES), *more]
    assert classes(Node) - {"Node"} == {type(e).__name__ for tree in examples for _, e in walk(tree)}
    assert all(map(to_latex, examples))


def test_an_unknown_class_is_refused():
    with pytest.raises(TypeError, match="no LaTeX"):
        to_latex(Node())


@pytest.mark.parametrize(
    ("tree", "notation", "latex"),
    [
        (Mul((A, x)), Notation(bold=False), "A x"),
        (theta, Notation(bold=False), r"\theta"),
        (Mul((Eye(x.shape[0]), x)), Notation(bold=False), "I x"),
        (T(A), Notation(transpose="T"), r"\mathbf{A}^{T}"),
        (T(Inv(A)), Notation(inverse_transpose=True), r"\mathbf{A}^{-\top}"),
        (D(X), Notation(differential="d"), r"d\mathbf{X}"),
        (Had((x, x)), Notation(hadamard=r"\odot"), r"\mathbf{x} \odot \mathbf{x}"),
        (
            Mat((one, x1, zero, c), 2),
            Notation(matrix="pmatrix"),
            r"\begin{pmatrix} 1 & x_1 \\ 0 & c \end{pmatrix}",
        ),
        (Grad(L, (X,)), Notation(gradient="partial"), r"\frac{\partial L}{\partial \mathbf{X}}"),
    ],
)
def test_notation_changes_glyphs(tree, notation, latex):
    assert to_latex(tree, notation) == latex


def test_relations():
    assert write_relation([Partial(b, x), zero], ["="], Rel(i, "≠", j)).endswith(r" = 0 \quad (i \neq j)")
    assert write_relation([L, x1, n], [":=", "≤"]) == r"L \coloneqq x_1 \le n"


def test_an_open_size_prints_nothing():
    assert to_latex(calculus.Sum(Idx("k", DimVar()), x1)) == r"\sum_{k} x_1"
    assert to_latex(Size(DimVar())) == ""


def test_a_number_that_is_no_decimal():
    assert to_latex(Num(nodes.Fraction(1, 3))) == r"\frac{1}{3}"


@given(formulas())
def test_stays_in_the_common_subset(tree):
    assert set(re.findall(r"\\([A-Za-z]+)", to_latex(tree))) <= MACROS


@given(
    st.sampled_from(sorted(GREEK)),
    st.sampled_from(["", "1", "12"]),
    st.sampled_from(["", "_star", "_hat", "_max"]),
)
def test_names_have_one_key_each(base, digits, suffix):
    same_glyph = [name for name in GREEK if GREEK[name] == GREEK[base]]
    assert {key(name + digits + suffix) for name in same_glyph} == {key(base + digits + suffix)}
    assert key(base + digits + suffix) != key("x" + digits + suffix)
