"""Spaces of values: counted, ranked without repetition, and with the structure they promise."""

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from generator.variants import spaces
from generator.variants.arithmetic import FUNCTIONS
from generator.variants.spaces import Product

ENTRIES = tuple(map(Fraction, (-2, -1, 0, 1)))
PIVOTS = tuple(map(Fraction, (1, 2, 3)))
SPACES = {
    "numbers": (spaces.chosen(ENTRIES), 4),
    "a choice with repetition": (spaces.chosen(["u", "v", "u"]), 2),
    "vectors": (spaces.vectors(3, ENTRIES), 64),
    "matrices": (spaces.matrices(2, 3, ENTRIES), 4**6),
    "symmetric": (spaces.symmetric(3, ENTRIES), 4**6),
    "positive definite": (spaces.positive_definite(3, ENTRIES, PIVOTS), 27 * 64),
    "invertible": (spaces.invertible(3, ENTRIES), 4**6),
    "rank 1": (spaces.of_rank(2, 3, 1, ENTRIES), 4**3),
    "rank 2": (spaces.of_rank(3, 3, 2, ENTRIES), 4**6),
}


@pytest.mark.parametrize("name", SPACES)
def test_every_rank_is_another_value(name):
    space, size = SPACES[name]
    assert space.size == size
    assert len({space.value(k) for k in range(size)}) == size


def some(name):
    space, size = SPACES[name]
    return [np.array(space.value(k), dtype=float) for k in islice(range(0, size, 37), 60)]


def test_symmetric():
    assert all((m == m.T).all() for m in some("symmetric"))


def test_positive_definite():
    assert all((m == m.T).all() and np.linalg.eigvalsh(m)[0] > 0 for m in some("positive definite"))


def test_invertible_has_a_whole_inverse():
    for m in some("invertible"):
        inverse = np.linalg.inv(m)
        assert np.allclose(inverse, np.round(inverse))


@pytest.mark.parametrize(("name", "rank"), [("rank 1", 1), ("rank 2", 2)])
def test_rank(name, rank):
    assert {np.linalg.matrix_rank(m) for m in some(name)} == {rank}
    assert {FUNCTIONS["rank"](m) for m in some(name)} == {rank}


def test_fractions_are_in_order_and_single():
    found = spaces.fractions(Fraction(-1), Fraction(1, 2), [1, 2, 4])
    assert found == tuple(Fraction(k, 4) for k in range(-4, 3))


def test_a_product_has_all_combinations_and_its_strata_share_them():
    whole = Product({"a": spaces.chosen(ENTRIES), "h": spaces.chosen(["sin", "cos"])})
    assert whole.size == 8
    strata = whole.strata()
    assert [s.label for s in strata] == ["h = sin", "h = cos"]
    apart = [tuple(s.values(k).items()) for s in strata for k in range(s.size)]
    assert sorted(apart, key=str) == sorted((tuple(whole.values(k).items()) for k in range(8)), key=str)
