"""How much there is to read in an expression: the measure by which a form of an answer is called short."""

from __future__ import annotations

from functools import lru_cache

from generator.expr.grammar import brackets
from generator.expr.match import children
from generator.expr.nodes import Add, Call, Had, Mul, Neg, Node, Pow
from generator.expr.shapes import is_scalar

REMEMBERED = 4096  # expressions: forms of one answer, which are compared by ink, share most of their parts


@lru_cache(REMEMBERED)
def ink(e: Node) -> int:
    """The number of signs: letters, numbers, operations that are written, pairs of parentheses."""
    kids = children(e)
    inside = sum(ink(k) + brackets(e, place, k) for place, k in enumerate(kids))
    match e:
        case Mul():
            return inside
        case Add():
            return inside + sum(not isinstance(t, Neg) for t in e.terms[1:])
        case Had():
            return inside + len(kids) - 1
        case Pow():
            return inside + (not is_scalar(e.shape))
        case Call():
            return inside + 2
    return inside + 1
