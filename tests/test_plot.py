"""Pictures: what is drawn, what cannot be drawn, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generator import captions, plot
from generator.errors import InputError
from generator.plot import _gradient, _height, draw
from generator.problem import Problem
from generator.setting import Setter
from generator.spec import load_problem

PROBLEM = """\
title = "A picture"
[symbols]
{symbols}
[given]
"{head}" = "{text}"
[find]
wrt = {wrt}
{more}
[plot]
{plot}
"""


def problem(
    tmp_path: Path,
    table: str = 'kind = "contour"',
    text: str = "3*x_1**2 + 2*x_1*x_2 + x_2**2",
    symbols: str = 'x = "2"',
    wrt: str = '"x"',
    head: str = "f(x)",
    more: str = "at = [1, -1]",
) -> Problem:
    file = tmp_path / "picture.toml"
    values = {"plot": table, "text": text, "symbols": symbols, "wrt": wrt, "head": head, "more": more}
    file.write_text(PROBLEM.format(**values), "utf-8")
    return load_problem(file)


CURVE = 'path = ["t", "t**2 / 4"]\nstep = [0.5, 1]'


@pytest.mark.parametrize("kind", ["contour", "field", "surface", "increments"])
def test_every_kind_is_drawn_with_our_letters(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot, "_FINE", 12)
    monkeypatch.setattr(plot, "_COARSE", 8)
    one = problem(tmp_path, f'kind = "{kind}"\n{CURVE if kind == "increments" else ""}')
    svg = draw(one, "svg")
    assert kind != "surface" or svg == draw(one, "svg")
    assert b"<svg" in svg
    assert b"<text" not in svg, "a letter in the reader's font instead of the handout's"
    assert b"<image" not in svg
    pdf = draw(one, "pdf")
    assert pdf.startswith(b"%PDF")
    assert b"/CreationDate" not in pdf


def test_the_gradient_is_that_of_the_function(tmp_path: Path) -> None:
    f = _height(problem(tmp_path))
    assert f(1.0, -1.0) == pytest.approx(2)
    assert np.allclose(_gradient(f, 1.0, -1.0), (4, 0))
    scalars = problem(
        tmp_path, text="s*exp(t)", symbols='s = ""\nt = ""', wrt='["s", "t"]', head="L", more=""
    )
    assert np.allclose(_gradient(_height(scalars), 2.0, 0.5), (np.exp(0.5), 2 * np.exp(0.5)))


def test_ranges_and_points(tmp_path: Path) -> None:
    assert problem(tmp_path).plot.range == ((-2, 2), (-2, 2))  # type: ignore[union-attr]
    assert problem(tmp_path).plot.at == (1, -1)  # type: ignore[union-attr]
    other = problem(tmp_path, "range = [[-1, 1], [0, 0.5]]\nat = [0.5, 0.25]").plot
    assert other is not None
    assert (other.range, other.at) == (((-1, 1), (0, 0.5)), (0.5, 0.25))
    assert problem(tmp_path, more="").plot.at is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "range = [2, -2]"}, "plot.range: found a range that does not rise"),
        ({"table": 'range = ["a", 2]'}, "plot.range: found a list"),
        ({"table": "at = [1]"}, "plot.at: expected two numbers"),
        ({"table": 'kind = "contours"'}, "did you mean `contour`"),
        ({"symbols": 'x = "3"', "more": ""}, "the variable has 3 entries"),
        ({"symbols": 'x = "n"', "text": "x.T @ x", "more": ""}, "the size of `x` is not a number"),
        ({"symbols": 'x = "2"\nc = ""', "text": "c*x.T @ x", "more": ""}, "`c` has no value"),
        ({"text": "2*x", "more": ""}, "`f` is not a scalar"),
        ({"table": CURVE}, 'plot.path: only a picture of the kind "increments" has a path'),
        ({"table": 'kind = "increments"\nstep = [0, 1]'}, "plot.path: expected two expressions in t"),
        ({"table": 'kind = "increments"\npath = ["t", "u"]\nstep = [0, 1]'}, "unknown name `u`"),
        ({"table": 'kind = "increments"\npath = ["t", "t"]'}, "plot.step: expected two numbers"),
    ],
)
def test_what_cannot_be_drawn(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        problem(tmp_path, **change)


def test_a_function_without_a_value_somewhere(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="picture: the function has no value"):
        draw(problem(tmp_path, text="log(x_1) + x_2"), "svg")


def test_the_curve_and_its_step(tmp_path: Path) -> None:
    one = problem(tmp_path, f'kind = "increments"\n{CURVE}')
    assert one.plot
    assert one.plot.path
    assert one.plot.path.step == (0.5, 1)
    assert plot._place(one.plot.path, 2.0) == (2.0, 1.0)
    told = captions.pictured(one, one.plot, ascii_only=True)
    assert told.endswith("A curve crosses them; a step along it is drawn with its two components.")
    picture = Setter("latex", one.notation).picture(one)
    assert picture is not None
    assert "a step along a curve" in picture.caption


def test_words_for_a_picture(tmp_path: Path) -> None:
    one = problem(tmp_path)
    assert one.plot
    assert captions.pictured(one, one.plot, ascii_only=False) == (
        "Level curves of f(x) = 3x₁² + 2x₁x₂ + x₂² for x₁ from -2 to 2 and x₂ from -2 to 2. "
        "An arrow at (1, -1) shows the gradient there."
    )
    picture = Setter("latex", one.notation).picture(one)
    assert picture is not None
    assert picture.name == "picture-plot"
    assert r"3*x\_1**2" in picture.alt
    assert r"Level curves of \(f(" in picture.caption
