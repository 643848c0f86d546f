"""Unicode of the nodes of algebra (``nodes.py``)."""

from __future__ import annotations

from generator.expr import calculus as c
from generator.expr import nodes as n
from generator.expr.functions import FUNCTIONS
from generator.expr.grammar import Level, printed, takes_index
from generator.expr.letters import letter, subscript, superscript
from generator.expr.nodes import Node
from generator.expr.shapes import is_scalar
from generator.expr.unicode_parts import bracketed, form, listed, part, pieces, write


@form.register
def _(node: n.Num) -> str:
    return str(node.value.numerator) if node.value.denominator == 1 else repr(float(node.value))


@form.register
def _(node: n.Size | n.Idx | n.Sym) -> str:
    return str(node.size) if isinstance(node, n.Size) else letter(node.name)


@form.register
def _(node: n.Entry) -> str:
    below = subscript([write(i) for i in node.indices])
    if isinstance(node.base, c.App) and takes_index(node.base, node):
        return f"{write(node.base.fun)}{below}({listed(node.base.args)})"
    return part(node, 0, node.base) + below


@form.register
def _(node: n.Row) -> str:
    return part(node, 0, node.base) + subscript([write(node.index), ":"])


@form.register
def _(node: n.Add) -> str:
    return " ".join(pieces(node))


@form.register
def _(node: n.Neg) -> str:
    return f"−{part(node, 0, node.arg)}"


@form.register
def _(node: n.Mul) -> str:
    out, close = "", True
    for k, factor in enumerate(node.factors):
        inside = bracketed(node, k, factor)
        before, close = close, inside or _compact(factor)
        if k:  # nothing between letters and brackets, a space beside anything longer
            out += "·" if isinstance(_bare(factor), n.Num) else "" if before and close else " "
        out += f"({write(factor)})" if inside else write(factor)
    return out


def _compact(node: Node) -> bool:
    """Whether the expression reads as one glyph, so that a neighbour may stand close to it."""
    match node:
        case n.Num() | n.Norm() | n.Eye() | n.Ones() | n.Zero() | n.Idx() | c.Group() | c.Mat():
            return True
        case n.Sym() | n.Size() | n.Entry():
            text = write(node)
            return "_" not in text and not text[1:2].isalpha()
        case n.T(arg=base) | n.Inv(arg=base) | n.Pow(base=base) | n.MatPow(base=base):
            return (bracketed(node, 0, base) or _compact(base)) and "^" not in write(node)
        case c.Under():
            return _compact(node.arg)
    return False


def _bare(node: Node) -> Node:
    """The leftmost thing that is written, where it is written without brackets."""
    match node:
        case c.Under():
            return _bare(node.arg)
        case n.Pow() if not bracketed(node, 0, node.base):
            return _bare(node.base)
        case n.Mul() if not bracketed(node, 0, node.factors[0]):
            return _bare(node.factors[0])
    return node


@form.register
def _(node: n.Had) -> str:
    return " ∘ ".join(part(node, k, f) for k, f in enumerate(node.factors))


@form.register
def _(node: n.Div) -> str:
    sign = "/" if is_scalar(node.den.shape) else " ⊘ "
    return f"{part(node, 0, node.num)}{sign}{part(node, 1, node.den)}"


@form.register
def _(node: n.Pow | n.MatPow) -> str:
    if isinstance(node, n.Pow) and not is_scalar(node.base.shape):
        return f"{part(node, 0, node.base)}^∘{_atom(node.exponent)}"
    raised = superscript(write(node.exponent).replace(" ", ""))
    return part(node, 0, node.base) + (raised or f"^{_atom(node.exponent)}")


def _atom(node: Node) -> str:
    return write(node) if printed(node) == Level.ATOM else f"({write(node)})"


@form.register
def _(node: n.T | n.Inv) -> str:
    return part(node, 0, node.arg) + ("ᵀ" if isinstance(node, n.T) else "⁻¹")


@form.register
def _(node: n.Norm) -> str:
    text = f"‖{write(node.arg)}‖"
    return text if node.p is None else text + subscript([write(node.p)])


@form.register
def _(node: n.Call) -> str:
    if node.name == "kron":
        return " ⊗ ".join(part(node, k, a) for k, a in enumerate(node.args))
    if node.name == "abs" and not node.order:
        return f"|{listed(node.args)}|"
    return f"{FUNCTIONS[node.name].unicode}{'′' * node.order}({listed(node.args)})"


@form.register
def _(node: n.Eye | n.Ones | n.Zero) -> str:
    return {n.Eye: "I", n.Ones: "𝟏"}.get(type(node), "0")
