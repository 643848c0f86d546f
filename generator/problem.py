"""A problem: what is given and what is to be found. ``spec`` loads it; nothing here knows a solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from generator.errors import InputError, did_you_mean
from generator.expr.abstract import Abstract, values_alone
from generator.expr.calculus import Mat
from generator.expr.layout import Layout
from generator.expr.make import jacobian
from generator.expr.nodes import Node, Sym
from generator.expr.notation import Notation
from generator.expr.point import Definition
from generator.expr.shapes import dim, is_scalar, times

Detail = Literal["brief", "standard", "full"]
DETAILS: tuple[Detail, ...] = get_args(Detail)


def check_detail(name: str) -> Detail:
    """The name, if it is one of ``DETAILS``.

    Raises:
        InputError: it is not.
    """
    for known in DETAILS:
        if name == known:
            return known
    hint = did_you_mean(name, DETAILS) or f"there are {', '.join(DETAILS)}"
    raise InputError(f"there is no detail {name!r}", hint=hint)


@dataclass(frozen=True)
class Path:
    """A curve in the plane of a picture: its coordinates in ``t``, and the ends of a step along it."""

    t: Sym
    coordinates: tuple[Node, Node]
    step: tuple[float, float]


@dataclass(frozen=True)
class Plot:
    """A picture of a function of two numbers: its kind, the range of each, a point or a path in it."""

    kind: Literal["contour", "field", "surface", "increments"]
    range: tuple[tuple[float, float], tuple[float, float]]
    at: tuple[float, float] | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Slip:
    """A mistake to warn of, by its name; and numbers for the variable, to show what it does."""

    mistake: str
    at: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One function, the variable to differentiate by, and what else is asked.

    ``function`` is the name of the value (L, f, y) with its shape; ``parameters`` is non-empty where the
    problem is written as f(x) = …. ``body`` is its expression, ``text`` the same in the text language (for
    the judge that uses NumPy itself). ``wrt`` holds one symbol, or several scalars. ``at`` is a point
    (entries of the variable, row by row) at which the answer is evaluated; ``set_to_zero`` asks for the
    stationary point. ``methods`` are the ways in which the solution is to be told; without one the program
    chooses. ``detail`` is how much is told. ``order`` 2 asks for second derivatives: the Hessian. With
    ``structured`` the entries of a symmetric or diagonal variable keep that structure; otherwise they vary
    freely. ``functions`` are abstract ones: they are declared and have no formula.
    """

    id: str
    title: str
    symbols: Mapping[str, Sym]
    function: Sym
    body: Node
    text: str
    wrt: tuple[Sym, ...]
    parameters: tuple[Sym, ...] = ()
    layout: Layout = Layout()
    notation: Notation = field(default_factory=Notation)
    methods: tuple[str, ...] = ()
    detail: Detail = "full"
    at: tuple[Node, ...] = ()
    point_name: str = "p"
    set_to_zero: bool = False
    order: int = 1
    structured: bool = False
    explain: tuple[str, ...] = ()
    statement: str = ""
    questions: tuple[str, ...] = ()
    remark: str = ""
    hints: tuple[str, ...] = ()
    minutes: int | None = None
    uses: tuple[str, ...] = ()
    number: int | None = None
    label: str = ""  # its place in the collection in words: Problem 3, or Exercise 1 (a)
    level: str = "guided"  # on a worksheet
    plot: Plot | None = None
    slip: Slip | None = None
    parts: tuple[tuple[Sym, Node], ...] = ()  # named by the lecturer: e = y − Φθ, to be used in f
    functions: Mapping[str, Abstract] = field(default_factory=dict)
    rows: tuple[Sym, ...] = ()  # matrices that the lecturer wrote by their rows: a_i in a sum over i

    @property
    def variable(self) -> Node:
        """The variable: its symbol, or the column of the scalars that together are it."""
        return self.wrt[0] if len(self.wrt) == 1 else Mat(self.wrt, 1)

    @property
    def named(self) -> tuple[Sym, ...]:
        """Everything with a name of its own: symbols, the function, abstract functions."""
        return (*self.symbols.values(), self.function, *(fun.symbol for fun in self.functions.values()))

    @property
    def alone(self) -> Mapping[str, Definition]:
        """What the bare names of abstract functions mean: their values in the body."""
        return {name: Definition(app) for name, app in values_alone(self.body, self.functions).items()}

    @property
    def names(self) -> frozenset[str]:
        """All names that mean something here."""
        parts = (name.name for name, _ in self.parts)
        return frozenset((*self.symbols, *self.functions, self.function.name, *parts))

    def called(self, e: Node) -> Sym | None:
        """The lecturer's own name for an expression."""
        return next((name for name, part in self.parts if part == e), None)

    @property
    def first(self) -> Problem:
        """The same problem, asking for the first derivative only."""
        return replace(self, order=1, at=(), set_to_zero=False)

    @property
    def answer_symbol(self) -> Sym:
        """The letter of the derivative until it is known: G a gradient, J a Jacobian, H a Hessian."""
        if self.order == 2:
            return self._hessian_symbol()
        scalar = is_scalar(self.function.shape)
        letters = ("G", "H", "Q", "Y") if scalar else ("J", "H", "Q", "Y")
        taken = self.names
        name = next(letter for letter in (*letters, "G0") if letter not in taken)
        return Sym(name, jacobian(self.function, self.variable, self.layout).shape)

    @property
    def structure(self) -> Literal["", "symmetric", "diagonal"]:
        """The structure of the variable that its entries may keep or leave."""
        assumed = self.wrt[0].assume if len(self.wrt) == 1 and is_scalar(self.function.shape) else frozenset()
        if "diagonal" in assumed:
            return "diagonal"
        return "symmetric" if assumed & {"symmetric", "positive_definite"} else ""

    @property
    def tensor(self) -> bool:
        """Whether the derivative has more than two indices."""
        of, wrt = self.function.shape, self.wrt[0].shape
        return len(self.wrt) == 1 and self.layout.derivative_shape(of, wrt) is None

    def _hessian_symbol(self) -> Sym:
        taken = {*self.symbols, *self.functions, self.function.name, self.first.answer_symbol.name}
        name = next(letter for letter in ("H", "K", "S", "M", "H0") if letter not in taken)
        n = times(*self.wrt[0].shape) if len(self.wrt) == 1 else dim(len(self.wrt))
        return Sym(name, (n, n))
