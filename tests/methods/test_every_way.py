"""Every function of the corpus told by every method that applies: printed, confirmed and judged."""

from __future__ import annotations

import pytest

from generator.derivation import Derivation
from generator.errors import NotDerivable
from generator.judge import TOLERANCE, judge
from generator.methods import METHODS, derive, whole
from generator.render import render_derivation
from generator.solved import scopes
from generator.verify import require, verify_text
from tests.methods.corpus import cases, problem

FIRST = sorted(
    key for key, case in cases().items() if case.get("order", 1) == 1 and not case.get("structured")
)
SAMPLE = (
    "rayleigh-quotient", "trace-inverse-gram", "two-layer-softmax", "vec-kron-quadratic", "tensor-gram",
    "scalar-sinc", "jacobian-softmax", "rank-one-fit",
)  # fmt: skip
ALONE = frozenset({"nearest-kron", "gradient-of-three-scalars"})  # told in at most two ways


def tellings(case: str) -> dict[str, Derivation]:
    """What each method that applies tells of a case."""
    found = {}
    for method in METHODS:
        try:
            found[method] = derive(problem(cases()[case]), method)
        except NotDerivable:
            continue
    return found


def confirm_all(case: str) -> None:
    found = tellings(case)
    assert case in ALONE or {"index"} < found.keys()
    for told in found.values():
        assert judge(told.problem, whole(told)) < TOLERANCE  # against the text itself: so they agree
        text = render_derivation(told, "latex")
        require(verify_text(text, "latex", scopes({told.problem.id: told}), told.method))


@pytest.mark.parametrize("case", SAMPLE)
def test_some_functions_in_every_way(case):
    confirm_all(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in FIRST if case not in SAMPLE])
def test_all_functions_in_every_way(case):
    confirm_all(case)
