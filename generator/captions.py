"""The words of a picture: the sentence below it, and what it shows to those who do not see it."""

from __future__ import annotations

from generator.expr.make import num
from generator.expr.nodes import Entry, Node
from generator.expr.text_writer import to_text
from generator.expr.unicode_writer import to_unicode
from generator.problem import Plot, Problem
from generator.sentences import Prose, shown, value

_SHOWN = {
    "contour": "Level curves of", "field": "Level curves and gradients of", "surface": "The surface of",
    "increments": "Level curves of",
}  # fmt: skip


def pictured(problem: Problem, plot: Plot, *, ascii_only: bool) -> str:
    """What a picture shows, for those who do not see it."""
    written = to_text if ascii_only else to_unicode
    variables = _coordinates(problem)
    where = " and ".join(
        f"{written(v)} from {low:g} to {high:g}" for v, (low, high) in zip(variables, plot.range, strict=True)
    )
    body = problem.text if ascii_only else to_unicode(problem.body)
    function = f"{to_unicode(value(problem))} = {body}"
    told = f"{_SHOWN[plot.kind]} {function} for {where}."
    if plot.path is not None:
        return f"{told} A curve crosses them; a step along it is drawn with its two components."
    if plot.at is None or plot.kind == "surface":
        return told
    return f"{told} An arrow at ({plot.at[0]:g}, {plot.at[1]:g}) shows the gradient there."


def caption(problem: Problem, plot: Plot) -> Prose:
    """The sentence below a picture."""
    name: Prose = (f"{_SHOWN[plot.kind]} ", shown(value(problem)))
    if plot.kind == "field":
        return (*name, ": every arrow points uphill, and long arrows mean steep ground.")
    if plot.kind == "surface":
        return (*name, ", and the level curves below it.")
    if plot.kind == "increments":
        return (
            *name,
            ", a step along a curve with its two components, and the levels that it leads from and to.",
        )
    if plot.at is None:
        return (*name, ": close together where the function is steep.")
    return (*name, ". The gradient at the marked point crosses its level curve at a right angle, uphill.")


def _coordinates(problem: Problem) -> tuple[Node, ...]:
    """The two numbers that a function of two numbers depends on."""
    if len(problem.wrt) == 2:
        return problem.wrt
    return tuple(Entry(problem.wrt[0], (num(k),)) for k in (1, 2))
