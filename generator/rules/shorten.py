"""The laws with any number of factors that make an answer shorter; their statements stand in ``simplify``."""

from __future__ import annotations

from itertools import groupby

from generator.expr.make import had, mul, num, t
from generator.expr.match import children, find, put, substitute
from generator.expr.nodes import Add, Call, Div, Had, Inv, MatPow, Mul, Neg, Node, Num, Pow, T
from generator.expr.shapes import is_matrix, is_scalar, same
from generator.rules.ink import ink
from generator.rules.nary import transpose_once
from generator.rules.tidy import tidy

Vary = frozenset[str]
NONE: Vary = frozenset()


def inverse_of_product(e: Node, vary: Vary) -> Node | None:
    """(ABC)⁻¹ = C⁻¹B⁻¹A⁻¹, where all factors are square."""
    if not (isinstance(e, Inv) and isinstance(e.arg, Mul)):
        return None
    chain = [f for f in e.arg.factors if not is_scalar(f.shape)]
    if len(chain) < len(e.arg.factors) or not all(same(*f.shape) for f in chain):
        return None
    return mul(*(Inv(f) for f in reversed(chain)))


def one_quotient(e: Node, vary: Vary) -> Node | None:
    """A ∘ (1 ⊘ B) ∘ C = (A ∘ C) ⊘ B."""
    if not isinstance(e, Had):
        return None
    below = [f for f in e.factors if isinstance(f, Div) and f.num == num(1)]
    above = [f for f in e.factors if f not in below]
    if not below or not above:
        return None
    return Div(had(*above), had(*(f.den for f in below)))


def absolute_power(e: Node, vary: Vary) -> Node | None:
    """sign(A) ∘ |A|ᵖ = A ∘ |A|ᵖ⁻¹."""
    if not isinstance(e, Had):
        return None
    for k, f in enumerate(e.factors):
        for j, g in enumerate(e.factors):
            base, p = (g.base, g.exponent) if isinstance(g, Pow) else (g, num(1))
            a = f.args[0] if isinstance(f, Call) and f.name == "sign" else None
            if a is None or base != Call("abs", (a,)) or not isinstance(p, Num):
                continue
            rest = [h for i, h in enumerate(e.factors) if i not in (k, j)]
            return had(a, *rest) if p == num(1) else had(a, tidy(Pow(base, num(p.value - 1))), *rest)
    return None


def equal_factors(e: Node, vary: Vary) -> Node | None:
    """A ∘ B ∘ A = A² ∘ B, elementwise."""
    if not isinstance(e, Had):
        return None
    counts = {f: e.factors.count(f) for f in e.factors}
    if len(counts) == len(e.factors):
        return None
    return had(*(Pow(f, num(k)) if k > 1 else f for f, k in counts.items()))


def transpose_outside(e: Node, vary: Vary) -> Node | None:
    """AᵀBᵀ = (BA)ᵀ, where that saves more than one transpose."""
    if not isinstance(e, Mul | Add) or not is_matrix(e.shape) or is_scalar(e.shape):
        return None
    inner = pushed(T(e))
    return T(inner) if len(find(inner, T)) + 2 < len(find(e, T)) else None


def sum_of_transposes(e: Node, vary: Vary) -> Node | None:
    """Aᵀ + Bᵀ = (A + B)ᵀ, and the same for elementwise products."""
    if not isinstance(e, Add | Had):
        return None
    terms = [t.arg if isinstance(t, Neg) else t for t in children(e)]
    if not all(isinstance(t, T) and is_matrix(t.shape) for t in terms):
        return None
    return T(pushed(T(e)))


def power_of_factors(e: Node, vary: Vary) -> Node | None:
    """AAAB = A³B."""
    if not isinstance(e, Mul):
        return None
    runs = [(f, len(list(same_ones))) for f, same_ones in groupby(e.factors)]
    if len(runs) == len(e.factors) or any(k > 1 and is_scalar(f.shape) for f, k in runs):
        return None
    return mul(*(MatPow(f, num(k)) if k > 1 else f for f, k in runs))


def pushed(e: Node) -> Node:
    """The expression with every transpose pushed to the leaves."""
    if isinstance(e, T):
        if isinstance(e.arg, Inv | MatPow):
            base = children(e.arg)[0]
            return put(e.arg, (0,), pushed(t(base)))
        new = transpose_once(e, NONE)
        return e if new is None else pushed(new)
    kids = children(e)
    for k, kid in enumerate(kids):
        new = pushed(kid)
        if new != kid:
            e = put(e, (k,), new)
    return tidy(e, collect=False)


def equal_traces(e: Node, vary: Vary) -> Node | None:
    """Traces that are equal by rotation, written alike and added up."""
    if not isinstance(e, Add):
        return None
    traces = {c: least_rotation(c) for c in sorted(find(e, Call), key=ink) if c.name == "tr"}
    shortest = {turn: c for c, turn in reversed(traces.items())}
    swapped = substitute(e, {c: shortest[turn] for c, turn in traces.items()})
    return None if swapped == e else tidy(swapped)


def least_rotation(trace: Call) -> Node:
    """The first, in a fixed order, of all products that a rotation under the trace can make."""
    chain: list[Node] = []
    for f in trace.args[0].factors if isinstance(trace.args[0], Mul) else trace.args:
        power = f.exponent.value if isinstance(f, MatPow) and isinstance(f.exponent, Num) else 0
        chain += [f.base] * int(power) if isinstance(f, MatPow) and 0 < power < 9 else [f]
    turns = [chain[k:] + chain[:k] for k in range(len(chain))]
    return mul(*min(turns, key=repr))
