"""The last judge: the final answer against the problem's own text, run with NumPy itself.

Shares nothing with the derivation or with the checker of formulas: the text is run with NumPy's own meaning
(``numpytext``) and differentiated by numbers.
"""

from __future__ import annotations

import ast
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from random import Random
from types import MappingProxyType

import numpy as np

from generator.errors import CheckFailed
from generator.expr.abstract import smooth
from generator.expr.evaluate import Point, evaluate
from generator.expr.match import find, free_indices
from generator.expr.nodes import Eye, Inv, Node, Ones, Sym, Zero
from generator.expr.shapes import Dim, is_column, is_scalar, resolve, size
from generator.numpytext import Array, Function, Step, Text, Values, invertible, program
from generator.problem import Problem

Functions = Mapping[str, Function]
NONE: Functions = MappingProxyType({})
Answer = Node | Callable[[Point], Array]
TOLERANCE = 1e-6
STEP = 4e-3
WIDER = 5  # the step of second derivatives, whose differences of differences lose more digits
LARGEST = 1e8
POINTS, ATTEMPTS = 3, 60
POSITIVE, SMALL = (
    (*range(12, 24), *range(40, 60)),
    range(18, 24),
)  # attempts; b − Ax is positive where matrices are small


def judge(problem: Problem, answer: Answer) -> float:
    """How far the answer is from the derivative of the problem's text, at worst, relative to its size.

    ``answer`` is an expression in the problem's symbols, or a function of a point (where a vector is n×1).

    Raises:
        CheckFailed: it is not that derivative; the message holds both values.
        InputError: the text is outside the language.
    """
    worst, good, reason = 0.0, 0, ""
    for attempt in range(ATTEMPTS):
        sizes = _sizes(problem, attempt)
        values = {s.name: _value(s, sizes, attempt) for s in _symbols(problem)}
        functions = _functions(problem, sizes, attempt)
        with np.errstate(all="ignore"):
            try:
                truth = derivative(problem, values, sizes, functions=functions)
                found = _answer(problem, answer, Point(values, {}, sizes, functions=functions))
            except (ArithmeticError, np.linalg.LinAlgError, ValueError) as error:
                reason = str(error)
                continue
        if not (np.all(np.isfinite(truth)) and np.all(np.isfinite(found))) or np.max(np.abs(truth)) > LARGEST:
            reason = "a value is not finite"
            continue
        wrong = _compare(problem, truth, found)
        if isinstance(wrong, str):
            again = derivative(problem, values, sizes, STEP / 32, functions)
            if isinstance(_compare(problem, truth, again), str):
                reason = "there is a kink nearby"
                continue
            raise CheckFailed(wrong)
        worst = max(worst, wrong)
        good += 1
        if good == POINTS:
            return worst
    raise CheckFailed(f"the answer to {problem.id} could not be judged: {reason}")


def _compare(problem: Problem, truth: Array, found: Array) -> float | str:
    """The relative error of what was found; or, where it is too large, a message."""
    if truth.shape != found.shape:
        sizes = " and ".join("×".join(map(str, a.shape)) or "a number" for a in (found, truth))
        return f"the answer to {problem.id} and the derivative of its text differ in size: {sizes}"
    off = np.abs(truth - found)
    error = float(np.max(off)) / max(1e-2, float(np.max(np.abs(truth))))
    if error <= TOLERANCE:
        return error
    k = np.unravel_index(int(np.argmax(off)), off.shape)
    entry = f" in entry ({', '.join(str(i + 1) for i in k)})" if k else ""
    told = f"it gives {found[k]:.6g}{entry}, differentiating the problem's text gives {truth[k]:.6g}"
    return f"the answer to {problem.id} is wrong: {told}"


def _answer(problem: Problem, answer: Answer, point: Point) -> Array:
    point = replace(point, definitions=problem.alone)
    if not isinstance(answer, Node):
        return np.asarray(answer(point), float)
    for inverse in find(answer, Inv):
        if not free_indices(inverse):
            invertible(evaluate(inverse.arg, point))
    return np.asarray(evaluate(answer, point), float)


# --- the derivative, by differences of the text's value -------------------------------------------


def derivative(
    problem: Problem, values: Values, sizes: dict[str, int], step: float = STEP, functions: Functions = NONE
) -> Array:
    """The derivative of the problem's text at these values, arranged by the problem's layout.

    Raises:
        InputError: the text is outside the language.
    """
    run = _program(problem.text)
    plain = {s.name: _plain(s, values[s.name]) for s in _symbols(problem)}
    entries = list(_entries(problem, plain))

    def value(at: Values) -> Array:
        return np.asarray(run(Text(at, sizes, functions)), float)

    def slopes(at: Values) -> Array:
        return np.stack([_difference(value, at, *e, step) for e in entries])

    if problem.order == 1:
        return _arranged(problem, slopes(plain), plain)
    step *= WIDER
    second = np.stack([_difference(slopes, plain, *e, step) for e in entries])
    return second[0, 0] if len(problem.wrt) == 1 and is_scalar(problem.wrt[0].shape) else second


