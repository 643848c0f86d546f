"""Expression tree -> text in the NumPy-like language (the inverse of ``text_reader``)."""

from __future__ import annotations

from functools import reduce, singledispatch

from generator.errors import InputError
from generator.expr.abstract import Jac
from generator.expr.calculus import App, Commutation, D, Group, Mat, Under
from generator.expr.functions import PRIME
from generator.expr.make import t
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
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import SCALAR, Dimension, Shape, is_column, is_row, is_scalar

# Binding strength in the text language (Python's own): `*`, `@`, `/` bind alike, left to right.
SUM, SIGN, PRODUCT, POWER, ATOM = range(5)


def to_text(node: Node) -> str:
    """The expression in the text language.

    Raises:
        InputError: the expression has no text form (a node that only serves the telling).
    """
    return _write(node)[0]


def _wrap(node: Node, least: int) -> str:
    text, level = _write(node)
    return text if level >= least else f"({text})"


@singledispatch
def _write(node: Node) -> tuple[str, int]:
    raise InputError(f"a {type(node).__name__} has no form in the text language")


@_write.register
def _(node: Num) -> tuple[str, int]:
    v = node.value
    text = str(v.numerator) if v.denominator == 1 else f"{float(v)!r}"
    return text, ATOM


@_write.register
def _(node: Sym) -> tuple[str, int]:
    return node.name, ATOM


@_write.register
def _(node: Idx) -> tuple[str, int]:
    return node.name, ATOM


@_write.register
def _(node: Size) -> tuple[str, int]:  # the language has no sizes among its numbers
    return f"tr({to_text(Eye(node.size))})", ATOM


@_write.register
def _(node: Entry) -> tuple[str, int]:
    keys = [str(i.size) if isinstance(i, Size) else to_text(i) for i in node.indices]
    if isinstance(node.base, Sym) and all(isinstance(i, Num) for i in node.indices):
        joint = "" if all(len(k) == 1 for k in keys) else "_"
        return f"{node.base.name}_{joint.join(keys)}", ATOM
    return f"{_wrap(node.base, ATOM)}[{', '.join(keys)}]", ATOM


@_write.register
def _(node: Add) -> tuple[str, int]:
    out = _wrap(node.terms[0], SIGN)
    for term in node.terms[1:]:
        out += f" - {_wrap(term.arg, PRODUCT)}" if isinstance(term, Neg) else f" + {_wrap(term, PRODUCT)}"
    return out, SUM


@_write.register
def _(node: Neg) -> tuple[str, int]:
    return f"-{_wrap(node.arg, PRODUCT)}", SIGN


@_write.register
def _(node: Mul) -> tuple[str, int]:
    """The chain from left to right; where a column meets a row it is an outer product."""
    out, level, chain = "", PRODUCT, SCALAR
    for k, factor in enumerate(node.factors):
        array = not is_scalar(factor.shape)
        if array and is_column(chain) and is_row(factor.shape):
            inner = factor.arg if isinstance(factor, T) else factor
            out, level = f"outer({out}, {to_text(inner)})", ATOM
        else:
            joint = " @ " if array and not is_scalar(chain) else " * "
            written = _wrap(factor, POWER if k or isinstance(factor, Neg) else PRODUCT)
            out, level = (out + joint + written if k else written), PRODUCT
        if array:
            chain = factor.shape if is_scalar(chain) else (chain[0], factor.shape[1])
    return out, level


@_write.register
def _(node: Had) -> tuple[str, int]:
    head, *rest = node.factors
    first = _wrap(head, POWER if isinstance(head, Neg | Had) else PRODUCT)
    return " * ".join([first, *(_wrap(f, POWER) for f in rest)]), PRODUCT


@_write.register
def _(node: Div) -> tuple[str, int]:
    above = _wrap(node.num, POWER if isinstance(node.num, Neg) else PRODUCT)
    return f"{above} / {_wrap(node.den, POWER)}", PRODUCT


