"""Choices of a multiple choice."""

from collections import Counter

import numpy as np
import pytest

from generator.errors import NotDerivable
from generator.exam.options import options
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import scalar
from generator.methods import derive
from tests.exam.files import CHAINED, EXAM, exam, make
from tests.problems import problem

WAVE = derive(problem("5 * cos(3 * t) + 2 * t", "t", scalar("t"), function="f"))
CHOICE = EXAM.replace('kind = "numerical"', 'kind = "choice"')


def test_one_is_right_and_all_differ():
    found = options(WAVE, "secret", "slot", "student")
    assert [o.letter for o in found] == ["A", "B", "C"][: len(found)]
    assert [o.node for o in found if o.wrong is None] == [WAVE.answer]
    values = [float(evaluate(o.node, Point({"t": np.float64(0.7)}))) for o in found]
    assert len({round(v, 6) for v in values}) == len(found)


def test_the_order_belongs_to_the_student():
    """The same for the same student, and every letter is right for some."""
    letters = Counter()
    for student in range(40):
        found = options(WAVE, "secret", "slot", student)
        assert found == options(WAVE, "secret", "slot", student)
        letters[next(o.letter for o in found if o.wrong is None)] += 1
    assert set(letters) == {"A", "B", "C"}
    assert min(letters.values()) >= 5


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