@lru_cache(64)
def _program(text: str) -> Step:
    """A problem's text, taken apart once for all points."""
    return program(ast.parse(text.strip(), mode="eval").body)


def _difference(f: Callable[..., Array], at: Values, name: str, unit: Array, h: float) -> Array:
    """The slope along a direction by central differences, extrapolated three times (Richardson)."""
    ends = [[f({**at, name: at[name] + t * unit}) for t in (h / 2**k, -h / 2**k)] for k in range(4)]
    row = [(b - a) / (2 * h / 2**k) for k, (b, a) in enumerate(ends)]
    for k in range(1, 4):
        row = [(4**k * b - a) / (4**k - 1) for a, b in pairwise(row)]
    return row[0]


def _entries(problem: Problem, plain: Values) -> Iterator[tuple[str, Array]]:
    """A direction for each entry of the variable; where it keeps a structure, what moves with the entry."""
    kept = problem.structure if problem.structured else ""
    for s in problem.wrt:
        places = np.ndindex(np.shape(plain[s.name]))
        columns = problem.order == 2  # the Hessian by a matrix is that by its stacked columns
        for place in sorted(places, key=lambda p: p[::-1]) if columns else places:
            unit = np.zeros(np.shape(plain[s.name]))
            unit[place] = 0.0 if kept == "diagonal" and place[0] != place[1] else 1.0
            yield s.name, np.maximum(unit, unit.T) if kept == "symmetric" else unit


def _arranged(problem: Problem, parts: Array, plain: Values) -> Array:
    """Derivatives by each entry (first axis) as the layout wants them."""
    of, wrt = parts.shape[1:], problem.wrt
    by = np.shape(plain[wrt[0].name]) if len(wrt) == 1 else (len(wrt),)
    if not of:
        if len(by) == 1:
            return parts[None, :] if problem.layout.gradient == "row" else parts[:, None]
        return parts.reshape(by)
    if not by:
        return parts[0][:, None] if len(of) == 1 else parts[0]
    whole = np.moveaxis(parts, 0, -1).reshape(*of, *by)  # matrices are stacked column by column
    turned = whole.transpose(*reversed(range(len(of))), *reversed(range(len(of), whole.ndim)))
    stacked = turned.reshape(int(np.prod(of)), -1)
    return stacked if problem.layout.jacobian == "numerator" else stacked.T


# --- points ---------------------------------------------------------------------------------------


def _functions(problem: Problem, sizes: dict[str, int], attempt: int) -> dict[str, Function]:
    """Numeric functions for the abstract ones; positive ones in the later attempts, like the values."""
    seeds = {name: [zlib.crc32(b"judge f " + name.encode()), attempt] for name in problem.functions}
    positive = attempt in POSITIVE
    return {
        name: smooth(fun, sizes, np.random.default_rng(seeds[name]), positive=positive)
        for name, fun in problem.functions.items()
    }


def _symbols(problem: Problem) -> list[Sym]:
    return [s for s in problem.symbols.values() if s.name != problem.function.name]


def _sizes(problem: Problem, attempt: int) -> dict[str, int]:
    """Pairwise different sizes, in another order each time."""
    sides = {resolve(side) for s in problem.symbols.values() for side in s.shape}
    sides |= {
        resolve(side) for kind in (Eye, Ones, Zero) for e in find(problem.body, kind) for side in e.shape
    }
    sides |= {resolve(side) for f in problem.functions.values() for s in (*f.takes, f.shape) for side in s}
    known = [side for side in sides if isinstance(side, Dim)]
    names = sorted({name for side in known for name in side.names})
    fixed = {side.factor for side in known}
    free = [k for k in range(2, 3 + len(names) + len(fixed)) if k not in fixed][: len(names)]
    Random(attempt).shuffle(free)
    return dict(zip(names, free, strict=True))


def _value(s: Sym, sizes: dict[str, int], attempt: int) -> Array:
    rng = np.random.default_rng([zlib.crc32(b"judge " + s.name.encode()), attempt])
    low = 0.3 if "positive" in s.assume or attempt in POSITIVE else -1.3
    if is_scalar(s.shape):
        x = rng.uniform(low, 1.3)
        return np.float64(x + 0.3 * np.sign(x))
    shape = size(s.shape[0], sizes), size(s.shape[1], sizes)
    m = rng.uniform(low, 1.3, shape)
    if attempt in SMALL and not is_column(s.shape):
        m *= 0.05
    if "orthogonal" in s.assume:
        return np.linalg.qr(m)[0]
    if "positive_definite" in s.assume:
        m = m @ m.T + np.eye(shape[0])
    elif "symmetric" in s.assume:
        m = m + m.T
    if "invertible" in s.assume:
        m = m + 2.5 * np.eye(shape[0])
    if "diagonal" in s.assume:
        m = np.diag(np.diag(m) + 0.3 * np.sign(np.diag(m)))
    return m


def _plain(s: Sym, value: Array) -> Array:
    """As NumPy users write it: a vector is one-dimensional."""
    return np.asarray(value)[:, 0] if is_column(s.shape) else np.asarray(value)
