"""Products with equal factors as powers of matrices, and powers that meet an inverse."""

from __future__ import annotations

from collections.abc import Callable

from generator.expr.make import mul, num, t
from generator.expr.nodes import Eye, Inv, MatPow, Mul, Neg, Node, Num, T
from generator.expr.shapes import is_matrix, is_scalar, same
from generator.rules.fractions import MOST_POWER

Vary = frozenset[str]


def power_of_factors(e: Node, vary: Vary) -> Node | None:
    """AAAB = A³B, ABAB = (AB)², A⁻¹A⁻¹ = A⁻²; also where some of the factors are powers already."""
    return _written(e, lambda chain: chain)


def cancelled_powers(e: Node, vary: Vary) -> Node | None:
    """A³A⁻¹ = A²: neighbours that are inverse to each other leave a product of powers."""
    return _written(e, without_inverses)


def _written(e: Node, change: Callable[[list[Node]], list[Node]]) -> Node | None:
    if not isinstance(e, Mul | MatPow):
        return None
    numbers = [f for f in e.factors if is_scalar(f.shape)] if isinstance(e, Mul) else []
    factors = [f for f in e.factors if f not in numbers] if isinstance(e, Mul) else [e]
    chain = [g for f in factors for g in flat(f)]
    kept = change(chain)
    if len(chain) < 2 or (change is without_inverses and kept == chain):
        return None
    given = list(e.factors[len(numbers) :]) if isinstance(e, Mul) else []
    if kept == given and len({*kept}) == len(kept):  # nothing comes twice
        return None
    made = mul(*numbers, *gathered(kept)) if kept else mul(*numbers, Eye(e.shape[0]))
    return None if made == e else made


def flat(e: Node) -> list[Node]:
    """The factors that a product of powers is made of; anything else is one factor."""
    match e:
        case MatPow(exponent=Num(value=k)) if k.denominator == 1 and 0 < k < MOST_POWER:
            return flat(e.base) * int(k)
        case MatPow(exponent=Neg(arg=Num(value=k))) if k.denominator == 1 and k < MOST_POWER:
            return flat(Inv(e.base)) * int(k)
        case Inv(arg=MatPow() as power):
            return [Inv(f) for f in reversed(flat(power))]
        case T(arg=MatPow() as power):
            return [t(f) for f in reversed(flat(power))]
        case Mul() if not any(is_scalar(f.shape) for f in e.factors):
            return [g for f in e.factors for g in flat(f)]
    return [e]


def without_inverses(chain: list[Node]) -> list[Node]:
    """The factors without neighbours that cancel."""
    kept: list[Node] = []
    for f in chain:
        if kept and inverse(kept[-1], f):
            kept.pop()
        else:
            kept.append(f)
    return kept


def inverse(a: Node, b: Node) -> bool:
    """Whether one of two factors is written as the inverse of the other."""
    return (isinstance(a, Inv) and a.arg == b) or (isinstance(b, Inv) and b.arg == a)


def gathered(chain: list[Node]) -> list[Node]:
    """The factors with every block that comes several times in a row as a power; the longest run first."""
    found: list[Node] = []
    place = 0
    while place < len(chain):
        length, times = max(
            ((n, repeats(chain, place, n)) for n in range(1, (len(chain) - place) // 2 + 1)),
            key=lambda block: (block[0] * block[1] if block[1] > 1 else 1, -block[0]),
            default=(1, 1),
        )
        block = chain[place : place + length]
        found.append(power(block, times) if times > 1 else chain[place])
        place += length * times if times > 1 else 1
    return found


def repeats(chain: list[Node], place: int, length: int) -> int:
    """How often the block of a length at a place comes in a row, if it is a square matrix."""
    block = chain[place : place + length]
    if not all(is_matrix(f.shape) for f in block) or not same(block[0].shape[0], block[-1].shape[1]):
        return 1
    times = 1
    while chain[place + times * length : place + (times + 1) * length] == block:
        times += 1
    return times


def power(block: list[Node], times: int) -> Node:
    """A power of a product; of an inverse, a negative one; of a transpose, its transpose."""
    whole = mul(*block)
    if isinstance(whole, T):
        return T(power([whole.arg], times))
    return MatPow(whole.arg, Neg(num(times))) if isinstance(whole, Inv) else MatPow(whole, num(times))
