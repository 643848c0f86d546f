"""Numbers for whole derivations: points, the true derivative by complex step, lines that are false.

Nothing here uses the checker of the program: it is judged by the same examples.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

import numpy as np

from generator.derivation import Chain, Derivation, Line
from generator.expr.calculus import App, Grad, Partial
from generator.expr.evaluate import Definition, Point, evaluate
from generator.expr.layout import Layout
from generator.expr.match import find, free_indices
from generator.expr.nodes import Eye, Node, Ones, Sym, Zero
from generator.expr.shapes import Dim, is_column, is_scalar, size
from generator.expr.unicode_writer import to_unicode
from generator.problem import Problem

LENGTHS = {"m": 2, "k": 3, "n": 4, "p": 5}  # always n > m and n > k: the corpus inverts XᵀX
MOST_INDICES = 6
CLOSE, NESTED = 1e-8, 1e-5  # a derivative within a derivative is taken by differences


def point(problem: Problem, seed: int) -> Point:
    """Values for all symbols, under their assumptions; only the variable varies."""
    sizes = _sizes(problem)
    values = {s.name: _value(s, sizes, seed) for s in problem.symbols.values()}
    along = {s.name: _value(replace(s, assume=frozenset()), sizes, seed + 100) for s in problem.wrt}
    wrt = problem.wrt
    layout = problem.layout
    f = problem.function
    parameters = problem.parameters or wrt
    definitions = {f.name: Definition(problem.body, parameters)}
    whole = len(wrt) == 1 and (not is_scalar(f.shape) or is_scalar(wrt[0].shape))
    asked = Partial(f, wrt[0], layout) if whole else Grad(f, wrt, (), layout)
    definitions[problem.answer_symbol.name] = Definition(asked)
    return Point(values, along, sizes, {}, definitions)


def _sizes(problem: Problem) -> dict[str, int]:
    nodes = [problem.body, *problem.symbols.values()]
    shapes = [e.shape for n in nodes for kind in (Sym, Eye, Ones, Zero) for e in find(n, kind)]
    names = {n for s in shapes for side in s if isinstance(side, Dim) for n in side.names}
    return {n: LENGTHS.get(n, 6) for n in sorted(names)}


def _value(s: Sym, sizes: dict[str, int], seed: int) -> np.ndarray:
    rng = np.random.default_rng([zlib.crc32(s.name.encode()), seed])
    positive = "positive" in s.assume
    if is_scalar(s.shape):
        return np.float64(rng.uniform(0.4, 1.4) * (1 if positive else rng.choice([-1, 1])))
    shape = (size(s.shape[0], sizes), size(s.shape[1], sizes))
    v = rng.uniform(0.4, 1.4, shape) if positive else 0.8 * rng.normal(size=shape)
    if "positive_definite" in s.assume:
        return v @ v.T + np.eye(shape[0])
    if "orthogonal" in s.assume:
        return np.linalg.qr(v)[0]
    if "diagonal" in s.assume:
        return np.diag(np.diag(v))
    if "symmetric" in s.assume:
        v = (v + v.T) / 2
    return v + 2 * np.eye(shape[0]) if "invertible" in s.assume else v


def usable(problem: Problem, count: int) -> list[Point]:
    """Points within the domain of the function: its value is finite and real."""
    found = []
    for seed in range(1, 60):
        at = point(problem, seed)
        with np.errstate(all="ignore"):
            value = np.asarray(evaluate(problem.body, at))
        if np.isfinite(value).all() and np.max(np.abs(value)) < 1e6:
            found.append(at)
        if len(found) == count:
            return found
    raise AssertionError(f"{problem.id}: no points in its domain")


def truth(problem: Problem, at: Point, layout: Layout) -> np.ndarray:
    """The derivative by complex step of the function's own expression, arranged by the layout."""
    f = problem.body
    columns = []
    for s in problem.wrt:
        shape = np.shape(at.values[s.name])
        for place in np.ndindex(*shape):
            unit = np.zeros(shape)
            unit[place] = 1.0
            moved = at.shifted(1e-30j, {s.name: unit[()]})
            columns.append(np.imag(np.atleast_1d(evaluate(f, moved))).ravel() / 1e-30)
    tensor = np.array(columns).T  # outputs × inputs
    if not is_scalar(f.shape):
        return tensor if layout.jacobian == "numerator" or is_scalar(problem.wrt[0].shape) else tensor.T
    one = problem.wrt[0] if len(problem.wrt) == 1 else None
    if one is not None and not is_column(one.shape):
        return tensor.reshape(np.shape(at.values[one.name]))
    return tensor if layout.gradient == "row" else tensor.T


