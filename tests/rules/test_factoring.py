"""Factoring: what is shared is written once, the value stays, and the form is never longer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.expr.make import neg
from generator.expr.nodes import Add, Mul
from generator.expr.text_reader import Scope, parse
from generator.expr.unicode_writer import to_unicode
from generator.rules.factoring import arranged, factored, multiplied_out
from generator.rules.ink import ink
from generator.rules.tidy import tidy
from tests.rules.points import same
from tests.strategies import SYMBOLS, expressions

SCOPE = Scope(SYMBOLS)


def read(text: str) -> object:
    return tidy(parse(text, SCOPE))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A @ x + A @ y", "A(x + y)"),
        ("A @ x - S @ x", "(A − S)x"),
        ("A @ x + x", "Ax + x"),
        ("A @ S @ x + y + A @ y", "A(Sx + y) + y"),
        ("-(A.T @ S @ (x - y) + A.T @ S.T @ (x - y))", "−Aᵀ(S + Sᵀ)(x − y)"),
        ("(2 * A - 2 * S) @ x", "2(A − S)x"),
        ("0.5 * A + 1.5 * S", "(1/2)(A + 3S)"),
        ("A + 0.5 * S", "A + (1/2)S"),
        ("A @ x * y - S @ x * y", "(A − S)x ∘ y"),
        ("2 * A @ x / c - 2 * (t / c**2) * x", "(2/c)(Ax − (t/c)x)"),
        ("c * x + t * x", "(c + t)x"),
        ("A @ x + A @ x", "2Ax"),
        ("A @ S @ B - B", "ASB − B"),
    ],
)
def test_what_is_shared_is_written_once(text, expected):
    assert to_unicode(factored(read(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-A.T @ (y - x) + c * w", "Aᵀ(x − y) + cw"),
        ("-A @ x + y", "y − Ax"),
        ("-A @ x - y", "−Ax − y"),
    ],
)
def test_a_sum_does_not_begin_with_a_minus_sign(text, expected):
    assert to_unicode(arranged(parse(text, SCOPE))) == expected


@given(st.lists(st.tuples(st.booleans(), expressions(SYMBOLS["A"].shape, 2)), min_size=2, max_size=4))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_the_value_stays_and_the_form_is_not_longer(terms):
    first, last = SYMBOLS["S"], SYMBOLS["A"]
    products = [Mul((first, e, last)) for _, e in terms]
    e = tidy(Add(tuple(neg(p) if minus else p for (minus, _), p in zip(terms, products, strict=True))))
    made = factored(e)
    assert ink(made) <= ink(e)
    for form in (made, arranged(made), multiplied_out(e)):
        same(e, form)
