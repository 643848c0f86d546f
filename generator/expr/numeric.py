"""Numeric derivatives along a line: complex step, and central differences with Richardson extrapolation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from generator.expr.functions import Array

STEP = 1e-30
MOST_SQUARED = 4096  # the largest exponent that is taken apart by squaring


def whole_power(base: Array, exponent: int) -> Array:
    """A power by repeated squaring: exact along the complex step, where the logarithm of a power is not."""
    result: Array = np.ones(np.shape(base))[()]
    while exponent:
        if exponent & 1:
            result = result * base
        base, exponent = base * base, exponent >> 1
    return result


SIDES_AGREE = 1e-4  # how close a limit from the right is to that from the left
NOT_REAL = 1e-6  # a rise beyond it is no small change of a real value


def complex_step(f: Callable[[complex], Array]) -> Array:
    """f′(0) of an analytic function that takes real values: Im f(ih)/h, exact to round-off.

    A function that is not real at 0 itself (the logarithm of a negative number) has no such derivative: NaN.

    Source: Squire and Trapp, SIAM Review 40 (1998), 110–112.
    """
    value = f(1j * STEP)
    rise = np.imag(value)  # that of a real NaN is zero
    return np.where(np.isfinite(value) & (np.abs(rise) < NOT_REAL), rise / STEP, np.nan)[()]


def central_difference(f: Callable[[float], Array], h: float = 4e-3, levels: int = 4) -> Array:
    """f′(0) by central differences with Richardson extrapolation (Ridders 1982)."""
    return _extrapolated([(f(h / 2**k) - f(-h / 2**k)) / (2 * h / 2**k) for k in range(levels)])


def limit_at_zero(f: Callable[[float], Array], h: float = 4e-3, levels: int = 4) -> Array:
    """The limit of f(t) as t goes to 0, extrapolated from both sides; NaN where the sides do not agree."""
    right, left = ([np.asarray(f(sign * h / 2**k)) for k in range(levels)] for sign in (1, -1))
    one, other = _extrapolated(right, 2), _extrapolated(left, 2)
    value = _extrapolated([(a + b) / 2 for a, b in zip(right, left, strict=True)])
    apart = np.abs(one - other) > SIDES_AGREE * (1 + np.abs(value))
    return np.where(apart, np.nan, value)[()]


def _extrapolated(row: list[Array], base: int = 4) -> Array:
    """The limit of values at steps h, h/2, h/4, … (Richardson); base 4 where only even powers of h occur."""
    for k in range(1, len(row)):
        row = [(base**k * b - a) / (base**k - 1) for a, b in pairwise(row)]
    return row[0]
