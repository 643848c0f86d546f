"""Hostile text: refused with one message and a caret, or printed harmlessly; time and memory stay bounded."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.api import derive, pose
from generator.errors import InputError, WorkingsError
from generator.methods import derive as told_by
from generator.render import render_derivation
from generator.spec import load_collection, load_problem
from tests.expr.latex_spellings import SPELLINGS
from tests.spec.files import COLLECTION, PROBLEM, folder

LONG = "x" * 3000
REFUSED = [
    # code
    "__import__('os').system('ls')", "x.__class__", "().__class__.__bases__[0]", "(lambda: x)()",
    "[x for x in (1,)]", "x; import os", "x := 3", "await x", "x if x else x", "open('f')", "x.T.real",
    # depth and length
    "(" * 100_000 + "x" + ")" * 100_000, "[" * 100_000, "-" * 4000 + "x", "+".join("x" * 4000), LONG,
    "exp(" * 150 + "x" + ")" * 150,
    # numbers and sizes
    "x**9999999999999999", "x + 1e400", "x * 1e-400", "x + " + "9" * 4000, "matpow(X, 10**9)",
    "matpow(X, 1000000000)", "sum(ones(1000000000) * x)", "tr(eye(10**9) @ X)", "x[10**9]", "1_000 * x",
    "0x10 * x", "1j * x",
    # signs
    "x + \x00", "x + 😀", "x + \u202ey", "é * x", "x + \x1b[31m", "x\u2066", "''", "...",
    # TeX
    r"\input{/etc/passwd}", r"\write18{ls}", r"\catcode`\%=12 x", r"\def\x{x}\x", r"\csname x\endcsname",
    "{" * 100_000, "x^{" * 3000 + "}" * 3000, r"\frac{1}{" * 500 + "x" + "}" * 500, "$" * 1000, "\\", "^",
    "|", r"\left(x", r"\begin{x}", "x_{" * 300 + "1" + "}" * 300, r"\sum_{i=1}^{n} " * 200 + "x_i",
    r"\|x" + "+ abcghk" * 200 + r"\| + Ax",
    r"x^\top x \input{x}", r"\operatorname{tr}(X^{1000000000})",
]  # fmt: skip
HARMLESS = ["x**10**10", "x**(10**9)", "x^{99999999999999999999}", "x.T @ x # a comment", "x**1000 / 7"]
HARMLESS += ["(" * 190 + "x" + ")" * 190]
COMMANDS = [r"\input secrets", r"\write18 ls", r"\catcode`\%=12", r"\end document", "$x$", "%", "#1", "<b>"]
GROUPS = [r"\input{secrets}", r"\write18{ls}", r"\end{document}"]
CODE = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
from click.testing import CliRunner
from generator import cli
for text in json.load(sys.stdin):
    start = time.process_time()
    result = CliRunner().invoke(cli.app, ["solve", "--wrt", "X" if "X" in text else "x", "--", text])
    seconds = time.process_time() - start
    print(json.dumps([result.exit_code, result.stdout, result.stderr, seconds]))
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, list[Any]]:
    """What the command line makes of every text, in a process with little memory and time."""
    texts = [*REFUSED, *HARMLESS]
    done = subprocess.run(
        [sys.executable, "-c", CODE], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return dict(zip(texts, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:30]))
def test_refused(text: str, answers: dict[str, list[Any]]) -> None:
    code, out, err, seconds = answers[text]
    assert (code, out) == (2, "")
    first, source, caret, *rest = err.rstrip("\n").split("\n")
    assert first.startswith("error: ")
    assert len(first) < 300
    assert set(caret) <= {" ", "^"}
    assert "^" in caret
    assert len(source) <= 102
    assert source.isprintable()
    assert len(rest) <= 2
    assert seconds < 5  # of processor time; most take a millisecond


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str, answers: dict[str, list[Any]]) -> None:
    code, out, err, _ = answers[text]
    assert (code, err) == (0, "")
    assert "confirmed" in out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"shapes": {"X": "999999999,3"}}, "a dimension is a name or an integer from 1 to 10000"),
        ({"shapes": {"X": "10**9,3"}}, "a dimension is"),
        ({"shapes": {"X": "10000,10000"}}, "more than 10000 entries"),
        ({"shapes": {"X": r"\input{x},n"}}, "a dimension is"),
        ({"shapes": ["X=n,m:__import__('os')"]}, "nothing is known of the assumption"),
        ({"shapes": [f"{LONG}=n"]}, "cannot name a symbol"),
        ({"assume": {"X": "x" * 5000}}, "nothing is known of the assumption"),
        ({"method": "__import__('os')"}, "there is no method"),
        ({"layout": "../../etc"}, "there is no layout"),
        ({"detail": r"\input"}, "there is no detail"),
    ],
)
def test_options(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        derive("tr(X.T @ X)", "X", **options)
    assert len(str(caught.value).split("\n")[0]) < 300


@pytest.mark.parametrize(
    "name", ["__import__", r"\input{x}", "x;y", "", "x y", "é", "T" * 40, "\x00", "lambda", "tr"]
)
def test_names_of_variables(name: str) -> None:
    with pytest.raises(InputError):
        derive("tr(X.T @ X)", name)


# --- specs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("key", ["title", "statement", "hints", "remark", "questions"])
def test_words_are_printed_harmlessly(command: str, key: str, tmp_path: Path) -> None:
    value = [command] if key in ("hints", "questions") else command
    text = PROBLEM.replace('title = "A problem"\n', "") if key == "title" else PROBLEM
    (tmp_path / "one.toml").write_text(f"{key} = {json.dumps(value)}\n{text}", "utf-8")
    problem = load_problem(tmp_path / "one.toml")
    latex = render_derivation(told_by(problem), "latex")
    assert not any(word in latex for word in (r"\input", r"\write", r"\catcode", r"\end document"))


@pytest.mark.parametrize("command", GROUPS)
@pytest.mark.parametrize("key", ["statement", "hints", "remark", "questions"])
def test_braces_in_words_hold_mathematics_alone(command: str, key: str, tmp_path: Path) -> None:
    value = [command] if key in ("hints", "questions") else command
    (tmp_path / "one.toml").write_text(f"{key} = {json.dumps(value)}\n{PROBLEM}", "utf-8")
    with pytest.raises(InputError, match=rf"one\.toml:1: {key}"):
        load_problem(tmp_path / "one.toml")


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPS, "x\x00", "\u202ex", "__import__('os')", LONG])
@pytest.mark.parametrize(
    "place",
    ['wrt = "X"', 'A = "n n"', "A =", 'L = "tr(A @ X)"', "L =", "[find]"],
)
def test_mathematics_is_refused_with_its_place(command: str, place: str, tmp_path: Path) -> None:
    quoted = json.dumps(command)
    new = {
        'wrt = "X"': f"wrt = {quoted}",
        'A = "n n"': f"A = {quoted}",
        "A =": f"{quoted} =",
        'L = "tr(A @ X)"': f"L = {quoted}",
        "L =": f"{quoted} =",
        "[find]": f"[find]\nmethod = {quoted}",
    }[place]
    (tmp_path / "one.toml").write_text(PROBLEM.replace(place, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_problem(tmp_path / "one.toml")
    assert "one.toml:" in str(caught.value)
    assert [line for line in str(caught.value).splitlines() if len(line) > 400] == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"title = '\xe9'", b"\x00", b"a = " + b"[" * 50_000])
def test_files_that_are_no_text(content: bytes, tmp_path: Path) -> None:
    place = folder(tmp_path, first=content, collection=COLLECTION)
    with pytest.raises(InputError, match=r"first\.toml:1"):
        load_collection(place)


# --- random text ---------------------------------------------------------------------------------------

WORDS = sorted({w for latex, _, text, _ in SPELLINGS for w in (*latex.split(), *text.split())})


@settings(max_examples=150)
@given(
    st.sampled_from(SPELLINGS),
    st.booleans(),
    st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(WORDS) | st.text(max_size=2), st.booleans()), max_size=3
    ),
)
def test_text_that_is_nearly_right_is_read_or_refused(spelling: Any, latex: bool, changes: list[Any]) -> None:
    text = spelling[0] if latex else spelling[2]
    for place, word, instead in changes:
        text = text[:place] + word + text[place + instead :]
    with suppress(WorkingsError):
        problem, _ = pose(text, spelling[1], (), {}, None, "gradient-column")
        assert problem.body.shape == problem.function.shape
