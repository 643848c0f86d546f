"""Points on steps."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from generator.exam.marks import marks, shared, shared_halves
from generator.exam.papers import counted
from generator.expr.make import scalar
from generator.methods import derive
from tests.problems import LEAST_SQUARES, POLYNOMIAL, problem


@given(st.integers(1, 40), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_shares_add_up_and_are_fair(points, weights):
    """No heavier step gets less, and none gets nothing where there is enough."""
    found = shared(points, weights)
    assert sum(found) == points
    assert all(a <= b + Fraction(1, 2) for a, v in zip(found, weights, strict=True)
               for b, w in zip(found, weights, strict=True) if v <= w)  # fmt: skip
    assert min(found) > 0 or 2 * points < len(weights)


@given(st.integers(0, 80), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_halves_are_in_proportion(halves, weights):
    exact = [Fraction(halves * w, sum(weights)) for w in weights]
    assert all(abs(k - e) < 1 for k, e in zip(shared_halves(halves, weights), exact, strict=True))


def test_every_step_ends_in_its_result():
    found = marks(derive(POLYNOMIAL), 6)
    assert sum(mark.points for mark in found) == 6
    assert all(mark.lines[-1].lhs is not None for mark in found)


def test_definitions_stay_with_the_step():
    """A line that uses the residual r follows the one that says what r is."""
    modes = [line.mode for mark in marks(derive(LEAST_SQUARES), 10) for line in mark.lines]
    assert "definition" in modes


def test_there_is_half_a_point_for_everything():
    """Few points for many steps: neighbours share a mark, the last of them shows its result."""
    derivation = derive(LEAST_SQUARES)
    many, few = marks(derivation, 20), marks(derivation, 3)
    assert len(many) > 6 == len(few)
    assert [mark.points for mark in few] == [Fraction(1, 2)] * 6
    steps = [mark.step for mark in many]
    places = [steps.index(mark.step) for mark in few]
    assert places == sorted(places)
    assert places[-1] == len(steps) - 1


def test_naming_what_is_looked_for_earns_nothing():
    derivation = derive(POLYNOMIAL)
    assert derivation.steps[0].title == "Understand the goal"
    assert "Understand the goal" not in [mark.step.title for mark in marks(derivation, 6)]


def test_a_step_shows_the_answer_that_it_reaches():
    """Not the length of the gradient, which is told after it."""
    derivation = derive(POLYNOMIAL)
    (last,) = marks(derivation, 6)[-1].lines
    assert last.rhs == derivation.answers[1].rhs


def test_what_is_said_after_the_last_answer_earns_nothing():
    titles = [mark.step.title for mark in marks(derive(LEAST_SQUARES), 20)]
    assert titles[-1] == "Solve for the stationary point"
    assert "Why it is a minimum" not in titles


def test_solving_the_equations_earns_points_without_a_line():
    x, y = scalar("x"), scalar("y")
    asked = problem("x**3 - 3*x*y + y**2", "x,y", x, y, function="f", order=2, set_to_zero=True)
    found = {mark.step.title: mark for mark in marks(derive(asked), 10)}
    solving = found["Find the critical points"]
    assert solving.lines == ()
    assert solving.words is not None
    assert "exactly 2 points" in solving.words.text
    assert solving.points > 0


def test_points_in_words():
    assert [counted(Fraction(k, 2)) for k in range(1, 6)] == [
        "½ point",
        "1 point",
        "1½ points",
        "2 points",
        "2½ points",
    ]
