"""Vectors with the index of a sum are the rows of a matrix, where nothing speaks against it."""

from __future__ import annotations

import re

import pytest

from generator.errors import InputError
from generator.expr.latex_input import read_declared, read_latex
from generator.expr.latex_writer import to_latex
from generator.expr.make import matrix, vector
from generator.expr.notation import Notation

PLAIN = Notation(bold=False)


@pytest.mark.parametrize(
    ("latex", "wrt", "read", "rows"),
    [
        (r"\sum_{i=1}^m (a_i^\top x - b_i)^2", "x", r"\sum_i ((A x)_i - b_i)^2", "A"),
        (r"\sum_{i=1}^n e^{-y_i a_i^T x}", "x", r"\sum_i \exp(-y_i (A x)_i)", "A"),
        (r"\sum_k (\theta^\top x^{(k)} - y^{(k)})^2", "theta", r"\sum_k ((X \theta)_k - y_k)^2", "X"),
        (r"\sum_i \langle \mathbf{a}_i, \mathbf{x}\rangle^2", "x", r"\sum_i (A x)_i^2", "A"),
        (r"\sum_i \langle x, a_i\rangle^2", "x", r"\sum_i (A x)_i^2", "A"),
        (r"\sum_i (w^\top B \phi_i)^2", "w", r"\sum_i (\Phi B^{\top} w)_i^2", "Phi"),
        (r"\sum_i (a_i^\top B x)^2", "x", r"\sum_i (A B x)_i^2", "A"),
        (r"\sum_i (a_i^\top (x - c))^2", "x", r"\sum_i (A(x - c))_i^2", "A"),
        (r"\sum_i (a_i^\top x)(b_i^\top x)", "x", r"\sum_i (A x)_i (B x)_i", "A,B"),
        (r"\sum_i (w^\top x_i)^2", "X", r"\sum_i (X w)_i^2", "X"),
        (r"\sum_i x_i y_i", "x", r"\sum_i x_i y_i", ""),
    ],
)
def test_rows(latex, wrt, read, rows):
    found = read_latex(latex, {}, [wrt])
    assert re.sub(r"\{(\w)=1\}\^\{\w\}", r"\1", to_latex(found.body, PLAIN)) == read
    assert found.rows == tuple(rows.split(",")) if rows else not found.rows


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_i (a_i^\top x) a_i",  # used as a vector, too
        r"\sum_i a_i^\top A x",  # the capital letter is taken
        r"\sum_i (a_i^\top x)^2 + a^\top x",  # the letter is a vector of its own
        r"\sum_i a_i^\top b_i",  # a diagonal, no product with one vector
    ],
)
def test_other_uses_are_refused(latex):
    with pytest.raises(InputError):
        read_latex(latex, {}, ["x"])


def test_a_declared_matrix_may_be_written_by_its_rows():
    known = {s.name: s for s in (matrix("A", "m", "n"), vector("x", "n"), vector("b", "m"))}
    latex = r"\sum_{i=1}^m (a_i^\top x - b_i)^2"
    assert to_latex(read_declared(latex, known, "mn"), PLAIN) == r"\sum_{i=1}^{m} ((A x)_i - b_i)^2"
    del known["A"]
    with pytest.raises(InputError, match="`a` has an index and a transpose"):
        read_declared(latex, known, "mn")
