"""Tidying keeps value and shape, and leaves nothing to tidy: a table by hand, and random expressions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from generator.expr.match import find, symbols
from generator.expr.nodes import Div, Node, Pow
from generator.expr.shapes import is_scalar
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.rules.alike import alike, canonical
from generator.rules.coefficient import is_zero
from generator.rules.tidy import tidy
from tests.rules.points import same
from tests.strategies import SYMBOLS, expressions

SCOPE = Scope(SYMBOLS, calculus=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 3 * x", "6 * x"),
        ("x * 2", "2 * x"),
        ("x + x", "2 * x"),
        ("A @ x + 3 * A @ x", "4 * A @ x"),
        ("x - x", "zeros(n)"),
        ("c - c", "0"),
        ("x + 0 * y", "x"),
        ("0 * x", "zeros(n)"),
        ("1 * x", "x"),
        ("-(-x)", "x"),
        ("-(-2 * x)", "2 * x"),
        ("A.T.T", "A"),
        ("eye(n) @ x", "x"),
        ("A @ eye(n)", "A"),
        ("eye(n) @ eye(n)", "eye(n)"),
        ("eye(n).T", "eye(n)"),
        ("x * ones(n)", "x"),
        ("ones(n) * ones(n)", "ones(n)"),
        ("c * c", "c**2"),
        ("c**1", "c"),
        ("c**0", "1"),
        ("x**0", "ones(n)"),
        ("2**3", "8"),
        ("2**-1", "1 / 2"),
        ("6 / 4", "3 / 2"),
        ("x / 1", "x"),
        ("c / c", "1"),
        ("0 / c", "0"),
        ("0**2 * c", "0"),
        ("c / (-(-1))", "c"),
        ("c / (-t) / 3", "-c / (3 * t)"),
        ("exp(0) * c", "c"),
        ("log(1) + sin(0) + cos(0)", "1"),
        ("tr(0 * A)", "0"),
        ("sum(0 * x)", "0"),
        ("inv(inv(A))", "A"),
        ("inv(eye(n))", "eye(n)"),
        ("matpow(A, 1)", "A"),
        ("c * x * 2", "2 * c * x"),
        ("A @ (2 * x)", "2 * A @ x"),
        ("A @ (-x)", "-A @ x"),
        ("x.T @ (3 * y)", "3 * x.T @ y"),
        ("(2 * x) * (3 * y)", "6 * (x * y)"),
        ("2 * c / 4", "1 / 2 * c"),
        ("x / 0", "x / 0"),
        ("d(x) * 2", "2 * d(x)"),
    ],
)
def test_tidied(text, expected):
    assert to_text(tidy(parse(text, SCOPE))) == to_text(parse(expected, SCOPE))


@pytest.mark.parametrize(
    "text",
    [
        "A @ (x + y)",
        "(A + S) @ x",
        "A @ x + S @ x",
        "x.T @ y",
        "inv(A) @ A @ x",
        "tr(A @ S)",
        "(c + t)**2",
        "exp(c) * exp(t)",
    ],
)
def test_tidying_uses_no_law(text):
    """It neither multiplies out nor factors, cancels, rotates or transposes."""
    e = parse(text, SCOPE)
    assert tidy(e) == e


@pytest.mark.parametrize(
    "text", ["x / 0", "(x * -x) / 0", "c / (t - t)", "0 / 0", "(2 * x) / 0 / c", "0**-1"]
)
def test_a_division_by_zero_is_no_accident(text):
    assert tidy(parse(text, SCOPE)).shape == parse(text, SCOPE).shape


@pytest.mark.parametrize("text", ["2**100000000 * c", "c * 2**100000000 / t", "3**-100000000"])
def test_enormous_powers_of_numbers_are_left_alone(text):
    assert "100000000" in to_text(tidy(parse(text, SCOPE)))


def test_without_collecting_like_terms_stay_apart():
    e = parse("A @ x + 2 * 3 * A @ x", SCOPE)
    assert to_text(tidy(e, collect=False)) == "A @ x + 6 * A @ x"
    assert to_text(tidy(e)) == "7 * A @ x"


RANDOM = settings(
    max_examples=120, derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)  # fmt: skip


def proper(e: Node) -> Node:
    """An expression that does not divide by something evidently zero."""
    assume(not any(is_zero(tidy(d.den)) for d in find(e, Div)))
    return e


@given(expressions())
@RANDOM
def test_tidying_keeps_value_and_shape(e):
    same(e, tidy(e))


@given(expressions())
@RANDOM
def test_tidying_without_collecting_keeps_value_and_shape(e):
    same(e, tidy(e, collect=False))


@given(expressions())
@RANDOM
def test_nothing_is_left_to_tidy(e):
    once = tidy(proper(e))
    assert tidy(once) == once


@given(expressions())
@RANDOM
def test_tidying_adds_no_symbols(e):
    assert symbols(tidy(e)) <= symbols(e)


# --- the normal form of ``alike`` -------------------------------------------------------------------------


@given(expressions())
@RANDOM
def test_the_canonical_form_keeps_value_and_shape(e):
    same(e, canonical(e))


@given(expressions())
@RANDOM
def test_tidying_does_not_change_what_a_reader_sees(e):
    """Fractions within fractions and symbolic exponents are beyond the normal form."""
    assume(not find(e, Div) and not any(symbols(p.exponent) for p in find(e, Pow)))
    assert alike(e, tidy(e))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("A @ (x + y)", "A @ y + A @ x"),
        ("(A @ S).T", "S.T @ A.T"),
        ("c * A @ x", "A @ x * c"),
        ("x.T @ A @ y", "y.T @ A.T @ x"),
        ("(x.T @ y) * x", "outer(x, x) @ y"),
        ("x * y", "y * x"),
        ("tr(c * A + S)", "c * tr(A) + tr(S)"),
        ("c / t", "1 / t * c"),
        ("(c + t) / c", "1 + t / c"),
        ("x / c", "1 / c * x"),
        ("x / y", "1 / y * x"),
        ("A @ eye(n) @ S", "A @ S"),
        ("matpow(A, 2)", "A @ A"),
        ("(c * t)**2", "c * c * t * t"),
        ("-(A - S)", "S - A"),
        ("tr(x.T @ y)", "x.T @ y"),
        ("c - c", "0"),
    ],
)
def test_alike(a, b):
    assert alike(parse(a, SCOPE), parse(b, SCOPE))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("A @ S", "S @ A"),
        ("A.T", "A"),
        ("S.T", "S"),
        ("tr(A @ S)", "tr(S @ A)"),
        ("inv(A @ S)", "inv(S) @ inv(A)"),
        ("x + y", "x - y"),
        ("2 * x", "x"),
        ("exp(x) * exp(y)", "exp(x + y)"),
        ("x * y", "x"),
        ("outer(x, y)", "outer(y, x)"),
        ("d(A @ S)", "d(A) @ S"),
        ("c", "t"),
        ("c * x", "x"),
    ],
)
def test_not_alike(a, b):
    one, other = parse(a, SCOPE), parse(b, SCOPE)
    assert not alike(one, other)
    assert is_scalar(one.shape) == is_scalar(other.shape)
