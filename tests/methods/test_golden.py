"""Whole derivations as text.

``UPDATE_GOLDEN=1 pytest tests/methods/test_golden.py`` writes the files anew; look at the difference before
committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.api import pose
from generator.derivation import Derivation
from generator.methods import derive
from generator.spec import load_collection
from tests.methods.corpus import cases, problem
from tests.methods.telling import told
from tests.methods.tutorial import tutorial

CONTENT = Path(__file__).parents[2] / "content"
FOLDER = Path(__file__).parents[1] / "golden" / "derivations"
CORPUS = {
    "rayleigh-quotient": "differential",
    "trace-inverse-gram": "differential",
    "cross-entropy-weights": "differential",
    "svm-dual": "differential",
    "matrixcalculus-front-page": "index",
    "jacobian-elementwise-sin": "differential",
    "scalar-sinc": "partials",
}
ABSTRACT = {
    "gradient-exercises": (
        "product-rule",
        "product-rule-scalar",
        "composition",
        "scalar-chain",
        "several-functions",
    ),
    "calculus-slides": ("chain-rule-one-parameter", "chain-rule-two-parameters", "limit-definition"),
    "denominator-worksheet": ("chain-rule-scalar", "chain-rule-vector", "chain-rule-matrix"),
}
# Derivatives with more than two indices: function, variable, shapes, method, layout
TENSORS = {
    "vector-by-matrix": ("f = A @ x", "A", "A=M,N x=N", "index", "numerator"),
    "gram-by-matrix": ("K = R.T @ R", "R", "R=M,N", "index", "numerator"),
    "squared-length-by-matrix-index": ("norm(A.T @ x)**2", "A", "A=d,n x=d", "index", "denominator"),
    "squared-length-by-matrix-chain": ("norm(A.T @ x)**2", "A", "A=d,n x=d", "chain", "denominator"),
    "two-layers-by-matrix-chain": (
        "norm(B.T @ sigmoid(A.T @ x) - c)**2", "A", "A=d,n B=n,m c=m x=d", "chain", "denominator"
    ),
    "quadratic-form-chain": ("x.T @ A @ x", "x", "A=n,n x=n", "chain", "numerator"),
}  # fmt: skip
TUTORIAL = ("quadratic", "affine-map", "elementwise", "linear-trace", "quadratic-trace", "least-squares")


def compare(name: str, d: Derivation) -> None:
    file, text = FOLDER / f"{name}.txt", told(d)
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TUTORIAL)
def test_the_tutorial(name):
    compare(f"tutorial-{name}", tutorial()[name])


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus(name):
    compare(name, derive(problem(cases()[name]), CORPUS[name]))


@pytest.mark.parametrize("name", TENSORS)
def test_tensors_and_ways(name):
    text, wrt, shapes, method, layout = TENSORS[name]
    posed, _ = pose(text, wrt, shapes.split(), {}, method, layout)
    compare(name, derive(posed))


@pytest.mark.parametrize("folder", ABSTRACT)
def test_abstract_functions(folder):
    found: dict[str, Derivation] = {}
    for p in (p for part in load_collection(CONTENT / folder).parts for p in part.problems):
        if p.id in ABSTRACT[folder]:
            found[p.id] = derive(p, lemmas=tuple(found[name] for name in p.uses))
            compare(p.id, found[p.id])


def test_every_file_is_compared():
    names = {f"tutorial-{name}" for name in TUTORIAL} | set(CORPUS) | set(TENSORS)
    names |= {name for group in ABSTRACT.values() for name in group}
    assert {file.stem for file in FOLDER.glob("*.txt")} == names
