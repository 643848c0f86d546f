"""What is recalled is judged as strictly as what is read anew: of every variant with its own numbers."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from generator.errors import InputError
from generator.exam.issuing import issue
from generator.exam.papers import fragment
from generator.exam.plan import load_exam
from generator.exam.roster import copies
from generator.exam.variant import make_paper
from generator.expr.evaluate import Definition, evaluate, plan
from generator.expr.latex_reader import Formula, read_display
from generator.expr.latex_table import Table
from generator.expr.make import vector
from generator.expr.nodes import Add, Mul, Neg, Node, Num, T
from generator.solved import scopes
from generator.verify import Report, Scope, checker, scope_of, verify_text
from generator.verify.formulas import Found, extract
from generator.verify.normal import Unfit, coefficient, normal
from generator.verify.pattern import BETWEEN, make_pattern
from generator.verify.recall import Recall
from generator.verify.rows import bare
from generator.verify.sample import Sampler
from generator.verify.skeleton import GAP, filled, skeleton
from tests.problems import problem
from tests.strategies import TABLE, A, formulas, w, x

SAMPLE = Path(__file__).parents[1] / "content" / "sample-exam" / "sample-exam.toml"
Text = tuple[str, dict[str, Scope]]


class Blank(Recall):
    """A memory that keeps nothing: every statement is read."""

    def confirmed(self, found, visit):
        return None


@pytest.fixture(scope="module")
def papers() -> list[Text]:
    """The worked solutions of some students, with what their letters mean."""
    whole = load_exam(SAMPLE)
    exam = replace(
        whole, slots=tuple(s for s in whole.slots if s.name in ("gradient-at-a-point", "trace-gradient"))
    )
    pools = {slot.name: exam.pool(slot) for slot in exam.slots}
    made = [make_paper(exam, one) for one in issue(exam, pools, copies(8)).issues]
    return [
        (fragment(exam, paper, "worked"), scopes({v.problem.id: v.derivation for v in paper.variants}))
        for paper in made
    ]


@pytest.fixture
def recall(monkeypatch: pytest.MonkeyPatch) -> Recall:
    """A memory of its own for a test."""
    monkeypatch.setattr(checker, "RECALL", Recall())
    return checker.RECALL


def told(report: Report) -> list[tuple[object, ...]]:
    return [(c.formula, c.kind, c.ok, c.scope, c.step, c.line_number) for c in report.checked]


def read_anew(text: str, known: dict[str, Scope]) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checker, "RECALL", Blank())
        return verify_text(text, "latex", known, "exam")


def warm(papers: list[Text]) -> None:
    for text, known in papers:
        assert verify_text(text, "latex", known, "exam").ok


def mutations(text: str, count: int, seed: int) -> list[str]:
    """The text with one digit, sign or letter of a formula changed."""
    rng = random.Random(seed)
    formulas = list(re.finditer(r"\\\[.*?\\\]|\\begin\{align\*\}.*?\\end\{align\*\}", text, re.DOTALL))
    found = []
    while len(found) < count:
        m = rng.choice(formulas)
        at = rng.randrange(m.start() + 2, m.end())
        c = text[at]
        if text[:at].rsplit("\n", 1)[-1].count("\\") and re.search(r"\\[a-zA-Z]*$", text[:at]):
            continue
        new = str((int(c) + 1) % 10) if c.isdigit() else {"-": "+", "+": "-", "x": "c", "A": "B"}.get(c)
        if new is not None:
            found.append(text[:at] + new + text[at + 1 :])
    return found


class TestTheSameVerdicts:
    def test_of_what_is_right(self, papers: list[Text], recall: Recall) -> None:
        warm(papers)
        assert sum(p is not None for p in recall.patterns.values()) > 50
        assert any(relation is not None for relation in recall.relations.values())
        for text, known in papers[:4]:
            report = verify_text(text, "latex", known, "exam")
            assert told(report) == told(read_anew(text, known))
            assert report.worst_error < 1e-8

    @pytest.mark.parametrize("student", [3, pytest.param(range(8), marks=pytest.mark.slow)])
    def test_of_what_is_wrong(self, student: int | range, papers: list[Text], recall: Recall) -> None:
        """One digit, sign or letter of one student's text is changed, while the memory holds the others."""
        warm(papers)
        rejected = 0
        for k in [student] if isinstance(student, int) else student:
            text, known = papers[k]
            for wrong in mutations(text, 12, seed=k):
                report, anew = verify_text(wrong, "latex", known, "exam"), read_anew(wrong, known)
                assert told(report) == told(anew)
                rejected += not report.ok
                warm([(text, known)])  # a wrong text leaves nothing behind
        assert rejected > 8


def variant(a: int, b: int) -> Scope:
    """A function whose numbers differ from one student to the next."""
    return scope_of(problem(f"{a}*x_1**2 + {b}*x_2", "x", vector("x", 2), function="f"))


