"""QR codes as PDF drawing operators: vectors that TeX takes as they are. The only file that imports segno."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from generator.escape import Raw


@cache
def qr(text: str) -> tuple[int, Raw]:
    """The number of modules on a side, and the dark runs of all rows as rectangles, one unit a module."""
    import segno

    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    side = len(rows)
    boxes = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                boxes.append(f"{x} {side - 1 - y} {width} 1 re")
            x += width
    return side, Raw(" ".join([*boxes, "f"]))
