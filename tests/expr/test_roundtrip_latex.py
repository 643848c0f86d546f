"""What the writer prints reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.expr.latex_reader import read
from generator.expr.latex_table import Table
from generator.expr.latex_writer import to_latex
from generator.expr.notation import Notation
from tests.expr.latex_cases import ALGEBRA, CALCULUS, FUNCTIONS
from tests.expr.latex_cases import TABLE as BY_HAND
from tests.strategies import SYMBOLS, TABLE, expressions, formulas

CASES = ALGEBRA + CALCULUS + FUNCTIONS
NOTATIONS = st.builds(
    Notation,
    bold=st.booleans(),
    transpose=st.sampled_from([r"\top", "T", r"\intercal", r"\mathsf{T}"]),
    differential=st.sampled_from([r"\mathrm{d}", r"\mathsf{d}"]),
    hadamard=st.sampled_from([r"\circ", r"\odot"]),
    matrix=st.sampled_from(["bmatrix", "pmatrix"]),
    inverse_transpose=st.booleans(),
)


@pytest.mark.parametrize(("tree", "latex"), CASES, ids=[latex for _, latex in CASES])
def test_by_hand(tree, latex):
    assert read(latex, BY_HAND) == tree


@settings(max_examples=300)
@given(expressions())
def test_expressions(tree):
    assert read(to_latex(tree), TABLE) == tree


@settings(max_examples=300)
@given(formulas())
def test_formulas(tree):
    assert read(to_latex(tree), TABLE) == tree


@settings(max_examples=60)
@given(formulas(), NOTATIONS)
def test_notations(tree, notation):
    """Glyphs change no meaning."""
    table = Table(SYMBOLS, TABLE.functions, TABLE.variables, TABLE.dimensions, notation=notation)
    assert read(to_latex(tree, notation), table) == tree


@pytest.mark.slow
@settings(max_examples=5000)
@given(formulas(depth=5))
def test_deep_formulas(tree):
    assert read(to_latex(tree), TABLE) == tree
