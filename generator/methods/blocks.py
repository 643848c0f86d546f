"""Sides that are made of blocks: the rows of a Kronecker product, the entries of a vec.

They are counted by pairs of indices: the outer one says which block, the inner one which place in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import NotDerivable
from generator.expr.calculus import Group, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.match import children
from generator.expr.nodes import Add, Call, Div, Had, Mul, Neg, Node, Pow, T
from generator.expr.shapes import Dimension, is_one, is_scalar


@dataclass(frozen=True)
class Pair:
    """The place in a side that is made of blocks: the number of the block, and the place in the block."""

    outer: Node
    inner: Node


Place = Node | Pair


def misfit() -> NotDerivable:
    """What is said where a pair of indices meets a side that is not made of blocks, or the reverse."""
    return NotDerivable(
        "the blocks of a Kronecker product do not fit the entries of a single symbol",
        hint="use --method differential",
    )


def blocks(e: Node, side: int) -> tuple[Dimension, Dimension] | None:
    """Number and size of the blocks of a side (0 rows, 1 columns), where it is made of blocks."""
    match e:
        case Call(name="vec") if side == 0:
            return e.args[0].shape[1], e.args[0].shape[0]
        case Call(name="kron"):
            outer, inner = (a.shape[side] for a in e.args)
            return None if is_one(outer) or is_one(inner) else (outer, inner)
        case T():
            return blocks(e.arg, 1 - side)
        case Mul():
            chain = [f for f in e.factors if not is_scalar(f.shape)]
            return blocks(chain[-side], side) if chain else None
        case Add() | Had():
            found = (blocks(part, side) for part in children(e))
            return next((b for b in found if b is not None), None)
        case Neg() | Group() | Under():
            return blocks(e.arg, side)
        case Call() if FUNCTIONS[e.name].elementwise or e.name == "softmax":
            return blocks(e.args[0], side)
        case Div():
            return blocks(e.num, side) or blocks(e.den, side)
        case Pow():
            return blocks(e.base, side)
        case Call(name="diag" | "diagonal"):
            return blocks(e.args[0], 0)
    return None
