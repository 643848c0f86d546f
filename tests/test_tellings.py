"""Several tellings of one solution: headings, agreement, and what happens when they do not agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.api import derive
from generator.confirmation import judge_answers, scopes
from generator.derivation import Chain, Derivation, Line, Say
from generator.errors import CheckFailed, InputError
from generator.expr.make import mul, num
from generator.methods import METHODS, others
from generator.render import render_derivation
from generator.tellings import WAYS, agreement, headings
from generator.verify import verify_text


def told(text: str, *methods: str, wrt: str = "x") -> Derivation:
    return derive(text, wrt, method=methods).derivation


def damaged(found: Derivation) -> Derivation:
    """The last telling ends in twice its answer."""
    *rest, last = found.also
    wrong = Line(last.answers[0].lhs, mul(num(2), last.answer))
    return replace(found, also=(*rest, replace(last, answers=(wrong,))))


def test_every_method_has_a_name_in_words() -> None:
    assert not METHODS.keys() - WAYS.keys()


@pytest.mark.parametrize(
    ("text", "wrt", "methods", "ways"),
    [
        ("norm(A @ x)**2", "x", ("differential", "chain"), ["by differentials", "by the chain rule"]),
        ("norm(A @ x)**2", "A", ("index", "differential"), ["entry by entry", "by differentials"]),
        ("x @ x", "x", ("index", "differential"), ["coordinate by coordinate", "by differentials"]),
    ],
)
def test_each_telling_has_a_heading(text: str, wrt: str, methods: tuple[str, ...], ways: list[str]) -> None:
    found = told(text, *methods, wrt=wrt)
    assert [one.method for one in found.tellings] == list(methods)
    assert headings(found) == (f"First way: {ways[0]}", f"Second way: {ways[1]}")


def test_a_single_telling_has_none() -> None:
    found = told("x @ x", "differential")
    assert headings(found) == ("",)
    assert agreement(found) == ()


def test_equal_answers_are_said_to_agree() -> None:
    assert agreement(told("a @ x", "differential", "index")) == (Say("Both ways give the same gradient."),)
    assert agreement(told("norm(A @ x)**2", "differential", "index", "chain")) == (
        Say("All 3 ways give the same gradient."),
    )


@pytest.mark.parametrize("kind", ["latex", "markdown"])
def test_different_forms_are_set_equal_and_confirmed(kind) -> None:
    found = damaged(told("a @ x", "differential", "index"))
    lead, chain = agreement(found)
    assert isinstance(lead, Say)
    assert isinstance(chain, Chain)
    assert [line.rhs for line in chain.lines] == [one.answer for one in found.tellings]
    known = scopes({found.problem.id: found})
    report = verify_text(render_derivation(found, kind), kind, known, "damaged")
    assert [failure.step for failure in report.failures] == ["Agreement"]


def test_arrangements_are_shown_beside_each_other() -> None:
    found = told("y = A @ x", "index", "vec", wrt="A")
    lead, chain = agreement(found)
    assert lead == Say("Both ways give the same numbers, in another arrangement:")
    assert isinstance(chain, Chain)
    assert [(line.lhs, line.rhs) for line in chain.lines] == [
        (line.lhs, line.rhs) for line in found.also[0].answers
    ]


def test_every_answer_is_judged() -> None:
    found = told("a @ x", "differential", "index")
    judge_answers([found])
    with pytest.raises(CheckFailed, match="is wrong"):
        judge_answers([damaged(found)])


def test_only_the_first_telling_goes_on_after_the_derivative() -> None:
    found = derive("norm(A @ x - b)**2", "x", method="differential,chain", set_to_zero=True)
    first, second = found.derivation.tellings
    assert len(first.answers) > len(second.answers) == 1


def test_as_data() -> None:
    found = derive("a @ x", "x", method=["differential", "index"]).to_dict()
    assert found["method"] == "differential"
    assert [(one["method"], one["answer"]["text"]) for one in found["also"]] == [("index", "a")]


@pytest.mark.parametrize(
    ("text", "asked", "further"),
    [
        ("norm(A @ x)**2", None, ("chain", "product", "index")),
        ("norm(A @ x)**2", "index,chain", ("differential", "product")),
        ("a @ x", "index", ("differential",)),
    ],
)
def test_the_methods_that_would_do_too(text: str, asked: str | None, further: tuple[str, ...]) -> None:
    found = derive(text, "x", method=asked).derivation
    assert others(found) == further
    for name in further:
        assert derive(text, "x", method=name).derivation.method == name


def test_a_second_derivative_lists_no_others() -> None:
    assert others(derive("norm(A @ x)**2", "x", order=2).derivation) == ()


def test_a_method_that_there_is_not() -> None:
    with pytest.raises(InputError, match="there is no method 'indx'"):
        told("a @ x", "differential", "indx")
