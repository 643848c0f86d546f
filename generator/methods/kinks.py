"""Functions with a kink, told by cases: the slope on either side, and that there is none in between."""

from __future__ import annotations

from generator.expr.calculus import Cases, Rel
from generator.expr.functions import FUNCTIONS
from generator.expr.make import num
from generator.expr.match import substitute
from generator.expr.nodes import Call, Node, Sym
from generator.expr.text_reader import Scope, parse
from generator.methods.ordinary import ordinary
from generator.methods.story import Story


def pieces(e: Node, at: Node) -> tuple[Node, Node] | None:
    """What a function with a kink at zero is where ``at`` is positive, and where it is negative."""
    if not (isinstance(e, Call) and e.args == (at,) and not e.order):
        return None
    x = Sym("x", at.shape)
    found = (parse(text, Scope({"x": x})) for text in FUNCTIONS[e.name].pieces)
    sides = tuple(substitute(piece, {x: at}) for piece in found)
    return (sides[0], sides[1]) if sides else None


def by_cases(story: Story, lhs: Node, e: Node, at: Node) -> None:
    """The derivative of a function with a kink at zero, on either side of it; nothing for other functions."""
    sides = pieces(e, at)
    if sides is None:
        return
    guards = (Rel(at, ">", num(0)), Rel(at, "<", num(0)))
    story.line(lhs, Cases(tuple(ordinary(side, at) for side in sides), guards), "sides of a kink")
    story.say("Where {0} is zero, {1} has a kink: it is not differentiable there.", at, e)
    story.say("Elsewhere both cases are one formula:")
