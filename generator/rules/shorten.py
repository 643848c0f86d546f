"""The laws with any number of factors that make an answer shorter; their statements stand in ``simplify``."""

from __future__ import annotations

from fractions import Fraction

from generator.expr.make import had, mul, num, ones, t
from generator.expr.match import children, find, put, substitute
from generator.expr.nodes import Add, Call, Div, Had, Inv, MatPow, Mul, Neg, Node, Num, Ones, Pow, Size, T
from generator.expr.shapes import is_column, is_matrix, is_scalar, same
from generator.rules.fractions import literal
from generator.rules.ink import ink
from generator.rules.nary import transpose_once
from generator.rules.powers import flat, inverse
from generator.rules.tidy import tidy

Vary = frozenset[str]
NONE: Vary = frozenset()
MANY = 3  # transposes from which on one for all may be worth it


def inverse_of_product(e: Node, vary: Vary) -> Node | None:
    """(ABC)⁻¹ = C⁻¹B⁻¹A⁻¹, where all factors are square."""
    if not (isinstance(e, Inv) and isinstance(e.arg, Mul)):
        return None
    chain = [f for f in e.arg.factors if not is_scalar(f.shape)]
    if len(chain) < len(e.arg.factors) or not all(same(*f.shape) for f in chain):
        return None
    return mul(*(Inv(f) for f in reversed(chain)))


def turned_inverse(e: Node, vary: Vary) -> Node | None:
    """((ABC)⁻¹)ᵀ = (Aᵀ)⁻¹(Bᵀ)⁻¹(Cᵀ)⁻¹, where all factors are square."""
    inner = inverse_of_product(e.arg, vary) if isinstance(e, T) else None
    return None if inner is None else pushed(T(inner))


def elementwise_powers(e: Node, vary: Vary) -> Node | None:
    """A ∘ (1 ⊘ cB) ∘ A = 1/c A² ⊘ B, entry by entry: equal factors gathered, the rest over one line."""
    if is_scalar(e.shape) or not isinstance(e, Had | Div):
        return None
    powers: dict[Node, Fraction] = {}
    _take(e, Fraction(1), powers)
    numbers = [_raised(f, p) for f, p in powers.items() if is_scalar(f.shape)]
    entries = [(f, p) for f, p in powers.items() if not is_scalar(f.shape)]
    above = [_raised(f, p) for f, p in entries if p > 0]
    below = [_raised(f, -p) for f, p in entries if p < 0]
    whole = had(*above) if above else num(1) if below else ones(e.shape)
    quotient = Div(whole, had(*below)) if below else whole
    return tidy(mul(*numbers, quotient), collect=False) if numbers else quotient


def _take(e: Node, p: Fraction, powers: dict[Node, Fraction]) -> None:
    if isinstance(e, Had):
        for f in e.factors:
            _take(f, p, powers)
    elif isinstance(e, Div) and not is_scalar(e.den.shape):
        _take(e.num, p, powers)
        _take(e.den, -p, powers)
    elif isinstance(e, Pow) and not is_scalar(e.shape) and (q := literal(e.exponent)) is not None:
        _take(e.base, p * q, powers)
    elif isinstance(e, Mul) and p.denominator == 1 and any(is_scalar(f.shape) for f in e.factors):
        for f in e.factors:
            if is_scalar(f.shape):
                powers[f] = powers.get(f, Fraction(0)) + p
        _take(mul(*(f for f in e.factors if not is_scalar(f.shape))), p, powers)
    elif e != num(1) and not isinstance(e, Ones):
        powers[e] = powers.get(e, Fraction(0)) + p


def _raised(base: Node, p: Fraction) -> Node:
    return base if p == 1 else Pow(base, num(p))


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


def transpose_outside(e: Node, vary: Vary) -> Node | None:
    """AᵀBᵀ = (BA)ᵀ, where that saves more than one transpose."""
    if not isinstance(e, Mul | Add) or not is_matrix(e.shape) or len(find(e, T)) < MANY:
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


def difference(e: Node) -> bool:
    """Whether this is a sum of columns, such as a residual: it is transposed as a whole."""
    return isinstance(e, Add) and is_column(e.shape) and not find(e, T)


def pushed(e: Node) -> Node:
    """The expression with every transpose pushed to the leaves, or to a sum of columns."""
    if isinstance(e, T) and not difference(e.arg):
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


def trace_of_identity(e: Node, vary: Vary) -> Node | None:
    """tr(A⁻¹A) = n."""
    inner = e.args[0] if isinstance(e, Call) and e.name == "tr" else None
    if not isinstance(inner, Mul) or len(inner.factors) != 2:
        return None
    return Size(inner.shape[0]) if inverse(*inner.factors) else None


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
    inner = trace.args[0]
    chain = [g for f in (inner.factors if isinstance(inner, Mul) else (inner,)) for g in flat(f)]
    turns = [chain[k:] + chain[:k] for k in range(len(chain))]
    return mul(*min(turns, key=repr))
