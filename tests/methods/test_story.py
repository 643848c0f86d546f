"""Telling: which lines go on with a chain, and which begin another."""

from generator.derivation import Chain
from generator.expr.make import scalar
from generator.methods.story import Story

A, B, C, D = (scalar(name) for name in "abcd")


def chains(*lines, **options):
    story = Story()
    for lhs, rhs in lines:
        story.line(lhs, rhs, **options)
    story.end()
    (step,) = story.steps
    return [[(line.lhs, line.rhs) for line in c.lines] for c in step.items if isinstance(c, Chain)]


def test_a_line_goes_on_where_its_left_side_begins_or_ends_the_chain():
    assert chains((A, B), (A, C)) == [[(A, B), (None, C)]]
    assert chains((A, B), (B, C), (A, D)) == [[(A, B), (None, C), (None, D)]]
    assert chains((A, B), (C, D)) == [[(A, B)], [(C, D)]]


def test_definitions_stand_alone():
    assert chains((A, B), (B, C), mode="definition") == [[(A, B)], [(B, C)]]
