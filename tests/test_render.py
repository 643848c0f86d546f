"""Finished documents, pages and fragments: what they hold, what they must not hold, how they are overridden.

``UPDATE_GOLDEN=1 pytest tests/test_render.py`` writes the golden files anew; look at the difference before
you commit it.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
from pathlib import Path
from typing import ClassVar

import pytest

from generator.confirmation import scopes
from generator.derivation import Say, Step
from generator.editions import editions_of
from generator.errors import InputError
from generator.pdf import compile_tex
from generator.render import (
    download_path,
    page_path,
    render_derivation,
    render_document,
    render_pages,
)
from generator.setting import Setter
from generator.spec import Collection, Part
from generator.verify import verify_text
from tests.golden.handmade import quadratic, trace

EDITIONS = [edition.name for edition in editions_of("tutorial")]
GOLDEN = Path(__file__).parent / "golden"
SPECIAL = r"50% & _ # $ \ { } ~ ^ <b>"
DERIVATIONS = {d.problem.id: d for d in (quadratic(), trace())}
COLLECTION = Collection(
    "sample", "Gradients & traces", minutes=65, instructor_notes=("Ask for the size first.", "Be slow."),
    parts=(
        Part("Entry by entry", 20, "Two numbers.", "Let them say the size.", "", (quadratic().problem,)),
        Part("Through the trace", 45, theorem="identification", entries=(trace().problem,)),
    ),
)  # fmt: skip
PAGES = render_pages(COLLECTION, DERIVATIONS)
TEXTS = {
    **{f"{e}.tex": render_document(COLLECTION, DERIVATIONS, e) for e in EDITIONS},
    "instructor.md": render_document(COLLECTION, DERIVATIONS, "instructor", "markdown"),
    **{path.replace("/", "-"): text for path, text in PAGES.items()},
    "fragment.tex": render_derivation(trace(), "latex"),
    "fragment.md": render_derivation(trace(), "markdown"),
}


def words(text: str) -> str:
    """The body of a document with white space tidied."""
    return " ".join(text.partition(r"\begin{document}")[2].split() or text.split())


class TestGolden:
    @pytest.mark.parametrize("name", TEXTS)
    def test_text(self, name):
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / name).write_text(TEXTS[name], "utf-8")
        assert TEXTS[name] == (GOLDEN / name).read_text("utf-8"), "UPDATE_GOLDEN=1 accepts the new text"

    def test_no_file_is_unused(self):
        assert {p.name for p in GOLDEN.iterdir() if p.suffix in (".tex", ".md")} == set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_every_formula_is_read_back_and_confirmed(name):
    kind = "latex" if name.endswith(".tex") else "markdown"
    report = verify_text(TEXTS[name], kind, scopes(DERIVATIONS), name)
    assert report.ok, report.failures
    assert len(report.checked) > 2


class TestEditions:
    def test_students_see_no_solution(self):
        text = words(TEXTS["student.tex"])
        told = [Setter("latex", d.problem.notation).solution(d) for d in DERIVATIONS.values()]
        for solution in told:
            assert not [s.title for way in solution.tellings for s in way.steps if s.title in text]
            assert not [r.rhs for a in solution.answers for r in a.rows if f"= {r.rhs}" in text]
        assert not re.search(r"worksolution|workanswer|Hint|Hold one entry|Let them say|Be slow", text)

    def test_students_see_statements_and_room(self):
        text = TEXTS["student.tex"].partition(r"\begin{document}")[2]
        assert text.count(r"\workroom") == len(DERIVATIONS)
        assert text.count(r"\item") == len(
            Setter("latex", COLLECTION.notation).problem(quadratic()).questions
        )

    @pytest.mark.parametrize("edition", ["solutions", "instructor"])
    def test_solutions_hold_every_step(self, edition):
        text = words(TEXTS[f"{edition}.tex"])
        for derivation in DERIVATIONS.values():
            assert all(f"{{{step.title}}}" in text for step in derivation.all_steps())
        assert text.count(r"\begin{workanswer}") == len(DERIVATIONS)

    def test_only_the_instructor_sees_notes_and_hints(self):
        private = ["Be slow.", "Let them say the size.", "Hold one entry still."]
        assert all(p in TEXTS["instructor.tex"] for p in private)
        assert not any(p in TEXTS["solutions.tex"] for p in private)

    def test_an_unknown_edition(self):
        with pytest.raises(InputError, match="did you mean `solutions`"):
            render_document(COLLECTION, DERIVATIONS, "solution")

    def test_a_kind_without_templates(self):
        with pytest.raises(InputError, match=r"'exam' have no editions"):
            render_document(dataclasses.replace(COLLECTION, kind="exam"), DERIVATIONS, "student")


class TestEscaping:
    def special(self):
        derivation = trace()
        problem = dataclasses.replace(
            derivation.problem, title=SPECIAL, remark=SPECIAL.replace("{ }", "{{ }}"), hints=("{{x}} %",)
        )
        steps = (Step(SPECIAL, (Say(SPECIAL),)),)
        new = dataclasses.replace(derivation, problem=problem, steps=steps)
        parts = (Part(SPECIAL, 5, SPECIAL, SPECIAL, "", (problem,)),)
        collection = dataclasses.replace(COLLECTION, title=SPECIAL, instructor_notes=(SPECIAL,), parts=parts)
        return collection, {problem.id: new}

    def test_latex(self):
        text = words(render_document(*self.special(), "instructor"))
        signs = r"50\% \& \_ \# \$ \textbackslash{} \{ \} \textasciitilde{} \textasciicircum{}"
        # All titles (that of the part twice), intro, note, notes, a sentence and the remark.
        assert text.count(rf"{signs} \textless{{}}b\textgreater{{}}") == 10

    def test_markdown(self):
        pages = render_pages(*self.special())
        body = "".join(p.split("---\n", 2)[2] for p in pages.values())
        body = re.sub(r"<!--.*?-->", "", body)
        assert r"50% &amp; \_ # &#36; &#92; &#123; &#125; &#126; &#94; &lt;b&gt;" in body
        assert "<b>" not in body

    def test_the_handout_compiles(self, tmp_path):
        if not shutil.which("pdflatex"):
            pytest.skip("needs pdflatex")
        result = compile_tex(render_document(*self.special(), "instructor"), tmp_path / "special.pdf")
        assert result.overfull == ()


class TestTemplates:
    def override(self, folder: Path, name: str, text: str) -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return folder

    def test_one_file_is_replaced_and_the_others_stay(self, tmp_path):
        own = self.override(tmp_path, "latex/title.tex.j2", "OWN ((( document.title )))\n")
        text = render_document(COLLECTION, DERIVATIONS, "student", templates=[own])
        ours = TEXTS["student.tex"]
        assert r"OWN Gradients \& traces" in text
        assert text.split(r"\workpart", 2)[2] == ours.split(r"\workpart", 2)[2]
        assert text.partition(r"\begin{document}")[0] == ours.partition(r"\begin{document}")[0]

    def test_the_first_folder_wins(self, tmp_path):
        one = self.override(tmp_path / "1", "markdown/confirmed.md.j2", "ONE")
        two = self.override(tmp_path / "2", "markdown/confirmed.md.j2", "TWO")
        page = render_pages(COLLECTION, DERIVATIONS, [one, two])["sample/linear.md"]
        assert "ONE" in page
        assert "TWO" not in page

    WRONG: ClassVar = {
        "a missing variable": ("\n((( document.titel )))", "title.tex.j2, line 2: .*titel"),
        "a missing name": ("((( nothing )))", "title.tex.j2, line 1: 'nothing' is undefined"),
        "a syntax error": ("\n\n((* if *))", "title.tex.j2, line 3"),
        "a missing template": ('((* include "none.tex.j2" *))', "no template called none.tex.j2"),
        "a value that is not there": ("((( document.parts[0].theorem )))", "does not have"),
        "a way out": ("((( document.__class__.__mro__ )))", "title.tex.j2, line 1"),
    }

    @pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
    def test_errors_name_the_file_and_the_line(self, tmp_path, text, message):
        own = self.override(tmp_path, "latex/title.tex.j2", text)
        with pytest.raises(InputError, match=message):
            render_document(COLLECTION, DERIVATIONS, "student", templates=[own])

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(InputError, match="no folder of templates"):
            render_derivation(trace(), "latex", [tmp_path / "none"])


class TestPages:
    def test_paths(self):
        assert list(PAGES) == ["sample/index.md", "sample/quadratic.md", "sample/linear.md"]
        assert page_path("My Course") == "my-course/index.md"

    def test_every_step_has_an_anchor(self):
        anchors = re.findall(r"#### Step \S+ · .* \{#(\S+)\}", PAGES["sample/linear.md"])
        assert anchors == ["linear-step-1", "linear-step-2", "linear-step-3", "linear-step-3-1"]

    def test_links(self):
        page = PAGES["sample/quadratic.md"]
        assert f"[Worksheet](../{download_path('sample', 'student')})" in page
        assert "[Next: Trace of a linear product](linear.md)" in page
        assert "Previous" not in page
        assert "PDF" not in "".join(render_pages(COLLECTION, DERIVATIONS, downloads=()).values())

    def test_keywords_are_plain_words(self):
        assert (
            'keywords: "gradient, differential, product rule, linearity of the trace"'
            in PAGES["sample/linear.md"]
        )

    def test_the_solution_is_collapsed_and_whole(self):
        page = PAGES["sample/linear.md"]
        solution = page.partition('??? success "Solution"\n')[2].partition("<!-- end scope -->\n\n*Every")[0]
        lines = [line for line in solution.split("\n") if line]
        assert all(line.startswith("    ") for line in lines)
        assert "boxed" in solution
        assert '??? tip "Hint 2"' in page


NOT_IN_KATEX = (
    r"\\(label|eqref|intertext|DeclareMathOperator|symbf|mathds|norm|middle|hdotsfor|mbox|ensuremath|tag)\b"
    r"|multline|subequations"
)


@pytest.mark.parametrize("name", [n for n in TEXTS if n.endswith(".md")])
def test_markdown_stays_within_katex(name):
    assert not re.search(NOT_IN_KATEX, TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_scopes_are_balanced(name):
    text = TEXTS[name]
    assert (
        len(re.findall(r"(?:%|<!--) scope: \S", text)) == len(re.findall(r"(?:%|<!--) end scope", text)) > 0
    )
    assert "  \n" not in text
    assert "\n\n\n" not in text


def test_every_kind_of_item_is_rendered():
    text = TEXTS["solutions.tex"]
    for sign in (
        r"\workrule{product rule}", r"\begin{itemize}", r"\coloneqq", r"\quad (i \neq j)", r"\begin{align*}",
        r"\underbrace", r"\workstep{3.1}{A name for the result}", r"\begin{worktheorem}{Identification",
    ):  # fmt: skip
        assert sign in text
