"""Numbers for the letters of a rule: random, under the conditions that it states, all varying."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from hypothesis import assume

from generator.expr.abstract import Abstract, Jac, smooth
from generator.expr.calculus import App
from generator.expr.evaluate import Point, evaluate
from generator.expr.functions import FUNCTIONS
from generator.expr.match import find, symbols
from generator.expr.nodes import Call, Eye, Inv, Node, Norm, Ones, Pow, Sym, Zero
from generator.expr.shapes import Dim, is_scalar, size
from generator.rules.rule import Rule
from tests.strategies import SYMBOLS

ODD, EVEN = (3, 5, 7, 9, 11, 13), (4, 6, 2, 8, 10, 12)
DRAWS = [(sides, seed) for sides in (ODD, EVEN) for seed in (1, 2, 3)]


def constants(rule: Rule) -> frozenset[str]:
    """The letters that do not vary."""
    return frozenset(letter for condition, letter in rule.when if condition == "constant")


def varying(rule: Rule) -> frozenset[str]:
    """The letters that vary."""
    return frozenset(s.name for s in symbols(rule.sides[0])) - constants(rule)


def point(sides: Iterable[Node], lengths: tuple[int, ...], seed: int, fixed: frozenset[str]) -> Point:
    """Values and directions for all symbols of some expressions; dimensions are pairwise different."""
    sides = tuple(sides)
    found = sorted(set().union(*(symbols(e) for e in sides)), key=lambda s: s.name)
    sized = [*found, *(e for side in sides for kind in (Eye, Ones, Zero) for e in find(side, kind))]
    named = {n for e in sized for d in e.shape if isinstance(d, Dim) for n in d.names}
    names = sorted(named.union(*(f.sizes for f in declared(sides))))
    sizes = dict(zip(names, lengths, strict=False))
    values = {s.name: value(s, sizes, seed, s.name in must_be_positive(sides)) for s in found}
    directions = {
        s.name: value(s, sizes, seed + 100, False) if s.name not in fixed else 0 * values[s.name]
        for s in found
    }
    functions = {
        f.name: smooth(f, sizes, np.random.default_rng([zlib.crc32(f.name.encode()), seed]))
        for f in declared(sides)
    }
    return Point(values, directions, sizes, functions=functions)


def declared(sides: Iterable[Node]) -> set[Abstract]:
    """The abstract functions that occur, as far as an application tells."""
    apps = [e for side in sides for kind in (App, Jac) for e in find(side, kind)]
    return {Abstract(e.fun.name, tuple(a.shape for a in e.args), e.fun.shape) for e in apps}


def must_be_positive(sides: Iterable[Node]) -> set[str]:
    """The letters under a logarithm, a root or a power that is not an integer."""
    inside = [
        e.args[0] if isinstance(e, Call) else e.base
        for side in sides
        for e in (*find(side, Call), *find(side, Pow))
        if (isinstance(e, Pow) and symbols(e.exponent))
        or (isinstance(e, Call) and FUNCTIONS[e.name].domain == "positive")
    ]
    orders = [e.p for side in sides for e in find(side, Norm) if e.p is not None]
    return {s.name for e in (*inside, *orders) for s in symbols(e)}


def value(s: Sym, sizes: dict[str, int], seed: int, positive: bool) -> np.ndarray:
    """A value with what is declared of the symbol; numbers stay away from zero and one."""
    rng = np.random.default_rng([zlib.crc32(s.name.encode()), seed, *sizes.values()])
    if is_scalar(s.shape):
        above = positive or "positive" in s.assume
        return np.float64(rng.uniform(1.3, 1.9) * (1 if above else rng.choice([-1, 1])))
    shape = (size(s.shape[0], sizes), size(s.shape[1], sizes))
    if positive or "positive" in s.assume:
        return rng.uniform(0.3, 1.8, shape)
    v = rng.normal(size=shape)
    v += 0.3 * np.sign(v)
    if "diagonal" in s.assume:
        return np.diag(np.diag(v))
    if "orthogonal" in s.assume:
        return np.linalg.qr(v)[0]
    if "positive_definite" in s.assume:
        return v @ v.T + np.eye(shape[0])
    return v + v.T if "symmetric" in s.assume else v


def difference(a: Node, b: Node, at: Point) -> float:
    """The relative difference of two expressions at a point; both are finite numbers of one shape."""
    left, right = (np.asarray(evaluate(e, at)) for e in (a, b))
    assert left.shape == right.shape, f"{left.shape} and {right.shape}"
    assert np.isfinite(left).all(), left
    assert np.isfinite(right).all(), right
    return float(np.max(np.abs(left - right)) / max(1.0, np.max(np.abs(left)), np.max(np.abs(right))))


# --- random expressions: not every one has a value everywhere --------------------------------------------

SMALL = (2, 3)  # m, n: BᵀX has an inverse


def positive_point(fixed: frozenset[str] = frozenset()) -> Point:
    """Positive values for the symbols of the strategies: most random expressions have a value there."""
    at = point(SYMBOLS.values(), SMALL, 4, fixed)
    return Point({k: np.abs(v)[()] for k, v in at.values.items()}, at.directions, at.sizes)


def moderate(e: Node, at: Point) -> np.ndarray | None:
    """The value of an expression, where it has a real one that is neither huge nor badly conditioned."""
    inverted = [i.arg for i in find(e, Inv)] + [c.args[0] for c in find(e, Call) if "det" in c.name]
    with np.errstate(all="ignore"):
        try:
            v = np.asarray(evaluate(e, at))
            if any(np.linalg.cond(evaluate(arg, at)) > 1e5 for arg in inverted):
                return None
        except (np.linalg.LinAlgError, ArithmeticError, ValueError, TypeError):
            return None
    fine = not np.iscomplexobj(v) and np.isfinite(v).all() and np.max(np.abs(v)) < 1e6
    return v if fine else None


def same(a: Node, b: Node, fixed: frozenset[str] = frozenset()) -> None:
    """Both expressions have one shape, and one value (where the first has one)."""
    assert a.shape == b.shape
    at = positive_point(fixed)
    before = moderate(a, at)
    assume(before is not None)
    after = moderate(b, at)
    assert before is not None
    assert after is not None
    assert before.shape == after.shape
    assert np.max(np.abs(before - after)) <= 1e-7 * max(1.0, float(np.max(np.abs(before))))
