"""Layouts: one line switches a whole collection, and a comparison shows all of them side by side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.confirmation import judge_answers
from generator.editions import editions_of
from generator.expr.layout import LAYOUTS, TITLES
from generator.render import render_document, render_pages
from generator.solved import Solved, solve
from generator.spec import load_collection
from generator.verify import verify_text
from tests.spec.files import PROBLEM, ROOT, folder

SLIDES, COMPARISON = ROOT / "content" / "calculus-slides", ROOT / "content" / "layouts"
COLLECTIONS = sorted(
    file.parent for file in ROOT.glob("content/*/collection.toml") if file.parent != COMPARISON
)


@pytest.fixture(scope="module")
def compared() -> Solved:
    return solve(load_collection(COMPARISON))


@pytest.mark.slow
@pytest.mark.parametrize("folder", COLLECTIONS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_whole_collection_in_every_layout(folder: Path, layout: str) -> None:
    solved = solve(load_collection(folder, layout))
    assert solved.error is None
    judge_answers(solved.derivations.values())
    for derivation in solved.derivations.values():
        problem = derivation.problem
        assert problem.layout == LAYOUTS[layout]
        if problem.order == 1 and not problem.tensor and len(problem.wrt) == 1:
            expected = problem.layout.derivative_shape(problem.body.shape, problem.wrt[0].shape)
            assert derivation.answer.shape == expected
    last = editions_of(solved.collection.kind)[-1].name
    text = render_document(solved.collection, solved.derivations, last)
    report = verify_text(text, "latex", solved.scopes, layout)
    assert report.ok, report.failures


def test_the_line_of_the_collection_is_what_the_option_replaces(tmp_path: Path) -> None:
    place = folder(tmp_path)
    collection = place / "collection.toml"
    collection.write_text(f'layout = "denominator"\n{collection.read_text()}')
    assert load_collection(place).problems[0].layout == LAYOUTS["denominator"]
    assert load_collection(place, "numerator").problems[0].layout == LAYOUTS["numerator"]
    (place / "first.toml").write_text(f'layout = "gradient-column"\n{PROBLEM}')
    assert load_collection(place, "numerator").problems[0].layout == LAYOUTS["gradient-column"]


def test_every_problem_of_a_comparison_is_solved_in_every_layout(compared: Solved) -> None:
    assert compared.error is None
    judge_answers(compared.derivations.values())
    names = [p.id.rpartition("-")[0].removesuffix("-gradient") for p in compared.collection.problems]
    assert len(names) == 6 * len(LAYOUTS)
    assert len(set(names)) == 6
    for derivation in compared.derivations.values():
        p = derivation.problem
        assert (p.label, p.layout) in {(TITLES[name], layout) for name, layout in LAYOUTS.items()}
        assert derivation.answer.shape == p.layout.derivative_shape(p.body.shape, p.wrt[0].shape)


@pytest.mark.parametrize("form", ["latex", "markdown"])
def test_the_table_is_confirmed(compared: Solved, form: str) -> None:
    text = render_document(compared.collection, compared.derivations, "comparison", form)  # type: ignore[arg-type]
    report = verify_text(text, form, compared.scopes, "comparison")  # type: ignore[arg-type]
    assert report.ok, report.failures
    assert report.counts["equality"] == 6 * (1 + len(LAYOUTS))
    assert all(title in text for title in TITLES.values())


def test_the_page_leads_to_every_derivation(compared: Solved) -> None:
    pages = render_pages(compared.collection, compared.derivations)
    index = pages["layouts/index.md"]
    linked = re.findall(r"\[steps\]\((.*?)\)", index)
    assert sorted(f"layouts/{name}" for name in linked) == sorted(pages.keys() - {"layouts/index.md"})
    rows = [line for line in index.splitlines() if line.startswith("| <!--")]
    assert [row.count(" | ") for row in rows] == [len(LAYOUTS)] * 6
    assert "6 functions in 3 layouts" in index


def test_a_summary_is_made_of_the_results() -> None:
    solved = solve(load_collection(SLIDES))
    text = render_document(solved.collection, solved.derivations, "handout")
    summary = text.partition(r"\begin{frame}{The identities in one table}")[2]
    part = solved.collection.parts[-1]
    assert re.findall(r"% scope: (\S+)", summary) == [p.id for p in part.problems]
    assert len(part.problems) == 5
    for p in part.problems:
        assert p.label in summary
    assert r"\mathbf{a}^{\top}" in summary
