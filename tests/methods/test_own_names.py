"""The lecturer's own names for parts of a function are used by every method, in statement and solution."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.expr.unicode_writer import to_unicode
from generator.methods import derive
from generator.render import render_derivation
from generator.solved import scopes
from generator.spec import load_collection
from generator.verify import verify_text
from tests.methods.telling import told

COLLECTION = 'title = "T"\n[[part]]\ntitle = "P"\nproblems = ["p"]\n'
PROBLEM = """\
title = "Least squares"
[symbols]
A = "m n"
x = "n"
b = "m"
[given]
unused = "sum(b)"
e = "b - A @ x"
L = "norm(e)**2"
[find]
derivative = "L"
wrt = "x"
"""


@pytest.fixture
def problem(tmp_path: Path):
    (tmp_path / "collection.toml").write_text(COLLECTION)
    (tmp_path / "p.toml").write_text(PROBLEM)
    return load_collection(tmp_path).parts[0].problems[0]


def test_only_what_occurs_is_a_part(problem):
    assert [(name.name, to_unicode(part)) for name, part in problem.parts] == [("e", "b − Ax")]


@pytest.mark.parametrize("method", ["differential", "chain"])
def test_the_telling_uses_the_name(problem, method):
    text = told(derive(problem, method))
    assert "e := b − Ax" in text
    assert "‖e‖²" in text
    assert " r " not in text


@pytest.mark.parametrize("kind", ["latex", "markdown"])
def test_the_statement_says_what_it_stands_for(problem, kind):
    derivation = derive(problem)
    text = render_derivation(derivation, kind)
    statement = text[: text.index("Size of the answer")]
    assert r"\lVert \mathbf{e} \rVert_2^2" in statement
    assert r"\mathbf{b} - \mathbf{A} \mathbf{x}" in statement
    assert "where" in statement
    assert verify_text(text, kind, scopes({"p": derivation}), "p").ok


def test_a_wrong_line_about_it_is_rejected(problem):
    text = render_derivation(derive(problem), "latex").replace(
        r"\mathbf{b} - \mathbf{A} \mathbf{x}", r"\mathbf{b} + \mathbf{A} \mathbf{x}", 1
    )
    assert not verify_text(text, "latex", scopes({"p": derive(problem)}), "p").ok
