"""Our own chance is frozen: these values are in papers that were given out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.variants.chance import Permutation, keyed, number


def test_frozen_hashes():
    assert keyed("secret", "slot", 3, "student").hex()[:16] == "bf4b27b904a16ce9"
    assert [number(keyed("secret", k), 1000) for k in range(6)] == [852, 497, 906, 461, 324, 281]


def test_frozen_permutations():
    assert [Permutation(keyed("secret"), 10)[k] for k in range(10)] == [0, 3, 6, 7, 4, 5, 1, 8, 9, 2]
    large = Permutation(keyed("secret"), 10**30)
    assert large[0] == 939814161726305256783777479160
    assert large[1] == 374630877937114383019861361883


def test_parts_are_told_apart():
    assert keyed("s", "ab", "c") != keyed("s", "a", "bc") != keyed("s", "abc")


@given(st.binary(min_size=1, max_size=40), st.integers(1, 300))
def test_every_index_comes_once(key, size):
    order = Permutation(key, size)
    assert sorted(order[k] for k in range(size)) == list(range(size))


def test_an_index_outside_is_refused():
    with pytest.raises(IndexError):
        Permutation(b"key", 5)[5]
