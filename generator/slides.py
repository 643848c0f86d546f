"""Which items of a step share a slide: as many as it holds; a chain that is too long goes on on the next one.

Heights are estimates in lines of text, made on the tree, as the widths in ``linebreak`` are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from generator.derivation import Chain, Item, Line, Quote, Say
from generator.expr.calculus import Cases, Mat, Partial, Sum, Under
from generator.expr.match import children
from generator.expr.nodes import Div, Node
from generator.expr.shapes import is_scalar
from generator.linebreak import SLIDE, width

LINES = 13.8  # what a slide holds below its title
_CHARACTERS = 76  # in a line of text
_GAP = 0.5  # above and below a display, between sentences
_ROW = 0.5  # between the rows of a display


def pages(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """The items in slides; a sentence stays with the display that it leads to."""
    out: list[list[Item]] = [[]]
    used = 0.0
    for block in _blocks(items):
        needed = sum(map(height, block))
        if out[-1] and used + needed > LINES:
            out.append([])
            used = 0.0
        out[-1] += block
        used += needed
    return [tuple(page) for page in out if page]


def _blocks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Sentences with the display after them; long chains in parts."""
    block: list[Item] = []
    for item in items:
        if not isinstance(item, Chain):
            block.append(item)
            continue
        lead = sum(map(height, block))
        for k, part in enumerate(_parts(item.lines, LINES - lead)):
            yield [*block, part] if k == 0 else [part]
        block = []
    if block:
        yield block


def _parts(lines: Sequence[Line], room: float) -> Iterator[Chain]:
    """A chain in parts that fit; a part that goes on repeats where the one before it stopped."""
    part: list[Line] = []
    head: Node | None = None
    for line in lines:
        head = line.lhs or head
        plain = line.guard is None and line.mode == "identity"
        if part and plain and head is not None and height(Chain((*part, line))) > room:
            yield Chain(tuple(part))
            part = [] if line.lhs else [Line(head, part[-1].rhs)]
            room = LINES
        part.append(line)
    yield Chain(tuple(part))


def height(item: Item) -> float:
    """How many lines an item takes, roughly."""
    match item:
        case Chain(lines):
            return 2 * _GAP + sum(_tall(line) + _ROW for line in lines)
        case Quote(rule, lhs, rhs, because):
            return _GAP + _text(len(rule) + len(because) + 10, width(lhs) + width(rhs))
        case Say(text, parts):
            return _GAP / 2 + _text(len(text), sum(map(width, parts)))


def _text(characters: int, formulas: float) -> float:
    return math.ceil((characters + 2 * formulas) / _CHARACTERS)


def _tall(line: Line) -> float:
    """The height of a line, which is broken in rows where it is too wide."""
    wide = width(line.rhs) + (width(line.lhs) if line.lhs else 0.0)
    sides = max(_lines(line.rhs), _lines(line.lhs) if line.lhs else 1.0)
    return sides * math.ceil(wide / SLIDE)


def _lines(node: Node) -> float:
    """The height of an expression in one row."""
    inner = max(map(_lines, children(node)), default=1.0)
    match node:
        case Mat(cells, columns):
            rows = [cells[k : k + columns] for k in range(0, len(cells), columns)]
            return 0.3 + sum(max(map(_lines, row)) for row in rows)
        case Cases(values):
            return 0.3 + sum(map(_lines, values))
        case Div(num, den) if is_scalar(den.shape):
            return _lines(num) + _lines(den)
        case Sum():
            return max(2.5, inner)  # the sign with its limits
        case Partial():
            return max(2.0, inner)
        case Under():
            return inner + 1.2
    return inner
