"""The kinds of document: each edition shows what it may, every formula is confirmed, nothing leaks."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from generator.derivation import Chain
from generator.editions import EDITIONS, edition_of, on_site, released
from generator.errors import InputError
from generator.render import render_document, render_pages
from generator.sentences import definition, theorem
from generator.setting import Setter
from generator.solved import Solved, solve
from generator.spec import load_collection
from generator.verify import verify_text

SHAPES = {"A": "n m", "B": "n n", "W": "m n", "b": "m", "x": "n"}
TOLD = {kind: known for kind, known in EDITIONS.items() if kind != "comparison"}  # that shows no solutions
PROBLEMS = {
    "form": ("example", "f", "x.T @ B @ x", "differential"),
    "norm": ("guided", "f", "norm(A.T @ x)**2", ["chain", "index"]),
    "affine": ("challenge", "y", "W @ x + b", "index"),
}
COLLECTION = """\
title = "Documents"
kind = "{kind}"

[[part]]
title = "First part"
intro = "Sizes first."
theorem = "identification"
problems = ["form", "about", "norm"]

[[part]]
title = "Second part"
problems = ["affine"]
"""

CONCEPT = """\
title = "About forms"

[symbols]
B = "n n"
x = "n"

[given]
"f(x)" = "x.T @ B @ x"

[find]
wrt = "x"

[[section]]
title = "A formula alone"
text = '''
A paragraph with {x in}.

{x.T @ B @ x = x.T @ B.T @ x}

- A list,
- with {B size} in it.
'''

