"""`workings exam` at the command line."""

import pytest
from click.testing import CliRunner

from generator.cli import app
from tests.exam.files import EXAM, exam


def workings(*words):
    return CliRunner().invoke(app, ["exam", *map(str, words)])


@pytest.fixture
def midterm(tmp_path):
    exam(tmp_path)
    return tmp_path / "midterm.toml"


def test_make_and_verify(midterm, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\n17,Ada\n4,Bob\n")
    out = tmp_path / "out"
    made = workings(midterm, "--students", roster, "--no-pdf", "--output", out, "-j", 1)
    assert made.exit_code == 0, made.output
    assert "plain:\n  16 variants of 16 combinations; 100 % of 16 tried are allowed" in made.output
    assert "2 papers: " in made.output
    found = workings("verify", out / "manifest.json", "-j", 1)
    assert found.output == "2 papers, 4 problems: no statement and no key has changed\n"


def test_changed_keys_fail(midterm, tmp_path):
    workings(midterm, "--copies", 2, "--no-pdf", "--output", tmp_path / "out", "-j", 1)
    plain = tmp_path / "plain.toml"
    plain.write_text(plain.read_text().replace("b*x_1*x_2", "b*x_1*x_2**2"))
    found = workings("verify", tmp_path / "out" / "manifest.json", "-j", 1)
    assert found.exit_code == 1
    assert "2 of 4 problems in 2 papers have changed:\n  001, plain: the statement" in found.output


def test_count_draws_nothing(midterm, tmp_path):
    found = workings(midterm, "--count", "--copies", 500)
    assert found.exit_code == 0
    assert "h = sin(a*t): 6 variants of 6 combinations" in found.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chained.toml", "midterm.toml", "plain.toml"]


def test_wrong_input(midterm, tmp_path):
    few = workings(midterm, "--copies", 500, "--output", tmp_path / "out")
    assert few.exit_code == 2
    assert "plain has 16 different variants and 500 students" in few.output
    midterm.write_text(EXAM.replace("points = 5", 'points = "five"'))
    assert workings(midterm).exit_code == 2
    assert workings(tmp_path / "none.toml").exit_code == 2
