"""Every method on every function of the corpus: right answers, true lines, no fewer than before."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from generator.derivation import Derivation
from generator.errors import InputError, NotDerivable
from generator.expr.evaluate import evaluate
from generator.expr.layout import LAYOUTS
from generator.methods import METHODS, derive
from tests.methods.corpus import cases, gradients, problem
from tests.methods.numbers import CLOSE, error, false_lines, truth, usable

IDS = sorted(gradients())
# What no method derives, and how many functions each method derives: fewer is a regression.
UNDERIVABLE: frozenset[str] = frozenset()
DERIVED = {
    "partials": 9,
    "chain": 72,
    "differential": 89,
    "index": 89,
    "deltas": 7,
    "product": 4,
    "vec": 0,
    "limit": 0,
}  # vec is for tensors


@cache
def outcome(case: str, method: str, layout: str = "gradient-column") -> Derivation | NotDerivable:
    """The derivation of a case, or the refusal."""
    try:
        return derive(problem(cases()[case], LAYOUTS[layout]), method)
    except NotDerivable as refusal:
        return refusal


def derivations(case: str, layout: str = "gradient-column") -> dict[str, Derivation]:
    found = {method: outcome(case, method, layout) for method in METHODS}
    return {method: d for method, d in found.items() if isinstance(d, Derivation)}


@pytest.mark.parametrize("case", IDS)
def test_answers_are_the_derivative_and_methods_agree(case):
    p = problem(cases()[case])
    for at in usable(p, 2):
        true = truth(p, at, p.layout)
        errors = {m: error(evaluate(d.answer, at), true) for m, d in derivations(case).items()}
        assert all(e < CLOSE for e in errors.values()), errors


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_answers_are_right_in_every_layout(layout):
    wrong = {}
    for case in IDS:
        p = problem(cases()[case], LAYOUTS[layout])
        (at,) = usable(p, 1)
        for method, d in derivations(case, layout).items():
            off = error(evaluate(d.answer, at), truth(p, at, p.layout))
            if not off < CLOSE:
                wrong[case, method] = off
    assert wrong == {}


@pytest.mark.parametrize("case", IDS)
def test_no_line_is_false(case):
    p = problem(cases()[case])
    (at,) = usable(p, 1)
    wrong = {m: bad for m, d in derivations(case).items() if (bad := false_lines(d, at))}
    assert wrong == {}


@pytest.mark.parametrize("case", IDS)
def test_every_derivation_tells_the_whole_story(case):
    for method, d in derivations(case).items():
        assert d.method == method
        assert d.steps
        assert all(step.title and step.items for step in d.all_steps())
        assert d.answer == d.answers[0].rhs
        assert d.answer.shape == d.answers[0].lhs.shape  # type: ignore[union-attr]


@pytest.mark.parametrize("method", METHODS)
def test_no_method_derives_less_than_it_did(method):
    found = [case for case in IDS if method in derivations(case)]
    assert len(found) >= DERIVED[method]


def test_what_no_method_derives():
    refused = {case: [outcome(case, m).message for m in METHODS] for case in IDS if not derivations(case)}  # type: ignore[union-attr]
    for case, messages in refused.items():  # shown by pytest -s
        print(f"{case}: {cases()[case]['function']}", *messages, sep="\n    ")
    assert set(refused) <= UNDERIVABLE


@pytest.mark.parametrize("case", IDS)
def test_refusals_say_why(case):
    for method in METHODS:
        refusal = outcome(case, method)
        if isinstance(refusal, NotDerivable):
            assert len(refusal.message) > 20


def test_without_a_method_the_first_that_fits_is_taken():
    for case, method in (("scalar-sinc", "partials"), ("det", "differential"), ("jacobian-linear-map", None)):
        d = derive(problem(cases()[case]))
        assert method in (None, d.method)


def test_an_unknown_method_is_refused_with_a_suggestion():
    with pytest.raises(InputError, match="no method 'diferential'") as caught:
        derive(problem(cases()["det"]), "diferential")
    assert "differential" in str(caught.value)


def test_the_problem_may_name_its_method():
    p = replace(problem(cases()["norm-squared"]), methods=("index",))
    assert derive(p).method == "index"


def test_derivations_do_not_depend_on_what_was_derived_before():
    p = problem(cases()["ridge"])
    first = derive(p, "differential")
    derive(problem(cases()["svm-dual"]), "differential")
    assert derive(p, "differential") == first


def test_the_numbers_here_can_tell_right_from_wrong():
    p = problem(cases()["trace-xbxt"])
    (at,) = usable(p, 1)
    true = truth(p, at, p.layout)
    assert error(2 * true, true) > 0.1
    assert error(true.T, true) == np.inf