class TestOneWrongVariant:
    """Many variants of a statement, one of which is wrong."""

    NUMBERS = tuple((a, b) for a in range(2, 8) for b in (-3, -1, 1, 2, 10))

    @staticmethod
    def line(a: int, b: int) -> str:
        sign = "-" if b < 0 else "+"
        return rf"\frac{{\partial f}}{{\partial x_1}} = 2 \cdot {a} x_1 {sign} 0 \cdot {abs(b)} = {2 * a} x_1"

    def reports(self, changed: tuple[int, int] | None = None, line: str = "") -> list[Report]:
        return [
            verify_text(
                f"% scope: s\n\\[ {line if (a, b) == changed else self.line(a, b)} \\]\n",
                "latex",
                {"s": variant(a, b)},
                f"{a} {b}",
            )
            for a, b in self.NUMBERS
        ]

    def test_all_are_right(self, recall: Recall) -> None:
        assert all(report.ok for report in self.reports())
        assert [p for p in recall.patterns.values() if p is not None]
        assert len([r for r in recall.relations.values() if r is not None]) == 2  # for both neighbours

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [("= 14 x_1", "= 15 x_1"), ("= 14 x_1", "= -14 x_1"), ("= 14 x_1", "= 14 x_2"), ("x_1}", "x_2}"),
         ("= 14 x_1", "= 1.4 x_1"), ("= 14 x_1", "= 14 x_1^2"), ("= 14 x_1", "= 14 x_1 + 1"),
         ("2 \\cdot 7", "2 \\cdot 8")],
    )  # fmt: skip
    def test_one_is_wrong(self, right: str, wrong: str, recall: Recall) -> None:
        self.reports()
        line = self.line(7, 10).replace(right, wrong, 1)
        assert line != self.line(7, 10)
        failed = [report for report in self.reports((7, 10), line) if not report.ok]
        assert [report.name for report in failed] == ["7 10"]
        assert {c.line_number for c in failed[0].failures} == {2}

    def test_the_line_of_another_variant_is_wrong(self, recall: Recall) -> None:
        """Right to the last character, but for other definitions."""
        self.reports()
        failed = [report.name for report in self.reports((7, 10), self.line(6, 10)) if not report.ok]
        assert failed == ["7 10"]

    def test_the_same_on_both_sides_says_nothing(self, recall: Recall) -> None:
        lines = [rf"{a} x_1 = {b} \cdot {c} x_1" for a, b, c in [(6, 2, 3), (8, 2, 4), (15, 3, 5)]]
        text = "\n".join(rf"\[ {line} \]" for line in [*lines, "7 x_1 = 7 x_1"])
        report = verify_text(f"% scope: s\n{text}\n", "latex", {"s": variant(2, 3)}, "same")
        (failure,) = report.failures
        assert "says nothing" in failure.message


class TestSkeleton:
    @pytest.mark.parametrize(
        ("latex", "numbers"),
        [
            (r"6 x_1 + 4 x_{12}^2 - 0.5", ("6", "4", "0.5")),
            (r"\begin{bmatrix} -1 \\[10pt] 20 \end{bmatrix}", ("1", "20")),
            (r"\underbrace{3 x_1^2}_{\text{in }x_1\text{, rule 2}}", ("3",)),
            (r"\mathbf{1}^\top \mathbf{A}^{-1} + 2 \sqrt[3]{5}", ("2", "5")),
            (r"\frac{1}{2} f(-1, 0)", ("1", "2", "1", "0")),
        ],
    )
    def test_numbers(self, latex: str, numbers: tuple[str, ...]) -> None:
        taken = skeleton(latex)
        assert taken is not None
        assert taken[1] == numbers
        assert filled(*taken) == latex

    @pytest.mark.parametrize(
        "latex",
        [r"\sum_{k=1}^{3} x_k", r"x_1 + \cdots + x_5", r"x \approx 0.33", r"x \in \mathbb{R}^2",
         r"2 \times 3", r"\begin{cases} 1 & x \end{cases}", "1234567890123", r"x_{a_{b_{c_{d_{e}}}}}", GAP],
    )  # fmt: skip
    def test_more_depends_on_a_number(self, latex: str) -> None:
        assert skeleton(latex) is None


NUMBERS = ("0", "1", "2", "10", "01", "0.5", "1.0", "777777777777")


def test_whatever_the_numbers_are_the_pattern_is_what_the_reader_reads(papers: list[Text]) -> None:
    """Also with 0 and 1, which mean more than other numbers elsewhere in the reader."""
    rng = random.Random(5)
    statements = {
        (found.scope, _rows(found)): known for text, known in papers for found in extract(text, "latex")
    }
    read = 0
    for (scope, rows), known in statements.items():
        taken = skeleton(rows)
        if taken is None or not taken[1] or scope not in known:
            continue

        def reader(latex: str, table: Table = known[scope].table) -> list[Formula]:
            return read_display(bare(latex), table)

        try:
            pattern = make_pattern(taken[0], len(taken[1]), reader, hash)
        except Unfit:
            continue
        numbers = [rng.choice(NUMBERS) for _ in taken[1]]
        formulas = reader(filled(taken[0], numbers).replace(BETWEEN, " "))
        assert [f.items for f in formulas] == [pattern.all_filled(c, numbers) for c in pattern.chains]
        read += 1
    assert read > 100


def _rows(found: Found) -> str:
    return BETWEEN.join(row.latex for row in found.rows)


F = Definition(Add((Mul((Num(Fraction(3)), T(w), A, w)), Neg(Mul((T(w), x))))), (w,))
POINT = Sampler(Scope(TABLE.symbols, definitions={"f": F})).point(0)


@given(formulas())
def test_the_normal_form_means_the_same(node: Node) -> None:
    try:
        form = normal(node)
    except Unfit:
        return
    names = [coefficient(k).name for k in range(len(form.coefficients))]
    values = tuple(c.value() for c in form.coefficients)
    with np.errstate(all="ignore"):
        try:
            wanted = evaluate(node, POINT)
        except (InputError, ValueError, ArithmeticError):
            return
        try:
            found = plan(form.tree, POINT, names)(values)
        except ZeroDivisionError:  # refused either way
            assert not np.all(np.isfinite(wanted))
            return
    assert np.shape(found) == np.shape(wanted)
    assert np.allclose(found, wanted, rtol=1e-9, atol=1e-12, equal_nan=True)
