"""Random inputs for the self-check of a module: as many lines of code, which respect what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.code.target import safe
from generator.expr.nodes import Sym
from generator.expr.shapes import Dim, Dimension, long_sides, resolve


@dataclass(frozen=True, slots=True)
class Draw:
    """Which inputs are drawn: all entries positive or not, and the sizes falling or rising."""

    positive: bool = False
    rising: bool = False


DRAWS = tuple(Draw(positive, rising) for positive in (False, True) for rising in (False, True))


def sizes(symbols: Iterable[Sym], draw: Draw) -> dict[str, int]:
    """Small sizes, all different."""
    sides = {resolve(side) for s in symbols for side in s.shape}
    known = [side for side in sides if isinstance(side, Dim)]
    names = sorted({name for side in known for name in side.names}, reverse=draw.rising)
    fixed = {side.factor for side in known}
    free = (k for k in range(3, 4 + len(names) + len(fixed)) if k not in fixed)
    return dict(zip(names, free, strict=False))


def draws(symbols: Mapping[str, Sym], draw: Draw) -> list[str]:
    """Lines that define all arguments."""
    numbers = sizes(symbols.values(), draw)
    lines = [f"{', '.join(numbers)} = {', '.join(map(str, numbers.values()))}"] if numbers else []
    for symbol in symbols.values():
        lines += _drawn(symbol, draw)
    return lines


def _drawn(symbol: Sym, draw: Draw) -> list[str]:
    name, sides = safe(symbol.name), ", ".join(map(_side, long_sides(symbol.shape)))
    assumed = symbol.assume
    array = f"rng.standard_normal({_tuple(symbol)})"
    if draw.positive or "positive" in assumed:
        array = f"rng.uniform(0.5, 1.5, {_tuple(symbol)})" if sides else "rng.uniform(0.5, 1.5)"
    lines = [f"{name} = {array}"]
    if "orthogonal" in assumed:
        return [*lines, f"{name} = np.linalg.qr({name})[0]"]
    n = sides.partition(",")[0]
    if "positive_definite" in assumed:
        lines.append(f"{name} = {name} @ {name}.T + np.eye({n})")
    elif "symmetric" in assumed:
        lines.append(f"{name} = {name} + {name}.T")
    if "invertible" in assumed:
        lines.append(f"{name} = {name} + 3 * np.eye({n})")
    if "diagonal" in assumed:
        lines.append(f"{name} = np.diag(np.diag({name}))")
    return lines


def _tuple(symbol: Sym) -> str:
    sides = [_side(side) for side in long_sides(symbol.shape)]
    return f"({', '.join(sides)})" if len(sides) > 1 else "".join(sides)


def _side(side: Dimension) -> str:
    found = resolve(side)
    assert isinstance(found, Dim)
    factors = [str(found.factor)] * (found.factor > 1 or not found.names) + list(found.names)
    return " * ".join(factors)
