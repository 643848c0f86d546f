"""Short constructors: they flatten, and do nothing more."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.expr.layout import LAYOUTS
from generator.expr.make import add, had, jacobian, matrix, mul, neg, num, scalar, t, tr, vec, vector
from generator.expr.nodes import Add, Call, Div, Had, Mul, Neg, Num, Sym, T
from generator.expr.shapes import ONE, dim, show
from generator.expr.text_reader import Scope, parse

x, y, u = vector("x", "n"), vector("y", "n"), vector("u", "m")
A, B = matrix("A", "n", "n"), matrix("B", "n", "m")
c, s = scalar("c"), scalar("s")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Num(Fraction(3))),
        (0, Num(Fraction(0))),
        (-3, Neg(Num(Fraction(3)))),
        ("1/2", Div(Num(Fraction(1)), Num(Fraction(2)))),
        (Fraction(-2, 3), Neg(Div(Num(Fraction(2)), Num(Fraction(3))))),
        ("0.25", Div(Num(Fraction(1)), Num(Fraction(4)))),
    ],
)
def test_numbers(value, expected):
    assert num(value) == expected


@given(st.fractions(min_value=-99, max_value=99))
def test_a_number_has_its_value(value):
    assert value_of(num(value)) == value


def value_of(e):
    if isinstance(e, Neg):
        return -value_of(e.arg)
    return value_of(e.num) / value_of(e.den) if isinstance(e, Div) else e.value


def test_symbols():
    assert vector("x", 3, ["positive"]) == Sym("x", (dim(3), ONE), frozenset({"positive"}))
    assert show(matrix("A", "n", 2).shape) == "n×2 matrix"


def test_products_are_flattened():
    assert mul(mul(A, B), u) == Mul((A, B, u))
    assert mul(c, mul(s, A)) == Mul((c, s, A))
    assert mul(x) == x


def test_a_product_within_a_product_stays_where_the_sizes_would_not_chain_up():
    inner = mul(T(x), y)
    assert mul(inner, A) == Mul((inner, A))
    assert mul(A, x, inner) == Mul((A, x, T(x), y))


def test_sums_are_flattened_with_their_signs():
    assert add(add(x, y), x) == Add((x, y, x))
    assert add(x, neg(add(x, neg(y)))) == Add((x, Neg(x), y))
    assert add(x) == x


def test_double_signs_and_transposes_cancel():
    assert neg(neg(x)) == x
    assert t(t(A)) == A
    assert neg(x) == Neg(x)
    assert t(A) == T(A)


def test_hadamard_products():
    assert had(had(x, y), x) == Had((x, y, x))
    assert had(c, x, s, y) == Mul((c, s, Had((x, y))))
    assert had(c, s) == Mul((c, s))
    assert had(x) == x
    assert had(c, x) == Mul((c, x))


def test_traces_and_stacks():
    assert tr(A) == Call("tr", (A,))
    assert vec(B) == Call("vec", (B,))
    assert vec(x) == x
    assert vec(c) == c


@pytest.mark.parametrize(
    ("of", "wrt", "shape"),
    [
        (x, u, "n×m matrix"),
        (B, u, "m·n×m matrix"),
        (x, A, "n×n·n matrix"),
        (B, A, "m·n×n·n matrix"),
        (c, A, "n×n matrix"),
    ],
)
def test_the_jacobian_of_a_tensor_is_that_of_the_stacked_columns(of, wrt, shape):
    assert show(jacobian(of, wrt, LAYOUTS["gradient-column"]).shape) == shape


def test_what_is_made_is_what_would_be_read():
    scope = Scope({"A": A, "x": x, "y": y, "c": c})
    assert mul(A, add(x, neg(y))) == parse("A @ (x - y)", scope)
    assert mul(c, A, x) == parse("c * A @ x", scope)
