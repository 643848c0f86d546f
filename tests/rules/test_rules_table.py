"""Every row of the table of rules: true at random points, applied as stated, named where it is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

import generator.methods
from generator.errors import InputError, ShapeError
from generator.expr.functions import FUNCTIONS
from generator.expr.make import num, scalar, vector
from generator.expr.match import substitute, symbols
from generator.expr.nodes import Call, Mul, Sym
from generator.expr.shapes import SCALAR
from generator.expr.text_reader import Scope, parse
from generator.rules import RULES
from generator.rules.elementwise import ELEMENTWISE
from generator.rules.rule import Rule
from tests.rules.points import DRAWS, constants, declared, difference, point, varying

CLOSE, FAR = 1e-9, 1e-3

# Rows whose two sides are one text: they name what a method does, and state no law.
STATEMENTS = {
    "an earlier result",
    "surviving term", "sides of a kink",
    "chain rule",
    "identification", "linearity", "substitution",
    "roles", "rows", "components", "cases", "entry of the inverse", "delta", "recognition", "assembly",
    "coordinates",
    "limit",
    "structure",
}  # fmt: skip


def rows() -> list[Rule]:
    return [rule for rule in RULES.values() if rule.name not in STATEMENTS]


def test_statements_are_the_ones_that_are_known():
    assert {r.name for r in RULES.values() if r.lhs == r.rhs} == STATEMENTS


@pytest.mark.parametrize("rule", rows(), ids=lambda r: r.name)
def test_a_row_is_true(rule):
    for lengths, seed in DRAWS:
        at = point(rule.sides, lengths, seed, constants(rule))
        assert difference(*rule.sides, at) < CLOSE, (lengths, seed)


ZERO = {"constants", "derivative of sign", "derivative of relu_prime"}  # both sides of these are zero


@pytest.mark.parametrize("rule", [r for r in rows() if r.name not in ZERO], ids=lambda r: r.name)
def test_a_row_with_a_wrong_factor_is_false(rule):
    """The test above has power: the points show that twice the right-hand side is something else."""
    lhs, rhs = rule.sides
    at = point(rule.sides, *DRAWS[0], constants(rule))
    assert difference(lhs, Mul((num(2), rhs)), at) > FAR


# Where the function serves derivations only, the statement holds a differential there.
SUBJECTS = {"distributive law": ("A @ (B + C)", "A @ (d(B) + C)")}


@pytest.mark.parametrize("rule", [r for r in rows() if r.by], ids=lambda r: r.name)
def test_the_function_of_a_row_does_what_the_row_states(rule):
    stated, with_d = SUBJECTS.get(rule.name, (rule.lhs, rule.lhs))
    letters = {s.name: s for s in symbols(rule.sides[0])}
    functions = {f.name: f for f in declared(rule.sides[:1])}
    subject = parse(with_d, Scope(letters, calculus=True, functions=functions))
    assert stated == rule.lhs
    made = rule.apply(subject, varying(rule))
    assert made is not None
    assert made != subject
    assert made.shape == subject.shape
    for lengths, seed in DRAWS:
        at = point((subject, made), lengths, seed, constants(rule))
        assert difference(subject, made, at) < CLOSE


@pytest.mark.parametrize("rule", [r for r in rows() if not r.by], ids=lambda r: r.name)
def test_a_row_applies_to_other_letters(rule):
    """An instance in other letters, of the kind that each letter stands for, is rewritten to the instance."""
    renamed = {s: Sym(f"{s.name}1", s.of_shape, s.assume) for s in symbols(rule.sides[0])}
    subject, expected = (substitute(side, renamed) for side in rule.sides)
    made = rule.apply(subject, frozenset(f"{name}1" for name in varying(rule)))
    assert made is not None
    at = point((subject, expected), *DRAWS[0], frozenset(f"{name}1" for name in constants(rule)))
    assert difference(made, expected, at) < CLOSE


@pytest.mark.parametrize("rule", [r for r in rows() if constants(r) and not r.by], ids=lambda r: r.name)
def test_a_constant_may_not_vary(rule):
    everything = frozenset(s.name for s in symbols(rule.sides[0]))
    assert rule.apply(rule.sides[0], everything) is None


# --- elementwise functions ------------------------------------------------------------------------

ENTRYWISE = sorted(name for name, row in FUNCTIONS.items() if row.elementwise)
RULE_OF = {call.name: rule for rule in ELEMENTWISE if not (call := rule.sides[0].arg).order}  # type: ignore[attr-defined]
POINTS = {"positive": np.array([0.3, 0.9, 1.7, 2.4])}
ANYWHERE = np.array([-1.3, -0.4, 0.6, 1.8])


def test_every_elementwise_function_has_a_rule():
    assert sorted(RULE_OF) == ENTRYWISE


@pytest.mark.parametrize("name", ENTRYWISE)
def test_slope_derivative_and_rule_of_a_function_agree(name):
    row, rule, x = FUNCTIONS[name], RULE_OF[name], vector("x", "n")
    text = parse(row.derivative, Scope({"x": x}))
    assert row.slope is not None
    values = POINTS.get(row.domain, ANYWHERE)[:, None]
    at = point((x,), (4,), 1, frozenset())
    at = type(at)({"x": values}, {"x": np.ones((4, 1))}, {"n": 4})
    step = np.imag(row.numpy(values + 1e-30j)) / 1e-30
    lhs, rhs = (substitute(side, dict.fromkeys(symbols(side), x)) for side in resized(rule, x))
    assert np.allclose(step, row.slope(values), rtol=1e-13)
    assert difference(text, Call(name, (x,), 1), at) < CLOSE
    assert difference(lhs, rhs, at) < CLOSE
    assert difference(lhs, text, at) < CLOSE


def resized(rule: Rule, x: Sym) -> tuple:
    """The sides of a rule, read with its letter as a vector."""
    scope = Scope({"A": x}, calculus=True)
    return parse(rule.lhs, scope), parse(rule.rhs, scope)


# --- the methods name rules that exist --------------------------------------------------------------

METHODS = sorted(Path(generator.methods.__path__[0]).glob("*.py"))


def named_rules(source: str) -> set[str]:
    """The rule names in the source of a method: RULES["…"], Move("…"), and the rule of a line."""
    found = set(re.findall(r'(?:RULES\[|Move\()"([^"]+)"', source))
    for call in (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = call.args[2:3] if name in ("line", "Line") else []
        given += [k.value for k in call.keywords if k.arg == "rule"]
        found |= {c.value for g in given for c in ast.walk(g) if isinstance(c, ast.Constant)}
    return {name for name in found if isinstance(name, str) and name}


@pytest.mark.parametrize("path", METHODS, ids=lambda p: p.stem)
def test_methods_name_rules_that_exist(path):
    assert named_rules(path.read_text(encoding="utf-8")) - set(RULES) == set()


def test_rule_names_are_found_in_the_methods():
    found = set().union(*(named_rules(p.read_text(encoding="utf-8")) for p in METHODS))
    assert {"substitution", "cyclic rotation", "transpose of a product", "vanishing terms"} <= found


def test_names_are_unique_and_every_rule_says_why():
    assert all(rule.name == key for key, rule in RULES.items())
    assert all(len(rule.because) > 10 and not rule.because.endswith(".") for rule in RULES.values())


# --- what is no rule --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lhs", "rhs", "when", "error", "part"),
    [
        ("d(A)", "d(B)", (), InputError, "'B'"),
        ("tr(A)", "tr(A) + c", (), InputError, "'c'"),
        ("tr(A)", "A + A.T @ x", (), ShapeError, "`A.T` is a scalar"),
        ("d(inv(A))", "tr(d(A))", (), ShapeError, "square"),
        ("diag(x)", "x + x", (), ShapeError, "vector"),
        ("A", "A.T", (("symetric", "A"),), InputError, "symetric"),
        ("nonsense(A)", "A", (), InputError, "nonsense"),
        ("A +", "A", (), InputError, "syntax"),
        ("d(A", "A", (), InputError, "'('"),
        ("", "A", (), InputError, "empty"),
        ("A", "A", (("symmetric", "B"),), InputError, "'B'"),
    ],
)
def test_bad_rows_are_refused(lhs, rhs, when, error, part):
    with pytest.raises(error) as caught:
        Rule("a rule", lhs, rhs, "because it is one", when)
    assert part in str(caught.value)


def test_the_letters_of_a_rule_say_what_they_stand_for():
    rule = Rule("a rule", "c * x + A @ y", "A @ y + c * x", "sums commute")
    shapes = {s.name: s.shape for s in symbols(rule.sides[0])}
    assert shapes["c"] == SCALAR
    assert shapes["x"] == (shapes["A"][0], vector("y", "n").shape[1])
    assert rule.apply(parse("s * u + M @ v", Scope({
        "s": scalar("s"), "u": vector("u", "p"), "v": vector("v", "q"),
        "M": Sym("M", (vector("u", "p").shape[0], vector("v", "q").shape[0])),
    })))  # fmt: skip