@_write.register
def _(node: Pow) -> tuple[str, int]:
    up = node.exponent
    exponent = f"-{_wrap(up.arg, POWER)}" if isinstance(up, Neg) else _wrap(up, ATOM)
    return f"{_wrap(node.base, ATOM)}**{exponent}", POWER


@_write.register
def _(node: MatPow) -> tuple[str, int]:
    return f"matpow({to_text(node.base)}, {to_text(node.exponent)})", ATOM


@_write.register
def _(node: T) -> tuple[str, int]:
    return f"{_wrap(node.arg, ATOM)}.T", ATOM


@_write.register
def _(node: Inv) -> tuple[str, int]:
    return f"inv({to_text(node.arg)})", ATOM


@_write.register
def _(node: Norm) -> tuple[str, int]:
    if node.p == Num(1):  # type: ignore[arg-type]
        return f"norm1({to_text(node.arg)})", ATOM
    rest = "" if node.p is None else f", {to_text(node.p)}"
    return f"norm({to_text(node.arg)}{rest})", ATOM


@_write.register
def _(node: Commutation) -> tuple[str, int]:
    return f"commutation({_side(node.rows)}, {_side(node.columns)})", ATOM


def _laid(node: Node) -> str:
    """A vector beside a matrix in a Kronecker product must say how it lies."""
    if is_column(node.shape):
        return f"col({to_text(node)})"
    return f"row({to_text(t(node))})" if is_row(node.shape) else to_text(node)


@_write.register
def _(node: Call) -> tuple[str, int]:
    if node.name == "kron" and not all(is_column(a.shape) for a in node.args):
        return f"kron({', '.join(map(_laid, node.args))})", ATOM
    return f"{node.name}{PRIME * node.order}({', '.join(map(to_text, node.args))})", ATOM


@_write.register
def _(node: App) -> tuple[str, int]:
    return f"{node.fun.name}({', '.join(map(to_text, node.args))})", ATOM


@_write.register
def _(node: Jac) -> tuple[str, int]:
    f, args = node.fun.name, ", ".join(map(to_text, node.args))
    primes = f"{f}{PRIME}{node.order if node.order > 1 else ''}"
    head = {
        "jacobian": f"J_{f}",
        "gradient": f"grad_{f}",
        "prime": primes,
        "slot": f"partial{node.slot + 1}_{f}",
    }
    return f"{head[node.form]}({args})", ATOM


@_write.register
def _(node: Eye | Ones | Zero) -> tuple[str, int]:
    head = {Eye: "eye", Ones: "ones", Zero: "zeros"}[type(node)]
    parts = _parts(node.shape[0])
    if len(parts) > 1 and (
        isinstance(node, Eye) or is_column(node.shape)
    ):  # languages differ in n*m as a size
        return reduce(lambda a, b: f"kron({a}, {b})", (f"{head}({p})" for p in parts)), ATOM
    return f"{head}({_sides(node.shape, square=isinstance(node, Eye))})", ATOM


def _sides(shape: Shape, *, square: bool) -> str:
    if square or is_column(shape):
        return _side(shape[0])
    return _side(shape[1]) if is_row(shape) else f"{_side(shape[0])}, {_side(shape[1])}"


def _side(side: Dimension) -> str:
    return " * ".join(_parts(side))


def _parts(side: Dimension) -> list[str]:
    """The factors of a size."""
    return str(side).split("·")


@_write.register
def _(node: D) -> tuple[str, int]:
    return f"d({to_text(node.arg)})", ATOM


@_write.register
def _(node: Group | Under) -> tuple[str, int]:
    return _write(node.arg)


@_write.register
def _(node: Mat) -> tuple[str, int]:
    rows = [node.cells[k : k + node.columns] for k in range(0, len(node.cells), node.columns)]
    if node.columns == 1:
        return f"stack({', '.join(map(to_text, node.cells))})", ATOM
    inner = (", ".join(map(to_text, row)) for row in rows)
    return f"stack({', '.join(f'stack({cells})' for cells in inner)})", ATOM
