"""Classic wrong rules are wrong: both sides are finite, of one size, and they differ at every point."""

from __future__ import annotations

import pytest

from generator.expr.match import depends, substitute, symbols
from generator.expr.nodes import Sym
from generator.rules import RULES
from generator.rules.mistakes import MISTAKES
from tests.rules.points import DRAWS, constants, difference, point, varying

CLOSE, FAR = 1e-9, 1e-2


def test_there_are_enough():
    assert len(MISTAKES) >= 14
    assert all(m.name == key for key, m in MISTAKES.items())


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=lambda m: m.name)
def test_a_mistake_is_false_at_every_point(mistake):
    lhs, rhs = mistake.rule.sides
    assert lhs.shape == rhs.shape
    for lengths, seed in DRAWS:
        at = point((lhs, rhs), lengths, seed, constants(mistake.rule))
        assert difference(lhs, rhs, at) > FAR, (lengths, seed)  # finite, of one size, and different


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=lambda m: m.name)
def test_the_right_rule_gets_it_right(mistake):
    """The rule that it is a mistake of applies to the same expression, and is true there."""
    lhs, vary = mistake.rule.sides[0], varying(mistake.rule)
    right = RULES[mistake.of].apply(lhs, vary)
    assert right is not None, f"{mistake.of} does not apply"
    for lengths, seed in DRAWS:
        at = point((lhs, right), lengths, seed, constants(mistake.rule))
        assert difference(lhs, right, at) < CLOSE


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=lambda m: m.name)
def test_a_mistake_can_be_made_with_other_letters(mistake):
    """Distractors are made by applying the wrong rule where the right one applies."""
    lhs, rhs = mistake.rule.sides
    renamed = {s: Sym(f"{s.name}1", s.of_shape, s.assume) for s in symbols(lhs)}
    vary = frozenset(f"{name}1" for name in varying(mistake.rule))
    made = mistake.rule.apply(substitute(lhs, renamed), vary)
    assert made is not None
    expected = substitute(rhs, renamed)
    fixed = frozenset(f"{name}1" for name in constants(mistake.rule))
    assert difference(made, expected, point((made, expected), *DRAWS[0], fixed)) < CLOSE
    assert not depends(made, frozenset(s.name for s in symbols(lhs)))


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=lambda m: m.name)
def test_the_misconception_is_one_sentence(mistake):
    text = mistake.misconception
    assert text[0].isupper() or text.startswith("x ")
    assert text.endswith(".")
    assert ". " not in text
    assert mistake.of in RULES
