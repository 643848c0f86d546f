"""An exam as PDFs: one run of TeX an edition, the same pages for everybody, one file a student."""

import json

import numpy as np
import pikepdf
import pytest
import zxingcpp

from generator.errors import CheckFailed
from generator.escape import Raw
from generator.exam.code import qr
from generator.exam.split import join, split
from tests.exam.files import CLASS, EXAM, exam, make


def pages(path):
    with pikepdf.open(path) as document:
        return len(document.pages)


@pytest.mark.tex
def test_pdfs(tmp_path):
    one, out = exam(tmp_path), tmp_path / "out"
    made = make(one, out, CLASS[:2], pdf=True)
    assert made.warnings == ()
    assert [path.name for path in made.whole] == [
        f"midterm-{e}.pdf" for e in ("paper", "key", "worked", "marker")
    ]
    papers = sorted((out / "paper").iterdir())
    assert [path.name.partition("-")[0] for path in papers] == ["17", "4"]
    assert [pages(path) for path in papers] == [one.pages, one.pages]
    for edition, whole in zip(("paper", "key", "worked", "marker"), made.whole, strict=True):
        assert pages(whole) == sum(map(pages, (out / edition).iterdir()))


@pytest.mark.tex
@pytest.mark.parametrize(("size", "box"), [("a4", (595.3, 841.9)), ("letter", (612, 792))])
def test_the_size_of_the_sheets(tmp_path, size, box):
    one = exam(tmp_path, midterm=f'paper = "{size}"\n{EXAM}')
    made = make(one, tmp_path / "out", 1, pdf=True)
    assert made.warnings == ()
    for whole in made.whole:
        with pikepdf.open(whole) as document:
            found = {tuple(round(float(v), 1) for v in page.mediabox[2:]) for page in document.pages}
            assert found == {box}


@pytest.mark.tex
def test_a_problem_that_does_not_fit_its_room(tmp_path):
    one = exam(tmp_path, midterm=EXAM.replace("space = 0.5", "space = 0.1"))
    with pytest.raises(CheckFailed, match=r"`plain` on paper \w{7} is [\d.]+pt too high"):
        make(one, tmp_path / "out", 1, pdf=True)
    assert not list((tmp_path / "out").glob("*.pdf"))


def test_split_and_join(tmp_path):
    with pikepdf.new() as document:
        for width in (100, 200, 300):
            document.add_blank_page(page_size=(width, 50))
        document.save(tmp_path / "all.pdf")
    one, two = tmp_path / "a" / "one.pdf", tmp_path / "two.pdf"
    split(tmp_path / "all.pdf", [(one, 0, 1), (two, 1, 3)])
    assert (pages(one), pages(two)) == (1, 2)
    join([two, one], tmp_path / "joined.pdf")
    with pikepdf.open(tmp_path / "joined.pdf") as document:
        assert [int(page.mediabox[2]) for page in document.pages] == [200, 300, 100]
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.tex
def test_the_code_is_read_back_from_the_paper(tmp_path):
    """By a reader of codes that knows nothing of the writer, from the operators of the finished page."""
    one, out = exam(tmp_path), tmp_path / "out"
    make(one, out, CLASS[:2], pdf=True)
    papers = json.loads((out / "manifest.json").read_text("utf-8"))["papers"]
    for paper in papers:
        (path,) = (out / "paper").glob(f"{paper['id']}-*.pdf")
        with pikepdf.open(path) as document:
            (found,) = zxingcpp.read_barcodes(picture(document.pages[0]))
        assert found.text == f"midterm {paper['code']}"


def picture(page):
    """The squares of a page's code as a picture, dark on light, with the margin that readers need."""
    blocks = [[]]
    for operands, operator in pikepdf.parse_content_stream(page, "q Q cm re"):
        if str(operator) in ("q", "cm"):
            blocks.append([])
        elif str(operator) == "re":
            blocks[-1].append([round(float(v)) for v in operands])
    boxes = max(blocks, key=len)
    side, scale, margin = max(x + width for x, _, width, _ in boxes), 6, 24
    shown = np.full((side * scale + 2 * margin,) * 2, 255, np.uint8)
    for x, y, width, height in boxes:
        rows = slice(margin + (side - y - height) * scale, margin + (side - y) * scale)
        shown[rows, margin + x * scale : margin + (x + width) * scale] = 0
    return shown


def test_a_code_is_drawn_module_by_module():
    """The rectangles cover just the dark modules of the code; its corners are the well-known squares."""
    side, boxes = qr("midterm ABC")
    assert isinstance(boxes, Raw)
    dark = set()
    numbers = [int(word) for word in boxes.split() if word.isdigit()]
    for k in range(0, len(numbers), 4):
        x, y, width, height = numbers[k : k + 4]
        assert height == 1
        dark |= {(x + i, side - 1 - y) for i in range(width)}
    for left, top in ((0, 0), (side - 7, 0), (0, side - 7)):
        ring = {(left + i, top + j) for i in range(7) for j in range(7) if i in (0, 6) or j in (0, 6)}
        assert ring <= dark
        assert (left + 1, top + 1) not in dark
