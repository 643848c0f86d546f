"""LaTeX of the nodes of calculus and of telling (``calculus.py``)."""

from __future__ import annotations

from generator.expr.abstract import Jac, Maps
from generator.expr.calculus import (
    App,
    At,
    Cases,
    Commutation,
    D,
    Delta,
    Dims,
    Dots,
    Ellipsis,
    Grad,
    Group,
    Limit,
    Mat,
    Member,
    Partial,
    Rel,
    Sum,
    Under,
)
from generator.expr.grammar import STRUCTURES, in_numerator, repeats
from generator.expr.latex_parts import (
    dimension,
    form,
    guard,
    operand,
    paren,
    subscript,
    tall,
    underbrace,
    write,
)
from generator.expr.make import vec
from generator.expr.match import substitute
from generator.expr.nodes import Node, Num
from generator.expr.notation import RELATIONS, Notation, script
from generator.expr.shapes import Shape, dim, is_column, is_scalar


@form.register
def _(node: Sum, nt: Notation) -> str:
    upper = dimension(node.index.size, nt)
    index = write(node.index, nt)
    limits = rf"_{{{index}=1}}^{{{upper}}}" if upper else rf"_{{{index}}}"
    return rf"\sum{limits} {operand(node, 0, node.body, nt)}"


@form.register
def _(node: Dots, nt: Notation) -> str:
    text, last = "", None
    for value in node.shown:
        consecutive = isinstance(value, Num) and isinstance(last, Num) and value.value == last.value + 1
        text += "" if last is None else " + " if consecutive else r" + \cdots + "
        text += operand(node, 0, substitute(node.body, {node.index: value}), nt)
        last = value
    return text


@form.register
def _(node: Delta, nt: Notation) -> str:
    return rf"\delta{subscript((node.i, node.j), nt)}"


@form.register
def _(node: Rel, nt: Notation) -> str:
    return f"{operand(node, 0, node.lhs, nt)} {RELATIONS[node.op]} {operand(node, 1, node.rhs, nt)}"


@form.register
def _(node: Cases, nt: Notation) -> str:
    pairs = zip(node.values, node.guards, strict=True)
    rows = r" \\ ".join(f"{write(value, nt)} & {guard(when, nt)}" for value, when in pairs)
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@form.register
def _(node: Ellipsis, nt: Notation) -> str:
    return rf"\{node.kind}"


@form.register
def _(node: Mat, nt: Notation) -> str:
    texts = [(r"\displaystyle " if tall(cell) else "") + write(cell, nt) for cell in node.cells]
    rows = [" & ".join(texts[k : k + node.columns]) for k in range(0, len(texts), node.columns)]
    end = r" \\[10pt] " if any(map(tall, node.cells)) else r" \\ "
    return rf"\begin{{{nt.matrix}}} {end.join(rows)} \end{{{nt.matrix}}}"


@form.register
def _(node: D, nt: Notation) -> str:
    if isinstance(node.arg, D):  # the second differential
        return nt.differential + script("^", "2") + operand(node.arg, 0, node.arg.arg, nt)
    return nt.differential + operand(node, 0, node.arg, nt)


@form.register
def _(node: Partial, nt: Notation) -> str:
    below, inner, outer = [node.wrt], node.of, node
    while isinstance(inner, Partial) and repeats(outer, inner):
        below.append(inner.wrt)
        outer, inner = inner, inner.of
    order = len(below)
    wrt: list[str] = []
    for k, by in enumerate(below):
        run = next((j for j in range(k, order) if below[j] != by), order) - k
        if k == 0 or below[k - 1] != by:
            wrt.append(rf"\partial {_variable(by, nt)}{script('^', str(run)) if run > 1 else ''}")
    mark = rf"\partial{script('^', str(order)) if order > 1 else ''}"
    if in_numerator(inner):
        return rf"\frac{{{mark} {write(inner, nt)}}}{{{' '.join(wrt)}}}"
    return rf"\frac{{{mark}}}{{{' '.join(wrt)}}}{operand(outer, 0, inner, nt)}"


