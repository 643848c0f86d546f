"""Pools and draws: counted first, without replacement, in equal shares, and for good."""

from collections import Counter

import pytest

from generator.errors import InputError
from generator.variants import Place, assign, require_capacity
from generator.variants.pool import PARITY
from generator.variants.results import Results
from tests.variants.files import SADDLE, SMALL, STRUCTURES, pool, template

CLASS = [f"student {k}" for k in range(12)]


def statements(one, places):
    return [one.verdict(place).statement for place in places.values()]


def test_a_full_space_is_given_out_whole(tmp_path):
    """As many students as variants: everybody gets one, and all differ."""
    one = pool(tmp_path, SMALL)
    require_capacity(one, one.survey(12), 12)
    places = assign(one, CLASS)
    assert len(set(places.values())) == len(set(statements(one, places))) == 12


def test_too_small_a_space_is_refused(tmp_path):
    one = pool(tmp_path, SMALL)
    with pytest.raises(InputError) as caught:
        require_capacity(one, one.survey(13), 13)
    assert "slot has 12 different variants and 13 students; 100 %" in str(caught.value)
    assert "`a` has 6 values; with about 7" in str(caught.value)
    with pytest.raises(InputError, match="no variant left"):
        assign(one, [*CLASS, "one more"])
    assert len(assign(one, [*CLASS, "one more"], repeats=True)) == 13


@pytest.mark.parametrize(
    ("parameter", "factor", "hint"),
    [
        ("a = {vector = 2, entries = [1, 3]}", "a_1", "widen the entries of `a`"),
        ('a = {choice = ["2*x_2", "3*x_2"]}', "a", "add parameters, or write repeats = true"),
    ],
)
def test_what_to_widen(tmp_path, parameter, factor, hint):
    text = SMALL.replace("a = {integer = [1, 6]}", parameter).replace("a*h", f"{factor}*h")
    one = pool(tmp_path, text)
    with pytest.raises(InputError) as caught:
        require_capacity(one, one.survey(99), 99)
    assert hint in str(caught.value)


def test_frozen_draws(tmp_path):
    """These papers were given out; no later version may draw others."""
    one = pool(tmp_path, SADDLE)
    places = assign(one, CLASS[:4])
    assert [places[s].rank for s in CLASS[:4]] == [6194, 6205, 13764, 16868]


def test_the_secret_decides(tmp_path):
    drawn = [assign(pool(tmp_path, SADDLE, secret), CLASS) for secret in ("one", "another")]
    assert sum(drawn[0][s] == drawn[1][s] for s in CLASS) <= 1


def test_the_order_of_the_roster_does_not_matter(tmp_path):
    one = pool(tmp_path, STRUCTURES)
    assert assign(one, CLASS) == assign(one, reversed(CLASS))


def test_adding_and_reissuing_change_nobody_else(tmp_path):
    one = pool(tmp_path, SMALL)
    first = assign(one, CLASS[:9])
    more = assign(one, CLASS, kept=first)
    assert {s: more[s] for s in first} == first
    kept = {s: place for s, place in first.items() if s != CLASS[0]}
    again = assign(one, CLASS[:9], kept, issues={CLASS[0]: 1})
    assert {s: again[s] for s in kept} == kept
    assert len(set(statements(one, again))) == 9


def test_structures_have_equal_shares(tmp_path):
    one = pool(tmp_path, STRUCTURES)
    shares = Counter(place.stratum for place in assign(one, CLASS).values())
    assert set(shares.values()) == {2}
    assert len(shares) == 6


def test_same_print_is_the_same_variant(tmp_path):
    """The parameter a is not used with the sine, so its values make one variant."""
    text = STRUCTURES.replace(" {a} is {b = b}.", "")
    sine = pool(tmp_path, text).survey(1000)[0]
    assert (sine.size, sine.allowed, sine.different, sine.exact) == (30, 30, 5, True)


def test_the_constraints_hold(tmp_path):
    one = pool(tmp_path, SADDLE)
    for place in assign(one, CLASS).values():
        results = Results(one.values(place), lambda place=place: one.problem(place))
        a, b, c = (one.values(place)[name] for name in "abc")
        assert 4 * a * c < b * b
        assert a != c
        x, y = one.values(place)["p"]
        assert list(results["derivative"]) == [2 * a * x + b * y, b * x + 2 * c * y]


