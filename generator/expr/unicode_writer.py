"""Expression tree -> one line of Unicode mathematics, for the terminal; every node class has a form.

What one line cannot show (a brace with a note under it) is left to ``terminal``. Brackets follow
``grammar.brackets``; only the slash, which does not bracket as a fraction bar does, is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from itertools import groupby

from generator.expr import calculus as c
from generator.expr import nodes as n
from generator.expr.functions import FUNCTIONS
from generator.expr.grammar import Level, brackets, in_numerator, printed, repeats, takes_index
from generator.expr.letters import letter, subscript, superscript
from generator.expr.match import substitute
from generator.expr.nodes import Node
from generator.expr.shapes import is_scalar, long_sides

_DOTS = {"cdots": "⋯", "vdots": "⋮", "ddots": "⋱"}


def to_unicode(node: Node) -> str:
    """The expression as one line of Unicode."""
    return _write(node)


def pieces(node: Node) -> list[str]:
    """The same line in parts, between which it may be broken: the terms of a sum with their signs."""
    if not isinstance(node, n.Add):
        return [_write(node)]
    return [_term(node, k) for k in range(len(node.terms))]


def _part(parent: Node, k: int, child: Node) -> str:
    return f"({_write(child)})" if _bracketed(parent, k, child) else _write(child)


def _bracketed(parent: Node, k: int, child: Node) -> bool:
    inner = child
    while isinstance(inner, c.Under):
        inner = inner.arg
    if isinstance(inner, n.Div):  # a fraction in one line is a product
        return isinstance(parent, n.Mul | n.Had | n.Pow | n.T | n.Inv | n.Entry) or (
            isinstance(parent, n.Div) and k == 1
        )
    if isinstance(parent, n.Div):
        return printed(inner) <= (Level.HAD, Level.MUL)[k] or (k == 1 and isinstance(inner, c.Partial))
    return brackets(parent, k, child)


@singledispatch
def _write(node: Node) -> str:
    raise AssertionError(f"{type(node).__name__} has no Unicode form")


@_write.register
def _(node: n.Num) -> str:
    return str(node.value.numerator) if node.value.denominator == 1 else repr(float(node.value))


@_write.register
def _(node: n.Size | n.Idx | n.Sym) -> str:
    return str(node.size) if isinstance(node, n.Size) else letter(node.name)


@_write.register
def _(node: n.Entry) -> str:
    below = subscript([_write(i) for i in node.indices])
    if isinstance(node.base, c.App) and takes_index(node.base, node):
        return f"{_write(node.base.fun)}{below}({_list(node.base.args)})"
    return _part(node, 0, node.base) + below


@_write.register
def _(node: n.Row) -> str:
    return _part(node, 0, node.base) + subscript([_write(node.index), ":"])


@_write.register
def _(node: n.Add) -> str:
    return " ".join(pieces(node))


def _term(node: n.Add, k: int) -> str:
    term = node.terms[k]
    if k and isinstance(term, n.Neg):
        return f"− {_part(term, 0, term.arg)}"
    return ("+ " if k else "") + _part(node, k, term)


@_write.register
def _(node: n.Neg) -> str:
    return f"−{_part(node, 0, node.arg)}"


@_write.register
def _(node: n.Mul) -> str:
    out = ""
    for k, factor in enumerate(node.factors):
        out += (_between(node, k) if k else "") + _part(node, k, factor)
    return out


def _between(node: n.Mul, k: int) -> str:
    """What stands between factors: nothing between letters and brackets, a space beside anything longer."""
    left, right = node.factors[k - 1 : k + 1]
    if isinstance(_bare(right), n.Num):
        return "·"
    both = _bracketed(node, k - 1, left) or _compact(left), _bracketed(node, k, right) or _compact(right)
    return "" if all(both) else " "


def _compact(node: Node) -> bool:
    """Whether the expression reads as one glyph, so that a neighbour may stand close to it."""
    match node:
        case n.Num() | n.Norm() | n.Eye() | n.Ones() | n.Zero() | n.Idx() | c.Group() | c.Mat():
            return True
        case n.Sym() | n.Size() | n.Entry():
            text = _write(node)
            return "_" not in text and not text[1:2].isalpha()
        case n.T(arg=base) | n.Inv(arg=base) | n.Pow(base=base) | n.MatPow(base=base):
            return (_bracketed(node, 0, base) or _compact(base)) and "^" not in _write(node)
        case c.Under():
            return _compact(node.arg)
    return False


def _bare(node: Node) -> Node:
    """The leftmost thing that is written, where it is written without brackets."""
    match node:
        case c.Under():
            return _bare(node.arg)
        case n.Pow() if not _bracketed(node, 0, node.base):
            return _bare(node.base)
        case n.Mul() if not _bracketed(node, 0, node.factors[0]):
            return _bare(node.factors[0])
    return node


@_write.register
def _(node: n.Had) -> str:
    return " ∘ ".join(_part(node, k, f) for k, f in enumerate(node.factors))


@_write.register
def _(node: n.Div) -> str:
    sign = "/" if is_scalar(node.den.shape) else " ⊘ "
    return f"{_part(node, 0, node.num)}{sign}{_part(node, 1, node.den)}"


@_write.register
def _(node: n.Pow | n.MatPow) -> str:
    if isinstance(node, n.Pow) and not is_scalar(node.base.shape):
        return f"{_part(node, 0, node.base)}^∘{_atom(node.exponent)}"
    raised = superscript(_write(node.exponent).replace(" ", ""))
    return _part(node, 0, node.base) + (raised or f"^{_atom(node.exponent)}")


def _atom(node: Node) -> str:
    return _write(node) if printed(node) == Level.ATOM else f"({_write(node)})"


@_write.register
def _(node: n.T | n.Inv) -> str:
    return _part(node, 0, node.arg) + ("ᵀ" if isinstance(node, n.T) else "⁻¹")


@_write.register
def _(node: n.Norm) -> str:
    text = f"‖{_write(node.arg)}‖"
    return text if node.p is None else text + subscript([_write(node.p)])


@_write.register
def _(node: n.Call) -> str:
    if node.name == "kron":
        return " ⊗ ".join(_part(node, k, a) for k, a in enumerate(node.args))
    if node.name == "abs" and not node.order:
        return f"|{_list(node.args)}|"
    return f"{FUNCTIONS[node.name].unicode}{'′' * node.order}({_list(node.args)})"


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(map(_write, nodes))


@_write.register
def _(node: n.Eye | n.Ones | n.Zero) -> str:
    return {n.Eye: "I", n.Ones: "𝟏"}.get(type(node), "0")


@_write.register
def _(node: c.Sum) -> str:
    return f"Σ{subscript([_write(node.index)])} {_part(node, 0, node.body)}"


@_write.register
def _(node: c.Dots) -> str:
    out, before = "", None
    for k, value in enumerate(node.shown):
        near = isinstance(value, n.Num) and isinstance(before, n.Num) and value.value == before.value + 1
        out += "" if before is None else " + " if near else " + ⋯ + "
        out += _part(node, k, substitute(node.body, {node.index: value}))
        before = value
    return out


@_write.register
def _(node: c.Delta) -> str:
    return "δ" + subscript([_write(node.i), _write(node.j)])


@_write.register
def _(node: c.Rel) -> str:
    return f"{_part(node, 0, node.lhs)} {node.op} {_part(node, 1, node.rhs)}"


@_write.register
def _(node: c.Cases) -> str:
    told = (f"{_write(v)} {_guard(g)}" for v, g in zip(node.values, node.guards, strict=True))
    return f"{{{'; '.join(told)}}}"


def _guard(node: Node) -> str:
    if isinstance(node, n.Num):
        return "otherwise"
    return "if " + " and ".join(map(_write, node.factors if isinstance(node, n.Mul) else [node]))


@_write.register
def _(node: c.Ellipsis) -> str:
    return _DOTS[node.kind]


@_write.register
def _(node: c.Mat) -> str:
    rows = (node.cells[k : k + node.columns] for k in range(0, len(node.cells), node.columns))
    return f"[{'; '.join(map(_list, rows))}]"


@_write.register
def _(node: c.D) -> str:
    return f"d{_part(node, 0, node.arg)}"


@_write.register
def _(node: c.Partial) -> str:
    inner, by = node, [node.wrt]
    while isinstance(inner.of, c.Partial) and repeats(inner, inner.of):
        inner = inner.of
        by.append(inner.wrt)
    order = _order(len(by))
    runs = [(wrt, len(list(run))) for wrt, run in groupby(by)]
    below = "".join(f"∂{_write(wrt)}{_order(times)}" for wrt, times in runs)
    if in_numerator(inner.of):
        return f"∂{order}{_write(inner.of)}/{below if len(runs) == 1 else f'({below})'}"
    of = inner.of.arg if isinstance(inner.of, c.Group) else inner.of
    return f"∂{order}/{below} ({_write(of)})"


def _order(times: int) -> str:
    return superscript(str(times)) or "" if times > 1 else ""


@_write.register
def _(node: c.App) -> str:
    return f"{_write(node.fun)}({_list(node.args)})"


@_write.register
def _(node: c.Grad) -> str:
    nabla = "∇²" if node.order == 2 else "∇"
    if node.args:
        return f"{nabla}{_write(node.fun)}({_list(node.args)})"
    by = _list(node.wrt) if len(node.wrt) == 1 else f"({_list(node.wrt)})"
    return f"{nabla}_{by} {_write(node.fun)}"


@_write.register
def _(node: c.Under | c.Group) -> str:
    return f"({_write(node.arg)})" if isinstance(node, c.Group) else _write(node.arg)


@_write.register
def _(node: c.Commutation) -> str:
    return "𝒦" + subscript([str(node.rows), str(node.columns)])


@_write.register
def _(node: c.Dims) -> str:
    return "×".join(str(side) for side in node.of_shape)


@_write.register
def _(node: c.Member) -> str:
    sides = "×".join(str(side) for side in long_sides(node.sym.shape))
    return f"{_write(node.sym)} ∈ ℝ{superscript(sides) or (f'^({sides})' if sides else '')}"
