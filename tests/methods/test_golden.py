"""Whole derivations as text.

``UPDATE_GOLDEN=1 pytest tests/methods/test_golden.py`` writes the files anew; look at the difference before
committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.derivation import Derivation
from generator.methods import derive
from tests.methods.corpus import cases, problem
from tests.methods.telling import told
from tests.methods.tutorial import tutorial

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


def test_every_file_is_compared():
    names = {f"tutorial-{name}" for name in TUTORIAL} | set(CORPUS)
    assert {file.stem for file in FOLDER.glob("*.txt")} == names