def test_a_large_space_is_bounded_below(tmp_path):
    (count,) = pool(tmp_path, SADDLE).survey(25)
    assert (count.different, count.exact, count.size) == (25, False, 20_000)
    assert 0.2 < count.rate < 0.8  # of the tries


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("a > 9", "constraint 4, `a > 9`, rejects"),
        ("max(derivative) > 1000", "constraint 4, `max(derivative) > 1000`, rejects"),
    ],
)
def test_a_hopeless_constraint_is_named(tmp_path, constraint, told):
    one = pool(tmp_path, SADDLE.replace("'a != c'", f"'a != c', '{constraint}'"))
    counts = one.survey(5)
    assert counts[0].tried <= 400
    with pytest.raises(InputError) as caught:
        require_capacity(one, counts, 5)
    assert "none of 400 combinations of values is allowed" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("deriv > 1", "constraints[1]: unknown name `deriv`"),
        ("a + 1", "is neither true nor false"),
        ("derivative_5 > 1", "has no value"),
    ],
)
def test_a_wrong_constraint_is_told(tmp_path, constraint, told):
    with pytest.raises(InputError) as caught:
        pool(tmp_path, f"constraints = ['{constraint}']\n{SADDLE.replace('constraints', '#', 1)}").survey(2)
    assert told in str(caught.value)


def test_parity_bounds_the_difficulty(tmp_path):
    loose, tight = pool(tmp_path, STRUCTURES), pool(tmp_path, STRUCTURES, parity=0.02)
    reasons = {reason for count in tight.survey(5) for reason, _ in count.reasons}
    assert PARITY in reasons
    allowed = [p for p, v in tight.known.items() if v.reason is None]
    scores = [loose._score(place) for place in allowed]
    assert max(scores) <= 1.02 * tight.measure
    assert min(scores) >= 0.98 * tight.measure


def test_the_measure_does_not_depend_on_the_class(tmp_path):
    one, other = (pool(tmp_path, STRUCTURES, parity=0.3) for _ in range(2))
    other.verdict(Place(1, 3))
    assert one.measure == other.measure


@pytest.mark.parametrize(
    ("function", "kinds"),
    [
        ("x_1**2 + x_2**2", ["minimum"]),
        ("x_1*x_2", ["saddle"]),
        ("x_1**3 - 3*x_1 + x_2**2", ["saddle", "minimum"]),
        ("x_1 + x_2**2", []),
    ],
)
def test_critical_points(tmp_path, function, kinds):
    one = template(tmp_path, SMALL.replace("a*h + x_1*x_2", f"{function} + a - a"))
    results = Results({}, lambda: one.problem(one.space.strata()[0].values(0)))
    assert sorted(results["critical"]) == sorted(kinds)


WORDY = SMALL.replace("[parameters]", 'statement = "Let {x in}. Differentiate."\n[parameters]')
IDLE = [
    (SMALL.replace("a*h", "h"), ["a"], "use it, or leave it out"),
    (SMALL.replace("a*h", "3*x_1"), ["a", "h"], "use it, or leave it out"),
    (WORDY, ["a", "h"], "{f =}"),
]


@pytest.mark.parametrize(("text", "names", "hint"), IDLE)
def test_a_parameter_that_changes_nothing_is_refused(tmp_path, text, names, hint):
    with pytest.raises(InputError) as caught:
        pool(tmp_path, text)
    told = str(caught.value)
    assert all(f"parameters.{name}: its value changes nothing that is printed" in told for name in names)
    assert hint in told


def test_a_parameter_may_serve_a_constraint_alone(tmp_path):
    kind = 'kind = {choice = ["minimum", "saddle"]}'
    text = SADDLE.replace("[parameters]", f"[parameters]\n{kind}")
    assert len(pool(tmp_path, text.replace('critical == "saddle"', "critical == kind")).survey(4)) == 2


TWICE = """\
title = "Structures that meet"
[parameters]
a = {integer = [1, 6]}
h = {choice = ["k*x_1", "x_2**2"]}
k = {choice = ["x_1", "x_2"]}
[symbols]
x = "2"
[given]
"f(x)" = "a*h + x_1*x_2"
[find]
wrt = "x"
"""


def test_what_two_structures_print_alike_counts_once(tmp_path):
    """Where h is x₂² nothing depends on k."""
    one = pool(tmp_path, TWICE)
    counts = one.survey(100)
    assert [count.allowed for count in counts] == [6, 6, 6, 6]
    assert [count.different for count in counts] == [6, 6, 6, 0]
    with pytest.raises(InputError, match="slot has 18 different variants and 19 students"):
        require_capacity(one, counts, 19)
