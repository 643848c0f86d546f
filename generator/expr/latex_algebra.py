"""LaTeX of the nodes of algebra (``nodes.py``)."""

from __future__ import annotations

from fractions import Fraction

from generator.expr.abstract import Jac
from generator.expr.calculus import App, D, Grad, Group, Partial, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.grammar import brackets, takes_index
from generator.expr.latex_parts import (
    closed,
    dimension,
    fence,
    form,
    operand,
    paren,
    sized,
    subscript,
    unsized,
    write,
)
from generator.expr.match import children
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
from generator.expr.notation import Notation, Sized, script
from generator.expr.shapes import Dim, is_column, is_matrix, is_one, is_scalar, resolve


@form.register
def _(node: Num, nt: Notation) -> str:
    return _number(node.value)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    shift = next((k for k in range(64) if 10**k % value.denominator == 0), None)
    if shift is None:
        return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    digits = str(value.numerator * 10**shift // value.denominator)
    if shift == 0:
        return digits
    digits = digits.rjust(shift + 1, "0")
    return f"{digits[:-shift]}.{digits[-shift:]}"


@form.register
def _(node: Size, nt: Notation) -> str:
    return dimension(node.size, nt)


@form.register
def _(node: Sym, nt: Notation) -> str:
    return nt.symbol(node.name, bold=not is_scalar(node.shape))


@form.register
def _(node: Idx, nt: Notation) -> str:
    return nt.symbol(node.name)


@form.register
def _(node: Entry, nt: Notation) -> str:
    sub = subscript(node.indices, nt)
    if takes_index(node.base, node):
        if isinstance(node.base, App):
            return f"{nt.symbol(node.base.fun.name)}{sub}{paren(node.base.args, nt, after=True)}"
        if isinstance(node.base, Sym):
            return f"{nt.symbol(node.base.name)}{sub}"
    return f"{operand(node, 0, node.base, nt)}{sub}"


@form.register
def _(node: Row, nt: Notation) -> str:
    return f"{operand(node, 0, node.base, nt)}_{{{write(node.index, nt)},:}}"


@form.register
def _(node: Add, nt: Notation) -> str:
    text = ""
    for k, term in enumerate(node.terms):
        if k and isinstance(term, Neg):
            text += f" - {operand(term, 0, term.arg, nt)}"
        else:
            text += f"{' + ' if k else ''}{operand(node, k, term, nt)}"
    return text


@form.register
def _(node: Neg, nt: Notation) -> str:
    return f"-{operand(node, 0, node.arg, nt)}"


@form.register
def _(node: Mul, nt: Notation) -> str:
    parts = zip(node.factors, _by_part(node, nt), strict=True)
    return _joined(node, [operand(node, k, factor, here) for k, (factor, here) in enumerate(parts)])


def _by_part(node: Mul, nt: Notation) -> list[Notation]:
    """The notation of each factor: those of a number within the product, 1ᵀ1, are closed together.

    Nothing tells the side that two ones share, either.
    """
    found: list[Notation] = []
    for k, f in enumerate(node.factors, 1):
        if k == len(node.factors) or is_one(f.shape[1]):
            part = node.factors[len(found) : k]
            whole = Mul(part)
            found += [closed(whole, nt) if is_scalar(whole.shape) and len(part) > 1 else nt] * len(part)
    lone = [k for k, f in enumerate(node.factors) if not is_scalar(f.shape) and unsized(f)]
    for k in (k for k in lone if k + 1 in lone):
        found[k] = found[k + 1] = sized(nt)
    return found


def _joined(node: Mul, texts: list[str]) -> str:
    gaps = ["", *(_gap(node, k, factor) for k, factor in enumerate(node.factors) if k)]
    return "".join(gap + text for gap, text in zip(gaps, texts, strict=True))


def _gap(parent: Mul, k: int, factor: Node) -> str:
    bare = factor.arg if isinstance(factor, Under) else factor
    if brackets(parent, k, factor) or isinstance(factor, Group):
        return ""
    before = parent.factors[k - 1]
    if isinstance(bare, D | Grad) or _is_nabla(bare) or (_is_fraction(bare) and _is_fraction(before)):
        return r"\,"
    return r" \cdot " if _starts_with_digit(bare) else " "


def _is_nabla(node: Node) -> bool:
    return isinstance(node, Jac) and node.form == "gradient"


def _is_fraction(node: Node) -> bool:
    return isinstance(node, Partial) or (isinstance(node, Div) and is_scalar(node.den.shape))


def _starts_with_digit(node: Node) -> bool:
    """Whether a factor would run together with what stands before it; so would a numeric fraction."""
    if isinstance(node, Pow | MatPow | T | Inv):
        return not brackets(node, 0, children(node)[0]) and _starts_with_digit(children(node)[0])
    if isinstance(node, Div):
        return isinstance(node.num, Num) and isinstance(node.den, Num)
    if isinstance(node, Size):
        size = resolve(node.size)
        return isinstance(size, Dim) and not size.names
    return isinstance(node, Num)


@form.register
def _(node: Had, nt: Notation) -> str:
    return _infix(node, nt.hadamard, nt)


def _infix(node: Node, mark: str, nt: Notation) -> str:
    return f" {mark} ".join(operand(node, k, child, nt) for k, child in enumerate(children(node)))


@form.register
def _(node: Div, nt: Notation) -> str:
    if not is_scalar(node.den.shape):
        return _infix(node, r"\oslash", nt)
    return rf"\frac{{{operand(node, 0, node.num, nt)}}}{{{operand(node, 1, node.den, nt)}}}"


@form.register
def _(node: Pow, nt: Notation) -> str:
    mark = "" if is_scalar(node.base.shape) else f"{nt.hadamard} "
    return operand(node, 0, node.base, nt) + script("^", mark + write(node.exponent, nt))


@form.register
def _(node: MatPow, nt: Notation) -> str:
    return operand(node, 0, node.base, nt) + script("^", write(node.exponent, nt))


@form.register
def _(node: T, nt: Notation) -> str:
    if nt.inverse_transpose and isinstance(node.arg, Inv):
        return f"{operand(node.arg, 0, node.arg.arg, nt)}^{{-{nt.transpose}}}"
    return f"{operand(node, 0, node.arg, nt)}^{{{nt.transpose}}}"


@form.register
def _(node: Inv, nt: Notation) -> str:
    return f"{operand(node, 0, node.arg, nt)}^{{-1}}"


@form.register
def _(node: Norm, nt: Notation) -> str:
    entrywise = node.p is not None and node.p != Num(Fraction(2))
    plain = "F" if is_matrix(node.arg.shape) else "2"
    p = write(node.p, nt) if node.p is not None and entrywise else plain
    return fence(r"\lVert", node.arg, r"\rVert", closed(node.arg, nt)) + script("_", p)


@form.register
def _(node: Call, nt: Notation) -> str:
    if node.name == "kron":
        texts = [_sized(a, nt) for a in node.args]
        return r" \otimes ".join(
            (f"({text})" if brackets(node, k, a) else text) if text else operand(node, k, a, nt)
            for k, (a, text) in enumerate(zip(node.args, texts, strict=True))
        )
    if node.name == "vec" and (text := _sized(node.args[0], nt)):
        return rf"{FUNCTIONS['vec'].latex}({text})"
    if node.name == "sqrt" and not node.order:
        return rf"\sqrt{{{write(node.args[0], nt)}}}"
    if node.name == "abs" and not node.order and not is_matrix(node.shape):
        return fence(r"\lvert", node.args[0], r"\rvert", nt)
    nt = closed(node, nt) if is_scalar(node.shape) else nt
    head = r"\operatorname{sqrt}" if node.name == "sqrt" else FUNCTIONS[node.name].latex
    return head + "'" * node.order + paren(node.args, nt, after=True)


def _sized(node: Node, nt: Notation) -> str:
    """What is made of identities and ones, with sizes, which nothing else tells inside ⊗ and vec."""
    if isinstance(node, T) and isinstance(node.arg, Ones):
        inner = _sized(node.arg, nt)
        return inner and f"{inner}^{{{nt.transpose}}}"
    if isinstance(node, Mul):
        ways = [sized(nt) if _sized(f, nt) else nt for f in node.factors]
        texts = [operand(node, k, f, way) for k, (f, way) in enumerate(zip(node.factors, ways, strict=True))]
        return _joined(node, texts) if any(isinstance(way, Sized) for way in ways) else ""
    return write(node, sized(nt)) if not is_scalar(node.shape) and unsized(node) else ""


@form.register
def _(node: Eye, nt: Notation) -> str:
    size = f"_{{{dimension(node.size, nt)}}}" if isinstance(nt, Sized) else ""
    return nt.letter("I", bold=True) + size


@form.register
def _(node: Ones | Zero, nt: Notation) -> str:
    digit = "1" if isinstance(node, Ones) else "0"
    if is_scalar(node.shape):
        return digit
    sides = node.shape[:1] if is_column(node.shape) else node.shape
    size = r" \times ".join(dimension(side, nt) or "1" for side in sides)
    return rf"\mathbf{{{digit}}}" + (f"_{{{size}}}" if isinstance(nt, Sized) else "")
