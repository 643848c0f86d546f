"""Products with equal factors as powers, and powers that meet an inverse."""

from __future__ import annotations

import pytest

from generator.expr.make import matrix
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.rules.powers import cancelled_powers, power_of_factors

SCOPE = Scope(
    {name: matrix(name, *sides) for name, *sides in (("X", "n", "n"), ("A", "n", "m"), ("B", "m", "n"))}
)
NONE = frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X @ X @ X", "matpow(X, 3)"),
        ("matpow(X, 2) @ X @ A", "matpow(X, 3) @ A"),
        ("matpow(matpow(X, 2), 3)", "matpow(X, 6)"),
        ("A @ B @ A @ B @ A", "matpow(A @ B, 2) @ A"),
        ("matpow(A @ B, 2) @ A @ B @ A", "matpow(A @ B, 3) @ A"),
        ("A @ matpow(B @ A, 2) @ B", "matpow(A @ B, 3)"),
        ("inv(X) @ inv(X)", "matpow(X, -2)"),
        ("matpow(inv(X), 3)", "matpow(X, -3)"),
        ("X.T @ matpow(X, 2).T", "matpow(X, 3).T"),
        ("2 * X @ X", "2 * matpow(X, 2)"),
        ("A @ B @ X", None),
        ("matpow(X, 3)", None),
        ("X @ inv(X)", None),
    ],
)
def test_gathering(text, expected):
    made = power_of_factors(parse(text, SCOPE), NONE)
    assert (None if made is None else to_text(made)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("matpow(X, 3) @ inv(X)", "matpow(X, 2)"),
        ("X @ matpow(X, -4)", "matpow(X, -3)"),
        ("matpow(X, 4) @ inv(matpow(X, 5))", "inv(X)"),
        ("matpow(X, 2) @ matpow(X, -2)", "eye(n)"),
        ("A @ B @ X", None),
        ("X @ X", None),
    ],
)
def test_cancelling(text, expected):
    made = cancelled_powers(parse(text, SCOPE), NONE)
    assert (None if made is None else to_text(made)) == expected
