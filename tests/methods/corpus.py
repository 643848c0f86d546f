"""The corpus of functions with declared symbols, as problems; its file says what the keys mean."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from generator.expr.layout import Layout
from generator.expr.nodes import Sym
from generator.expr.shapes import ONE, dim
from generator.expr.text_reader import Scope, parse
from generator.problem import Problem

PATH = Path(__file__).parents[1] / "cases" / "corpus.toml"
VALUE_NAMES = {"scalar": ("L", "f", "q"), "vector": ("y", "z", "h", "q"), "matrix": ("F", "K", "Q")}


@cache
def cases() -> dict[str, dict[str, Any]]:
    """All well-formed cases by id."""
    return {case["id"]: case for case in tomllib.loads(PATH.read_text(encoding="utf-8"))["case"]}


def gradients() -> dict[str, dict[str, Any]]:
    """The cases that ask for the gradient of a scalar or the Jacobian of a vector, by a free variable."""
    return {
        key: case
        for key, case in cases().items()
        if case.get("order", 1) == 1 and not case.get("structured") and len(case["result_shape"]) <= 2
        and case["output"] in ("scalar", "vector")
    }  # fmt: skip


def problem(case: dict[str, Any], layout: Layout | None = None) -> Problem:
    """A case as a problem."""
    table = {name: symbol(name, spec) for name, spec in case["variables"].items()}
    body = parse(case["function"], Scope(table))
    wrt = case["wrt"] if isinstance(case["wrt"], list) else [case["wrt"]]
    name = next(n for n in VALUE_NAMES[case["output"]] if n not in table)
    return Problem(
        case["id"], case["id"], table, Sym(name, body.shape), body, case["function"],
        tuple(table[w] for w in wrt), layout=layout or Layout(),
    )  # fmt: skip


def symbol(name: str, spec: dict[str, Any]) -> Sym:
    """A declared symbol."""
    sides = [dim(side) for side in spec["shape"]] + [ONE] * (2 - len(spec["shape"]))
    return Sym(name, (sides[0], sides[1]), frozenset(spec.get("assume", [])))
