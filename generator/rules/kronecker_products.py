"""Laws of the Kronecker product under a trace, of its inverse and its transpose; stated in ``kronecker``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard

from generator.expr.calculus import D
from generator.expr.make import mul, t, tr, vec
from generator.expr.match import find, transform
from generator.expr.nodes import Call, Eye, Inv, Mul, Node, T
from generator.expr.shapes import is_column, same
from generator.rules.rule import Vary


def kron(a: Node, b: Node) -> Node:
    """The Kronecker product."""
    return Call("kron", (a, b))


def is_kronecker(e: Node) -> TypeGuard[Call]:
    """Whether this is a Kronecker product of matrices."""
    return isinstance(e, Call) and e.name == "kron" and not is_column(e.shape)


def kronecker_under_trace(e: Node, vary: Vary) -> Node | None:
    """tr(M (B ⊗ X)) = tr(N X): N is the sum of the blocks of M, each times its entry of B.

    With 1 = vec(I), the block sum is (vec(Bᵀ)ᵀ ⊗ I)(I ⊗ M)(vec(I) ⊗ I); with X on the left its mirror image.
    """
    inner = e.args[0] if isinstance(e, Call) and e.name == "tr" else None
    if not isinstance(inner, Mul) or not isinstance(last := inner.factors[-1], Call) or last.name != "kron":
        return None
    m, (b, x) = mul(*inner.factors[:-1]), last.args
    if find(x, D) or not find(b, D):
        left = kron(t(vec(t(b))), Eye(x.shape[1]))
        right = kron(vec(Eye(b.shape[0])), Eye(x.shape[0]))
        return tr(mul(left, kron(Eye(b.shape[0]), m), right, x))
    left = kron(Eye(b.shape[1]), t(vec(x)))
    right = kron(Eye(b.shape[0]), vec(Eye(x.shape[0])))
    return tr(mul(left, kron(m, Eye(x.shape[0])), right, b))


def products_under_trace(e: Node, vary: Vary) -> Node | None:
    """tr((P ⊗ Q)(B ⊗ X)) = tr(PB) tr(QX), where the sizes fit."""
    inner = e.args[0] if isinstance(e, Call) and e.name == "tr" else None
    if not (isinstance(inner, Mul) and len(inner.factors) == 2 and all(map(is_kronecker, inner.factors))):
        return None
    left, right = (f.args for f in inner.factors if isinstance(f, Call))
    pairs = list(zip(left, right, strict=True))
    fits = all(same(f.shape[1], g.shape[0]) and same(f.shape[0], g.shape[1]) for f, g in pairs)
    return mul(*(tr(mul(f, g)) for f, g in pairs)) if fits else None


def together(e: Node, vary: Vary) -> Node | None:
    """(A ⊗ B)(C ⊗ D) = AC ⊗ BD for the last neighbours in a product whose sizes fit."""
    factors = e.factors if isinstance(e, Mul) else ()
    for k in range(len(factors) - 2, -1, -1):
        f, g = factors[k : k + 2]
        if not (is_kronecker(f) and is_kronecker(g)):
            continue
        if all(same(a.shape[1], b.shape[0]) for a, b in zip(f.args, g.args, strict=True)):
            made = kron(*(mul(a, b) for a, b in zip(f.args, g.args, strict=True)))
            return mul(*factors[:k], made, *factors[k + 2 :])
    return None


def apart(e: Node, vary: Vary) -> Node | None:
    """(A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹ for square A and B."""
    if not (isinstance(e, Inv) and is_kronecker(e.arg) and all(same(*a.shape) for a in e.arg.args)):
        return None
    return kron(*map(Inv, e.arg.args))


def turned(e: Node, vary: Vary) -> Node | None:
    """(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ."""
    return kron(*map(t, e.arg.args)) if isinstance(e, T) and is_kronecker(e.arg) else None


STEPS: tuple[tuple[str, Callable[[Node], Node | None]], ...] = (
    ("inverse of a Kronecker product", lambda y: everywhere(apart, y)),
    ("transpose of a Kronecker product", lambda y: everywhere(turned, y)),
    ("Kronecker products under the trace", lambda y: products_under_trace(tr(y), frozenset())),
    ("product of Kronecker products", lambda y: under(together(y, frozenset()))),
    ("Kronecker product under the trace", lambda y: kronecker_under_trace(tr(y), frozenset())),
)


def step_under_trace(y: Node) -> tuple[str, Node] | None:
    """The next law for tr(Y) and its result, where Y ends with a Kronecker product that varies."""
    return next(((name, made) for name, law in STEPS if (made := law(y)) is not None), None)


def everywhere(law: Callable[[Node, Vary], Node | None], y: Node) -> Node | None:
    """tr(Y) with a law used at all places, if there is one."""
    new = transform(y, lambda e: law(e, frozenset()))
    return None if new == y else tr(new)


def under(made: Node | None) -> Node | None:
    """The trace of what a law made."""
    return None if made is None else tr(made)
