"""No solution is in what a student gets: the text of the PDFs, and whatever else a PDF can carry."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from tests.exam.files import CLASS, EXAM, PLAIN, exam, make
from tests.exam.leaks import answers_in, leaks, squeezed, text_of
from tests.exam.test_banks import CHOICE, TRACE

pytestmark = pytest.mark.tex
BOWL = PLAIN.replace('at = [1, "b"]', "order = 2\nset_to_zero = true").replace("b*x_1*x_2", "x_2**2 - b*x_1")
SITTING = CLASS[:2]
BOWLS = """
[[problem]]
file = "bowl"
points = 4
space = 0.5
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """The PDFs of an exam with a problem of every kind, for two students."""
    place = tmp_path_factory.mktemp("exam")
    made = make(
        exam(place, midterm=EXAM + CHOICE + BOWLS, trace=TRACE, bowl=BOWL), place / "out", SITTING, pdf=True
    )
    assert len(made.whole) == 4
    return place / "out"


def keys(out: Path) -> list[Path]:
    return sorted((out / "key").iterdir())


def test_the_answers_are_known(out):
    """Else nothing would be looked for."""
    for key in keys(out):
        answers = list(answers_in(key))
        assert len(answers) == 4
        assert "∇f(x)=" in answers[0]
        assert "globalminimum" in answers[3]


def test_no_student_pdf_holds_a_solution(out):
    papers = sorted((out / "paper").iterdir())
    assert len(papers) == len(SITTING)
    for paper in (*papers, out / "midterm-paper.pdf"):
        assert "Find the gradient" in text_of(paper)
        assert leaks(paper, keys(out)) == []


def test_a_student_pdf_names_nobody_else(out):
    for student in SITTING:
        (paper,) = (out / "paper").glob(f"{student.id}-*.pdf")
        text = squeezed(text_of(paper))
        assert [other for other in SITTING if squeezed(other.name) in text] == [student]
        codes = {p["id"]: p["code"] for p in json.loads((out / "manifest.json").read_text("utf-8"))["papers"]}
        assert [name for name, code in codes.items() if code in text] == [student.id]


def _overlaid(document: pikepdf.Pdf, key: Path) -> None:
    """The key over a page, far outside of what is seen."""
    with pikepdf.open(key) as other:
        document.pages[-1].add_overlay(other.pages[0], pikepdf.Rectangle(5000, 5000, 5595, 5842))


def _attached(document: pikepdf.Pdf, key: Path) -> None:
    document.attachments["notes.pdf"] = pikepdf.AttachedFileSpec.from_filepath(document, key)


def _titled(document: pikepdf.Pdf, key: Path) -> None:
    document.docinfo["/Keywords"] = "the answer to problem 1 is 4"


def _described(document: pikepdf.Pdf, key: Path) -> None:
    with document.open_metadata() as data:
        data["dc:description"] = "4"


def _bookmarked(document: pikepdf.Pdf, key: Path) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Problem 1: 4", 0))


def _noted(document: pikepdf.Pdf, key: Path) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="4"
    )
    document.pages[0].Annots = document.make_indirect([note])


PLANTED = [
    (_overlaid, "the answer"), (_attached, "the attachment"), (_titled, "the property /Keywords"),
    (_described, "XMP"), (_bookmarked, "bookmarks"), (_noted, "page 1 with /Annots"),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "told"), PLANTED, ids=[told for _, told in PLANTED])
def test_a_planted_leak_is_found(out, tmp_path, plant, told):
    key = keys(out)[0]
    paper = next((out / "paper").glob(f"{key.name}"))
    with pikepdf.open(paper) as document:
        plant(document, key)
        document.save(tmp_path / "leaking.pdf")
    assert any(leak.startswith(told) for leak in leaks(tmp_path / "leaking.pdf", keys(out)))


def test_words_are_found(out):
    worked = sorted((out / "worked").iterdir())[0]
    found = leaks(worked, [])
    assert {"the word 'Solution'", "the word 'Step'", "the word 'minimum'"} <= set(found)
    assert "the word 'Usual mistakes'" in leaks(sorted((out / "marker").iterdir())[0], [])
