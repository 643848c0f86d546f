"""The problems of the four documents that the content follows, one after another: result, layout, telling."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from generator.derivation import Derivation
from generator.expr.evaluate import Point
from generator.expr.layout import LAYOUTS
from generator.expr.nodes import Sym
from generator.judge import judge
from generator.methods import whole
from generator.problem import Problem
from generator.prose import parse_prose
from generator.render import page_path, render_pages
from generator.solved import Solved, solve
from generator.spec import load_collection
from tests.methods.telling import sentence, told

ROOT = Path(__file__).parents[1]
ROWS = tomllib.loads((ROOT / "tests" / "cases" / "sources.toml").read_text("utf-8"))
Array = Any
Values = SimpleNamespace


def sigma(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def slope(x: Array) -> Array:
    return sigma(x) * (1 - sigma(x))


def spiral(v: Values) -> Array:
    x, y = v.t * np.cos(v.t), v.t * np.sin(v.t)
    along = y**2 * (np.cos(v.t) - v.t * np.sin(v.t)) + 2 * x * y * (np.sin(v.t) + v.t * np.cos(v.t))
    return np.exp(x * y**2) * along


def gram(v: Values) -> Array:
    one = np.eye(v.R.shape[1])
    return np.einsum("jp,iq->pqij", one, v.R) + np.einsum("jq,ip->pqij", one, v.R)


def p_norm(v: Values) -> Array:
    norm = np.sum(np.abs(v.x) ** v.p) ** (1 / v.p)
    return np.sign(v.x) * np.abs(v.x) ** (v.p - 1) / norm ** (v.p - 1)


def three(v: Values) -> Array:
    e = np.exp(v.x**2 * v.y**3 * v.z)
    s = e / (1 + e)
    entries = v.x - 2 * v.x * v.y**3 * v.z * s, v.z - 3 * v.x**2 * v.y**2 * v.z * s, v.y - v.x**2 * v.y**3 * s
    return np.array(entries)[:, None]


def two_layers(v: Values) -> Array:
    z = v.A.T @ v.x
    return 2 * v.x @ (slope(z) * (v.B @ (v.B.T @ sigma(z) - v.c))).T


def slopes(f: Callable[..., Array], *args: Array, by: int = 0) -> Array:
    """The Jacobian of a numeric function by one of its arguments: rows for outputs, by complex step."""
    columns = []
    for place in np.ndindex(np.shape(args[by])):
        moved = np.array(args[by], complex)
        moved[place] += 1e-30j
        shifted = [moved[()] if k == by else a for k, a in enumerate(args)]
        columns.append(np.imag(np.asarray(f(*shifted))).ravel() / 1e-30)
    return np.array(columns).T


def two_ways(v: Values) -> Array:
    places = v.x1(v.t), v.x2(v.t)
    ways = ((slopes(v.f, *places, by=k), slopes(x, v.t)) for k, x in enumerate((v.x1, v.x2)))
    return sum(outer @ inner for outer, inner in ways)[0, 0]


def grid(v: Values) -> Array:
    places = v.x1(v.s, v.t), v.x2(v.s, v.t)
    row = np.hstack([slopes(v.f, *places, by=k) for k in (0, 1)])
    return row @ np.vstack([np.hstack([slopes(x, v.s, v.t, by=k) for k in (0, 1)]) for x in (v.x1, v.x2)])


def several(v: Values) -> Array:
    places = v.x(v.w), v.y(v.w), v.z(v.w)
    parts = ((slopes(v.L, *places, by=k), slopes(f, v.w)) for k, f in enumerate((v.x, v.y, v.z)))
    return sum((outer @ inner).T for outer, inner in parts)


CONCEPTS = ("B1", "B4", "B5")
RESULTS: dict[str, Callable[[Values], Array]] = {
    "A1": lambda v: np.array([6 * v.x[0] + 2 * v.x[1], 2 * v.x[0] + 2 * v.x[1]]),
    "A2": lambda v: v.W,
    "A3": lambda v: np.diag(slope(v.h)[:, 0]),
    "A4": lambda v: v.A.T,
    "A5": lambda v: (v.A + v.A.T) @ v.X,
    "A6": lambda v: 2 * v.A.T @ (v.A @ v.x - v.b),
    "B6": lambda v: v.A,
    "B7": spiral,
    "B8": lambda v: -2 * (v.y.T - v.theta.T @ v.Phi.T) @ v.Phi,
    "B9": lambda v: np.einsum("ij,k->ijk", np.eye(len(v.A)), v.x[:, 0]),
    "B10": gram,
    "B11a": lambda v: v.a.T,
    "B11b": lambda v: v.a.T,
    "B11c": lambda v: v.a @ v.b.T,
    "B11d": lambda v: v.x.T @ (v.B + v.B.T),
    "B11e": lambda v: -2 * (v.x - v.A @ v.s).T @ v.W @ v.A,
    "C1": lambda v: np.sign(v.x),
    "C2": lambda v: 2 * v.x,
    "C3": p_norm,
    "C4": lambda v: v.A,
    "C5": lambda v: 2 * v.A @ v.A.T @ v.x,
    "C6": lambda v: v.A @ np.diag(slope(v.A.T @ v.x)[:, 0]) @ v.B,
    "C7": lambda v: 2 * v.x @ v.x.T @ v.A,
    "C8": two_layers,
    "B2": two_ways,
    "B3": grid,
    "C9": lambda v: (slopes(v.x, v.t).T @ slopes(v.f, v.x(v.t)).T)[0, 0],
    "D1a": lambda v: slopes(v.f, v.x).T @ v.g(v.x) + slopes(v.g, v.x).T @ v.f(v.x),
    "D1b": lambda v: v.g(v.x) * slopes(v.f, v.x).T + v.f(v.x) * slopes(v.g, v.x).T,
    "D2a": lambda v: slopes(v.f, v.x).T @ slopes(v.g, v.f(v.x)).T,
    "D2b": lambda v: slopes(v.h2, v.h1(v.f(v.x))) * slopes(v.h1, v.f(v.x)) * slopes(v.f, v.x).T,
    "D2c": several,
    "D3a": lambda v: v.a,
    "D3b": lambda v: v.A,
    "D3c": lambda v: (v.A + v.A.T) @ v.x,
    "D3d": lambda v: v.x @ v.x.T,
    "D4a": three,
    "D4b": lambda v: v.x,
    "D4c": lambda v: -sigma(-(v.w.T @ v.x)) * v.x,
}


@cache
def solved(folder: str) -> Solved:
    """A collection with the solutions of its problems."""
    found = solve(load_collection(ROOT / "content" / folder))
    if found.error:
        raise found.error
    return found


def derivation(row: str) -> Derivation:
    folder, problem = ROWS[row]["at"].split("/")
    return solved(folder).derivations[problem]


def subject(row: str) -> Problem:
    """The problem, or what a concept is about."""
    folder, name = ROWS[row]["at"].split("/")
    concepts = {c.id: c.subject for c in solved(folder).collection.concepts}
    return concepts[name] if name in concepts else derivation(row).problem


def text(row: str) -> str:
    """All that is told: every way, the checks, the remark on a slip; of a concept its page."""
    folder, name = ROWS[row]["at"].split("/")
    here = solved(folder)
    if name not in here.derivations:
        return render_pages(here.collection, here.derivations)[page_path(folder, name)]
    found = derivation(row)
    return "\n".join([*map(told, found.tellings), *map(sentence, found.slip)])


def test_all_rows_are_here():
    assert len(ROWS) == 42
    assert len({row["at"] for row in ROWS.values()}) == 42


@pytest.mark.parametrize("row", RESULTS)
def test_the_result_is_that_of_the_document(row):
    """Both are the numeric derivative of the problem's own text, arranged by the layout."""
    found = derivation(row)
    problem = found.problem
    result = RESULTS[row]

    def expected(at: Point) -> Array:
        array = np.asarray(result(SimpleNamespace(**at.values, **at.functions)))
        stacked = array.ndim > 2  # more than two indices: the judge compares the Jacobian of the vecs
        return array.reshape(-1, np.size(at.values[problem.wrt[0].name]), order="F") if stacked else array

    judge(problem, whole(found))
    judge(problem, expected)


@pytest.mark.parametrize("row", ROWS)
def test_it_is_arranged_as_in_the_document(row):
    assert subject(row).layout == LAYOUTS[ROWS[row]["layout"]]


@pytest.mark.parametrize("row", ROWS)
def test_it_shows_what_the_document_shows(row):
    said, place = text(row), 0
    for pattern in ROWS[row]["shows"]:
        found = re.compile("|".join(map(re.escape, pattern.split("|")))).search(said, place)
        assert found, f"{row}: {pattern!r} is not told (in this order)\n{said}"
        place = found.start() + 1


@pytest.mark.parametrize("row", [row for row in ROWS if row not in CONCEPTS])
def test_no_spec_gives_the_answer_away(row):
    """No formula in the lecturer's words is the answer; a symbol alone is none that gives it away."""
    problem, answer = derivation(row).problem, derivation(row).answer
    for words in (problem.statement, problem.remark, *problem.hints, *problem.questions):
        parts = [part for part in parse_prose(words, problem) if not isinstance(part, str)]
        assert isinstance(answer, Sym) or all(answer not in part.nodes for part in parts)
