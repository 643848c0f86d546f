"""The laws with any number of terms and factors: true for random products and sums, one level at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.expr.calculus import D, Partial
from generator.expr.make import matrix, scalar, tr
from generator.expr.match import find
from generator.expr.nodes import Add, Call, Div, Had, MatPow, Mul, Neg, Node, T
from generator.expr.shapes import SCALAR
from generator.expr.text_reader import Scope, parse
from generator.expr.text_writer import to_text
from generator.rules import nary
from generator.rules.matching import instantiate, match
from tests.rules.points import difference, point, same
from tests.rules.test_tidy import SCOPE
from tests.strategies import LEAVES, SHAPES, SYMBOLS, M, N, expressions

FEW = settings(
    max_examples=60, derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)  # fmt: skip
EVERYTHING = frozenset(SYMBOLS)
Law = Callable[[Node, frozenset[str]], Node | None]


@st.composite
def products(draw: st.DrawFn) -> Mul:
    """Two to five leaves whose sizes chain up, with a number or a scalar in front now and then."""
    sides = draw(st.lists(st.sampled_from((N, M)), min_size=3, max_size=6))
    chain = [draw(st.sampled_from(LEAVES[(a, b)])) for a, b in pairwise(sides)]
    front = draw(st.sampled_from(((), (scalar("c"),), (scalar("c"), scalar("t")))))
    return Mul((*front, *(g for f in chain for g in (f.factors if isinstance(f, Mul) else (f,)))))


@st.composite
def sums(draw: st.DrawFn) -> Add:
    """Two to four products of one shape, some with a minus sign."""
    shape = draw(st.sampled_from(SHAPES))
    terms = draw(st.lists(expressions(shape, depth=1), min_size=2, max_size=4))
    return Add(tuple(Neg(t) if draw(st.booleans()) else t for t in terms))


def true(law: Law, e: Node, vary: frozenset[str] = EVERYTHING) -> Node:
    """What a law makes of an expression, after checking that it is equal."""
    made = law(e, vary)
    assume(made is not None)
    assert made is not None
    same(e, made, EVERYTHING - vary)
    return made


@given(products(), st.sets(st.sampled_from(sorted(SYMBOLS)), min_size=1))
@FEW
def test_product_rule(e, vary):
    made = true(nary.product_rule, D(e), frozenset(vary))
    assert isinstance(made, Add)
    assert all(len(find(term, D)) == 1 for term in made.terms)
    for term in made.terms:  # every factor stays in its place
        inside = term.factors if isinstance(term, Mul) else (term,)
        assert [f.arg if isinstance(f, D) else f for f in inside] == list(e.factors)


@given(products(), st.sampled_from(sorted(SYMBOLS)))
@FEW
def test_constant_factors(e, name):
    made = true(nary.constant_factor, D(e), frozenset({name}))
    assert len(find(made, D)) == 1


@given(products())
@FEW
def test_one_of_the_laws_of_products_applies(e):
    """Whatever varies: a constant, one factor, or several."""
    for vary in (frozenset(), frozenset({"X"}), EVERYTHING):
        laws = (nary.constant, nary.constant_factor, nary.product_rule)
        assert sum(law(D(e), vary) is not None for law in laws) == 1


@given(sums())
@FEW
def test_sum_rule(e):
    made = true(nary.sum_rule, D(e))
    assert isinstance(made, Add)


@given(sums())
@FEW
def test_the_trace_of_a_sum(e):
    assume(e.shape in ((N, N), (M, M)))
    made = true(nary.trace_of_sum, tr(e))
    assert all(isinstance(t.arg if isinstance(t, Neg) else t, Call) for t in made.terms)  # type: ignore[attr-defined]


@given(products())
@FEW
def test_scalars_leave_linear_functions(e):
    names = ["sum"] + (["tr"] if e.shape[0] == e.shape[1] else [])
    for name in names:
        made = nary.scalars_out(Call(name, (e,)), EVERYTHING)
        assert (made is None) == (e.factors[0].shape != SCALAR)
        if made is not None:
            true(nary.scalars_out, Call(name, (e,)))


@given(st.one_of(products(), sums(), expressions()))
@FEW
def test_the_transpose_goes_one_level_in(e):
    made = true(nary.transpose_once, T(e))
    if isinstance(e, Mul) and e.shape != SCALAR:
        rows = [f for f in e.factors if f.shape != SCALAR]
        assert [f.arg for f in made.factors if isinstance(f, T)] == rows[::-1]  # type: ignore[attr-defined]


@given(products(), sums(), st.integers(0, 3))
@FEW
def test_multiplying_out(e, total, place):
    fitting = [(k, f) for k, f in enumerate(e.factors) if f.shape == total.shape]
    assume(fitting)
    k, _ = fitting[place % len(fitting)]
    d = Add((D(total.terms[0]), *total.terms[1:]))
    made = true(nary.distribute, Mul((*e.factors[:k], d, *e.factors[k + 1 :])))
    assert isinstance(made, Add)
    assert len(made.terms) >= len(d.terms)


@pytest.mark.parametrize("k", range(5))
def test_the_differential_of_a_matrix_power(k):
    A = SYMBOLS["A"]
    e = D(MatPow(A, parse(str(k), SCOPE)))
    made = nary.power_of_matrix(e, EVERYTHING)
    assert made is not None
    assert len(find(made, D)) == k
    if k:
        assert difference(e, made, point((A,), (3,), 1, frozenset())) < 1e-9


def test_a_negative_power_is_one_of_the_inverse():
    A = SYMBOLS["A"]
    e = D(parse("matpow(A, -2)", SCOPE))
    made = nary.power_of_matrix(e, EVERYTHING)
    assert made is not None
    assert difference(e, made, point((A,), (3,), 1, frozenset())) < 1e-9


@pytest.mark.parametrize(
    ("law", "text", "expected"),
    [
        (nary.constant, "d(A)", "zeros(n, n)"),
        (nary.sum_rule, "d(x - y + w)", "d(x) - d(y) + d(w)"),
        (nary.constant_factor, "d(A @ X @ u)", "A @ d(X) @ u"),
        (nary.product_rule, "d(X.T @ A @ X)", "d(X.T) @ A @ X + X.T @ d(A) @ X + X.T @ A @ d(X)"),
        (nary.product_rule, "d(2 * X.T @ X)", "2 * d(X.T) @ X + 2 * X.T @ d(X)"),
        (nary.product_rule, "d(X.T @ A @ S @ X)", "d(X.T) @ A @ S @ X + X.T @ A @ S @ d(X)"),
        (nary.product_rule, "d(X * X)", "d(X) * X + X * d(X)"),
        (nary.drop_constants, "X + d(A) @ X", "X"),
        (nary.transpose_once, "(A @ S @ x).T", "x.T @ S.T @ A.T"),
        (nary.transpose_once, "(c * A @ x).T", "c * x.T @ A.T"),
        (nary.transpose_once, "S.T", None),
        (nary.transpose_once, "(A - S).T", "A.T - S.T"),
        (nary.transpose_once, "A.T", None),
        (nary.transpose_once, "A", None),
        (nary.scalars_out, "tr(-A)", "-tr(A)"),
        (nary.scalars_out, "tr(A / c)", "tr(A) / c"),
        (nary.scalars_out, "tr(A)", None),
        (nary.scalars_out, "exp(c * A)", None),
        (nary.own_trace, "x.T @ A @ y", "tr(x.T @ A @ y)"),
        (nary.own_trace, "A @ x", None),
        (nary.own_trace, "c * t", None),
        (nary.entries_summed, "sum(x)", "ones(n).T @ x"),
        (nary.entries_summed, "sum(B)", "ones(n).T @ B @ ones(m)"),
        (nary.distribute, "A @ (x + y)", None),
        (nary.distribute, "A @ (d(x) - y)", "A @ d(x) - A @ y"),
        (nary.product_rule, "d(A)", None),
        (nary.product_rule, "A @ X", None),
        (nary.sum_rule, "d(A @ X)", None),
    ],
)  # fmt: skip
def test_by_hand(law, text, expected):
    made = law(parse(text, SCOPE), frozenset({"X", "x"}))
    assert (None if made is None else to_text(made)) == expected


def test_the_laws_also_hold_for_partial_derivatives():
    u, v, s = scalar("u"), scalar("v"), scalar("s")
    e = Partial(Mul((u, v)), s)
    assert nary.product_rule(e, frozenset({"u", "v"})) == Add(
        (Mul((Partial(u, s), v)), Mul((u, Partial(v, s))))
    )
    assert nary.constant(e, frozenset({"s"})) == parse("0", SCOPE)


# --- matching ------------------------------------------------------------------------------------------

LETTERS = {k: matrix(k, "n", "n") for k in "ABC"}


@pytest.mark.parametrize(
    ("pattern", "subject", "readings"),
    [
        ("A", "A @ S", ["A=A @ S"]),
        ("A @ B", "A @ S @ A", ["A=A B=S @ A", "A=A @ S B=A"]),
        ("A @ B @ A", "A @ S @ A", ["A=A B=S"]),
        ("A @ A", "A @ S", []),
        ("tr(A @ B)", "tr(A @ S)", ["A=A B=S"]),
        ("tr(A)", "sum(A)", []),
        ("A + B", "A + S", ["A=A B=S"]),
        ("A + B", "A + S + A", []),
        ("d(A @ B)", "d(A @ S)", ["A=A B=S"]),
        ("d(A)", "A", []),
        ("A.T @ B", "A.T @ S", ["A=A B=S"]),
        ("A * B", "A * S", ["A=A B=S"]),
    ],
)
def test_matching(pattern, subject, readings):
    found = match(parse(pattern, Scope(LETTERS, calculus=True)), parse(subject, SCOPE), {})
    shown = [" ".join(f"{k}={to_text(b[k])}" for k in "ABC" if k in b) for b in found]
    assert sorted(shown) == sorted(readings)


@given(expressions())
@FEW
def test_a_letter_stands_for_anything_and_gives_it_back(e):
    pattern = LETTERS["A"]
    (bound,) = match(pattern, e, {})
    assert instantiate(pattern, bound) == e


def test_a_letter_that_occurs_twice_is_one_thing():
    pattern = parse("A @ B + A @ C", Scope(LETTERS))
    assert list(match(pattern, parse("S @ A + A @ S", SCOPE), {})) == []
    (bound,) = match(pattern, parse("S @ A + S @ S", SCOPE), {})
    assert bound["A"] == SYMBOLS["S"]


def test_in_an_instance_with_numbers_elementwise_becomes_plain():
    pattern = parse("exp(A) * d(A)", Scope(LETTERS, calculus=True))
    made = instantiate(pattern, {"A": scalar("c"), "d": D(scalar("c"))})
    assert isinstance(made, Mul)
    assert not find(made, Had)
    assert not find(made, Div)
