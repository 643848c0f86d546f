"""All index values at once give the numbers of a loop over them; a slip in one pattern of indices is seen."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from generator.expr.calculus import Delta, Partial, Rel, Sum
from generator.expr.evaluate import Definition, Point, evaluate
from generator.expr.functions import FUNCTIONS
from generator.expr.grid import on_grid
from generator.expr.make import add, had, matrix, mul, neg, num, t, vector
from generator.expr.match import free_indices
from generator.expr.nodes import Call, Div, Entry, Idx, Inv, Node, Pow, Row, Size, Sym
from generator.expr.shapes import SCALAR, dim, size
from generator.verify.measure import largest_gap

N, M = dim("n"), dim("m")
I, J, K, L, P = Idx("i", N), Idx("j", N), Idx("k", N), Idx("l", N), Idx("p", M)
X, A, x = matrix("X", "n", "n"), matrix("A", "n", "m"), vector("x", "n")
value = Sym("f", SCALAR)


def entry(base: Node, *at: Node) -> Entry:
    return Entry(base, at)


SUM = Sum(K, mul(entry(X, I, K), entry(X, K, J)))
SPREAD = [
    entry(x, I),
    add(entry(X, I, J), mul(num(2), entry(X, J, I)), num(1)),
    mul(Delta(I, J), entry(x, I)),
    SUM,
    Sum(I, Sum(P, mul(entry(A, I, P), entry(A, J, P)))),
    mul(Sum(K, entry(x, K)), entry(x, I), Sum(K, num(1))),
    add(mul(entry(x, I), Sum(Idx("k", M), entry(A, I, Idx("k", M)))), neg(Sum(K, neg(entry(X, K, I))))),
    Div(Call("exp", (entry(x, I),)), Sum(K, Call("exp", (entry(x, K),)))),
    Pow(entry(X, I, Size(N)), num(3)),
    entry(Inv(X), I, J),
    entry(t(X), I, num(1)),
    Partial(SUM, entry(X, K, L)),
    Partial(mul(entry(X, K, K), entry(X, K, L)), entry(X, K, L)),
    Partial(value, entry(x, J)),
    mul(entry(x, J), Partial(value, entry(x, I))),
]
WALKED = [mul(Row(X, I), x), entry(mul(entry(x, I), x), J)]


def point() -> Point:
    rng = np.random.default_rng(7)
    sizes = {"n": 3, "m": 2}
    values = {s.name: rng.normal(size=[size(side, sizes) for side in s.shape]) for s in (X, A, x)}
    body = mul(t(x), X, had(x, x))
    return Point(values, {}, sizes, {}, {"f": Definition(body, (x,))})


@pytest.mark.parametrize("e", SPREAD, ids=str)
def test_the_grid_holds_the_values_of_a_loop(e):
    at = point()
    grid = on_grid([e], at)
    assert grid is not None
    whole = np.asarray(evaluate(e, grid))
    names = [i.name for i in free_indices(e)]
    for places in product(*(range(1, np.size(grid.indices[name]) + 1) for name in names)):
        chosen = dict(zip(names, places, strict=True))
        here = Point(at.values, {}, at.sizes, chosen, at.definitions)
        full = whole if whole.ndim else whole.reshape([1] * len(grid.axes))
        cut = (
            min(chosen.get(name, 1), side) - 1 for (name, _), side in zip(grid.axes, full.shape, strict=True)
        )
        assert np.isclose(full[tuple(cut)], evaluate(e, here))


@pytest.mark.parametrize("e", WALKED, ids=str)
def test_arrays_that_vary_with_an_index_are_walked(e):
    assert on_grid([e], point()) is None


def test_a_slip_where_two_indices_agree_is_seen():
    right = Partial(entry(X, I, J), entry(X, K, L))
    wrong = mul(Delta(I, K), Delta(J, L), add(num(1), Delta(I, J)))
    gap = largest_gap(right, wrong, None, point())
    assert gap is not None
    assert gap.error > 0.4
    assert "i = 1, j = 1, k = 1, l = 1" in gap.where


def test_a_guard_leaves_out_index_values():
    wrong = add(entry(X, I, J), Delta(I, J))
    apart = largest_gap(entry(X, I, J), wrong, Rel(I, "≠", J), point())
    assert apart is not None
    assert apart.error == 0
    assert largest_gap(entry(X, I, J), wrong, mul(Rel(I, "≠", J), Rel(I, "=", J)), point()) is None


def test_every_elementwise_function_spreads():
    for name, row in FUNCTIONS.items():
        fits = on_grid([Call(name, (entry(x, I),))], point()) is not None if row.elementwise else True
        assert fits, name
