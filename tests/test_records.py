"""A derivation as JSON: it follows its schema, and its answer can be judged by somebody else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from generator import api, record_models
from generator.expr.evaluate import Point, evaluate
from generator.expr.text_reader import Scope, parse
from generator.judge import judge
from generator.record_models import DerivationRecord

SCHEMA = Path(__file__).parents[1] / "schema" / record_models.SCHEMA

SAMPLES = [
    ("tr(X.T @ A @ X)", "X", {}, "whole"),
    ("norm(A @ x - b)**2", "x", {"set_to_zero": True}, "whole"),
    ("3*u**2 + 2*u*v", "u,v", {"order": 2}, "whole"),
    ("sigmoid(W @ x)", "x", {"layout": "denominator"}, "whole"),
    ("A @ X @ B", "X", {}, "stacked"),
    ("X.T @ X", "X", {"method": "index"}, "entries"),
]


@pytest.mark.parametrize(("function", "wrt", "options", "form"), SAMPLES)
def test_every_derivation_follows_the_schema(function, wrt, options, form):
    text = api.derive(function, wrt, **options).to_json()
    found = DerivationRecord.model_validate_json(text)
    assert found.answer.form == form
    assert found.report.ok


def test_the_committed_schema_is_current():
    assert json.loads(SCHEMA.read_text("utf-8")) == record_models.schema(), "run `workings schema`"


@pytest.mark.parametrize("change", [{"method": 3}, {"surplus": 1}, {"steps": [{"title": "no items"}]}])
def test_the_schema_can_be_broken(change):
    data = json.loads(api.derive("a.T @ x", "x").to_json())
    with pytest.raises(ValidationError):
        DerivationRecord.model_validate_json(json.dumps({**data, **change}))


def test_the_answer_is_judged_from_the_json_alone():
    data = json.loads(api.derive("norm(A @ x - b)**2", "x", {"A": "m,n"}).to_json())
    declared = [f"{name}={','.join(s['shape'])}" for name, s in data["problem"]["symbols"].items()]
    symbols = api.parse_shapes([item.removesuffix(",1") for item in declared])
    rng = np.random.default_rng(1)
    values = {"A": rng.normal(size=(3, 2)), "x": rng.normal(size=(2, 1)), "b": rng.normal(size=(3, 1))}
    found = evaluate(parse(data["answer"]["text"], Scope(symbols)), Point(values, {}, {"m": 3, "n": 2}))
    assert data["answer"]["shape"] == ["n", "1"]
    assert np.allclose(found, 2 * values["A"].T @ (values["A"] @ values["x"] - values["b"]))


@pytest.mark.parametrize(
    ("function", "wrt", "shapes"),
    [("X.T @ X", "X", ["X=n,m"]), ("inv(X)", "X", ["X=n,n"]), ("A.T @ x", "A", ["A=n,m", "x=n"])],
)
def test_an_answer_in_entries_has_a_text_that_can_be_judged(function, wrt, shapes):
    solution = api.derive(function, wrt, shapes, method="index")
    answer = solution.to_dict()["answer"]
    assert answer["form"] == "entries"
    assert answer["text"] == solution.answer_text
    problem = solution.derivation.problem
    judge(problem, parse(answer["text"], Scope(problem.symbols, calculus=True)))
