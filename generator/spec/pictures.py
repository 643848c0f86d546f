"""The picture of a problem: whether the function can be drawn, and what part of it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, cast

from generator.errors import InputError
from generator.expr.evaluate import Point, evaluate
from generator.expr.make import scalar
from generator.expr.match import symbols
from generator.expr.nodes import Node
from generator.expr.shapes import Dim, is_scalar, resolve, show
from generator.expr.text_reader import Scope, parse
from generator.problem import Path, Plot, Problem
from generator.spec.complaints import Complaints, Source, told_value
from generator.spec.keylines import Key

if TYPE_CHECKING:
    from generator.spec.models import PlotTable

Pair = tuple[float, float]


def make_plot(table: PlotTable, problem: Problem, source: Source, complaints: Complaints) -> Plot | None:
    """The picture that a table asks for; ``None`` after complaining."""
    before = len(complaints)
    if told := _obstacle(problem):
        complaints.add(source, ("plot",), told, "only a scalar function of two numbers can be drawn")
    both = table.range if isinstance(table.range[0], list) else [table.range, table.range]
    ranges = [_range(pair, source, complaints) for pair in both]
    at = _point(table.at, ("plot", "at"), source, complaints) if table.at else _asked(problem)
    path = _path(table, source, complaints)
    if len(complaints) > before:
        return None
    kind = cast(Literal["contour", "field", "surface", "increments"], table.kind)
    return Plot(kind, (cast(Pair, ranges[0]), cast(Pair, ranges[1])), at, path)


def _path(table: PlotTable, source: Source, complaints: Complaints) -> Path | None:
    """The curve along which the increments are drawn."""
    if table.kind != "increments":
        for key in ("path", "step"):
            if getattr(table, key):
                complaints.add(source, ("plot", key), f'only a picture of the kind "increments" has a {key}')
        return None
    step = _point(table.step, ("plot", "step"), source, complaints)
    if len(table.path) != 2:
        complaints.add(
            source, ("plot", "path"), 'expected two expressions in t, such as ["cos(t)", "sin(t)"]'
        )
    t = scalar("t")
    found: list[Node] = []
    for k, text in enumerate(table.path):
        try:
            found.append(parse(text, Scope({t.name: t})))
        except InputError as e:
            complaints.wrong(source, ("plot", "path", k), e)
            continue
        if not is_scalar(found[-1].shape):
            complaints.add(source, ("plot", "path", k), f"found a {show(found[-1].shape)}; expected a number")
    return Path(t, (found[0], found[1]), step) if step and len(found) == 2 else None


def _obstacle(problem: Problem) -> str:
    """Why the function cannot be drawn, if it cannot."""
    wrt, f = problem.wrt, problem.function
    if not is_scalar(f.shape):
        return f"`{f.name}` is not a scalar"
    sides = [resolve(side) for s in wrt for side in s.shape]
    if any(not isinstance(side, Dim) or side.names for side in sides):
        return f"the size of `{wrt[0].name}` is not a number"
    count = sum(math.prod(cast(Dim, resolve(side)).factor for side in s.shape) for s in wrt)
    if count != 2:
        return f"the variable has {count} entr{'y' if count == 1 else 'ies'}"
    others = sorted(s.name for s in symbols(problem.body) if s not in wrt)
    return f"`{others[0]}` has no value" if others else ""


def _range(pair: Any, source: Source, complaints: Complaints) -> Pair | None:
    low, high = _numbers(pair) or (0.0, 0.0)
    if low < high:
        return low, high
    found = "a range that does not rise" if _numbers(pair) else told_value(pair)
    complaints.add(source, ("plot", "range"), f"found {found}; expected [-2, 2] or [[-2, 2], [0, 5]]")
    return None


def _point(pair: Any, key: Key, source: Source, complaints: Complaints) -> Pair | None:
    point = _numbers(pair)
    if point is None:
        complaints.add(source, key, "expected two numbers, such as [1, -1]")
    return point


def _numbers(pair: Any) -> Pair | None:
    """Two ordinary numbers."""
    if not isinstance(pair, list) or len(pair) != 2:
        return None
    plain = [isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e6 for v in pair]
    return (float(pair[0]), float(pair[1])) if all(plain) else None


def _asked(problem: Problem) -> Pair | None:
    """The point at which the answer is asked for."""
    entries = [float(evaluate(e, Point({})).real) for e in problem.at]
    return (entries[0], entries[1]) if len(entries) == 2 else None
