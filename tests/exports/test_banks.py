"""Question banks read back by platforms that were written apart: marks, tolerances, feedback, formulas."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import weakref
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from generator.api import pose
from generator.distractors import distractors
from generator.errors import InputError
from generator.exports import (
    Blank,
    Item,
    canvas_package,
    choice_item,
    csv_text,
    essay_item,
    item_of,
    json_text,
    moodle_xml,
    number_item,
    qti_package,
)
from generator.exports.archive import packed
from generator.exports.compose import NONE_OF_THESE, blank
from generator.expr.make import num
from generator.methods import derive
from tests.exports.platform import mark_canvas, mark_moodle, mark_qti, moodle, unpacked

INVERSE = r"\mathbf{X}^{-1}"


@cache
def bank() -> dict[str, Item]:
    """One question of each kind, on other functions than the content has."""
    inverse = derive(replace(pose("a.T @ inv(X) @ b", "X", {}, {}, None, "gradient-column")[0], id="inverse"))
    wrong = distractors(inverse)
    point = (num(1), num(-2))
    text = "f(x) = x_1**2 * x_2 / 3 + 3*x_1"
    cubic = derive(replace(pose(text, "x", {"x": "2"}, {}, None, "gradient-column")[0], id="cubic", at=point))
    slope, _ = pose("f(t) = exp(t) + t**2", "t", {"t": ""}, {}, None, "gradient-column")
    items = (
        choice_item(inverse, wrong, 2, order=(1, 0, 2), none_of_these=True),
        choice_item(inverse, wrong, 2, name="hidden", none_of_these=True, hidden=True),
        number_item(cubic, distractors(cubic), 3),
        essay_item(derive(replace(slope, id="essay")), 4),
    )
    return {item.id: item for item in items}


def groups() -> dict[str, list[Item]]:
    """The questions in two categories."""
    found = list(bank().values())
    return {"Choices/2026": found[:2], "Others": found[2:]}


def right(item: Item) -> int:
    return next(k for k, choice in enumerate(item.choices) if choice.right)


@pytest.fixture(scope="module")
def questions():
    return moodle("".join(moodle_xml(groups(), "Exam")))


@pytest.fixture(scope="module")
def canvas():
    files = unpacked(packed(canvas_package(groups(), "A quiz", "quiz")))
    return {item.get("ident"): item for item in files["quiz/quiz.xml"].iter("item")}


@pytest.fixture(scope="module")
def qti():
    files = unpacked(packed(qti_package(groups(), "A quiz")))
    return {name.removesuffix(".xml"): root for name, root in files.items() if root.tag == "assessmentItem"}


class TestChoice:
    @pytest.mark.parametrize("name", ["inverse", "hidden"])
    def test_one_choice_is_right_and_every_platform_says_so(self, name, questions, canvas, qti):
        item = bank()[name]
        for k, choice in enumerate(item.choices):
            found = (
                mark_moodle(questions[name], "abcdefgh"[k]),
                mark_canvas(canvas[name], {"response1": f"choice{k}"}),
                mark_qti(qti[name], {"RESPONSE": f"choice{k}"}),
            )
            assert {marked.share for marked in found} == {Decimal(int(choice.right))}
            if choice.mistake:
                words = choice.feedback.removeprefix("<p>")[:20]
                assert all(words in "".join(marked.feedback) for marked in found)

    def test_the_order_is_the_one_that_was_asked_for(self):
        item = bank()["inverse"]
        assert right(item) == 1
        assert [c.mistake for c in item.choices] == ["sign of the inverse", "", "inverse like a number", ""]
        assert item.choices[-1].text == NONE_OF_THESE

    def test_none_of_these_is_right_where_the_answer_is_hidden(self):
        item = bank()["hidden"]
        assert item.choices[right(item)].text == NONE_OF_THESE
        assert all(c.mistake for c in item.choices[:-1])

    def test_feedback_and_choices_keep_their_formulas(self, questions, canvas):
        chosen = questions["inverse"].findall("answer")[0]
        assert INVERSE in (chosen.findtext("text") or "")
        told = mark_canvas(canvas["inverse"], {"response1": "choice0"}).feedback
        assert any(r"\neq" in text and INVERSE in text for text in told)

    def test_a_choice_needs_something_wrong(self):
        derivation = derive(pose("logdet(X)", "X", {}, {"X": "symmetric"}, None, "gradient-column")[0])
        with pytest.raises(InputError, match="no mistake"):
            choice_item(derivation, ())


class TestNumbers:
    def test_right_numbers_in_all_platforms(self, questions, canvas, qti):
        item = bank()["cubic"]
        answers = ["1.6667", "0.3333"]  # 2·1·(−2)/3 + 3 and 1/3
        assert [str(b.value) for b in item.blanks] == answers
        assert mark_moodle(questions["cubic"], answers).share == 1
        chosen = {f"response_b{k}": f"b{k}s0" for k in (1, 2)}
        assert mark_canvas(canvas["cubic"], chosen).share == 1
        assert mark_qti(qti["cubic"], {"b1": answers[0], "b2": answers[1]}).share == 1

    @pytest.mark.parametrize(
        ("given", "accepted"), [("0.3334", True), ("0.3332", True), ("0.3336", False), ("x", False)]
    )
    def test_tolerance(self, given, accepted, questions, qti):
        share = Decimal(1 if accepted else "0.5")
        assert mark_moodle(questions["cubic"], ["1.6667", given]).share == share
        assert mark_qti(qti["cubic"], {"b1": "1.6667", "b2": given}).share == share

    def test_a_known_mistake_is_answered(self, questions, qti):
        wrong = {why: value for value, why in bank()["cubic"].blanks[0].wrong}
        why = "The exponent comes down as a factor."
        given = str(wrong[why])
        assert why in mark_moodle(questions["cubic"], [given, "0.3333"]).feedback
        assert why in "".join(mark_qti(qti["cubic"], {"b1": given, "b2": "0.3333"}).feedback)

    def test_a_single_number_is_numerical(self):
        item = replace(bank()["cubic"], blanks=(Blank(Decimal("3.14"), Decimal("0.01")),))
        (question,) = moodle("".join(moodle_xml({"": [item]}, "c"))).values()
        assert question.get("type") == "numerical"
        files = unpacked(packed(canvas_package({"": [item]}, "c", "c")))
        (found,) = files["c/c.xml"].iter("item")
        for given, share in (("3.14", 1), ("3.13", 1), ("3.15", 1), ("3.151", 0), ("3.129", 0)):
            assert mark_moodle(question, given).share == share
            assert mark_canvas(found, {"response1": given}).share == share
        assert "3.130000" not in "".join(found.itertext())

    def test_values_stay_exact(self):
        assert blank(Fraction(1, 2)) == Blank(Decimal("0.5"))
        assert blank(Fraction(-3)) == Blank(Decimal(-3))
        assert blank(2**0.5) == Blank(Decimal("1.4142"), Decimal("0.0001"))

    def test_wrong_values_too_near_to_another_one_are_left_out(self):
        found = blank(
            Fraction(1), [(1.00001, "the same"), (2.0, "two"), (2.00001, "two again"), (3.0, "three")]
        )
        assert [why for _, why in found.wrong] == ["two", "three"]

    def test_letters_are_no_numbers(self):
        derivation = derive(pose("x.T @ x", "x", {}, {}, None, "gradient-column")[0])
        with pytest.raises(InputError, match="is not a number"):
            number_item(derivation)


def test_an_essay_brings_its_solution_to_the_marker_alone(questions, canvas, qti):
    solution = bank()["essay"].rubric
    assert solution
    assert questions["essay"].findtext("graderinfo/text") == solution
    assert solution not in (questions["essay"].findtext("questiontext/text") or "")
    assert qti["essay"].find("itemBody/rubricBlock[@view='scorer']") is not None
    assert mark_canvas(canvas["essay"], {"response1": "anything"}).share == 0


def test_prompts_hold_no_solution():
    for item in bank().values():
        assert "Answer." in item.solution
        assert "Answer." not in item.prompt
        assert r"\boxed" not in item.prompt
        assert "<!--" not in item.prompt + item.solution
        assert r"\coloneqq" not in item.solution


def test_the_category_and_the_points(questions):
    text = "".join(moodle_xml(groups(), "Exam"))
    assert "$course$/top/Exam/Choices//2026" in text
    assert text.index("Choices//2026") < text.index("inverse") < text.index("$course$/top/Exam/Others")
    assert questions["inverse"].findtext("defaultgrade") == "2"


def test_packages_are_the_same_every_time():
    assert packed(canvas_package(groups(), "t")) == packed(canvas_package(groups(), "t"))
    assert packed(qti_package(groups(), "t")) == packed(qti_package(groups(), "t"))


def test_a_quiz_gives_one_question_of_every_category():
    quiz = unpacked(packed(canvas_package(groups(), "A quiz", "quiz")))
    assert [s.text for s in quiz["quiz/quiz.xml"].iter("selection_number")] == ["1", "1"]
    assert [s.text for s in quiz["quiz/quiz.xml"].iter("points_per_item")] == ["2", "3"]
    assert quiz["quiz/assessment_meta.xml"].findtext("points_possible") == "5"
    sections = unpacked(packed(qti_package(groups(), "A quiz")))["test.xml"].iter("assessmentSection")
    assert [(s.find("selection").get("select"), len(s)) for s in sections] == [("1", 3), ("1", 3)]


def test_items_are_read_from_their_json():
    items = list(bank().values())
    assert [item_of(data) for data in json.loads("".join(json_text(items)))] == items


def test_tables():
    items = list(bank().values())
    lines = list(csv.DictReader(io.StringIO("".join(csv_text(items)))))
    assert [line["answer"] for line in lines] == ["b", "c", "1.6667; 0.3333", ""]
    assert lines[0]["distractors"] == "sign of the inverse; inverse like a number"
    data = json.loads("".join(json_text(items)))
    assert data[2]["blanks"][0]["value"] == "1.6667"
    assert data[0]["choices"][1]["right"] is True


def test_a_spreadsheet_runs_nothing():
    item = replace(bank()["essay"], title="=1+1", id="@x")
    (line,) = csv.DictReader(io.StringIO("".join(csv_text([item]))))
    assert line["title"] == "'=1+1"
    assert line["id"] == "'@x"


class Watched(Item):
    """A question that tells when nobody holds it any more."""

    __slots__ = ("__weakref__",)


class Counted:
    """Questions that are made when they are asked for, and counted as long as anybody holds one."""

    def __init__(self, many: int) -> None:
        self.many, self.held, self.most = many, 0, 0

    def __iter__(self):
        for k in range(self.many):
            fields = {
                field.name: getattr(bank()["inverse"], field.name) for field in dataclasses.fields(Item)
            }
            item = Watched(**{**fields, "id": f"q-{k}"})
            self.held += 1
            self.most = max(self.most, self.held)
            weakref.finalize(item, self.drop)
            yield item

    def drop(self):
        self.held -= 1


def test_a_bank_of_any_size_is_written_question_by_question():
    for write in (
        lambda many: packed(canvas_package({"all": many}, "t")),
        lambda many: packed(qti_package({"all": many}, "t")),
        lambda many: len("".join(moodle_xml({"all": many}, "t"))),
        lambda many: len("".join(json_text(many))),
        lambda many: len("".join(csv_text(many))),
    ):
        many = Counted(50)
        write(many)
        assert many.most <= 3
