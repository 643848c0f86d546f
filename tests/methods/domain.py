"""Whether a function has a derivative anywhere: by numbers alone, before anybody derives anything."""

from __future__ import annotations

import numpy as np

from generator.expr.evaluate import Point
from generator.expr.match import nodes
from generator.expr.nodes import Div, Node, Norm, Num, Pow
from generator.judge import STEP, derivative
from generator.problem import Problem
from tests.rules.points import moderate

SIZES = ({"n": 3, "m": 2}, {"n": 4, "m": 3}, {"n": 2, "m": 3})
DRAWS = 8  # for each of the sizes: half of them positive, and of these half with small matrices
ENOUGH = 3
LARGEST = 1e7
SMALLEST = 1e-6


def tame(body: Node, at: Point) -> bool:
    """Whether all parts of a function have moderate values at a point, and nothing is divided by nothing."""
    if any(moderate(e, at) is None for e in nodes(body)):
        return False
    below = [e.den for e in nodes(body) if isinstance(e, Div)]
    below += [e.base for e in nodes(body) if isinstance(e, Pow) and not isinstance(e.exponent, Num)]
    norms = (e.arg for e in nodes(body) if isinstance(e, Norm))
    return all(np.min(np.abs(moderate(e, at))) > SMALLEST for e in below) and all(
        np.max(np.abs(moderate(e, at))) > SMALLEST for e in norms
    )


def differentiable(problem: Problem) -> bool:
    """Whether NumPy finds a derivative of the text, finite and free of kinks, at a few random points."""
    found = 0
    for sizes in SIZES:
        for draw in range(DRAWS):
            found += _derivative_at(problem, sizes, draw)
            if found == ENOUGH:
                return True
    return False


def _derivative_at(problem: Problem, sizes: dict[str, int], draw: int) -> bool:
    """Whether differences of two lengths agree on the derivative at a point."""
    rng = np.random.default_rng([draw, *sizes.values()])
    values = {}
    for s in problem.symbols.values():
        sides = [sizes.get(str(side), 1) for side in s.shape]
        v = rng.uniform(0.3 if draw >= DRAWS // 2 else -1.3, 1.3, sides)
        v = v * 0.05 if min(sides) > 1 and draw >= 3 * DRAWS // 4 else v
        v = v + v.T if "symmetric" in s.assume else v
        values[s.name] = v if max(sides) > 1 else v[0, 0]
    with np.errstate(all="raise", under="ignore"):  # 1/(1/0) is no function that somebody would write
        try:
            wide, narrow = (derivative(problem, values, sizes, step) for step in (STEP, STEP / 32))
        except (ArithmeticError, np.linalg.LinAlgError, ValueError):
            return False
    scale = max(1e-2, float(np.max(np.abs(wide))))
    return bool(np.isfinite(wide).all() and scale < LARGEST and np.max(np.abs(wide - narrow)) <= 1e-6 * scale)
