"""Files of many functions: what is read, what becomes of each entry, exit codes, table and records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import cases, cli
from generator.cases import Case, Outcome, exit_code, load_cases, solve_case, solve_cases
from generator.errors import CheckFailed, InputError, NotDerivable

FINE = {"id": "fine", "function": "tr(A @ X)", "wrt": "X", "answer": "A.T"}
FILE = """
[[case]]
id = "trace"
function = "tr(A @ X)"
wrt = "X"
answer = "A.T"

[[case]]
id = "misfit"
function = "A @ x + A"
wrt = "x"
variables = { A = { shape = ["n", "n"] }, x = { shape = ["n"] } }

[[case]]
id = "in-latex"
function = '\\|A x - b\\|_2^2'
wrt = "x"
answer = "2 * A.T @ (A @ x - b)"

[[bad]]
id = "not-square"
function = "det(X)"
wrt = "X"
variables = { X = { shape = ["n", "m"] } }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.toml"
    path.write_text(FILE, "utf-8")
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, ["solve", *args])


def test_one_bad_entry_does_not_stop_the_others(file: Path) -> None:
    seen: list[int] = []
    outcomes = solve_cases(load_cases(file), 1, "gradient-column", lambda what, done, of: seen.append(done))
    assert [o.status for o in outcomes] == ["confirmed", "bad input", "confirmed", "refused"]
    assert seen == [0, 1, 2, 3, 4]
    assert exit_code(outcomes) == 2
    assert [o.stated for o in outcomes] == ["equal", None, "equal", None]
    assert "n×n" in outcomes[1].message


def test_in_processes_as_in_one(file: Path) -> None:
    entries = load_cases(file)
    here, there = (solve_cases(entries, jobs, "numerator", lambda *args: None) for jobs in (1, 2))
    assert [(o.id, o.status, o.answer) for o in here] == [(o.id, o.status, o.answer) for o in there]


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({}, "confirmed", ""),
        ({"answer": "A"}, "differs", ""),
        ({"answer": "2 * A.T"}, "differs", ""),
        ({"answer": "Y"}, "bad input", "unknown name `Y`"),
        ({"function": "tr(X @ )"}, "bad input", "syntax error"),
        ({"function": 5}, "bad input", "`function` is not what is expected"),
        ({"colour": "red"}, "bad input", "unknown key `colour`"),
        ({"metod": "index"}, "bad input", "did you mean `method`"),
        ({"method": "indx"}, "bad input", "did you mean `index`"),
        ({"method": "partials"}, "not derived", "partial derivatives"),
        ({"order": True}, "bad input", "`order`"),
        ({"order": 3}, "bad input", "order 3"),
        ({"wrt": [1]}, "bad input", "`wrt`"),
        ({"variables": {"A": {"shape": ["n", "m"]}}}, "bad input", "unknown name `X`"),
        ({"variables": {"A": 3}}, "bad input", "variable `A` has no shape"),
        ({"layout": "sideways"}, "bad input", "sideways"),
    ],
)
def test_status(changes: dict[str, Any], status: str, told: str) -> None:
    outcome = solve_case(Case("x", {**FINE, **changes}))
    assert outcome.status == status, outcome.message
    assert told in outcome.message


def test_what_must_be_refused_and_is_not() -> None:
    assert solve_case(Case("x", FINE, bad=True)).status == "accepted"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CheckFailed("no"), "not confirmed"),
        (NotDerivable("no"), "not derived"),
        (InputError("no"), "bad input"),
        (ZeroDivisionError("no"), "error"),
    ],
)
def test_errors_are_kept(error: Exception, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(problem: Any) -> None:
        raise error

    monkeypatch.setattr(cases, "derive", fail)
    outcome = solve_case(Case("x", FINE))
    assert (outcome.status, "no" in outcome.message) == (status, True)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], 0),
        (["confirmed", "refused"], 0),
        (["confirmed", "bad input"], 2),
        (["bad input", "differs"], 1),
        (["not derived", "accepted"], 1),
        (["not confirmed", "error"], 1),
        (["confirmed", "error"], 70),
    ],
)
def test_exit_codes(statuses: list[Any], code: int) -> None:
    assert exit_code([Outcome("x", status) for status in statuses]) == code


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no cases"),
        (b"[[case", "is not TOML"),
        (b"\xff\xfe", "not written in UTF-8"),
        (b"case = 3", "no list of tables"),
        (b"[[cases]]\nid = 'x'", "unknown key `cases`"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"x = " + b"9" * 5000, "is not TOML"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        load_cases(path)


def test_the_table(file: Path) -> None:
    result = run("--file", str(file), "--jobs", "1")
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0].split()[:3] == ["id", "method", "lines"]
    assert lines[1].split()[:2] == ["trace", "differential"]
    assert "equal" in lines[1]
    assert "misfit: bad input" in result.stdout
    assert "\n    ^^^^^^^^^\n" in result.stdout
    assert lines[-1].startswith("4 cases: 2 confirmed, 1 bad input, 1 refused; stated answers: 2 equal")


def test_records(file: Path, tmp_path: Path) -> None:
    result = run("--file", str(file), "--format", "json", "--only", "trace")
    assert result.exit_code == 0
    (record,) = json.loads(result.stdout)
    assert record["answer"] == "A.T"
    assert record["milliseconds"].keys() == {"read", "derive", "print", "verify"}
    written = tmp_path / "out.json"
    assert run("--file", str(file), "--only", "trace", "--output", str(written)).exit_code == 0
    assert json.loads(written.read_text("utf-8"))[0]["id"] == "trace"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--file", "FILE", "--only", "tracee"), "did you mean `trace`"),
        (("--file", "FILE", "tr(X)"), "either a function or --file"),
        (("--file", "FILE", "--format", "html"), "--format json"),
        (("--file", "nothing.toml"), "does not exist"),
        ((), "a function and --wrt are needed"),
        (("tr(X)", "--wrt", "X", "--formt", "json"), "--format"),
    ],
)
def test_mistakes_in_the_command(args: tuple[str, ...], told: str, file: Path) -> None:
    result = run(*(str(file) if a == "FILE" else a for a in args))
    assert result.exit_code == 2
    assert told in result.stderr
