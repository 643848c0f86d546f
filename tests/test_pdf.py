"""TeX runs: what comes out, what is refused, and what a person is told."""

import re
from pathlib import Path

import pytest

from generator.errors import CheckFailed, MissingPart, WorkingsError
from generator.pdf import INSTALL_HINT, compile_tex

pytestmark = pytest.mark.tex


def document(body: str, *, preamble: str = "", kind: str = "article") -> str:
    """A document whose body starts on line 3."""
    return f"\\documentclass{{{kind}}}{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def refused(tmp_path: Path, source: str, **options: float) -> WorkingsError:
    """The error of a document that must fail, and must leave nothing behind."""
    with pytest.raises(WorkingsError) as caught:
        compile_tex(source, tmp_path / "out.pdf", **options)
    assert list(tmp_path.iterdir()) == []
    return caught.value


def passes_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts TeX runs: the returned list grows by one with each."""
    import generator.pdf

    runs: list[str] = []
    real = generator.pdf.subprocess.run

    def counted(command, **options):
        runs.append(command[0])
        return real(command, **options)

    monkeypatch.setattr(generator.pdf.subprocess, "run", counted)
    return runs


@pytest.mark.parametrize(
    ("body", "pages", "runs"),
    [
        ("Nothing to refer to.", 1, 1),
        ("\\section{A}\\label{a} See \\ref{a}.", 1, 2),
        # The second page of contents appears in the second pass and moves the sections.
        ("\\tableofcontents\\newpage" + "\\section{A}x" * 60 + "\\label{a}\\pageref{a}", 9, 3),
    ],
)
def test_runs_until_references_are_settled(tmp_path, monkeypatch, body, pages, runs):
    counted = passes_of(monkeypatch)
    result = compile_tex(document(body), tmp_path / "new" / "folder" / "out.pdf")
    assert (result.pages, len(counted), result.overfull) == (pages, runs, ())
    assert [file.name for file in result.path.parent.iterdir()] == ["out.pdf"]
    assert result.path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (document("ok\n\nx \\foo{y}"), r"Undefined control sequence.\n +5 \| x \\foo\{y\}\n +\|      \^"),
        (document("$a_b_c$"), r"Double subscript.\n +3 \| \$a_b_c\$\n +\|     \^"),
        (
            document("word " * 60 + "\\foo " + "more " * 60),
            r"\n +3 \| rd (word )*\\foo( more){4} mor\n +\|  {71}\^$",
        ),
        (document("∇"), r"Unicode character ∇ \(U\+2207\) not set up.*\n +3 \| ∇\n +\| \^"),
        (document("x").removesuffix("\\end{document}\n"), r"TeX: Emergency stop"),
        (document("\\input{other.tex}"), r"File `other.tex' not found.*\n +3 \| \\input"),
        (document(""), r"out.pdf has no pages"),
        (document("\\ref{nowhere}"), r"Reference `nowhere' on page 1 undefined"),
        (document("\\label{a}\\newpage x\\label{a}"), r"Label `a' multiply defined"),
        (document("\\font\\f=cmr10 \\f \\char200"), r"Missing character: There is no"),
    ],
)
def test_document_errors_name_tex_message_and_line(tmp_path, source, message):
    error = refused(tmp_path, source)
    assert isinstance(error, CheckFailed)
    assert re.search(message, str(error)), str(error)


def test_line_number_of_a_loaded_file_is_not_taken_for_ours(tmp_path):
    package = "\\begin{filecontents*}{part.tex}\n\n\n\\wrong\n\\end{filecontents*}\n"
    error = refused(tmp_path, package + document("fine\n\\input{part.tex}"))
    assert "l.3 \\wrong" in str(error)
    assert "|" not in str(error)


def test_too_few_passes_are_not_passed_over(tmp_path):
    error = refused(tmp_path, document("\\section{A}\\label{a} \\ref{a}"), passes=1)
    assert "Reference `a' on page 1 undefined" in str(error)


def test_endless_document_is_stopped(tmp_path):
    error = refused(tmp_path, document("\\def\\x{\\x}\\x"), timeout=1)
    assert "did not finish within 1 s" in str(error)


@pytest.mark.parametrize(
    "body", ["\\input{/etc/passwd}", "\\input{../secret}", "\\openin1=../secret \\ifeof1 \\wrong\\fi"]
)
def test_files_outside_are_not_read(tmp_path, body):
    (tmp_path / "secret.tex").write_text("secret")
    with pytest.raises(CheckFailed):
        compile_tex(document(body), tmp_path / "out.pdf")


def test_nothing_is_written_outside(tmp_path):
    error = refused(tmp_path, document("\\immediate\\openout3=../new.tex x"))
    assert "I can't write on file" in str(error)


def test_no_shell_runs(tmp_path):
    result = compile_tex(document("\\immediate\\write18{touch ../new.tex} x"), tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == [result.path]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (document("x", preamble="\\usepackage{nosuch}"), "nosuch.sty"),
        (document("x", kind="nosuch"), "nosuch.cls"),
    ],
)
def test_missing_tex_package_is_a_missing_part(tmp_path, source, named):
    error = refused(tmp_path, source)
    assert isinstance(error, MissingPart)
    assert named in error.message
    assert error.hint == INSTALL_HINT


def test_missing_engine_is_a_missing_part(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(tmp_path, document("x"))
    assert isinstance(error, MissingPart)
    assert "texlive-latex-extra" in str(error)


@pytest.mark.parametrize(
    ("body", "overfull"),
    [
        ("\\hbox to 100pt{\\hskip 107.5pt}", r"\hbox (7.5pt too wide)"),
        ("\\vbox to 10pt{\\vskip 14pt}", r"\vbox (4.0pt too high)"),
        ("\\hbox to 100pt{\\hskip 100.5pt}", None),
    ],
)
def test_visible_overfull_boxes_are_reported(tmp_path, body, overfull):
    result = compile_tex(document("x " + body), tmp_path / "out.pdf")
    assert [overfull in line for line in result.overfull] == [True] * (overfull is not None)


def test_failure_keeps_the_older_pdf(tmp_path):
    target = tmp_path / "out.pdf"
    compile_tex(document("good"), target)
    before = target.read_bytes()
    with pytest.raises(CheckFailed):
        compile_tex(document("\\bad"), target)
    assert [file.name for file in tmp_path.iterdir()] == ["out.pdf"]
    assert target.read_bytes() == before


def test_same_source_and_date_give_the_same_bytes(tmp_path, monkeypatch):
    source = document("\\today\\section{A}\\label{a}\\ref{a}", preamble="\\usepackage{hyperref}")
    made = []
    for folder, date in [("a", "1000000000"), ("b", "1000000000"), ("c", "1100000000")]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", date)
        made.append(compile_tex(source, tmp_path / folder / "out.pdf").path.read_bytes())
    assert made[0] == made[1] != made[2]


def test_a_users_own_macros_change_nothing(tmp_path, monkeypatch):
    own = tmp_path / "texmf" / "tex" / "latex"
    own.mkdir(parents=True)
    (own / "booktabs.sty").write_text("\\ERROR")
    monkeypatch.setenv("TEXMFHOME", str(tmp_path / "texmf"))
    monkeypatch.setenv("TEXINPUTS", f"{own}:")
    assert compile_tex(document("x", preamble="\\usepackage{booktabs}"), tmp_path / "out.pdf").pages == 1


def test_setup_script_and_hint_name_the_same_packages():
    packages = INSTALL_HINT.partition("--no-install-recommends ")[2]
    script = Path(__file__).parents[1] / "scripts" / "setup-system"
    assert packages in script.read_text(encoding="utf-8")
