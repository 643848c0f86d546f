"""Dimensions: reading, unification, products, and how a size is told to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.expr.shapes import (
    MAX_DIM,
    ONE,
    SCALAR,
    Dim,
    DimVar,
    dim,
    is_column,
    is_matrix,
    is_one,
    is_row,
    is_scalar,
    long_sides,
    resolve,
    same,
    same_shape,
    show,
    size,
    times,
)

n, m = dim("n"), dim("m")
DIMS = st.builds(
    Dim, st.integers(1, 9), st.lists(st.sampled_from("nmk"), max_size=3).map(lambda v: tuple(sorted(v)))
)
SIZES = {"n": 5, "m": 3, "k": 2}


@pytest.mark.parametrize(
    ("spec", "expected", "shown"),
    [
        (3, Dim(3), "3"),
        ("3", Dim(3), "3"),
        ("n", Dim(1, ("n",)), "n"),
        ("n*m", Dim(1, ("m", "n")), "m·n"),
        ("2*n", Dim(2, ("n",)), "2·n"),
        (" 2 * n * 3 ", Dim(6, ("n",)), "6·n"),
        (1, ONE, "1"),
        ("n1", Dim(1, ("n1",)), "n1"),
    ],
)
def test_read(spec, expected, shown):
    assert dim(spec) == expected
    assert str(dim(spec)) == shown


@pytest.mark.parametrize(
    "spec", [0, -1, "", "n+m", "n m", "1.5", "_", "2n", True, MAX_DIM + 1, "n**2", "x" * 17]
)
def test_refused(spec):
    with pytest.raises(InputError, match="a dimension is"):
        dim(spec)


@given(DIMS, DIMS)
def test_the_product_is_the_product_of_the_numbers(a, b):
    assert size(times(a, b), SIZES) == size(a, SIZES) * size(b, SIZES)
    assert times(a, b) == times(b, a)
    assert times(a, ONE) == a


@given(DIMS, DIMS)
def test_two_known_dimensions_are_the_same_only_if_equal(a, b):
    assert same(a, b) == (a == b)


def test_an_unknown_dimension_becomes_what_it_is_compared_with():
    a, b, c = DimVar(), DimVar(), DimVar()
    assert str(a) == "?"
    assert same(a, b)
    assert same(b, c)
    assert same(c, n)
    assert [resolve(v) for v in (a, b, c)] == [n, n, n]
    assert str(a) == "n"
    assert not same(a, m)
    assert same(a, n)


def test_an_unknown_dimension_is_equal_to_itself():
    a = DimVar()
    assert same(a, a)
    assert isinstance(resolve(a), DimVar)


def test_a_product_with_an_unknown_dimension_is_unknown():
    assert isinstance(times(DimVar(), n), DimVar)
    with pytest.raises(InputError, match="not determined"):
        size(DimVar(), SIZES)


def test_shapes_are_compared_side_by_side():
    a = DimVar()
    assert not same_shape((n, ONE), (ONE, n))
    assert same_shape((a, ONE), (n, ONE))
    assert resolve(a) == n


@pytest.mark.parametrize(
    ("shape", "kind", "shown", "long"),
    [
        (SCALAR, is_scalar, "scalar", ()),
        ((n, ONE), is_column, "vector of size n", (n,)),
        ((ONE, n), is_row, "row of size n", (n,)),
        ((n, m), is_matrix, "n×m matrix", (n, m)),
        ((dim(1), dim(1)), is_scalar, "scalar", ()),
        ((dim(2), dim(2)), is_matrix, "2×2 matrix", (dim(2), dim(2))),
    ],
)
def test_every_shape_is_of_one_kind(shape, kind, shown, long):
    kinds = (is_scalar, is_column, is_row, is_matrix)
    assert [k(shape) for k in kinds] == [k is kind for k in kinds]
    assert show(shape) == shown
    assert long_sides(shape) == long


def test_one_is_known_to_be_one_only_when_it_is():
    a = DimVar()
    assert not is_one(a)
    assert same(a, ONE)
    assert is_one(a)