def _variable(by: Node, nt: Notation) -> str:
    return paren(by.cells, nt, after=True) if isinstance(by, Mat) else write(by, nt)


@form.register
def _(node: App, nt: Notation) -> str:
    return write(node.fun, nt) + paren(node.args, nt, after=True)


@form.register
def _(node: Grad, nt: Notation) -> str:
    squared = "^2" if node.order == 2 else ""
    if node.structure:
        mark = rf"^{{\mathrm{{{STRUCTURES[node.structure]}}}}}"
        return rf"\nabla_{{{write(node.wrt[0], nt)}}}{mark} {write(node.fun, nt)}"
    if node.args:  # the variable is named where the arguments leave it open, not where they are its entries
        entries = is_column(node.wrt[0].shape) and node.wrt[0].shape[0] == dim(len(node.args))
        by = rf"_{{{write(node.wrt[0], nt)}}}" if len(node.wrt) == 1 < len(node.args) and not entries else ""
        return rf"\nabla{by}{squared} {write(node.fun, nt)}{paren(node.args, nt, after=True)}"
    if len(node.wrt) > 1:
        return rf"\nabla{squared} {write(node.fun, nt)}"
    if nt.gradient == "partial" and not squared:
        return rf"\frac{{\partial {write(node.fun, nt)}}}{{\partial {write(node.wrt[0], nt)}}}"
    variable = vec(node.wrt[0]) if squared else node.wrt[0]
    return rf"\nabla_{{{write(variable, nt)}}}{squared} {write(node.fun, nt)}"


@form.register
def _(node: Jac, nt: Notation) -> str:
    f = write(node.fun, nt)
    head = {
        "jacobian": f"{nt.letter('J', bold=True)}_{{{f}}}",
        "gradient": rf"\nabla {f}",
        "prime": f + "'" * node.order,
        "slot": rf"\partial{script('_', str(node.slot + 1))} {f}",
    }
    return head[node.form] + paren(node.args, nt, after=True)


@form.register
def _(node: Under, nt: Notation) -> str:
    return underbrace(node, nt, inside=False)


@form.register
def _(node: Group, nt: Notation) -> str:
    return paren([node.arg], nt)


@form.register
def _(node: Commutation, nt: Notation) -> str:
    return rf"\mathcal{{K}}_{{{dimension(node.rows, nt)},{dimension(node.columns, nt)}}}"


@form.register
def _(node: Dims, nt: Notation) -> str:
    return " \\times ".join(dimension(side, nt) or "1" for side in node.of_shape)


@form.register
def _(node: Member, nt: Notation) -> str:
    return rf"{write(node.sym, nt)} \in {_space(node.sym.shape, nt)}"


@form.register
def _(node: Maps, nt: Notation) -> str:
    heads = ", ".join(write(f.symbol, nt) for f in node.functions)
    first = node.functions[0]
    source = r" \times ".join(_space(shape, nt) for shape in first.source)
    return rf"{heads} \colon {source} \to {_space(first.shape, nt)}"


def _space(shape: Shape, nt: Notation) -> str:
    """The space of arrays of a shape."""
    rows, columns = (dimension(side, nt) or "1" for side in shape)
    power = rows if is_column(shape) else rf"{rows} \times {columns}"
    return r"\mathbb{R}" + ("" if is_scalar(shape) else script("^", power))


@form.register
def _(node: Limit, nt: Notation) -> str:
    return rf"\lim_{{{write(node.by, nt)} \to 0}} {operand(node, 0, node.body, nt)}"


@form.register
def _(node: At, nt: Notation) -> str:
    several = isinstance(node.by, Mat)
    value = _variable(node.value, nt) if several else write(node.value, nt)
    place = f"{_variable(node.by, nt)} = {value}"
    return rf"\left. {write(node.arg, nt)} \right|_{{{place}}}"
