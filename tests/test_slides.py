"""What shares a slide."""

from __future__ import annotations

from itertools import pairwise

from generator.derivation import Chain, Item, Line, Say
from generator.expr.calculus import Rel
from generator.expr.make import add, mul, num, scalar
from generator.slides import LINES, height, pages

u, v = scalar("u"), scalar("v")


def chain(count: int) -> Chain:
    return Chain(tuple(Line(u if k == 0 else None, mul(num(k + 2), v)) for k in range(count)))


def test_what_fits_stays_together() -> None:
    items: list[Item] = [Say("First."), chain(2), Say("Then."), chain(1)]
    assert pages(items) == [tuple(items)]
    assert pages([]) == []


def test_a_sentence_stays_with_its_display() -> None:
    items: list[Item] = [chain(6), Say("This leads to the next display."), chain(5)]
    assert pages(items) == [(items[0],), (items[1], items[2])]


def test_a_long_chain_goes_on_where_it_stopped() -> None:
    whole = chain(25)
    parts = [item for page in pages([whole]) for item in page]
    assert len(parts) > 2
    assert all(isinstance(p, Chain) and height(p) <= LINES for p in parts)
    for before, after in pairwise(parts):
        assert isinstance(before, Chain)
        assert isinstance(after, Chain)
        assert after.lines[0] == Line(u, before.lines[-1].rhs)
    lines = [line for p in parts if isinstance(p, Chain) for line in p.lines]
    assert [line for line in lines if line in whole.lines] == list(whole.lines)


def test_a_guarded_line_is_not_torn_from_its_chain() -> None:
    guarded = Line(None, num(0), guard=Rel(u, "≠", v))
    lines = (*chain(8).lines, guarded)
    last = [item for page in pages([Chain(lines)]) for item in page][-1]
    assert isinstance(last, Chain)
    assert last.lines[-2:] == lines[-2:]


def test_wide_lines_are_taken_for_two_rows() -> None:
    wide = Chain((Line(u, add(*(mul(num(k), u, v) for k in range(2, 40)))),))
    assert height(wide) > height(chain(1)) + 1
