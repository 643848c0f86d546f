"""What the letters of a part of a text mean, as plain data; made from a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.expr.abstract import Abstract
from generator.expr.calculus import Grad, Mat
from generator.expr.evaluate import Definition
from generator.expr.latex_table import Table
from generator.expr.layout import Layout
from generator.expr.make import jacobian
from generator.expr.match import walk
from generator.expr.nodes import Eye, Idx, Node, Ones, Size, Sym, Zero
from generator.expr.notation import Notation
from generator.expr.shapes import ONE, Dim, Dimension, dim, is_scalar, resolve
from generator.problem import Problem


@dataclass(frozen=True)
class Scope:
    """The symbols of a scope and what they stand for.

    ``symbols`` holds every name, also those with a meaning in ``definitions``. ``functions`` may be applied
    to arguments. ``variables`` are what the problem differentiates by. ``varying`` restricts what has a
    differential; without it a line may hold with everything varying or with only the variables varying.
    ``abstract`` functions have no formula.
    ``stationary`` maps the name of a starred symbol to the function it makes stationary and to that
    function's variable; ``points`` maps the name of a point to the symbols that take its values there.
    """

    symbols: Mapping[str, Sym] = field(default_factory=dict)
    functions: Mapping[str, Sym] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    variables: tuple[Sym, ...] = ()
    varying: frozenset[str] | None = None
    stationary: Mapping[str, tuple[str, Sym]] = field(default_factory=dict)
    points: Mapping[str, Mapping[Sym, Node]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    notation: Notation = field(default_factory=Notation)
    abstract: Mapping[str, Abstract] = field(default_factory=dict)

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """The names of all sizes."""
        sides = {side for s in self.symbols.values() for side in s.shape}
        for definition in self.definitions.values():
            sides |= {side for _, e in walk(definition.body) for side in _sides(e)}
        found = (resolve(side) for side in sides)
        names = frozenset(name for side in found if isinstance(side, Dim) for name in side.names)
        return names.union(*(fun.sizes for fun in self.abstract.values()))

    @property
    def table(self) -> Table:
        """The symbol table for the LaTeX reader."""
        names = self.symbols, self.functions
        return Table(*names, self.variables, self.dimensions, self.layout, self.notation, self.abstract)

    @cached_property
    def signature(self) -> tuple[object, ...]:
        """All that decides how a text is read and where it is tried, but for the bodies of definitions."""
        names = (self.symbols, self.functions, self.stationary, self.abstract)
        rest = (self.definitions.keys(), self.variables, self.varying, self.dimensions, self.layout)
        return (*(tuple(some.items()) for some in names), frozenset(rest[0]), *rest[1:], self.notation)


def _sides(e: Node) -> tuple[Dimension, ...]:
    if isinstance(e, Eye | Idx | Size):
        return (e.size,)
    return e.of_shape if isinstance(e, Ones | Zero | Sym) else ()


def scope_of(problem: Problem) -> Scope:
    """The scope of a problem: symbols, function, letter of the answer, point, stationary point."""
    f, wrt = problem.function, problem.wrt
    symbols = {**problem.symbols, f.name: f, **{name.name: name for name, _ in problem.parts}}
    definitions = {name.name: Definition(part) for name, part in problem.parts}
    definitions[f.name] = Definition(problem.body, problem.parameters or wrt)
    answer = problem.answer_symbol
    derivative = _derivative(problem)
    if problem.order == 2 and is_scalar(f.shape):
        symbols[answer.name] = Sym(answer.name, derivative.shape)
        definitions[answer.name] = Definition(derivative)
        answer, derivative = problem.first.answer_symbol, _derivative(problem.first)
    for name in {answer.name, "G" if is_scalar(f.shape) else "J"} - symbols.keys():
        symbols[name] = Sym(name, derivative.shape)
        definitions[name] = Definition(derivative)
    points: dict[str, Mapping[Sym, Node]] = {}
    if problem.at:
        points[problem.point_name] = _point(problem, symbols, definitions)
    stationary = {}
    if problem.set_to_zero and len(wrt) == 1 and is_scalar(f.shape):
        name = f"{wrt[0].name}_star"
        symbols[name] = Sym(name, wrt[0].shape)
        stationary[name] = (f.name, wrt[0])
    return Scope(
        symbols, {f.name: f}, {**problem.alone, **definitions}, wrt, None, stationary, points,
        problem.layout, problem.notation, problem.functions,
    )  # fmt: skip


def _derivative(problem: Problem) -> Node:
    """The derivative asked for, as a calculus node; of the vecs where it has more than two indices."""
    f, wrt = problem.function, problem.wrt
    if is_scalar(f.shape):
        return Grad(f, wrt, (), problem.layout, 2 if problem.order == 2 else 1)
    return jacobian(f, problem.variable, problem.layout)


def _point(
    problem: Problem, symbols: dict[str, Sym], definitions: dict[str, Definition]
) -> Mapping[Sym, Node]:
    """Declare the point, and give the values that the variables take there."""
    wrt, name = problem.wrt, problem.point_name
    if len(wrt) > 1:
        shape, body = (dim(len(wrt)), ONE), Mat(problem.at, 1)
        values: dict[Sym, Node] = dict(zip(wrt, problem.at, strict=True))
    else:
        shape = wrt[0].shape  # type: ignore[assignment]
        columns = resolve(shape[1])
        alone = is_scalar(shape)
        written = Mat(problem.at, columns.factor if isinstance(columns, Dim) else 1)
        body = problem.at[0] if alone else written  # type: ignore[assignment]
        values = {wrt[0]: body}
    if name not in symbols:
        symbols[name] = Sym(name, shape)
        definitions[name] = Definition(body)
    return values
