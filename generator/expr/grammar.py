"""Precedence: the one table that readers and writers share.

``level`` orders the operators of the text language; ``printed`` those of typeset mathematics, where a
fraction bar or a radical brackets by itself. ``brackets`` is the law of parentheses: the writer prints a
pair exactly where it holds, and the reader drops a pair exactly where it holds (elsewhere a pair is a
``Group``). That is why a tree reads back as itself.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from generator.expr.abstract import Jac
from generator.expr.calculus import (
    App,
    Cases,
    D,
    Delta,
    Dots,
    Grad,
    Group,
    Limit,
    Mat,
    Partial,
    Rel,
    Sum,
    Under,
)
from generator.expr.match import children
from generator.expr.names import split_name
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Idx,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Row,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import Dim, is_scalar, resolve


class Level(IntEnum):
    """How tightly an expression holds together; more is tighter."""

    REL = 0
    ADD = 1
    NEG = 2
    HAD = 3
    MUL = 4
    POW = 5
    POSTFIX = 6
    ATOM = 7


REL, ADD, NEG, HAD, MUL, POW, POSTFIX, ATOM = Level

_TEXT: dict[type[Node], Level] = {
    Rel: REL, Add: ADD, Neg: NEG, Had: HAD, Mul: MUL, Div: MUL, Pow: POW, T: POSTFIX,
}  # fmt: skip
_PRINTED: dict[type[Node], Level] = {
    Rel: REL, Add: ADD, Dots: ADD, Neg: NEG, Had: HAD, Mul: MUL, Sum: MUL, Limit: MUL, D: MUL,
    Partial: POW, Pow: POW, MatPow: POW, Inv: POW, T: POSTFIX,
}  # fmt: skip
_TO_THE_END = (Sum, Limit, D)  # whatever follows would be taken for a part of their argument
_CLOSED = (Num, Idx, Norm, Eye, Ones, Zero, App, Jac, Mat, Delta)


def level(node: Node) -> Level:
    """The level in the text language; whatever is written like a name or a call is an atom."""
    return _TEXT.get(type(node), ATOM)


def printed(node: Node) -> Level:
    """The level in typeset mathematics."""
    match node:
        case Div():
            return POW if is_scalar(node.den.shape) else HAD
        case Call():
            return HAD if node.name == "kron" else ATOM
        case Size():
            d = resolve(node.size)
            return MUL if isinstance(d, Dim) and len(d.names) + (d.factor > 1) > 1 else ATOM
        case Grad():
            return ATOM if node.args else POW
    return _PRINTED.get(type(node), ATOM)


def brackets(parent: Node, k: int, child: Node) -> bool:
    """Whether ``child`` stands in parentheses as operand number ``k`` of ``parent``."""
    if isinstance(child, Group):
        return False
    if isinstance(child, Under):
        signed = isinstance(parent, Add) and k > 0 and isinstance(child.arg, Neg)
        return signed or (bears_script(parent) and k == 0) or brackets(parent, k, child.arg)
    law = _LAWS.get(type(parent))
    if law is None:
        return False
    if isinstance(child, Cases) and not isinstance(parent, Rel | Div | Call):
        return True
    return law(parent, k, child)


def bears_script(parent: Node) -> bool:
    """Whether the first operand bears a script.

    There the parentheses of an underbraced operand go around the brace, elsewhere inside it: it is the
    braced expression that binds.
    """
    return isinstance(parent, (Pow, MatPow, T, Inv, Entry, Row))


STRUCTURES = {"symmetric": "sym", "diagonal": "diag"}  # what stands at a nabla


def in_numerator(node: Node) -> bool:
    """Whether ∂ of the node is written in the numerator, as in ∂f/∂x; else it follows ∂/∂x in parentheses."""
    return isinstance(node, Sym | Entry | App) or is_stacked(node)


def is_stacked(node: Node) -> bool:
    """Whether this is vec of a symbol, which is differentiated, and differentiated by, like a symbol."""
    return isinstance(node, Call) and node.name == "vec" and isinstance(node.args[0], Sym)


def repeats(outer: Node, inner: Node) -> bool:
    """Whether two partial derivatives are written as one of higher order."""
    return (
        isinstance(outer, Partial)
        and isinstance(inner, Partial)
        and is_scalar(outer.wrt.shape)
        and is_scalar(inner.wrt.shape)
        and inner.layout == outer.layout
    )


def takes_index(base: Node, parent: Node) -> bool:
    """Whether an index is put on the letter of ``base`` itself: x_i, f_k(x)."""
    if isinstance(base, App) and isinstance(parent, Entry):
        base = base.fun
    if not isinstance(base, Sym):
        return False
    name = split_name(base.name)
    return not (name.sub or name.sup)


def _plain(node: Size) -> bool:
    d = resolve(node.size)
    return not isinstance(d, Dim) or not d.names or (d.factor == 1 and len(d.names) == 1)


def _looser_than(bound: Level) -> Callable[[Node, int, Node], bool]:
    return lambda parent, k, child: k == 0 and printed(child) < bound


def _in_relation(parent: Node, k: int, child: Node) -> bool:
    return printed(child) <= REL


def _in_sum(parent: Node, k: int, child: Node) -> bool:
    return printed(child) <= ADD and not isinstance(child, Dots)


def _in_hadamard(parent: Node, k: int, child: Node) -> bool:
    return printed(child) <= HAD or isinstance(child, Sum | Limit)


def _in_product(parent: Node, k: int, child: Node) -> bool:
    if isinstance(child, _TO_THE_END) or (isinstance(child, Grad) and not child.args):
        return k < len(children(parent)) - 1
    return printed(child) <= MUL


def _in_quotient(parent: Node, k: int, child: Node) -> bool:
    if printed(parent) == HAD:  # ⊘ and ⊗ have no agreed precedence next to a product
        return printed(child) <= MUL and not isinstance(child, D)
    # a differential below a differential would read as the derivative dy/dx
    return isinstance(parent, Div) and k == 1 and isinstance(child, D)


def _under_script(parent: Node, k: int, base: Node) -> bool:
    """Whether a base needs parentheses to bear a superscript."""
    if k > 0:
        return False
    match base:
        case Sym():
            return bool(split_name(base.name).sup)
        case Size():
            return printed(base) < ATOM
        case Entry():  # the typeset X_ij^T is an entry of the transpose, X_ij^-1 is one of the inverse
            vector = len(base.indices) == 1
            return not (isinstance(parent, Pow) and (vector or isinstance(parent.exponent, Num)))
        case Call():
            return base.name in ("kron", "logdet")
        case Grad():
            return not base.args
    return not isinstance(base, _CLOSED)


def _under_index(parent: Node, k: int, base: Node) -> bool:
    return k == 0 and not takes_index(base, parent)


def _in_differential(parent: Node, k: int, child: Node) -> bool:
    if isinstance(child, Entry):
        return not takes_index(child.base, child)
    return not isinstance(child, Sym | App)


def _in_derivative(parent: Node, k: int, child: Node) -> bool:
    return k == 0 and not in_numerator(child) and not repeats(parent, child)


_LAWS: dict[type[Node], Callable[[Node, int, Node], bool]] = {
    Rel: _in_relation, Add: _in_sum,
    Neg: _looser_than(HAD), Dots: _looser_than(HAD), Sum: _looser_than(MUL), Limit: _looser_than(MUL),
    Had: _in_hadamard, Mul: _in_product, Div: _in_quotient, Call: _in_quotient,
    Pow: _under_script, MatPow: _under_script, T: _under_script, Inv: _under_script,
    Entry: _under_index, Row: _under_index, D: _in_differential, Partial: _in_derivative,
}  # fmt: skip
