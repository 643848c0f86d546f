"""The command line: options, output, exit codes, and what an error looks like."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from generator import api, build, cli, confirmation, methods
from generator.build import Document, Request
from generator.cli.frame import INTERNAL
from generator.cli.solve import DETAILS as OFFERED
from generator.cli.solve import FORMATS
from generator.cli.solve import METHODS as NAMED
from generator.derivation import Derivation
from generator.errors import CheckFailed, InputError, MissingPart
from generator.expr.make import neg
from generator.problem import DETAILS

QUADRATIC = ("solve", "tr(X.T @ A @ X)", "--wrt", "X")


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, args)


def test_start_up_is_light() -> None:
    heavy = {"numpy", "sympy", "jinja2", "pydantic", "rich", "mkdocs", "pylatexenc", "watchfiles"}
    code = "import sys, generator.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert heavy & set(loaded.split()) == set()
    assert "click" in loaded.split()


def test_version_and_help() -> None:
    assert run("--version").output.startswith("workings, version ")
    assert isinstance(cli.app, click.Group)
    for name in cli.app.commands:
        result = run(name, "--help")
        assert result.exit_code == 0
        assert f"\n    workings {name}" in result.output, f"the help of {name} shows no example"


def test_the_help_lists_what_there_is() -> None:
    assert (*methods.METHODS,) == NAMED
    assert OFFERED == DETAILS
    told = run("solve", "--help").output
    assert all(name in told for name in (*methods.METHODS, *DETAILS))


@pytest.mark.parametrize(
    ("option", "meant"), [("--metod", "--method"), ("--hesian", "--hessian"), ("--laout", "--layout")]
)
def test_an_unknown_option_is_refused_with_a_suggestion(option: str, meant: str) -> None:
    result = run(*QUADRATIC, option, "x")
    assert result.exit_code == 2
    assert "Did you mean" in result.stderr
    assert f"'{meant}'" in result.stderr


@pytest.mark.parametrize(
    "shapes",
    [
        ("--shape", "X=n,m", "A=n,n"),
        ("--shape", "X=n,m", "--shape", "A=n,n"),
        ("--shape=X=n,m", "A=n,n", "--format", "terminal"),
        ("--shape", "X=n,m", "A=n,n:symmetric"),
        (),
    ],
)
def test_solve_prints_a_derivation(shapes: tuple[str, ...]) -> None:
    result = run(*QUADRATIC, *shapes)
    assert result.exit_code == 0, result.output
    assert "∇_X L = " in result.stdout
    assert "X ∈ ℝⁿˣᵐ" in result.stdout
    assert "equalities confirmed" in result.stdout
    assert ("inferred" in result.stdout) == (not shapes)


def test_the_function_may_follow_the_shapes() -> None:
    result = run("solve", "--wrt", "X", "--shape", "X=n,m", "A=n,n", "tr(X.T @ A @ X)")
    assert result.exit_code == 0, result.output


def test_a_function_may_begin_with_a_minus() -> None:
    for function in ("-x.T @ x", r"-\|x\|^2"):
        result = run("solve", function, "--wrt", "x", "--shape", "x=n")
        assert result.exit_code == 0
        assert "∇_x L = −2x" in result.output


@pytest.mark.parametrize(
    ("form", "sign"),
    [("latex", r"\operatorname{tr}"), ("markdown", "$$"), ("json", '"steps"'), ("terminal", "╭")],
)
def test_formats(form: str, sign: str) -> None:
    result = run(*QUADRATIC, "--format", form)
    assert result.exit_code == 0, result.output
    assert sign in result.stdout
    assert not result.stdout.endswith("\n\n")
    if form == "json":
        assert json.loads(result.stdout)["answer"]["text"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("tr(X @ )", "--wrt", "X"), ["syntax error", "^"]),
        (("tr(X", "--wrt", "X"), ["syntax error"]),
        (("tr(X @ X)", "--wrt", "Y"), ["does not depend on `Y`", "X"]),
        (("trace(X)", "--wrt", "X"), ["unknown function `trace`"]),
        (("tr(A @ X)", "--wrt", "X", "--shape", "X=n,m", "A=n,m"), ["inner sizes", "^"]),
        (("tr(X)", "--wrt", "X", "--method", "diferential"), ["diferential", "did you mean"]),
        (("x + y", "--wrt", "x,z"), ["`z`"]),
        (("tr(X)", "--wrt", "X", "--shape", "X"), ["declares no shape"]),
        (("tr(X)",), ["--wrt"]),
        (("tr(X)", "--wrt", "X", "--format", "pdf"), ["--format"]),
    ],
)
def test_mistakes_in_solve(args: tuple[str, ...], told: list[str]) -> None:
    result = run("solve", *args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for words in told:
        assert words in result.stderr


@pytest.mark.parametrize(
    ("file", "options", "begins"),
    [
        ("g.py", [], '"""L = tr(XᵀAX)'),
        ("g.tex", [], r"\documentclass"),
        ("g.tex", ["--format", "latex"], "% One derivation"),
        ("g.json", [], "{"),
        ("notes.txt", [], "Gradient of L"),
        ("g.py", ["--format", "sympy"], "(A + A.T)*X"),
    ],
)
def test_solve_writes_files(tmp_path: Path, file: str, options: list[str], begins: str) -> None:
    result = run(*QUADRATIC, "--output", str(tmp_path / file), *options)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert (tmp_path / file).read_text("utf-8").startswith(begins)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    result = run(*QUADRATIC, "--output", str(tmp_path / "nowhere" / "g.py"))
    assert result.exit_code == 2
    assert "cannot be written: No such file" in result.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_a_wrong_answer_is_not_printed(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derive = methods.derive

    def wrong(*args: Any, **named: Any) -> Derivation:
        right = derive(*args, **named)
        line = dataclasses.replace(right.answers[0], rhs=neg(right.answers[0].rhs))
        return dataclasses.replace(right, answers=(line,))

    monkeypatch.setattr(methods, "derive", wrong)
    monkeypatch.setattr(
        confirmation, "judge", lambda problem, answer: 0.0
    )  # the printed text alone gives it away
    result = run(*QUADRATIC, "--format", form)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "not confirmed" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (CheckFailed("no"), 1, "error: no"),
        (InputError("what?", hint="so"), 2, "error: what?\n  hint: so"),
        (MissingPart("no TeX"), 3, "error: no TeX"),
        (ValueError("oops"), INTERNAL, "internal error, please report it: ValueError: oops"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_exit_codes(error: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **named: Any) -> None:
        raise error

    monkeypatch.setattr(api, "derive", fail)
    result = run(*QUADRATIC)
    assert result.exit_code == code
    assert result.stderr.startswith(told)
    assert result.stdout == ""
    assert bool(result.stderr) == bool(told)


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "derive", lambda *args, **named: 1 / 0)
    assert isinstance(run("--debug", *QUADRATIC).exception, ZeroDivisionError)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    seen: list[Request] = []

    def fake(request: Request, progress: Any) -> list[Document]:
        seen.append(request)
        progress("derived", 1, 1)
        return [
            Document("one", "one: 3 formulas", path=Path("one.pdf"), warnings=("Overfull",)),
            Document("two", error=CheckFailed("two is wrong")),
        ]

    monkeypatch.setattr(build, "run", fake)
    return seen


def test_build_tells_what_was_made_and_what_failed(requests: list[Request]) -> None:
    result = run("build", "week", "--only", "pdf", "--edition", "student", "--jobs", "2", "--output", "out")
    assert result.exit_code == 1
    assert result.stdout == "one: 3 formulas\n  one.pdf\n"
    assert result.stderr == "warning: one: Overfull\nerror: two is wrong\n"
    (request,) = requests
    assert request == Request(("week",), editions=("student",), site=False, output=Path("out"), jobs=2)


def test_check_writes_nothing(requests: list[Request]) -> None:
    run("check")
    (request,) = requests
    assert request.output is None
    assert request.collections == ()


def test_check_takes_folders_and_files_in_them(requests: list[Request], tmp_path: Path) -> None:
    file = tmp_path / "problem.toml"
    file.touch()
    run("check", str(tmp_path), str(file))
    assert requests[0].collections == (str(tmp_path),)


def test_new_makes_a_collection_that_passes(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "week-3"
    made = run("new", str(folder))
    assert made.exit_code == 0, made.output
    assert "Week 3" in (folder / "collection.toml").read_text("utf-8")
    again = run("new", str(folder))
    assert again.exit_code == 2
    checked = run("check", str(folder), "--jobs", "1")
    assert checked.exit_code == 0, checked.output


def test_schema(tmp_path: Path) -> None:
    assert run("schema", str(tmp_path / "s")).exit_code == 0
    assert list((tmp_path / "s").glob("*.json"))


def test_no_collection_is_an_error_with_a_hint(tmp_path: Path) -> None:
    result = run("build", "--content", str(tmp_path))
    assert result.exit_code == 2
    assert "workings new" in result.stderr
