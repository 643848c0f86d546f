"""Values put into problem files, and what is wrong with templates."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.expr.text_writer import to_text
from generator.spec import load_problem
from generator.variants import require_capacity
from generator.variants.instance import expression
from tests.variants.files import SADDLE, SMALL, STRUCTURES, pool, template

VALUES = {"a": Fraction(-3), "b": Fraction(1, 2), "h": "x_1 + a", "g": "sin", "v": "w",
          "p": (Fraction(1), Fraction(-2))}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("a*x", "-3 * x"),
        ("x**a", "x ** (-3)"),
        ("a**2", "(-3) ** 2"),
        ("x - a", "x - -3"),
        ("b*x", "1 / 2 * x"),
        ("h*x", "(x_1 + -3) * x"),
        ("g(v_1)", "sin(w_1)"),
        ("p_2*x", "-2 * x"),
        ("abc + a_hat", "abc + a_hat"),
        ("a +", "a +"),
    ],
)
def test_expression(text, put):
    assert expression(text, VALUES).replace("**-3", "** (-3)").replace("** -3", "** (-3)") == put


def test_numbers_are_tidied(tmp_path):
    """1x is x, + −2y is − 2y, and 0z is not there."""
    space = template(tmp_path, SADDLE)
    one, two = Fraction(1), Fraction(-2)
    problem = space.problem({"a": one, "b": two, "c": Fraction(0), "p": (one, two)})
    assert to_text(problem.body) == problem.text == "x_1**2 - 2 * x_1 * x_2"
    assert [to_text(e) for e in problem.at] == ["1", "-2"]


def test_structures_names_and_words(tmp_path):
    found = template(tmp_path, STRUCTURES)
    assert [s.label for s in found.space.strata()][:2] == [
        "h = g(v_1), g = sin, v = x", "h = g(v_1), g = sin, v = w",
    ]  # fmt: skip
    values = {"a": Fraction(2), "b": Fraction(-1, 2), "h": "exp(a*v_1)", "g": "sin", "v": "w"}
    problem = found.problem(values)
    assert problem.wrt[0].name == "w"
    assert "exp(2 * w_1)" in problem.text
    assert [to_text(e) for e in problem.at] == ["0", "1 / 2"]
    assert problem.statement.startswith("Let {w in} and {f(w) =}. Find {derivative} at {p =}; {2} is")


def test_a_collection_does_not_draw(tmp_path):
    path = tmp_path / "some-problem.toml"
    path.write_text(SMALL)
    with pytest.raises(InputError, match=r"some-problem.toml:2: parameters: only an exam draws"):
        load_problem(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{integer = [1, 6]}", "{integer = [6, 1]}", "3: parameters.a: no value is left"),
        ("{integer = [1, 6]}", "{integer = [1, 6], rank = 1}", "`rank` belongs to a matrix"),
        ("{integer = [1, 6]}", "{integer = [1, 6], vector = 2}", "found integer and vector"),
        ("{integer = [1, 6]}", "{entries = [1, 2]}", "found none of them"),
        ("{integer = [1, 6]}", "{integr = [1, 2]}", "did you mean `integer`"),
        ("{integer = [1, 6]}", "{matrix = [2, 3], structure = 'symmetric'}", "is square"),
        ("{integer = [1, 6]}", "{matrix = [2, 3], rank = 3}", "at most rank 2"),
        ("{integer = [1, 6]}", "{choice = [1, 'u']}", "not among both"),
        ("{integer = [1, 6]}", "{rational = ['x', 2]}", "expected a short number"),
        ("{integer = [1, 6]}", "{integer = [0, 10000000]}", "more than 100000 values"),
        ("a = {", "x = {", "`x` is a symbol already"),
        ("x_2**2", "y_2**2", "unknown name `y_2`"),
        ("a*h", "h/(a - a)", "a division by zero"),
    ],
)
def test_complaints(tmp_path, old, new, told):
    with pytest.raises(InputError) as caught:
        template(tmp_path, SMALL.replace(old, new))
    assert told in str(caught.value)
    assert "some-problem.toml:" in str(caught.value)


def test_the_example_of_the_reference(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "exam.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    one = pool(tmp_path, example)
    require_capacity(one, one.survey(20), 20)
