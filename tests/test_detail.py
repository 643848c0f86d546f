"""How much is told: fewer lines, each there before and confirmed; the answer stays what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator import cli
from generator.api import derive
from generator.cases import load_cases, posed
from generator.derivation import CURVATURE, Chain, Derivation, Say
from generator.detail import told_in
from generator.errors import InputError, NotDerivable
from generator.expr.unicode_writer import to_unicode
from generator.methods import derive as told_by
from generator.problem import DETAILS, Detail
from generator.solution import confirmed
from generator.spec import load_collection, load_problem
from tests.spec.files import COLLECTION, PROBLEM, folder

FUNCTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("tr(X.T @ A @ X)", "X", {}),
    ("norm(A @ x - b)**2", "x", {"set_to_zero": True}),
    ("norm(A @ x - b)**2", "x", {"order": 2}),
    ("norm(A @ x - b)**2", "x", {"method": "differential,chain"}),
    ("3*x_1**2 + 2*x_1*x_2 + x_2**2", "x", {}),
    ("a.T @ x", "x", {"method": "index"}),
    ("A @ x", "A", {"method": "index"}),
    ("X @ A @ X.T", "X", {}),
    ("sum(log(1 + exp(-y * (A @ x))))", "x", {}),
    ("x**3 - 3*x + y**2", "x,y", {"order": 2, "set_to_zero": True}),
]
CORPUS = [case for case in load_cases(Path(__file__).parent / "cases" / "corpus.toml") if not case.bad]


def lines(derivation: Derivation) -> list[tuple[str, str]]:
    """All equalities between a left-hand side and what it is equal to, as they are printed."""
    found = []
    for step in derivation.all_steps():
        for chain in (item for item in step.items if isinstance(item, Chain)):
            head = chain.lines[0].lhs
            for line in chain.lines:
                head = line.lhs if line.lhs is not None else head
                assert head is not None
                found.append((to_unicode(head), to_unicode(line.rhs)))
    return found


@pytest.mark.parametrize(("function", "wrt", "options"), FUNCTIONS)
def test_fewer_lines_are_told_and_confirmed(function: str, wrt: str, options: dict[str, Any]) -> None:
    full, standard, brief = (
        derive(function, wrt, detail=detail, **options).derivation for detail in reversed(DETAILS)
    )
    assert len(lines(brief)) < len(lines(full))
    assert len(lines(standard)) <= len(lines(full))
    for less in (standard, brief):
        assert set(lines(less)) <= set(lines(full))
        assert (less.size, less.answers) == (full.size, full.answers)
        assert less.conditions == full.conditions
        assert less.idea == full.idea
        assert len(less.also) == len(full.also)
    assert [s.title for s in standard.steps] == [s.title for s in full.steps]
    assert brief.steps[0].title == "The main lines"


def test_what_the_main_lines_are() -> None:
    brief = derive("norm(A @ x - b)**2", "x", detail="brief").derivation
    assert lines(brief) == [
        *(("r", "Ax − b"), ("L", "‖r‖²"), ("dL", "2rᵀ dr"), ("dr", "A dx")),
        *(("dL", "2rᵀA dx"), ("dL", "Gᵀ dx"), ("G", "2Aᵀr")),
    ]
    assert len([item for item in brief.steps[0].items if isinstance(item, Chain)]) == 6


def test_a_conclusion_keeps_its_reason() -> None:
    told = derive("norm(A @ x - b)**2", "x", order=2, detail="brief").derivation
    assert [step.title for step in told.steps][-1] == CURVATURE
    said = [item.text for item in told.steps[-1].items if isinstance(item, Say)]
    assert any("sum of squares" in text and "convex" in text for text in said)


def test_one_line_a_thought() -> None:
    standard = lines(derive("tr(X.T @ A @ X)", "X", detail="standard").derivation)
    assert ("G", "(A + Aᵀ)X") in standard
    assert ("G", "(Xᵀ(Aᵀ + A))ᵀ") not in standard
    braced = lines(derive("3*x_1**2 + 2*x_1*x_2", "x", detail="standard").derivation)
    assert sum(head == "L" for head, _ in braced) == 2  # what braces explain stays


def test_the_full_detail_is_the_derivation_itself() -> None:
    derivation = derive("tr(A @ X)", "X").derivation
    assert told_in(derivation, "full") is derivation


@pytest.mark.slow
@pytest.mark.parametrize("detail", ["brief", "standard"])
@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.id)
def test_the_corpus_is_confirmed_in_less_detail(case: Any, detail: Detail) -> None:
    try:
        derivation = told_by(posed(case, "gradient-column"))
    except NotDerivable:
        pytest.skip("not derived")
    assert confirmed(told_in(derivation, detail)).report.ok


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_on_the_command_line(layout: str) -> None:
    args = ["solve", "norm(A @ x - b)**2", "--wrt", "x", "--detail", "brief", "--layout", layout]
    result = CliRunner().invoke(cli.app, args)
    assert result.exit_code == 0
    assert "The main lines" in result.stdout


def test_an_unknown_detail() -> None:
    with pytest.raises(InputError, match="did you mean `brief`"):
        derive("tr(X)", "X", detail="breif")


def test_in_specs(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(f'detail = "brief"\n{PROBLEM}', "utf-8")
    assert load_problem(path).detail == "brief"
    listed = COLLECTION.replace('["first"]', '["first", "second"]')
    second = f'detail = "full"\n{PROBLEM}'
    place = folder(tmp_path, collection=f'detail = "standard"\n{listed}', second=second)
    found = {p.id: p.detail for part in load_collection(place).parts for p in part.problems}
    assert found == {"first": "standard", "second": "full"}
