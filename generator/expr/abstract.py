"""Abstract functions: declared maps such as f: ℝᵈ → ℝⁿ without a formula, and their derivatives at a place.

For numbers a random smooth function stands for each: it is analytic, so that the complex step differentiates
it exactly, and it has no structure that would hide a transposed Jacobian or a factor at the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import ClassVar

import numpy as np

from generator.errors import ShapeError
from generator.expr.calculus import App
from generator.expr.equality import node
from generator.expr.functions import Array
from generator.expr.layout import Layout
from generator.expr.match import find, transform
from generator.expr.nodes import Node, Sym, T
from generator.expr.shapes import (
    ONE,
    SCALAR,
    Dim,
    Shape,
    dim,
    is_column,
    is_scalar,
    resolve,
    same_shape,
    show,
    size,
)


@dataclass(frozen=True, slots=True)
class Abstract:
    """A declared function: its name, the shapes of its arguments, and the shape of its value."""

    name: str
    takes: tuple[Shape, ...]
    shape: Shape

    @property
    def symbol(self) -> Sym:
        """The name as a symbol with the shape of the value; alone it means the value."""
        return Sym(self.name, self.shape)

    @property
    def source(self) -> tuple[Shape, ...]:
        """The spaces it maps from; several numbers together are one vector."""
        together = len(self.takes) > 1 and all(map(is_scalar, self.takes))
        return ((dim(len(self.takes)), ONE),) if together else self.takes

    @property
    def sizes(self) -> frozenset[str]:
        """The names of the sizes in its declaration."""
        sides = (resolve(side) for shape in (*self.takes, self.shape) for side in shape)
        return frozenset(name for side in sides if isinstance(side, Dim) for name in side.names)

    def at(self, args: Iterable[Node]) -> App:
        """The function applied.

        Raises:
            ShapeError: arguments that are not the declared ones.
        """
        given = tuple(args)
        if len(given) != len(self.takes):
            raise ShapeError(f"`{self.name}` takes {len(self.takes)} argument(s), found {len(given)}")
        for wanted, arg in zip(self.takes, given, strict=True):
            if not same_shape(wanted, arg.shape):
                raise ShapeError(f"`{self.name}` takes a {show(wanted)}, found a {show(arg.shape)}")
        return App(self.symbol, given)

    def slope(self, args: Iterable[Node], layout: Layout, slot: int = 0, order: int = 1) -> Jac:
        """The derivative by one argument, at these arguments.

        Raises:
            ShapeError: arguments that are not the declared ones, or a derivative of more than two indices.
        """
        applied = self.at(args)
        if not 0 <= slot < len(self.takes):
            raise ShapeError(f"`{self.name}` has {len(self.takes)} argument(s)")
        return Jac(self.symbol, applied.args, layout, slot, order)


@node
class Jac(Node):
    """The derivative of an abstract function by one of its arguments, at a place; arranged by the layout.

    It is J_f(x) for a vector of a vector, ∇g(x) for a number of an array, h′(t) for a function of a number,
    and ∂₂f(s, t) for one argument of several; ``slot`` counts them from 0. ``order`` counts the primes.
    """

    fun: Sym
    args: tuple[Node, ...]
    layout: Layout = Layout()
    slot: int = 0
    order: int = 1
    PARTS: ClassVar[tuple[str, ...]] = ("args",)

    def __post_init__(self) -> None:
        by = self.args[self.slot].shape
        shape = self.layout.derivative_shape(self.fun.shape, by)
        if shape is None:
            told = f"the derivative of {self.fun.name}, a {show(self.fun.shape)}, by a {show(by)}"
            raise ShapeError(f"{told} has more than two indices")
        if self.order > 1 and not is_scalar(by):
            raise ShapeError("only a function of a number has higher derivatives here")
        self._is(shape)

    @property
    def form(self) -> str:
        """How it is written: ``slot`` (∂₂f), ``prime`` (f′), ``gradient`` (∇f) or ``jacobian`` (J_f)."""
        if len(self.args) > 1:
            return "slot"
        if is_scalar(self.args[0].shape):
            return "prime"
        return "gradient" if is_scalar(self.fun.shape) else "jacobian"


@node
class Maps(Node):
    """The declaration of functions of one kind, f, g: ℝᵈ → ℝⁿ; the checker compares it."""

    functions: tuple[Abstract, ...]

    def __post_init__(self) -> None:
        self._is(SCALAR)


def named(
    name: str, functions: Mapping[str, Abstract], layout: Layout
) -> Callable[[tuple[Node, ...]], Node] | None:
    """What a function, or a derivative of one, makes of arguments; ``None`` for any other name."""
    if name in functions:
        return functions[name].at
    found = re.fullmatch(
        r"J_(?P<J>\w+)|grad_(?P<grad>\w+)|(?P<h>\w+)_prime(?P<order>\d?)|partial(?P<slot>\d)_(?P<f>\w+)", name
    )
    if not found or (fun := found["J"] or found["grad"] or found["h"] or found["f"]) not in functions:
        return None
    slot, order = int(found["slot"] or 1) - 1, int(found["order"] or 1)
    return lambda args: functions[fun].slope(args, layout, slot, order)


def laid(e: Node, layout: Layout) -> Node:
    """The expression with derivatives of the default layout written in another one, transposed if need be."""

    if not find(e, Jac):
        return e

    def change(n: Node) -> Node | None:
        if not isinstance(n, Jac) or n.layout == layout:
            return None
        args, by = tuple(laid(a, layout) for a in n.args), n.args[n.slot].shape
        new = Jac(n.fun, args, layout, n.slot, n.order)
        number = is_scalar(n.fun.shape)
        turned = n.layout.gradient != layout.gradient if number else n.layout.jacobian != layout.jacobian
        return T(new) if turned and is_column(by) else new

    return transform(e, change)


def values_alone(body: Node, functions: Mapping[str, Abstract]) -> dict[str, App]:
    """What the bare name of a function means: its value, where it is applied to the same things only."""
    found: dict[str, list[App]] = {}
    for app in find(body, App):
        if app.fun.name in functions and app not in found.setdefault(app.fun.name, []):
            found[app.fun.name].append(app)
    return {name: apps[0] for name, apps in found.items() if len(apps) == 1}


# --- numbers ----------------------------------------------------------------------------------------


def smooth(
    fun: Abstract, sizes: Mapping[str, int], rng: np.random.Generator, *, positive: bool = False
) -> Callable[..., Array]:
    """A random analytic function of the declared sizes: a wave, a line and a square of linear forms."""

    def extent(shape: Shape) -> tuple[int, int]:
        return size(shape[0], dict(sizes)), size(shape[1], dict(sizes))

    into, out = sum(prod(extent(shape)) for shape in fun.takes), extent(fun.shape)
    wave, line, square = (rng.normal(size=(prod(out), into)) * 0.7 for _ in range(3))
    phase = rng.uniform(0, 6, prod(out))

    def value(*args: Array) -> Array:
        u = np.concatenate([np.ravel(a) for a in args])
        found = np.sin(wave @ u + phase) + line @ u + 0.3 * (square @ u) ** 2
        if positive:
            found = np.exp(found / 3)
        return found[0] if fun.shape == SCALAR else found.reshape(out)

    return value
