"""Moves for a vector-valued function: bring each term of dy into the form C dx (or c dt)."""

from __future__ import annotations

from generator.expr.calculus import D
from generator.expr.make import had, mul, num
from generator.expr.nodes import Call, Div, Eye, Had, Mul, Neg, Node, T
from generator.expr.shapes import is_one, is_scalar
from generator.methods.moves import Move, as_hadamard, has_d, kronecker_of_columns, move, peel, transposed


def column_coefficient(term: Node) -> Node | None:
    """C where a term is C dx or c dt already; ``None`` where it is not yet."""
    if isinstance(term, Neg):
        inner = column_coefficient(term.arg)
        return None if inner is None else Neg(inner)
    if isinstance(term, D):
        return num(1) if is_scalar(term.shape) else Eye(term.shape[0])
    if not isinstance(term, Mul):
        return None
    live = [f for f in term.factors if has_d(f)]
    if len(live) != 1 or not isinstance(live[0], D):
        return None
    if is_scalar(live[0].shape):
        rest = [f for f in term.factors if f is not live[0]]
        return mul(*rest)
    if term.factors[-1] is not live[0]:
        return None
    rest = [f for f in term.factors[:-1] if not is_scalar(f.shape)]
    return mul(*term.factors[:-1]) if rest else mul(*term.factors[:-1], Eye(live[0].shape[0]))


def column_move(term: Node) -> Move | None:
    """One move on a term that is a column, or ``None`` where no law fits."""
    if isinstance(term, Neg):
        inner = column_move(term.arg)
        return None if inner is None else Move(inner.rule, Neg(inner.result))
    if isinstance(term, Div):
        if is_scalar(term.den.shape):
            return Move("numbers commute", mul(Div(num(1), term.den), term.num))
        return Move("quotient as a Hadamard product", as_hadamard(term))
    if isinstance(term, Had):
        k = next(j for j, f in enumerate(term.factors) if has_d(f))
        rest = had(*term.factors[:k], *term.factors[k + 1 :])
        return Move("inner product of Hadamard factors", mul(Call("diag", (rest,)), term.factors[k]))
    if isinstance(term, Call) and term.name == "kron":
        return kronecker_of_columns(term) if all(is_one(a.shape[1]) for a in term.args) else None
    if isinstance(term, Mul):
        return _product(term)
    return None


def _product(e: Mul) -> Move | None:
    k = next(j for j, f in enumerate(e.factors) if has_d(f))
    f = e.factors[k]
    if is_scalar(f.shape):
        return _scalar_factor(e, k)
    before, after = e.factors[:k], e.factors[k + 1 :]
    chain_after = [g for g in after if not is_scalar(g.shape)]
    if isinstance(f, D) and chain_after and is_one(f.shape[1]):
        return Move(
            "numbers commute", mul(*before, *(g for g in after if is_scalar(g.shape)), mul(*chain_after), f)
        )
    if isinstance(f, Call) and f.name == "diag" and after:
        return Move("a diagonal matrix scales", mul(*before, had(mul(*after), f.args[0])))
    if isinstance(f, T) and chain_after:
        return Move("a number equals its transpose", mul(*before, transposed(mul(f, *chain_after))))
    if (isinstance(f, Had | Div) or (isinstance(f, Call) and f.name == "kron")) and not after:
        inner = column_move(f)
        return None if inner is None else Move(inner.rule, mul(*before, inner.result))
    return None


def _scalar_factor(e: Mul, k: int) -> Move | None:
    """A number that holds dx may stand at the right end: (gᵀdx) v = v gᵀ dx."""
    f, rest = e.factors[k], [*e.factors[:k], *e.factors[k + 1 :]]
    scalars = [g for g in rest if is_scalar(g.shape)]
    chain = [g for g in rest if not is_scalar(g.shape)]
    inner, over = (f.num, (Div(num(1), f.den),)) if isinstance(f, Div) else (f, ())
    if isinstance(inner, Mul) and isinstance(inner.factors[-1], D) and not is_scalar(inner.factors[-1].shape):
        return Move("numbers commute", Mul((*scalars, *over, *chain, *inner.factors)))
    if over and isinstance(inner, D):
        return Move("numbers commute", mul(*scalars, *over, inner, *chain))
    wrap, core = peel(f)
    made = move(core)
    return None if made is None else Move(made.rule, mul(*rest[:k], wrap(made.result), *rest[k:]))
