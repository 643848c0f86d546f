"""Where a displayed line is broken when it is too wide: at the terms of its sum, after its left side.

Widths are estimates in units of the font size, made on the tree. A row that goes on begins with the sign of
its first term, which is how readers, human and other, know that it continues the row before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from generator.derivation import Line
from generator.escape import Raw
from generator.expr.calculus import App, Cases, Dots, Grad, Group, Mat, Op, Partial, Rel, Sum, Under
from generator.expr.functions import FUNCTIONS
from generator.expr.grammar import brackets
from generator.expr.latex_parts import closed, guard, sized
from generator.expr.latex_writer import to_latex
from generator.expr.make import mul
from generator.expr.match import children
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Had,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Size,
    Sym,
)
from generator.expr.notation import RELATIONS, Notation
from generator.expr.shapes import is_column, is_scalar
from generator.rules.fractions import pieces
from generator.views import Row

ROOM = 37.0  # what a row of the handout holds
SLIDE = 33.0  # and of a slide
RELATION = 1.4
INDENT = 1.0  # of a row that goes on: \quad
_SIGN = 1.3
_SPACE = 0.3  # between factors, some of which are in parentheses
_PARENTHESES = 0.8
_LETTER = 0.6  # what a node without signs of its own adds
_SCRIPT = 0.7  # the size of scripts and notes


def width(node: Node) -> float:
    """How wide an expression is printed, roughly."""
    own = _WHOLE.get(type(node))
    found = None if own is None else own(node)
    if found is not None:
        return found
    signs = _SIGNS.get(type(node))
    inside = sum(_operand(node, k, child) for k, child in enumerate(children(node)))
    return inside + (_LETTER if signs is None else signs(node))


def _operand(parent: Node, k: int, child: Node) -> float:
    script = _SCRIPT if isinstance(parent, Pow) and k == 1 else 1.0
    return script * width(child) + (_PARENTHESES if brackets(parent, k, child) else 0.0)


def _under(node: Under) -> float:
    words = sum(len(n) * 0.45 if isinstance(n, str) else width(n) for n in node.note)
    return max(width(node.arg), _SCRIPT * words)


def _div(node: Div) -> float | None:
    return 0.3 + max(width(node.num), width(node.den)) if is_scalar(node.den.shape) else None


def _mat(node: Mat) -> float:
    across = [node.cells[k :: node.columns] for k in range(node.columns)]
    return 0.8 + node.columns + sum(max(map(width, column)) for column in across)


# The width of a node as a whole; ``None`` where it is that of its parts and of the signs between them.
_WHOLE: Mapping[type[Node], Callable[..., float | None]] = {
    Sym: lambda e: 0.6 * min(len(e.name), 2) if is_scalar(e.shape) else 0.85,
    Num: lambda e: 0.5 * len(to_latex(e)),
    Size: lambda e: 0.5 * len(to_latex(e)),
    Entry: lambda e: width(e.base) + _SCRIPT * sum(map(width, e.indices)),
    Under: _under,
    Div: _div,
    Partial: lambda e: 1.2 + max(width(e.of), width(e.wrt)),
    Mat: _mat,
    Cases: lambda e: 2.5 + max(map(width, e.values)) + max(map(width, e.guards)),
    Dots: lambda e: len(e.shown) * (width(e.body) + 2 * _SIGN + 1),
}
# The width of the signs of a node.
_SIGNS: Mapping[type[Node], Callable[..., float]] = {
    Add: lambda e: _SIGN * (len(e.terms) - 1),
    Had: lambda e: _SIGN * (len(e.factors) - 1),
    Call: lambda e: max(0.6, 0.47 * len(FUNCTIONS[e.name].unicode)) + _PARENTHESES,
    Sum: lambda e: 2.0,
    App: lambda e: width(e.fun) + _PARENTHESES + 0.4 * len(e.args),
    Grad: lambda e: 1.4 + width(e.fun) + _PARENTHESES + 0.4 * len(e.args),
    Norm: lambda e: 1.6,
    Rel: lambda e: 1.6,
}


def rows(lines: Sequence[Line], notation: Notation, width_of_row: float = ROOM) -> tuple[Row, ...]:
    """Lines as rows, aligned at their relation signs.

    A first line without a left side has no relation sign, nor has one of the mode ``display``. Where a left
    side leaves no room for what must stand beside it, it gets a row of its own.
    """
    left = max(width(line.lhs) if line.lhs else 0.0 for line in lines)
    room = width_of_row - left - RELATION
    if all(_adrift(e) for line in lines for e in (line.lhs, line.rhs) if e is not None):
        notation = sized(notation)
    stacked = left > 2 and any(_least(line.rhs) > room for line in lines)
    out: list[Row] = []
    for k, line in enumerate(lines):
        stated = line.lhs is not None or k > 0
        op: Op = ":=" if line.mode == "definition" else "="
        sign = RELATIONS[op] if stated and line.mode != "display" else ""
        head = "" if line.lhs is None else to_latex(line.lhs, notation)
        if stacked and head:
            out.append(_row("", "", head))
        glyphs = closed(line.rhs, notation) if op == ":=" else notation
        pieces = _pieces(line.rhs, glyphs, width_of_row - RELATION - INDENT if stacked else room)
        pieces[-1] += rf" \quad ({guard(line.guard, notation)})" if line.guard else ""
        out.append(_row("", rf"\quad {sign}", pieces[0]) if stacked else _row(head, sign, pieces[0]))
        out += [_row("", "", rf"\quad {piece}") for piece in pieces[1:]]
    return tuple(out)


def _adrift(e: Node) -> bool:
    """Whether ones stand at the left end, so that nothing tells how many they are."""
    match e:
        case Ones():
            return is_column(e.shape)
        case Neg() | Under():
            return _adrift(e.arg)
        case Add():
            return all(map(_adrift, e.terms))
        case Mul():
            first = next((p[0] for p in pieces(e.factors) if not is_scalar(mul(*p).shape)), None)
            return first is not None and _adrift(first)
    return False


def _row(*cells: str) -> Row:
    return Row(*map(Raw, cells))


def _least(rhs: Node) -> float:
    """The width of the widest part that must stay in one row."""
    return max(map(width, _parts(rhs))) + (_SIGN if isinstance(rhs, Add | Mul) else 0.0)


def _parts(rhs: Node) -> tuple[Node, ...]:
    """Where a right-hand side may be broken: between terms, or between factors that are numbers."""
    if isinstance(rhs, Add):
        return rhs.terms
    if isinstance(rhs, Mul) and all(is_scalar(f.shape) for f in rhs.factors):
        return rhs.factors
    return (rhs,)


def _pieces(rhs: Node, notation: Notation, room: float) -> list[str]:
    """A right-hand side in rows."""
    parts = _parts(rhs)
    if len(parts) == 1 or width(rhs) <= room:
        return [to_latex(rhs, notation)]
    piece, between = (_piece, _SIGN) if isinstance(rhs, Add) else (_product, _SPACE)
    return [piece(some, notation, first=k == 0) for k, some in enumerate(_filled(parts, room, between))]


def _filled(terms: Sequence[Node], room: float, between: float) -> list[list[Node]]:
    """Terms or factors in rows, as many in each as it holds."""
    rows: list[list[Node]] = [[]]
    used = 0.0
    for term in terms:
        needed = width(term) + between
        if rows[-1] and used + needed > room:
            rows.append([])
            used = INDENT
        rows[-1].append(term)
        used += needed
    return rows


def _piece(terms: Sequence[Node], notation: Notation, *, first: bool) -> str:
    text = to_latex(_alone(Add, terms[0]) if len(terms) == 1 else Add(tuple(terms)), notation)
    if first:
        return text
    return text if isinstance(terms[0], Neg) else f"+ {text}"


def _product(factors: Sequence[Node], notation: Notation, *, first: bool) -> str:
    text = to_latex(_alone(Mul, factors[0]) if len(factors) == 1 else Mul(tuple(factors)), notation)
    return text if first else rf"\cdot {text}"


def _alone(kind: type[Add | Mul], part: Node) -> Node:
    """A term or factor that has a row of its own, in the parentheses that it has among others."""
    signed = kind is Add and isinstance(part, Neg)
    return Group(part) if brackets(kind((part, part)), 1, part) and not signed else part
