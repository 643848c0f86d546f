"""What is read from spec files."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.expr.functions import FUNCTIONS
from generator.expr.infer import ASSUMPTIONS
from generator.expr.layout import LAYOUTS
from generator.expr.make import num
from generator.expr.nodes import Neg
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.prose import parse_prose
from generator.spec import load_collection, load_problem
from generator.spec.models import (
    EXPLAIN,
    KINDS,
    METHODS,
    CollectionFile,
    ConceptFile,
    FindTable,
    PartTable,
    ProblemFile,
    SectionTable,
    TableTable,
    notation_choices,
)
from tests.spec.files import COLLECTION, PROBLEM, ROOT, TUTORIAL, folder, problem

EVERY_KEY = """\
id = "all-keys"
title = "Every key"
statement = "Let {f(x) =} for {x in}."
hints = ["Look at {x_1}.", "And at {x_2}."]
remark = "Nothing about {{braces}}."
minutes = 7
uses = ["earlier"]
layout = "denominator"
notation = {bold = false, matrix = "pmatrix", transpose = "T"}
[symbols]
x = "2"
S = {shape = "2 2", assume = ["symmetric"]}
c = ""
[given]
"f(x)" = "c * x.T @ S @ x"
[find]
derivative = "f"
wrt = "x"
at = [1, "-1/2"]
point = "q"
set_to_zero = true
method = "differential"
"""


def test_a_short_problem(tmp_path):
    assert len([line for line in PROBLEM.splitlines() if line]) <= 10
    found = problem(tmp_path, PROBLEM)
    assert (found.id, found.title, found.function.name) == ("some-problem", "A problem", "L")
    assert found.body == parse("tr(A @ X)", Scope(found.symbols))
    assert [s.name for s in found.wrt] == ["X"]
    assert found.text == "tr(A @ X)"


def test_every_key(tmp_path):
    found = problem(tmp_path, EVERY_KEY)
    assert found.id == "all-keys"
    assert found.parameters == (found.symbols["x"],)
    assert found.at == (num(1), num("-1/2"))
    assert isinstance(found.at[1], Neg)
    assert found.point_name == "q"
    assert found.set_to_zero
    assert found.layout == LAYOUTS["denominator"]
    assert (found.notation.bold, found.notation.matrix, found.notation.transpose) == (False, "pmatrix", "T")
    assert found.symbols["S"].assume == {"symmetric"}
    assert (found.minutes, found.uses, len(found.hints), found.methods) == (
        7,
        ("earlier",),
        2,
        ("differential",),
    )


def test_intermediates_are_put_in_their_place(tmp_path):
    text = PROBLEM.replace('L = "tr(A @ X)"', 'R = "A @ X - X"\nL = "norm(R)**2 + tr(R.T)"')
    found = problem(tmp_path, text.replace('wrt = "X"', 'wrt = "X"\nderivative = "L"'))
    assert found.text == "norm(A @ X - X)**2 + tr((A @ X - X).T)"
    assert found.body == parse(found.text, Scope(found.symbols))
    assert "R" not in found.symbols


def test_several_scalars(tmp_path):
    text = 'symbols = {s = "", t = ""}\ngiven = {f = "s**2 * t"}\nfind = {wrt = ["s", "t"], at = [0.5, 2]}\n'
    found = problem(tmp_path, f'title = "Two scalars"\n{text}')
    assert [s.name for s in found.wrt] == ["s", "t"]
    assert found.at == (num("1/2"), num(2))


def test_a_row_is_a_vector(tmp_path):
    text = PROBLEM.replace('X = "n n"', 'x = "n"').replace("tr(A @ X)", "x @ A").replace('"X"', '"x"')
    found = problem(tmp_path, text)
    assert str(found.function.shape[0]) == "n"
    assert found.body == parse(found.text, Scope(found.symbols))


def test_expressions_may_be_wrapped(tmp_path):
    found = problem(tmp_path, PROBLEM.replace('"tr(A @ X)"', '"""\n  tr(A @ X)\n  + tr(X)"""'))
    assert to_text(found.body) == "tr(A @ X) + tr(X)"


def test_the_collection_gives_defaults(tmp_path):
    chosen = 'layout = "numerator"\n[notation]\ngradient = "partial"\n[[part]]'
    collection = COLLECTION.replace("[[part]]", chosen).replace('"first"', '"first", "second"')
    own = 'layout = "denominator"\nnotation = {bold = false}\n' + PROBLEM
    (part,) = load_collection(folder(tmp_path, collection=collection, second=own)).parts
    first, second = part.problems
    assert first.layout == LAYOUTS["numerator"]
    assert second.layout == LAYOUTS["denominator"]
    assert (first.notation.gradient, first.notation.bold) == ("partial", True)
    assert (second.notation.gradient, second.notation.bold) == ("partial", False)


def test_the_tutorial():
    tutorial = load_collection(TUTORIAL)
    assert tutorial.id == "trace-trick-tutorial"
    assert [part.minutes for part in tutorial.parts] == [20, 25, 45]
    assert sum(part.minutes or 0 for part in tutorial.parts) == tutorial.minutes == 90
    order = [p for part in tutorial.parts for p in part.problems]
    assert [p.number for p in order] == list(range(1, 7))
    assert all(1 <= len(p.hints) <= 3 for p in order)
    assert order[5].uses == (order[4].id,)
    for p in order:
        assert p.body == parse(p.text, Scope(p.symbols))
        assert all(parse_prose(text, p) for text in p.hints)


def test_a_folder_that_is_no_collection(tmp_path):
    with pytest.raises(InputError, match="no collection"):
        load_collection(tmp_path / "nowhere")


@given(st.text(alphabet=st.sampled_from("abX=[]{}\"'.,#\n 01"), max_size=60))
def test_any_file_is_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text)
    with pytest.raises(InputError):
        load_problem(path)


def test_importing_is_cheap():
    code = (
        "import sys, generator, generator.spec; sys.exit('pydantic' in sys.modules or 'sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_examples_of_the_reference(tmp_path):
    """The problems and the collection of docs/spec.md are one collection that loads."""
    text = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
    first, saddle, second, concept, collection = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    for name, content in {"linear-trace": first, "least-squares": second, "collection": collection}.items():
        (tmp_path / f"{name}.toml").write_text(content)
    assert [len(part.problems) for part in load_collection(tmp_path).parts] == [1, 1]
    (tmp_path / "saddle.toml").write_text(saddle)
    assert load_problem(tmp_path / "saddle.toml").plot
    place = folder(tmp_path, first=concept)
    assert [len(c.sections) for c in load_collection(place).concepts] == [1]


def test_the_reference_is_complete():
    text = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
    words = {*ASSUMPTIONS, *LAYOUTS, *METHODS, *KINDS, *EXPLAIN, *FUNCTIONS, *notation_choices()}
    keys = {
        *ProblemFile.model_fields,
        *ConceptFile.model_fields,
        *SectionTable.model_fields,
        *TableTable.model_fields,
        *FindTable.model_fields,
        *CollectionFile.model_fields,
        *PartTable.model_fields,
    }
    assert {word for word in words | keys if not re.search(rf"\b{word}\b", text)} == set()
