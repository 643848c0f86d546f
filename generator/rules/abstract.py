"""The chain rule for abstract functions: d f(x) = J_f(x) dx, with as many arguments as a function has."""

from __future__ import annotations

from generator.errors import ShapeError
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Partial
from generator.expr.layout import Layout
from generator.expr.make import add, mul, t, tr
from generator.expr.match import depends
from generator.expr.nodes import Node
from generator.expr.shapes import is_matrix, is_scalar
from generator.rules.nary import Vary, inside

DEFAULT = Layout()


def chain(e: Node, vary: Vary) -> Node | None:
    """The differential of a function, or of its derivative, by the differentials of its arguments.

    Derivatives come in the default layout where the subject has none (see ``laid``).
    """
    found = inside(e)
    if found is None:
        return None
    (of, d), layout = found, e.layout if isinstance(e, Partial) else DEFAULT
    if isinstance(of, Jac) and of.form == "prime" and depends(of, vary):
        return mul(Jac(of.fun, of.args, of.layout, order=of.order + 1), d(of.args[0]))
    if not isinstance(of, App) or not depends(of, vary):
        return None
    live = [slot for slot, arg in enumerate(of.args) if depends(arg, vary)]
    try:
        slopes = [Jac(of.fun, of.args, layout, slot) for slot in live]
    except ShapeError:
        return None  # more than two indices
    return add(*(applied(slope, d(of.args[slope.slot])) for slope in slopes))


def applied(slope: Jac, change: Node) -> Node:
    """The change of the value that a change of one argument makes, to first order."""
    by = slope.args[slope.slot].shape
    if is_scalar(by):
        return mul(slope, change)
    if is_scalar(slope.fun.shape):
        row = slope if slope.layout.gradient == "row" and not is_matrix(by) else t(slope)
        return tr(mul(row, change)) if is_matrix(by) else mul(row, change)
    return mul(slope if slope.layout.jacobian == "numerator" else t(slope), change)
