"""Unicode of the nodes of calculus and of telling (``calculus.py``, ``abstract.py``)."""

from __future__ import annotations

from itertools import groupby

from generator.expr import calculus as c
from generator.expr import nodes as n
from generator.expr.abstract import Jac, Maps
from generator.expr.grammar import STRUCTURES, in_numerator, repeats
from generator.expr.letters import subscript, superscript
from generator.expr.match import substitute
from generator.expr.nodes import Node
from generator.expr.shapes import Shape, is_matrix, long_sides
from generator.expr.unicode_parts import DOTS, form, listed, part, write


@form.register
def _(node: c.Sum) -> str:
    return f"Σ{subscript([write(node.index)])} {part(node, 0, node.body)}"


@form.register
def _(node: c.Dots) -> str:
    out, before = "", None
    for k, value in enumerate(node.shown):
        near = isinstance(value, n.Num) and isinstance(before, n.Num) and value.value == before.value + 1
        out += "" if before is None else " + " if near else " + ⋯ + "
        out += part(node, k, substitute(node.body, {node.index: value}))
        before = value
    return out


@form.register
def _(node: c.Delta) -> str:
    return "δ" + subscript([write(node.i), write(node.j)])


@form.register
def _(node: c.Rel) -> str:
    return f"{part(node, 0, node.lhs)} {node.op} {part(node, 1, node.rhs)}"


@form.register
def _(node: c.Cases) -> str:
    told = (f"{write(v)} {_guard(g)}" for v, g in zip(node.values, node.guards, strict=True))
    return f"{{{'; '.join(told)}}}"


def _guard(node: Node) -> str:
    if isinstance(node, n.Num):
        return "otherwise"
    return "if " + " and ".join(map(write, node.factors if isinstance(node, n.Mul) else [node]))


@form.register
def _(node: c.Ellipsis) -> str:
    return DOTS[node.kind]


@form.register
def _(node: c.Mat) -> str:
    rows = (node.cells[k : k + node.columns] for k in range(0, len(node.cells), node.columns))
    return f"[{'; '.join(map(listed, rows))}]"


@form.register
def _(node: c.D) -> str:
    if isinstance(node.arg, c.D):
        return f"d²{part(node.arg, 0, node.arg.arg)}"
    return f"d{part(node, 0, node.arg)}"


@form.register
def _(node: c.Partial) -> str:
    inner, by = node, [node.wrt]
    while isinstance(inner.of, c.Partial) and repeats(inner, inner.of):
        inner = inner.of
        by.append(inner.wrt)
    order = _order(len(by))
    runs = [(wrt, len(list(run))) for wrt, run in groupby(by)]
    below = "".join(f"∂{_variable(wrt)}{_order(times)}" for wrt, times in runs)
    if in_numerator(inner.of):
        return f"∂{order}{write(inner.of)}/{below if len(runs) == 1 else f'({below})'}"
    of = inner.of.arg if isinstance(inner.of, c.Group) else inner.of
    return f"∂{order}/{below} ({write(of)})"


def _variable(by: Node) -> str:
    return f"({listed(by.cells)})" if isinstance(by, c.Mat) else write(by)


def _order(times: int) -> str:
    return superscript(str(times)) or "" if times > 1 else ""


@form.register
def _(node: c.App) -> str:
    return f"{write(node.fun)}({listed(node.args)})"


@form.register
def _(node: c.Grad) -> str:
    nabla = "∇²" if node.order == 2 else "∇"
    if node.structure:
        nabla += f"^{STRUCTURES[node.structure]}"
    if node.args:
        return f"{nabla}{write(node.fun)}({listed(node.args)})"
    by = listed(node.wrt) if len(node.wrt) == 1 else f"({listed(node.wrt)})"
    if node.order == 2 and is_matrix(node.wrt[0].shape):
        by = f"vec({by})"
    return f"{nabla}_{by} {write(node.fun)}"


@form.register
def _(node: c.Under | c.Group) -> str:
    return f"({write(node.arg)})" if isinstance(node, c.Group) else write(node.arg)


@form.register
def _(node: c.Commutation) -> str:
    return "𝒦" + subscript([str(node.rows), str(node.columns)])


@form.register
def _(node: c.Dims) -> str:
    return "×".join(str(side) for side in node.of_shape)


@form.register
def _(node: c.Member) -> str:
    return f"{write(node.sym)} ∈ {_space(node.sym.shape)}"


@form.register
def _(node: Maps) -> str:
    first = node.functions[0]
    source = " × ".join(map(_space, first.source))
    return f"{listed(f.symbol for f in node.functions)}: {source} → {_space(first.shape)}"


def _space(shape: Shape) -> str:
    sides = "×".join(str(side) for side in long_sides(shape))
    return f"ℝ{superscript(sides) or (f'^({sides})' if sides else '')}"


@form.register
def _(node: c.Limit) -> str:
    return f"lim_{{{write(node.by)}→0}} {part(node, 0, node.body)}"


@form.register
def _(node: Jac) -> str:
    f = write(node.fun)
    head = {
        "jacobian": f"J{subscript([f])}", "gradient": f"∇{f}", "prime": f + "′" * node.order,
        "slot": f"∂{subscript([str(node.slot + 1)])}{f}",
    }  # fmt: skip
    return f"{head[node.form]}({listed(node.args)})"


@form.register
def _(node: c.At) -> str:
    value = _variable(node.value) if isinstance(node.by, c.Mat) else write(node.value)
    return f"{write(node.arg)}|({_variable(node.by)} = {value})"
