"""Every form in which a solution is given out."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from generator import katex
from generator.api import derive
from generator.cli.solve import FORMATS as NAMES
from generator.cli.solve import SUFFIXES
from generator.errors import InputError, MissingPart
from generator.pdf import compile_tex
from generator.solution import FORMATS, Solution


@pytest.fixture(scope="module")
def solution() -> Solution:
    return derive("norm(A @ x - b)**2 + c*logdet(M)", "x")


def test_the_command_line_knows_all_formats() -> None:
    assert tuple(FORMATS) == NAMES
    assert set(SUFFIXES.values()) <= set(NAMES)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_its_last_line(solution: Solution, form: str) -> None:
    text = solution.to(form)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_an_unknown_format_is_refused(solution: Solution) -> None:
    with pytest.raises(InputError, match="no format 'markdwon'") as caught:
        solution.to("markdwon")
    assert "markdown" in str(caught.value)


def test_text_has_no_colours(solution: Solution) -> None:
    text = solution.to_text(width=60)
    assert "\x1b" not in text
    assert "∇_x L = 2Aᵀ(Ax − b)" in text
    assert max(map(len, text.splitlines())) <= 60


@pytest.mark.tex
@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX")
def test_the_document_compiles(solution: Solution, tmp_path) -> None:
    result = compile_tex(solution.to_document(), tmp_path / "solution.pdf")
    assert result.path.stat().st_size > 10_000
    assert not result.overfull


class Page(HTMLParser):
    """The tags, the text, and what a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for key, value in attrs if key in ("src", "href")]


@pytest.fixture(scope="module")
def html(solution: Solution) -> str:
    try:
        katex.find()
    except MissingPart:
        pytest.skip("no KaTeX")
    return solution.to_html()


def test_the_page_stands_alone(html: str) -> None:
    page = Page(html)
    assert "script" not in page.tags
    assert page.references == []
    assert {url.split(";")[0] for url in re.findall(r"url\(([^)]*)", html)} == {"data:font/woff2"}


def test_the_page_holds_the_whole_derivation(html: str, solution: Solution) -> None:
    page = Page(html)
    assert page.tags.count("math") > 20  # for readers who cannot see the typeset formulas
    assert "katex-error" not in html
    assert not re.search(r"\\[()\[\]]|<!--", html)
    assert all(step.title in re.sub(r"<[^>]*>", "", html) for step in solution.derivation.steps[:3])


def test_the_page_brings_only_the_fonts_that_it_uses(html: str) -> None:
    assert "font-family:KaTeX_Main" in html
    assert "font-family:KaTeX_Fraktur;font-style" not in html
    assert len(html) < 400_000


def test_titles_are_words_not_markup() -> None:
    assert "<title>Gradient of L = x&lt;" not in derive("x.T @ x", "x").to_html()


def test_json_is_one_object(solution: Solution) -> None:
    assert json.loads(solution.to_json())["answer"]["text"] == solution.answer_text


def test_what_jupyter_shows(solution: Solution) -> None:
    bundle = solution._repr_mimebundle_()
    assert set(bundle) == {"text/markdown", "text/latex", "text/plain"}
    assert bundle["text/markdown"] == solution.to_markdown()
    assert re.fullmatch(r"\$[^$]+\$", bundle["text/latex"])
    assert bundle["text/plain"] == str(solution)
