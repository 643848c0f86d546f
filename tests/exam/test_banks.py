"""The question banks of an exam: every variant is there, nothing of a solution stands in a question."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.exam.files import CLASS, EXAM, exam, make
from tests.exports.platform import mark_moodle, moodle, unpacked

CHOICE = """
[[problem]]
file = "trace"
points = 2
space = 0.5
kind = "choice"
"""
TRACE = """\
title = "A gradient with a trace"
[parameters]
a = {integer = [2, 9]}
[symbols]
A = "n n"
B = "n n"
X = "n n"
[given]
L = "a*tr(A @ X @ B)"
[find]
wrt = "X"
"""
PLAIN = 'kind = "numerical"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("exam")
    text = EXAM.replace("space = 0.5\n", f"space = 0.5\n{PLAIN}", 1) + CHOICE
    made = make(exam(place, midterm=text, trace=TRACE), place / "out", banks=True)
    assert {path.name for path in made.banks} == {
        "midterm-moodle.xml", "midterm-canvas.zip", "midterm-qti21.zip", "midterm.csv", "midterm.json",
    }  # fmt: skip
    return place / "out" / "banks"


def items(folder: Path) -> list[dict]:
    return json.loads((folder / "midterm.json").read_text("utf-8"))


def test_every_variant_of_every_student_is_a_question(folder):
    found = items(folder)
    assert len(found) == 3 * len(CLASS)
    assert {item["kind"] for item in found} == {"number", "essay", "choice"}
    questions = moodle((folder / "midterm-moodle.xml").read_text("utf-8"))
    assert questions.keys() == {item["id"] for item in found}
    quiz = unpacked((folder / "midterm-canvas.zip").read_bytes())["midterm/midterm.xml"]
    assert {item.get("ident") for item in quiz.iter("item")} == questions.keys()
    assert len(list(quiz.iter("selection_number"))) == 3
    assert len(unpacked((folder / "midterm-qti21.zip").read_bytes())) == len(found) + 2


def test_the_answers_are_those_of_the_manifest(folder):
    papers = json.loads((folder.parent / "manifest.json").read_text("utf-8"))["papers"]
    questions = moodle((folder / "midterm-moodle.xml").read_text("utf-8"))
    for paper in papers:
        right = paper["problems"]["trace"]["choice"].lower()
        for letter in "abc":
            marked = mark_moodle(questions[f"trace-{paper['code']}"], letter)
            assert marked.share == (letter == right)
        value = paper["problems"]["plain"]["answers"][-1]["value"]
        numbers = [n.replace("−", "-") for n in re.findall(r"−?\d+", value)]
        assert mark_moodle(questions[f"plain-{paper['code']}"], numbers).share == 1


def test_nothing_of_a_solution_stands_in_a_question(folder):
    for item in items(folder):
        for word in ("Answer", "Step", "Idea", r"\boxed", "partial derivative"):
            assert word not in item["prompt"]
        formulas = re.findall(r"\\boxed\{(.*?)\n\}", item["solution"], re.DOTALL)
        assert formulas
        assert all(formula.split("=")[-1].strip() not in item["prompt"] for formula in formulas)


def test_no_student_is_named(folder):
    for path in folder.iterdir():
        for student in CLASS:
            assert student.name.encode() not in path.read_bytes()
