"""Choices of a multiple choice."""

import json
from collections import Counter

import numpy as np
import pytest

from generator.errors import InputError, NotDerivable
from generator.exam.options import options
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import num, scalar, vector
from generator.methods import derive
from tests.exam.files import CHAINED, EXAM, exam, make
from tests.problems import problem

WAVE = derive(problem("5 * cos(3 * t) + 2 * t", "t", scalar("t"), function="f"))
CHOICE = EXAM.replace('kind = "numerical"', 'kind = "choice"')


def test_one_is_right_and_all_differ():
    found = options(WAVE, "secret", "slot", "student")
    assert [o.letter for o in found] == ["A", "B", "C"][: len(found)]
    assert [o.node for o in found if o.right] == [WAVE.answer]
    values = [float(evaluate(o.node, Point({"t": np.float64(0.7)}))) for o in found]
    assert len({round(v, 6) for v in values}) == len(found)


def test_the_order_belongs_to_the_student():
    """The same for the same student, and every letter is right for some."""
    letters = Counter()
    for student in range(40):
        found = options(WAVE, "secret", "slot", student)
        assert found == options(WAVE, "secret", "slot", student)
        letters[next(o.letter for o in found if o.right)] += 1
    assert set(letters) == {"A", "B", "C"}
    assert min(letters.values()) >= 5


ASKED = {
    "the value at a point": derive(problem("3*t**2", "t", scalar("t"), function="f", at=(num(2),))),
    "the value of a gradient": derive(
        problem("3*x_1**2 + 4*x_2**3", "x", vector("x", 2), function="f", at=(num(2), num(1)))
    ),
    "the Hessian": derive(problem("3*u**3*v + v**2", "u,v", scalar("u"), scalar("v"), function="f", order=2)),
}


@pytest.mark.parametrize("what", ASKED)
def test_other_questions_have_choices_too(what):
    """What is offered answers the last question, and the wrong ones come from mistakes."""
    derivation = ASKED[what]
    found = options(derivation, "secret", "slot", "student")
    assert [o.node for o in found if o.right] == [derivation.answers[-1].rhs]
    assert {o.wrong.mistake.name for o in found if o.wrong} >= {
        "power not lowered",
        "exponent not brought down",
    }
    at = Point({"u": np.float64(0.7), "v": np.float64(-1.2)})
    values = [np.asarray(evaluate(o.node, at)) for o in found]
    assert {v.shape for v in values} == {values[0].shape}
    assert all(np.abs(a - b).max() > 1e-3 for k, a in enumerate(values) for b in values[:k])


def test_none_of_these_is_last_and_right_as_often_as_any_other():
    right = Counter()
    for student in range(400):
        found = options(WAVE, "secret", "slot", student, none=True)
        (one,) = [o for o in found if o.right]
        assert found[-1].node is None
        assert all(o.node is not None for o in found[:-1])
        assert (one.node is None) == all(o.wrong for o in found[:-1])
        right["none" if one.node is None else one.letter] += 1
    shares = {letter: count / 400 for letter, count in right.items()}
    assert set(shares) == {"none", "A", "B", "C"}
    assert all(abs(share - 1 / 4) < 0.08 for share in shares.values())


def test_none_of_these_on_all_editions_and_in_the_banks(tmp_path):
    text = CHOICE.replace('kind = "choice"', 'kind = "choice"\nnone_of_these = true')
    one = exam(tmp_path, midterm=text, chained=CHAINED.replace("h + t", "3*h + t"))
    made = make(one, tmp_path / "out", 10, banks=True)
    papers = json.loads(made.manifest.read_text("utf-8"))["papers"]
    letters = {p["code"]: p["problems"]["chained"]["choice"] for p in papers}
    texts = {e: [f.read_text() for f in made.manifest.parent.rglob(f"{e}.tex")] for e in ("paper", "marker")}
    assert all(text.count("None of these.") == 1 for text in (*texts["paper"], *texts["marker"]))
    assert not any(r"\textbf{right}" in text for text in texts["paper"])
    assert all(text.count(r"\textbf{right}") == 1 for text in texts["marker"])
    data = json.loads((made.manifest.parent / "banks" / "midterm.json").read_text("utf-8"))
    items = {
        item["id"].removeprefix("chained-"): item["choices"] for item in data if item["kind"] == "choice"
    }
    right = {code: next(k for k, c in enumerate(choices) if c["right"]) for code, choices in items.items()}
    assert {code: "ABCDEF"[k] for code, k in right.items()} == letters
    assert all(choices[-1]["text"] == "None of these." for choices in items.values())
    hidden = [choices for code, choices in items.items() if choices[right[code]]["text"] == "None of these."]
    assert 0 < len(hidden) < len(items)
    assert all(c["mistake"] for choices in hidden for c in choices[:-1])


def test_too_few_mistakes():
    with pytest.raises(NotDerivable, match="cannot be a multiple choice"):
        options(derive(problem("t + 1", "t", scalar("t"))), "secret", "student")


def test_a_choice_on_all_editions(tmp_path):
    one = exam(tmp_path, midterm=CHOICE, chained=CHAINED.replace("h + t", "3*h + t"))
    made = make(one, tmp_path / "out", 2)
    texts = {e: [f.read_text() for f in made.manifest.parent.rglob(f"{e}.tex")] for e in ("paper", "marker")}
    assert all(text.count(r"\worktick") >= 3 for text in texts["paper"])
    assert not any("lost constant factor" in text or "right" in text for text in texts["paper"])
    assert all(r"\textit{lost constant factor}" in text and "right" in text for text in texts["marker"])


NORM = """\
title = "A norm"
[parameters]
a = {choice = [2, 3, 5]}
[symbols]
A = "n n"
b = "n"
x = "n"
[given]
"f(x)" = "a*norm(A @ x - b)**2"
[find]
wrt = "x"
"""


def test_what_has_too_few_choices_is_drawn_again(tmp_path):
    """Where a is 2, the lost factor and the missing factor two lead to the same answer."""
    one = exam(tmp_path, midterm=CHOICE, chained=NORM)
    made = make(one, tmp_path / "out", 2)
    papers = json.loads(made.manifest.read_text("utf-8"))["papers"]
    assert {p["problems"]["chained"]["parameters"]["a"] for p in papers} == {"3", "5"}
    assert {p["problems"]["chained"]["choice"] for p in papers} <= {"A", "B", "C"}
    with pytest.raises(InputError, match="chained has no variant left after 2 students"):
        make(one, tmp_path / "more", 3)


def test_a_structure_without_choices_is_told_with_its_values(tmp_path):
    form = NORM.replace("norm(A @ x - b)**2", "x.T @ b").replace("[2, 3, 5]", "[2, 3, 5, 6, 7, 8, 9, 10, 11]")
    one = exam(tmp_path, midterm=CHOICE, chained=form.replace('A = "n n"\n', ""))
    with pytest.raises(NotDerivable, match=r"(?s)chained cannot be a multiple choice: .* leads.*where a = "):
        make(one, tmp_path / "out", 9)
