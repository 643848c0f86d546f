"""Seeded faults stop the build: a wrong rule, a writer that loses a transpose, a wrong number in print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import app
from generator.expr import latex_writer
from generator.expr.latex_parts import form, write
from generator.expr.nodes import T
from generator.rules import RULES, laws

CONTENT = Path(__file__).parent.parent / "content"
TUTORIAL = "trace-trick-tutorial"


def build(output: Path, *more: str) -> Result:
    """Build the handouts of the tutorial in this process, so that a patched rule or writer is used."""
    arguments = ["build", str(CONTENT / TUTORIAL), "--only", "pdf", "--edition", "solutions", "--jobs", "1"]
    return CliRunner().invoke(app, [*arguments, "--output", str(output), *more])


def stopped(result: Result, output: Path, *told: str) -> None:
    """The build ended with exit code 1, said where and why, and left no document behind."""
    said = " ".join(result.output.split())
    assert result.exit_code == 1, said
    for words in told:
        assert words in said
    assert not list(output.glob("pdf/*.pdf"))


@pytest.mark.parametrize(
    ("name", "wrong", "problem"),
    [
        ("transpose", "2 * d(A).T", "quadratic-trace"),
        ("trace", "-tr(d(A))", "linear-trace"),
    ],
)
def test_a_wrong_rule_stops_the_build(
    name: str, wrong: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = replace(RULES[name], rhs=wrong)
    monkeypatch.setattr(laws, "LAWS", tuple(bad if rule.name == name else rule for rule in laws.LAWS))
    stopped(build(tmp_path), tmp_path, problem, "step", "line")


@pytest.fixture
def writer_that_loses_transposes() -> Iterator[None]:
    assert latex_writer.to_latex  # the functions of all nodes are registered
    right = form.dispatch(T)
    form.register(T, lambda node, notation: write(node.arg, notation))
    yield
    form.register(T, right)


@pytest.mark.usefixtures("writer_that_loses_transposes")
def test_a_lost_transpose_in_the_writer_stops_the_build(tmp_path: Path) -> None:
    stopped(build(tmp_path), tmp_path, "problem", "step", "line")


def test_a_wrong_number_in_a_template_stops_the_build(tmp_path: Path) -> None:
    mine = tmp_path / "templates" / "latex"
    mine.mkdir(parents=True)
    ours = Path(__file__).parent.parent / "templates" / "latex" / "answer.tex.j2"
    (mine / "answer.tex.j2").write_text(ours.read_text() + "\n\\[ 2 + 2 = 5 \\]\n")
    result = build(tmp_path / "out", "--templates", str(tmp_path / "templates"))
    stopped(result, tmp_path / "out", "2 + 2 = 5", "4", "5", "problem quadratic", "line")
