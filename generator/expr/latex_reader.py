"""LaTeX -> expressions and formulas: the way back from a finished page.

Strict: what is not understood is refused with its place, nothing is skipped. The sizes of 𝐈, 𝟏, 𝟎 and the
ranges of indices are inferred; a free index of which the formula says nothing (as in δ_ij alone) keeps an
undetermined range. The tables of the grammar are shared with the writer, its code is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.errors import InputError
from generator.expr.calculus import Delta, Op, Rel
from generator.expr.latex_arrays import condition
from generator.expr.latex_display import formulas_in
from generator.expr.latex_finish import Finisher
from generator.expr.latex_parser import RELATIONS, Parser
from generator.expr.latex_table import Table
from generator.expr.latex_tokens import Token, Tokens
from generator.expr.match import find
from generator.expr.nodes import Idx, Mul, Node, Num, Size, Zero
from generator.expr.shapes import DimVar, is_scalar, resolve, same

ZERO = Num(Fraction(0))
MOST_OF_CASE = 9  # tokens in the name of a case, such as i ≠ j


@dataclass(frozen=True, slots=True)
class Formula:
    """A chain a = b = c, or a single expression, with the condition under which it holds.

    The guard is a ``Rel``, or a ``Mul`` of several that must all hold.
    """

    items: tuple[Node, ...]
    ops: tuple[Op, ...] = ()
    guard: Node | None = None


def read(latex: str, table: Table) -> Node:
    """Read one expression, or one relation between two.

    Raises:
        InputError: the text is not understood; with a caret at the place.
        ShapeError: operands whose sizes do not fit.
    """
    found = read_formula(latex, table)
    if found.guard is not None or len(found.items) > 2:
        raise InputError("one expression is expected, this is a chain", source=latex, column=0)
    return Rel(found.items[0], found.ops[0], found.items[1]) if found.ops else found.items[0]


def read_formula(latex: str, table: Table, *, wide_sums: bool = False) -> Formula:
    """Read one formula: an expression or a chain of relations, perhaps with a condition.

    The scope of Σ is the product that follows. Others write a sum under it without parentheses: with
    ``wide_sums`` it is all that follows.

    Raises:
        InputError: the text is not understood; with a caret at the place.
        ShapeError: operands, or the sides of a relation, whose sizes do not fit.
    """
    found = read_display(latex, table, wide_sums=wide_sums)
    if len(found) != 1:
        raise InputError(f"one formula is expected, found {len(found)}", source=latex, column=0)
    return found[0]


def read_display(latex: str, table: Table, *, wide_sums: bool = False) -> list[Formula]:
    """Read the body of a display: all its formulas; a row that begins with a relation continues one.

    Raises:
        InputError: the text is not understood; with a caret at the place.
        ShapeError: operands, or the sides of a relation, whose sizes do not fit.
    """
    parts = (read_tokens(latex, tokens, table, wide_sums=wide_sums) for tokens in formulas_in(latex))
    return [formula for part in parts for formula in part]


def read_tokens(
    latex: str, tokens: list[Token], table: Table, *, finish: bool = True, **ways: Any
) -> list[Formula]:
    """The formulas in these tokens; where bold ones and zeros fit no matrix, they are vectors.

    ``ways`` are those of ``Parser``. Without ``finish`` sizes may stay open, and parentheses stay as they are
    written.

    Raises:
        InputError: the text is not understood; with a caret at the place.
        ShapeError: operands, or the sides of a relation, whose sizes do not fit.
    """
    made = Tokens(latex, _bare(latex, tokens))
    try:
        try:
            return _parse(Parser(made, table, **ways), finish)
        except InputError as first:
            if not {"0", "1"} & {t.value for t in tokens}:
                raise
            try:
                return _parse(Parser(made, table, columns=True, **ways), finish)
            except InputError:
                raise first from None
    except RecursionError:
        raise InputError("the formula is nested too deeply", source=latex, column=0) from None


def _parse(parser: Parser, finish: bool) -> list[Formula]:
    found = [_formula(parser)]
    while _parted(parser):
        found.append(_formula(parser))
    if parser.peek() is not None:
        parser.unexpected()
    for formula in found:
        _match_indices(formula)
    if not finish:
        return found
    return [_finished(formula, Finisher(parser.tokens.source, parser.places)) for formula in found]


def _finished(formula: Formula, finisher: Finisher) -> Formula:
    guard = None if formula.guard is None else finisher.finish(formula.guard)
    return Formula(tuple(map(finisher.finish, formula.items)), formula.ops, guard)


def _bare(latex: str, tokens: list[Token]) -> list[Token]:
    """Without the punctuation mark at the end, and without a box around the whole."""
    if tokens[-1].kind == "char" and tokens[-1].value in ",.;":
        tokens = tokens[:-1]
    if tokens and tokens[0].value == r"\boxed" and Tokens(latex, tokens).partner.get(1) == len(tokens) - 1:
        return tokens[2:-1]
    return tokens


def _formula(p: Parser) -> Formula:
    case = _case(p)
    if case is not None:
        return case
    items = [p.sum()]
    ops: list[Op] = []
    signs: list[Token] = []
    while (sign := p.peek()) is not None and (op := p.relation()) is not None:
        ops.append(op)
        signs.append(sign)
        items.append(p.sum())
    guard = _guard(p)
    items = _sized_zeros(items)
    for left, right, sign in zip(items, items[1:], signs, strict=False):
        p.same_sides(sign, left.shape, right.shape)
    return Formula(tuple(items), tuple(ops), guard)


def _sized_zeros(items: list[Node]) -> list[Node]:
    """The number 0 opposite a vector or a matrix is one of zeros."""
    shape = next((e.shape for e in items if not is_scalar(e.shape)), None)
    return [Zero(shape) if shape is not None and e == ZERO else e for e in items]


def _guard(p: Parser) -> Node | None:
    """A condition after a formula: in parentheses, after words, or after a comma."""
    token = p.peek()
    if token is None:
        return None
    if p.at("("):
        return p.enclosed(lambda: condition(p))
    if token.kind == "text" and not _is_and(token):
        return condition(p)
    if not p.at(",") or p.peek(1) is None:
        return None
    free = dict(p.free)
    found = p.attempt(p.i + 1, p.stop, lambda: condition(p))
    if found is not None and all(map(_of_indices, found.factors if isinstance(found, Mul) else (found,))):
        p.i = p.stop
        return found
    p.free = free
    return None


def _of_indices(node: Node) -> bool:
    return isinstance(node, Rel) and all(isinstance(e, Idx | Size | Num) for e in (node.lhs, node.rhs))


def _case(p: Parser) -> Formula | None:
    """The name of a case, i ≠ j: a relation of indices and nothing else."""
    if p.stop - p.i > MOST_OF_CASE or not any(t.value in RELATIONS for t in p.tokens.items[p.i : p.stop]):
        return None
    free = dict(p.free)
    found = p.attempt(p.i, p.stop, lambda: condition(p))
    if not isinstance(found, Rel) or not _of_indices(found) or not find(found, Idx):
        p.free = free
        return None
    p.i = p.stop
    return Formula((found.lhs, found.rhs), (found.op,))


def _parted(p: Parser) -> bool:
    """Take what stands between two formulas: a comma, ``and``, or both."""
    start = p.i
    if p.at(",", ";"):
        p.take()
    token = p.peek()
    if token is not None and token.kind == "text" and _is_and(token):
        p.take()
    return p.i > start


def _is_and(token: Token) -> bool:
    return token.value.strip(" ,") == "and"


def _match_indices(formula: Formula) -> None:
    """The two indices of a delta, or of a condition, have one range if one of them has none of its own."""
    nodes = [*formula.items, *([] if formula.guard is None else [formula.guard])]
    pairs = [(d.i, d.j) for e in nodes for d in find(e, Delta)] + [
        (r.lhs, r.rhs) for e in nodes for r in find(e, Rel)
    ]
    for a, b in [*pairs, *reversed(pairs)]:
        if not isinstance(a, Idx) or not isinstance(b, Idx):
            continue
        if isinstance(resolve(a.size), DimVar) or isinstance(resolve(b.size), DimVar):
            same(a.size, b.size)