[[section]]
title = "A table"
table = {columns = ["{f(x)} | what", "size"], rows = [["{derivative written out}", "{derivative size}"]]}
"""


def toml(name: str) -> str:
    level, function, text, method = PROBLEMS[name]
    symbols = "\n".join(f'{s} = "{shape}"' for s, shape in SHAPES.items() if re.search(rf"\b{s}\b", text))
    return (
        f'title = "The {name}"\nlevel = "{level}"\nhints = ["A hint to the {name} {{x}}."]\n'
        f'remark = "A remark to the {name}."\n[symbols]\n{symbols}\n[given]\n{function} = "{text}"\n'
        f'[find]\nwrt = "x"\nmethod = {json.dumps(method)}\n'
    )


def write(folder: Path, kind: str) -> Path:
    (folder / "collection.toml").write_text(COLLECTION.format(kind=kind), "utf-8")
    for name in PROBLEMS:
        (folder / f"{name}.toml").write_text(toml(name), "utf-8")
    (folder / "about.toml").write_text(CONCEPT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Solved]:
    return {kind: solve(load_collection(write(tmp_path_factory.mktemp(kind), kind))) for kind in TOLD}


def rendered(one: Solved, edition: str, kind: str = "latex") -> str:
    return render_document(
        one.collection, one.derivations, edition, "markdown" if kind != "latex" else "latex"
    )


def told(one: Solved, name: str, text: str) -> tuple[bool, bool]:
    """Whether a text holds the hint of a problem, and anything of its solution."""
    derivation = one.derivations[name]
    problem = derivation.problem
    setter = Setter("latex", problem.notation)
    solution = setter.solution(derivation)
    steps = [step for one in derivation.tellings for step in one.all_steps()]
    items = [i for step in steps for i in step.items if isinstance(i, Chain)]
    shown = [*solution.answers, *(setter.display(i.lines) for i in items)]
    equations = {f"{r.lhs} {r.relation} {r.rhs}" for display in shown for r in display.rows if r.lhs}
    boxed = (
        [i for i in theorem("identification", [problem])[1].items if isinstance(i, Chain)]
        if "f" in problem.function.name
        else []
    )
    stated = [definition(problem), *boxed]
    given = {f"{r.lhs} {r.relation} {r.rhs}" for c in stated for r in setter.display(c.lines).rows}
    plain = body(text).replace("&", "")
    hidden = [e for e in equations - given if e in plain]
    return f"A hint to the {name}" in text, bool(hidden or f"A remark to the {name}" in text)


def body(text: str) -> str:
    return " ".join(text.partition(r"\begin{document}")[2].split() or text.split())


CASES = [(kind, edition.name) for kind, known in TOLD.items() for edition in known]


@pytest.mark.parametrize(("kind", "edition"), CASES)
@pytest.mark.parametrize("form", ["latex", "markdown"])
def test_every_edition_is_confirmed(solved: dict[str, Solved], kind: str, edition: str, form: str) -> None:
    one = solved[kind]
    text = rendered(one, edition, form)
    report = verify_text(text, "latex" if form == "latex" else "markdown", one.scopes, edition)
    assert report.ok, report.failures
    assert "The affine" in text


@pytest.mark.parametrize(("kind", "edition"), CASES)
@pytest.mark.parametrize("form", ["latex", "markdown"])
def test_an_edition_shows_what_it_may(solved: dict[str, Solved], kind: str, edition: str, form: str) -> None:
    text = rendered(solved[kind], edition, form)
    may = edition_of(kind, edition)
    for name, (level, *_) in PROBLEMS.items():
        hints = level in may.hints and kind != "slides"
        assert told(solved[kind], name, text) == (hints, level in may.solutions), name


@pytest.mark.parametrize(("kind", "edition"), CASES)
def test_every_edition_shows_its_concepts(solved: dict[str, Solved], kind: str, edition: str) -> None:
    text = rendered(solved[kind], edition)
    whole = body(text)
    assert whole.index("The form") < whole.index("About forms") < whole.index("A formula alone")
    assert (
        r"\[ \mathbf{x}^{\top} \mathbf{B} \mathbf{x} = \mathbf{x}^{\top} \mathbf{B}^{\top} \mathbf{x} \]"
        in whole
    )
    assert r"\item with \(n \times n\) in it." in whole
    assert r"\textbf{\(f(\mathbf{x})\) \textbar{} what} & \textbf{size} \\ \workline" in whole
    assert r"\frac{\partial f}{\partial x_n}" in whole


def test_a_concept_has_a_page_between_its_neighbours(solved: dict[str, Solved]) -> None:
    pages = render_pages(solved["tutorial"].collection, solved["tutorial"].derivations)
    page = next(text for path, text in pages.items() if path.endswith("/about.md"))
    assert "| \\(f(\\mathbf{x})\\) &#124; what | size |\n| --- | --- |" in page
    assert "\n## A table\n" in page
    assert "[Previous: The form](form.md) · [Next: The norm](norm.md)" in page
    index = next(text for path, text in pages.items() if path.endswith("/index.md"))
    assert "- [About forms](about.md)\n- Problem 2: [The norm](norm.md)" in index


def test_the_worksheet_as_given_out(solved: dict[str, Solved]) -> None:
    text = rendered(solved["worksheet"], "given")
    shown = {name: told(solved["worksheet"], name, text) for name in PROBLEMS}
    assert shown == {"form": (False, True), "norm": (True, False), "affine": (False, False)}
    assert body(text).count(r"\worklines") == 2
    assert [level in text for level in ("{Example}", "{Guided}", "{Challenge}")] == [True] * 3


def test_answers_follow_or_stand_at_the_end(solved: dict[str, Solved]) -> None:
    after, end = (body(rendered(solved["sheet"], e)) for e in ("answers", "answers-at-end"))
    assert after.index(r"\worksolution") < after.index("The norm")
    assert end.index(r"\worksolution") > end.index(r"\workpart{Answers}") > end.index("The affine")
    assert "Exercise 1 (b)" in end
    assert r"\workproblem{(b)}{The norm}" in after


@pytest.mark.parametrize("kind", TOLD)
def test_every_telling_is_shown_under_its_heading(solved: dict[str, Solved], kind: str) -> None:
    one = solved[kind]
    last = EDITIONS[kind][-1].name
    headings = ["First way: by the chain rule", "Second way: coordinate by coordinate"]
    pages = render_pages(one.collection, one.derivations)
    page = next(text for path, text in pages.items() if "norm" in path)
    for text in (body(rendered(one, last)), rendered(one, last, "markdown"), page):
        places = [text.index(told) for told in (*headings, "Both ways give the same gradient.")]
        assert places == sorted(places)


@pytest.mark.parametrize("kind", TOLD)
def test_pages_show_no_more_than_what_is_released(solved: dict[str, Solved], kind: str) -> None:
    one = solved[kind]
    first = EDITIONS[kind][0]
    for release, may in (("", on_site(kind)), (first.name, on_site(kind, first.name))):
        collection = dataclasses.replace(one.collection, release=release)
        pages = render_pages(collection, one.derivations)
        for name, (level, *_) in PROBLEMS.items():
            page = next(text for path, text in pages.items() if path.endswith(f"/{name}.md"))
            assert told(one, name, page) == (level in may.hints, level in may.solutions)
        links = "".join(pages.values())
        out = [edition.name for edition in released(kind, release)]
        for edition in EDITIONS[kind]:
            assert (f"-{edition.name}.pdf" in links) == (edition.name in out)
        for text in pages.values():
            assert verify_text(text, "markdown", one.scopes, kind).ok


def test_steps_of_slides_are_uncovered(solved: dict[str, Solved]) -> None:
    text = body(rendered(solved["slides"], "slides"))
    frames = re.findall(r"\\begin\{frame\}.*?\\end\{frame\}", text)
    assert len(frames) == text.count(r"\end{frame}") > 15
    for name in PROBLEMS:
        titles = [f for f in frames if f"The {name}" in f]
        assert r"\worklabel{Idea.}" in titles[1 if "itemize" not in titles[0] else 2]
    displays = [f.count(r"\[ ") + f.count(r"\begin{align*}") for f in frames]
    assert any(n > 1 for n in displays)
    for frame, n in zip(frames, displays, strict=True):
        assert frame.count(r"\pause") >= n - 1 or "workanswer" in frame
    assert r",handout]" in rendered(solved["slides"], "handout").partition("\n")[0]


@pytest.mark.tex
@pytest.mark.parametrize(("kind", "edition"), [("slides", "handout"), ("worksheet", "given")])
def test_documents_compile_without_overfull_boxes(
    solved: dict[str, Solved], kind: str, edition: str, tmp_path: Path
) -> None:
    from generator import pdf

    if not pdf.shutil.which("pdflatex"):
        pytest.skip("needs pdflatex")
    result = pdf.compile_tex(rendered(solved[kind], edition), tmp_path / "document.pdf")
    assert result.overfull == ()


def test_unknown_editions_are_refused() -> None:
    with pytest.raises(InputError, match="did you mean `answers`"):
        edition_of("sheet", "answer")
    with pytest.raises(InputError, match="'exam'"):
        edition_of("exam", "student")


def test_a_release_must_be_an_edition_of_the_kind(tmp_path: Path) -> None:
    folder = write(tmp_path, "sheet")
    file = folder / "collection.toml"
    text = file.read_text("utf-8")
    file.write_text(f'release = "questions"\n{text}', "utf-8")
    assert load_collection(folder).release == "questions"
    file.write_text(f'release = "given"\n{text}', "utf-8")
    with pytest.raises(InputError, match=r"release: found 'given'; a sheet has .* questions"):
        load_collection(folder)
