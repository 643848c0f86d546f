"""Pictures of functions of two numbers, as PDF for handouts and as SVG for pages. The only file that imports
matplotlib, and only when something is drawn.

Values come from the expression itself and gradients from its values by complex step, not from a derivation.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from generator.errors import InputError
from generator.expr.evaluate import Point, evaluate
from generator.expr.latex_writer import to_latex
from generator.expr.make import num
from generator.expr.nodes import Entry, Node
from generator.expr.numeric import complex_step
from generator.expr.shapes import is_row
from generator.problem import Path, Plot, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _PAPER, _LINE, _MARK = "#1d2130", "#ffffff", "#1f3f77", "#b5482a"
_COLOURS = ("#f1f4fa", "#1f3f77")  # low and high
_FINE, _COARSE, _ARROWS = 51, 31, 11  # points of the grids: level curves, surface, arrows
_LEVELS = 12
_LONGEST = 0.22  # of an arrow, in widths of the picture
_SETTINGS: dict[str, Any] = {
    "mathtext.fontset": "cm", "font.family": "serif", "font.serif": ["cmr10"], "font.size": 10,
    "axes.formatter.use_mathtext": True, "axes.unicode_minus": False, "axes.edgecolor": _INK,
    "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK, "axes.linewidth": 0.6,
    "svg.fonttype": "path", "svg.hashsalt": "workings", "pdf.fonttype": 42,
}  # fmt: skip
_DATELESS: dict[str, dict[str, None]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}

Form = Literal["pdf", "svg"]
Pair = tuple[float, float]
Height = Callable[[Any, Any], Any]


def draw(problem: Problem, form: Form) -> bytes:
    """The picture that a problem asks for.

    Raises:
        InputError: the problem asks for none, or the function has no value somewhere in the range.
    """
    if problem.plot is None:
        raise InputError(f"the problem {problem.id} has no picture")
    import matplotlib as mpl
    from matplotlib.figure import Figure

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of the age of Computer Modern

    f = _height(problem)
    with mpl.rc_context(cast(Any, _SETTINGS)):
        surface = problem.plot.kind == "surface"
        figure = Figure(figsize=(3.9, 3.2) if surface else (3.4, 3.4), facecolor=_PAPER)
        (_surface if surface else _flat)(figure, f, problem.plot, problem.id, _labels(problem))
        out = io.BytesIO()
        edges: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.06}
        figure.savefig(out, format=form, metadata=_DATELESS[form], **edges)
    return out.getvalue()


def _height(problem: Problem) -> Height:
    """The function of two numbers."""
    wrt = problem.wrt

    def height(u: Any, v: Any) -> Any:
        if len(wrt) == 2:
            values = {wrt[0].name: u, wrt[1].name: v}
        else:
            values = {wrt[0].name: np.array([[u, v]] if is_row(wrt[0].shape) else [[u], [v]])}
        with np.errstate(all="ignore"):
            return evaluate(problem.body, Point(values))

    return height


def _gradient(f: Height, u: float, v: float) -> Pair:
    return float(complex_step(lambda h: f(u + h, v))), float(complex_step(lambda h: f(u, v + h)))


def _labels(problem: Problem) -> tuple[str, str]:
    wrt: tuple[Node, ...] = problem.wrt
    if len(wrt) == 1:
        wrt = (Entry(wrt[0], (num(1),)), Entry(wrt[0], (num(2),)))
    first, second = (f"${to_latex(v, problem.notation)}$" for v in wrt)
    return first, second


def _grid(f: Height, plot: Plot, name: str, count: int) -> tuple[Any, Any, Any]:
    """Coordinates and values on a grid."""
    us, vs = (np.linspace(low, high, count) for low, high in plot.range)
    values = np.array([[np.real(f(u, v)) for u in us] for v in vs], dtype=float)
    if not np.isfinite(values).all():
        raise InputError(f"{name}: the function has no value in a part of the picture", hint="change `range`")
    return us, vs, values


def _flat(figure: Figure, f: Height, plot: Plot, name: str, labels: tuple[str, str]) -> None:
    """Level curves, with the gradient at one point or at many."""
    axes = figure.add_subplot()
    us, vs, values = _grid(f, plot, name, _FINE)
    axes.contourf(us, vs, values, levels=_LEVELS, cmap=_colours(), alpha=0.55)
    axes.contour(us, vs, values, levels=_LEVELS, colors=_LINE, linewidths=0.6)
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=plot.range[0], ylim=plot.range[1])
    axes.set_aspect("equal", adjustable="box")
    if plot.kind == "field":
        _field(axes, f, plot)
    if plot.path is not None:
        ends = _increments(axes, plot.path, labels)
        levels = sorted({float(np.real(f(*end))) for end in ends})
        axes.contour(us, vs, values, levels=levels, colors=_MARK, linewidths=0.9)
    elif plot.at is not None:
        through = [float(np.real(f(*plot.at)))]
        axes.contour(us, vs, values, levels=through, colors=_MARK, linewidths=0.9)
        _arrow(axes, f, plot, plot.at)


def _field(axes: Any, f: Height, plot: Plot) -> None:
    """An arrow at every point of a grid, none so long that it hides the next."""
    us, vs = (np.linspace(low, high, _ARROWS + 2)[1:-1] for low, high in plot.range)
    arrows = np.array([[_gradient(f, u, v) for u in us] for v in vs])
    longest = np.linalg.norm(arrows, axis=-1).max() or 1.0
    room = 0.95 * min(us[1] - us[0], vs[1] - vs[0])
    first, second = np.moveaxis(arrows * room / longest, -1, 0)
    how = {"angles": "xy", "scale_units": "xy", "scale": 1, "color": _INK, "width": 0.004, "zorder": 4}
    how |= {"headwidth": 4.5, "headlength": 5, "headaxislength": 4.5, "minlength": 0.6}
    axes.quiver(us, vs, first, second, pivot="mid", **how)


def _arrow(axes: Any, f: Height, plot: Plot, at: Pair) -> None:
    """A dot, and the gradient there: to scale where it fits, shortened where it does not."""
    gradient = np.array(_gradient(f, *at))
    length = float(np.linalg.norm(gradient))
    axes.plot(*at, "o", color=_MARK, markersize=4, zorder=6)
    if length == 0:
        return
    widest = _LONGEST * min(high - low for low, high in plot.range)
    tip = np.array(at) + gradient * min(1.0, widest / length)
    style = {"arrowstyle": "-|>", "color": _MARK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=tip, xytext=at, arrowprops=style, zorder=5, annotation_clip=False)


def _increments(axes: Any, path: Path, labels: tuple[str, str]) -> tuple[Pair, Pair]:
    """A curve, and a step along it with its two components; where the step begins and ends."""
    begin, end = path.step
    more = 0.8 * (end - begin)
    curve = np.array([_place(path, t) for t in np.linspace(begin - more, end + more, 81)])
    axes.plot(*curve.T, color=_INK, linewidth=1.2, zorder=4)
    (u, v), (up, vp) = a, b = _place(path, begin), _place(path, end)
    axes.plot([u, up, up], [v, v, vp], color=_MARK, linewidth=0.9, linestyle=(0, (3, 2)), zorder=5)
    style = {"arrowstyle": "-|>", "color": _MARK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=b, xytext=a, arrowprops=style, zorder=6)
    axes.plot(*a, "o", color=_MARK, markersize=4, zorder=7)
    below, right = np.sign(v - vp) or -1.0, np.sign(up - u) or 1.0
    first, second = (rf"$\Delta {label.strip('$')}$" for label in labels)
    note = {"textcoords": "offset points", "color": _MARK, "ha": "center", "va": "center", "zorder": 7}
    axes.annotate(first, xy=((u + up) / 2, v), xytext=(0, 9 * below), **note)
    axes.annotate(second, xy=(up, (v + vp) / 2), xytext=(13 * right, 0), **note)
    return a, b


def _place(path: Path, t: float) -> Pair:
    """A point of a curve."""
    x, y = (float(np.real(evaluate(c, Point({path.t.name: np.float64(t)})))) for c in path.coordinates)
    return x, y


def _surface(figure: Figure, f: Height, plot: Plot, name: str, labels: tuple[str, str]) -> None:
    """The surface, and its level curves on the floor."""
    axes: Any = figure.add_subplot(projection="3d", computed_zorder=False)
    us, vs, values = _grid(f, plot, name, _COARSE)
    low, high = float(values.min()), float(values.max())
    floor = low - 0.6 * ((high - low) or 1.0)
    axes.contour(us, vs, values, levels=_LEVELS, zdir="z", offset=floor, colors=_LINE, linewidths=0.6)
    mesh = {"rstride": 2, "cstride": 2, "edgecolor": _LINE, "linewidth": 0.2, "antialiased": True}
    axes.plot_surface(*np.meshgrid(us, vs), values, cmap=_colours(), alpha=0.9, **mesh)
    axes.set(xlabel=labels[0], ylabel=labels[1], zlim=(floor, high))
    axes.view_init(elev=24, azim=-58)
    axes.tick_params(labelsize=8, pad=0)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((1, 1, 1, 0))
        axis._axinfo["grid"].update(color="#dce1eb", linewidth=0.4)
    if plot.at is not None:
        axes.plot(*([c] for c in plot.at), [np.real(f(*plot.at))], "o", color=_MARK, markersize=4, zorder=6)


def _colours() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("workings", _COLOURS)
