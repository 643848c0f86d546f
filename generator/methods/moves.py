"""Moves that bring one term of a differential into the form tr(C dX), c dx or c dt: one law a move.

A term is a scalar that is linear in one differential. ``peel`` takes off what multiplies it; ``move`` makes
one step on what remains, by the outermost operation around the differential (the adjoint of that operation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from generator.expr.calculus import D
from generator.expr.make import had, mul, neg, num, t, tr
from generator.expr.match import children, find
from generator.expr.nodes import Call, Div, Eye, Had, Mul, Neg, Node, Ones, T
from generator.expr.shapes import ONE, is_column, is_one, is_scalar, same
from generator.rules.fractions import pieces
from generator.rules.kronecker_products import step_under_trace
from generator.rules.nary import elementwise_transposed, scalars_out


@dataclass(frozen=True)
class Move:
    """A rule by name, and what it makes of the core of a term."""

    rule: str
    result: Node


def has_d(e: Node) -> bool:
    """Whether a differential occurs."""
    return bool(find(e, D))


def peel(term: Node) -> tuple[Callable[[Node], Node], Node]:
    """Take signs, scalar factors and scalar denominators off a term: (how to put them back, the core)."""
    if isinstance(term, Neg):
        wrap, core = peel(term.arg)
        return lambda e: neg(wrap(e)), core
    if isinstance(term, Div) and is_scalar(term.den.shape):
        wrap, core = peel(term.num)
        return lambda e: Div(wrap(e), term.den), core
    if isinstance(term, Mul):
        scalars, chain = _numbers(term)
        live = next((s for s in scalars if has_d(s)), None)
        if live is not None:
            rest = [s for s in scalars if s is not live] + ([mul(*chain)] if chain else [])
            if not rest:
                return peel(live)
            wrap, core = peel(live)
            return lambda e: mul(*rest, wrap(e)), core
        if scalars and chain:
            return lambda e: mul(*scalars, e), mul(*chain)
    return lambda e: e, term


def _numbers(term: Mul) -> tuple[list[Node], list[Node]]:
    """The factors of a product that are numbers, inner products among them, and the rest of the chain."""
    scalars = [f for f in term.factors if is_scalar(f.shape)]
    chain = [f for f in term.factors if not is_scalar(f.shape)]
    if is_scalar(term.shape) and len(inner := pieces(tuple(chain))) > 1:
        return scalars + [mul(*p) for p in inner], []
    return scalars, chain


def coefficient(core: Node) -> Node | None:
    """C where the core is tr(C dX), C dx or dt already; ``None`` where it is not yet."""
    inside = core.args[0] if isinstance(core, Call) and core.name == "tr" else core
    if isinstance(inside, D):
        if inside is core:
            return num(1) if is_scalar(core.shape) else None
        return Eye(inside.shape[0])
    if isinstance(inside, Mul) and isinstance(inside.factors[-1], D):
        trace = inside is not core
        matrix = not is_one(inside.factors[-1].shape[1])
        if trace == matrix:
            rest = mul(*inside.factors[:-1])
            return mul(rest, Eye(inside.shape[0])) if trace and is_scalar(rest.shape) else rest
    return None


def move(core: Node) -> Move | None:
    """One move on the core of a term, or ``None`` where no law fits."""
    if not has_d(core):
        return None
    if isinstance(core, Call) and core.name == "tr":
        return _under_trace(core.args[0])
    if isinstance(core, Call) and core.name == "sum":
        return _of_sum(core.args[0])
    if isinstance(core, Mul):
        return _in_chain(core)
    return None


def _live(e: Mul | Had) -> int:
    return next(k for k, f in enumerate(e.factors) if has_d(f))


def _under_trace(y: Node) -> Move | None:  # noqa: C901 - a table of node classes
    if is_scalar(y.shape) and all(is_one(d.shape[1]) for d in find(y, D)):
        return Move("a number is its own trace", y)
    if (straight := straightened(y)) is not None:
        return Move("transpose of a product", tr(straight))
    if isinstance(y, T):
        return Move("transpose under the trace", tr(y.arg))
    out = scalars_out(tr(y), frozenset())
    if out is not None:
        return Move("scalars leave the trace", out)
    if isinstance(y, Call) and y.name == "diag":
        return Move("trace of a diagonal matrix", mul(T(Ones(y.args[0].shape)), y.args[0]))
    if isinstance(y, Had):
        return _hadamard_under_trace(Eye(y.shape[0]), y)
    if _is(y, "kron") and all(same(*a.shape) for a in children(y)):
        return Move("trace of a Kronecker product", mul(*map(tr, children(y))))
    if not isinstance(y, Mul):
        return None
    k = _live(y)
    f, last = y.factors[k], k == len(y.factors) - 1
    if isinstance(f, T):
        return Move("transpose under the trace", tr(transposed(y)))
    if isinstance(f, D | Had | Call) and not last:
        return Move("cyclic rotation", tr(Mul((*y.factors[k + 1 :], *y.factors[: k + 1]))))
    if isinstance(f, Had):
        return _hadamard_under_trace(mul(*y.factors[:-1]), f)
    if isinstance(f, Call) and f.name == "diag":
        row = T(Call("diagonal", (mul(*y.factors[:-1]),)))
        return Move("diagonal matrix under the trace", mul(row, f.args[0]))
    if isinstance(f, D):
        return Move("a number is its own trace", y) if is_one(f.shape[1]) else None
    if _is(f, "kron") and (found := step_under_trace(y)) is not None:
        return Move(*found)
    return _quotient_factor(y, k, tr)


def straightened(e: Node) -> Node | None:
    """A product whose differential stands under two transposes, (B (dX)ᵀ)ᵀ = dX Bᵀ, with neither."""
    inside = e.arg if isinstance(e, T) else e
    if not isinstance(inside, Mul):
        return None
    k = _live(inside)
    f = inside.factors[k]
    if isinstance(e, T):
        return transposed(inside) if isinstance(f, T) else None
    straight = straightened(f)
    return None if straight is None else mul(*inside.factors[:k], straight, *inside.factors[k + 1 :])


def _hadamard_under_trace(a: Node, f: Had) -> Move:
    k = _live(f)
    rest = [*f.factors[:k], *f.factors[k + 1 :]]
    return Move("Hadamard product under the trace", tr(mul(T(had(transposed(a), *rest)), f.factors[k])))


def _of_sum(y: Node) -> Move | None:
    out = scalars_out(Call("sum", (y,)), frozenset())
    if out is not None:
        return Move("scalars leave the sum", out)
    if _is(y, "kron"):
        return Move("sum of a Kronecker product", mul(*(Call("sum", (a,)) for a in children(y))))
    if isinstance(y, Had):
        k = _live(y)
        rest = had(*y.factors[:k], *y.factors[k + 1 :])
        if is_one(y.shape[1]):
            return Move("sum of a Hadamard product of vectors", mul(T(rest), y.factors[k]))
        return Move("sum of a Hadamard product", tr(mul(T(rest), y.factors[k])))
    if isinstance(y, Div):
        return Move("quotient as a Hadamard product", Call("sum", (as_hadamard(y),)))
    if is_one(y.shape[1]):
        return Move("sum of entries with ones", mul(T(Ones(y.shape)), y))
    return Move("sum of entries with ones", mul(T(Ones((y.shape[0], ONE))), y, Ones((y.shape[1], ONE))))


def as_hadamard(e: Div) -> Node:
    """An elementwise quotient as a Hadamard product with the reciprocal: a ⊘ b = (1 ⊘ b) ∘ a."""
    return had(Div(num(1), e.den), e.num)


def _in_chain(e: Mul) -> Move | None:
    """A 1×1 chain: row … column, with the differential in one factor."""
    k = _live(e)
    f, before, after = e.factors[k], e.factors[:k], e.factors[k + 1 :]
    cut = _cut(e, k)
    if cut is not None:
        return cut
    if (straight := straightened(e)) is not None:
        return Move("transpose of a product", straight)
    if isinstance(f, T):
        return Move("a number equals its transpose", transposed(e))
    if isinstance(f, D):
        return Move("a number is its own trace", tr(e)) if not is_one(f.shape[1]) else None
    if isinstance(f, Had) and not after and before:
        j = _live(f)
        row = had(transposed(mul(*before)), *f.factors[:j], *f.factors[j + 1 :])
        return Move("Hadamard product in an inner product", mul(T(row), f.factors[j]))
    if isinstance(f, Had):
        return Move("a number is its own trace", tr(e))
    if isinstance(f, Call) and f.name == "diag" and after:
        return Move("a diagonal matrix scales", mul(*before, had(mul(*after), f.args[0])))
    if isinstance(f, Call) and f.name == "diagonal" and before:
        return Move(
            "diagonal in an inner product", tr(mul(Call("diag", (transposed(mul(*before)),)), f.args[0]))
        )
    if _is(f, "kron"):
        return _kronecker_in_chain(e, k)
    if _is(f, "vec") and before and (undone := _kronecker_undone(before[-1], f)) is not None:
        return Move("Kronecker product as a linear map", mul(*before[:-1], undone, *after))
    if _is(f, "vec") and len(before) == 1 and _is(transposed(before[0]), "vec"):
        return Move("vec in an inner product", tr(mul(T(transposed(before[0]).args[0]), f.args[0])))  # type: ignore[attr-defined]
    return _quotient_factor(e, k, lambda x: x)


def _kronecker_in_chain(e: Mul, k: int) -> Move:
    """A Kronecker product of columns leaves the one that varies; any other is moved under a trace."""
    if not is_column(e.factors[k].shape):
        return Move("a number is its own trace", tr(e))
    made = kronecker_of_columns(e.factors[k])
    return Move(made.rule, mul(*e.factors[:k], made.result, *e.factors[k + 1 :]))


def kronecker_of_columns(e: Node) -> Move:
    """x ⊗ y as a matrix times the column that varies."""
    a, b = children(e)
    if has_d(a):
        return Move("Kronecker product from the left", mul(Call("kron", (Eye(a.shape[0]), b)), a))
    return Move("Kronecker product from the right", mul(Call("kron", (a, Eye(b.shape[0]))), b))


def _is(e: Node, name: str) -> bool:
    return isinstance(e, Call) and e.name == name


def _kronecker_undone(e: Node, stacked: Node) -> Node | None:
    """(B ⊗ A) vec(X) = vec(A X Bᵀ), also where the Kronecker product is transposed."""
    inner = e.arg if isinstance(e, T) else e
    if not _is(inner, "kron"):
        return None
    b, a = map(t, children(inner)) if isinstance(e, T) else children(inner)
    x = children(stacked)[0]
    fits = same(a.shape[1], x.shape[0]) and same(b.shape[1], x.shape[1])
    return Call("vec", (mul(a, x, t(b)),)) if fits else None


def _cut(e: Mul, k: int) -> Move | None:
    """A chain with a 1×1 part beside the one that holds the differential: that part is a scalar factor."""
    ends = [j for j, f in enumerate(e.factors[:-1]) if is_one(f.shape[1])]
    if not ends:
        return None
    bounds = [0, *(j + 1 for j in ends), len(e.factors)]
    parts = [e.factors[a:b] for a, b in pairwise(bounds)]
    if any(not is_scalar(mul(*p).shape) for p in parts):
        return None
    live = next(p for p in parts if any(has_d(f) for f in p))
    others = [mul(*p) for p in parts if p is not live]
    return Move("numbers commute", Mul((*others, mul(*live))))


def _quotient_factor(e: Mul, k: int, wrap: Callable[[Node], Node]) -> Move | None:
    f = e.factors[k]
    if isinstance(f, Div) and not is_scalar(f.den.shape):
        return Move(
            "quotient as a Hadamard product", wrap(mul(*e.factors[:k], as_hadamard(f), *e.factors[k + 1 :]))
        )
    return None


def transposed(e: Node) -> Node:
    """The transpose, pushed through a product (which reverses) and off a transpose."""
    if isinstance(e, Mul):
        scalars = [f for f in e.factors if is_scalar(f.shape)]
        return mul(*scalars, *(transposed(f) for f in reversed(e.factors) if not is_scalar(f.shape)))
    if isinstance(e, Had) and any(isinstance(f, T) for f in e.factors):
        return had(*map(transposed, e.factors))
    if isinstance(e, Eye):
        return e
    return elementwise_transposed(e) or t(e)
