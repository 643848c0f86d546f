"""Walking and rewriting: paths lead back, replacing keeps the rest, bound indices are not free."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import ShapeError
from generator.expr.calculus import D, Delta, Dots, Partial, Sum, Under
from generator.expr.make import matrix, mul, num, scalar, vector
from generator.expr.match import (
    at,
    children,
    depends,
    find,
    free_indices,
    occurs,
    put,
    substitute,
    symbols,
    transform,
    walk,
    with_children,
)
from generator.expr.nodes import Add, Call, Entry, Idx, Mul, Neg, Norm, Num, Pow, Size, Sym, T
from generator.expr.shapes import dim
from tests.strategies import formulas

FEW = settings(max_examples=80, derandomize=True)
n = dim("n")
x, y = vector("x", "n"), vector("y", "n")
A, B = matrix("A", "n", "n"), matrix("B", "n", "n")
c = scalar("c")
i, j, k = (Idx(name, n) for name in "ijk")


@given(formulas())
@FEW
def test_every_path_leads_to_its_node(e):
    for path, node in walk(e):
        assert at(e, path) is node or at(e, path) == node


@given(formulas(), st.integers(0, 99))
@FEW
def test_putting_a_node_back_changes_nothing(e, place):
    found = list(walk(e))
    path, node = found[place % len(found)]
    assert put(e, path, node) == e


@given(formulas())
@FEW
def test_a_node_over_its_own_children_is_itself(e):
    for _, node in walk(e):
        assert with_children(node, children(node)) == node


@given(formulas())
@FEW
def test_transforming_nothing_gives_the_same_object(e):
    assert transform(e, lambda node: None) is e
    assert substitute(e, {}) is e


@given(formulas())
@FEW
def test_a_path_is_unique(e):
    paths = [path for path, _ in walk(e)]
    assert len(paths) == len(set(paths))
    assert paths == sorted(paths)  # from the root down, left to right


def test_children_stand_in_printing_order():
    assert children(Norm(x)) == (x,)
    assert children(Norm(x, c)) == (x, c)
    assert children(Entry(A, (i, j))) == (A, i, j)
    assert children(Sum(k, Entry(x, (k,)))) == (Entry(x, (k,)),)
    assert children(Under(x, ("a note about ", y))) == (x,)
    assert children(c) == ()


def test_children_are_put_where_they_came_from():
    assert with_children(Norm(x, c), (y, num(1))) == Norm(y, num(1))
    assert with_children(Norm(x), (y,)) == Norm(y)
    assert with_children(Call("exp", (x,), 1), (y,)) == Call("exp", (y,), 1)
    assert with_children(Entry(A, (i, j)), (B, j, i)) == Entry(B, (j, i))
    assert with_children(Partial(c, Entry(x, (i,))), (c, Entry(x, (j,)))) == Partial(c, Entry(x, (j,)))


def test_putting_a_misfit_is_refused():
    with pytest.raises(ShapeError):
        put(Add((x, y)), (1,), A)


def test_substitution_is_done_at_once():
    swapped = substitute(mul(A, B, A), {A: B, B: A})
    assert swapped == mul(B, A, B)


def test_substitution_does_not_look_into_what_it_put_in():
    assert substitute(x, {x: mul(A, x)}) == mul(A, x)


def test_the_outermost_fit_is_taken():
    assert substitute(T(T(A)), {T(A): A}) == T(A)
    assert transform(Neg(Neg(x)), lambda e: x if isinstance(e, Neg) else None) == x


def test_finding():
    e = Add((mul(A, x), Neg(mul(B, x))))
    assert find(e, Mul) == [mul(A, x), mul(B, x)]
    assert find(e, Sym) == [A, x, B, x]
    assert symbols(e) == {A, B, x}
    assert occurs(mul(B, x), e)
    assert not occurs(mul(x, T(x)), e)


def test_dependence_is_by_name():
    assert depends(Pow(c, num(2)), frozenset({"c"}))
    assert not depends(mul(A, x), frozenset({"c", "y"}))
    assert not depends(Num(num(2).value), frozenset({"c"}))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("e", "free"),
    [
        (Entry(x, (i,)), {i}),
        (Sum(k, Mul((Entry(A, (i, k)), Entry(x, (k,))))), {i}),
        (Sum(i, Sum(j, Entry(A, (i, j)))), set()),
        (Mul((Sum(k, Entry(x, (k,))), Entry(y, (k,)))), {k}),  # the same letter outside its sum
        (Delta(i, j), {i, j}),
        (Dots(k, Mul((Entry(A, (i, k)), Entry(x, (k,)))), (num(1), j, Size(n))), {i, j}),
        (D(x), set()),
        (Partial(Entry(x, (k,)), Entry(x, (j,))), {j, k}),
        (Entry(x, (num(1),)), set()),
    ],
)
def test_free_indices(e, free):
    assert free_indices(e) == free
