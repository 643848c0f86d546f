"""The corpus through the whole program: derived, printed, confirmed, as it is stated, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cases import Case, load_cases, solve_case

CORPUS = {case.id: case for case in load_cases(Path(__file__).parent / "cases" / "corpus.toml")}
GOOD = [case for case in CORPUS.values() if not case.bad]
BAD = [case for case in CORPUS.values() if case.bad]


def test_it_is_all_there() -> None:
    assert (len(GOOD), len(BAD)) == (110, 26)
    assert sum("answer" in case.data for case in GOOD) > 95


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_derived_and_confirmed(case: Case) -> None:
    outcome = solve_case(case)
    assert outcome.status == "confirmed", outcome.message
    assert outcome.stated == ("equal" if "answer" in case.data else None)
    assert outcome.confirmed == outcome.formulas > 0
    assert outcome.worst_error < 1e-7
    assert outcome.lines > 0
    assert set(outcome.milliseconds) == {"read", "derive", "print", "verify"}


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
def test_refused_with_one_message_and_a_caret(case: Case) -> None:
    outcome = solve_case(case)
    assert outcome.status == "refused"
    first, source, caret, *_ = outcome.message.split("\n")
    assert first
    assert caret.strip("^ ") == ""
    assert caret.count("^") >= 1
    assert caret.index("^") <= len(source)
    if "shape" in case.data["why"] or "square" in case.data["why"]:
        assert "×" in first or "size" in first or "square" in first
