"""Every problem of the content by every method that applies: each telling is judged, so all of them agree."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from generator.derivation import Derivation
from generator.judge import judge
from generator.methods import derive, others, whole
from generator.solved import solve
from generator.spec import load_collection

CONTENT = Path(__file__).parents[1] / "content"
FOLDERS = sorted(path.parent for path in CONTENT.glob("*/collection.toml"))
PROBLEMS = [
    (folder.name, problem.id)
    for folder in FOLDERS
    for part in load_collection(folder).parts
    for problem in part.problems
]


@cache
def solved(folder: str) -> dict[str, Derivation]:
    return dict(solve(load_collection(CONTENT / folder)).derivations)


def ways(derivation: Derivation) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(one.method for one in derivation.tellings), *others(derivation))))


@pytest.mark.parametrize(("folder", "problem"), PROBLEMS, ids=["/".join(p) for p in PROBLEMS])
def test_all_ways_lead_to_the_same(folder, problem):
    derivation = solved(folder)[problem]
    bare = replace(derivation.problem, at=(), set_to_zero=False)
    for method in ways(derivation):
        judge(bare, whole(derive(bare, method if bare.order == 1 else None)))


def test_most_problems_have_several_ways():
    counts = [len(ways(solved(folder)[problem])) for folder, problem in PROBLEMS]
    assert sum(count > 1 for count in counts) > len(counts) / 2
