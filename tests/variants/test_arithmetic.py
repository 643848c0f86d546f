"""The language of constraints: exact, closed, and never run."""

from fractions import Fraction

import numpy as np
import pytest

from generator.errors import InputError
from generator.variants.arithmetic import calculate, check_names

VALUES = {
    "a": Fraction(3), "b": Fraction(-1, 2), "v": np.array([Fraction(4), Fraction(-6)], dtype=object),
    "A": np.array([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]], dtype=object),
    "B": np.array([[Fraction(1), Fraction(2)], [Fraction(1), Fraction(3)]], dtype=object),
    "near": np.array([2.0000000000001, 3.0]), "kinds": ["saddle", "minimum"], "alone": ["saddle"], "h": "sin",
    "none": [],
}  # fmt: skip
TRUE = [
    "a == 3", "a - b == 7/2", "a/2 == 1.5", "-2 <= b < 0 < a", "v_2 == -6", "A_12 == 2", "A_2_2 == 4",
    "integer(v) and max(abs(v)) <= 6", "not integer(b)", "integer(near)", "near_1 == 2", "sum(v, a) == 1",
    "gcd(v) == 2", "det(A) == 0 and rank(A) == 1", "a in [1, 3]", "a not in [1, 2]", "v == [4, -6]",
    "v < 5", "A != 1", 'h == "sin"', 'h != "cos"', '"saddle" in kinds', 'kinds != "saddle"',
    'alone == "saddle"', 'none != "saddle"', "distinct(a, b, v)", "not distinct(A)", "len(v) == 2",
    "a % 2 == 1", "a**2 == 9", "min(v, a) == -6", "a == 4 or b < 0", "v @ v == 52", "kinds == kinds",
    "inv(B) @ B == [[1, 0], [0, 1]]", "max(abs(inv(B))) == 3", "integer(inv(B))", "inv(a) == 1/3",
    "A.T == A", "B.T @ v == [-2, -10]", "a.T == 3",
]  # fmt: skip
REFUSED = [
    "__import__('os')", "a.real", "v[0]", "lambda: 1", "[x for x in v]", "a if a else b", "f'{a}'", "a is 3",
    "a**1000", "((9**64)**64)**64", "1/0", "a in 3", "open('x')", "max(v, key=a)", "inv(A)",
    "inv(v)", "a == ", "v_3 == 1",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_true(text):
    assert calculate(text, VALUES) is True
    assert calculate(f"not ({text})", VALUES) is False


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(InputError):
        calculate(text, VALUES)


def test_numbers_stay_exact():
    assert calculate("a/7 + 0.1", VALUES) == Fraction(3, 7) + Fraction(1, 10)


def test_unknown_names_are_placed():
    with pytest.raises(InputError) as caught:
        check_names("a + derivatve > 2", {"a", "derivative"})
    assert caught.value.column == 4
    assert "did you mean `derivative`" in str(caught.value)
    check_names("A_12 + a + max(a)", {"A", "a"})