def lines(d: Derivation) -> Iterator[tuple[Node, Line]]:
    """All lines with their left-hand sides, continued ones too."""
    for step in d.all_steps():
        for item in (i for i in step.items if isinstance(i, Chain)):
            lhs = item.lines[0].lhs
            for line in item.lines:
                lhs = line.lhs if line.lhs is not None else lhs
                assert lhs is not None
                yield lhs, line
    for line in d.answers:
        assert line.lhs is not None
        yield line.lhs, line


def false_lines(d: Derivation, at: Point) -> list[str]:
    """The equalities of a derivation that do not hold at a point, definitions taken along."""
    wrong = []
    for lhs, line in lines(d):
        if line.mode == "definition":
            assert isinstance(lhs, Sym)
            at = replace(at, definitions={**at.definitions, lhs.name: Definition(line.rhs)})
        elif line.mode == "identity":
            off = max((_gap(lhs, line.rhs, here) for here in _indexed(lhs, line, at)), default=np.inf)
            if not off < NESTED:
                wrong.append(f"{to_unicode(lhs)} = {to_unicode(line.rhs)} ({line.rule}): off by {off:.1e}")
            at = _written(d.problem, lhs, line.rhs, at)
    return wrong


def _written(problem: Problem, lhs: Node, rhs: Node, at: Point) -> Point:
    """The point where the function is meant as it was last written with named parts."""
    f = problem.function
    local = {s.name for s in find(rhs, Sym)} - problem.symbols.keys() - {f.name}
    if (lhs.fun if isinstance(lhs, App) else lhs) != f or not local:
        return at
    return replace(at, definitions={**at.definitions, f.name: replace(at.definitions[f.name], body=rhs)})


def _indexed(lhs: Node, line: Line, at: Point) -> Iterator[Point]:
    """The point with values of the free indices that satisfy the guard."""
    free = sorted(free_indices(lhs) | free_indices(line.rhs), key=lambda i: i.name)
    ranges = [range(1, size(i.size, dict(at.sizes)) + 1) for i in free]
    places = (dict(zip((i.name for i in free), values, strict=True)) for values in product(*ranges))
    points = (replace(at, indices=place) for place in places)
    fitting = (p for p in points if line.guard is None or evaluate(line.guard, p))
    return islice(fitting, MOST_INDICES)


def _gap(lhs: Node, rhs: Node, at: Point) -> float:
    a, b = (np.asarray(evaluate(e, at)) for e in (lhs, rhs))
    if a.shape != b.shape and not (a.size == b.size == 1):
        return np.inf
    shown = ~(np.isnan(a) | np.isnan(b))  # dots in a written-out matrix have no value
    if not shown.any():
        return np.inf
    scale = max(1e-2, float(np.max(np.abs(a[shown]))), float(np.max(np.abs(b[shown]))))
    return float(np.max(np.abs(a - b)[shown])) / scale


def error(found: np.ndarray, true: np.ndarray) -> float:
    """The relative error of an answer; a wrong shape is infinitely wrong."""
    if np.shape(found) != np.shape(true) and not (np.size(found) == np.size(true) == 1):
        return np.inf
    return float(np.max(np.abs(found - true)) / max(1.0, float(np.max(np.abs(true)))))


__all__ = ["error", "false_lines", "lines", "point", "truth", "usable"]
