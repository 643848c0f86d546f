"""A problem: what is given and what is to be found. Loaded from TOML by ``spec``; nothing here knows a solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.expr.layout import Layout
from generator.expr.nodes import Node, Sym
from generator.expr.notation import Notation
from generator.expr.shapes import ONE, dim, is_scalar


@dataclass(frozen=True)
class Problem:
    """One function, the variable to differentiate by, and what else is asked.

    ``function`` is the name of the value (L, f, y) with its shape; ``parameters`` is non-empty where the problem
    is written as f(x) = …. ``body`` is its expression, ``text`` the same in the text language (for the judge that
    uses NumPy itself). ``wrt`` holds one symbol, or several scalars. ``at`` is a point (entries of the variable,
    row by row) at which the answer is evaluated; ``set_to_zero`` asks for the stationary point.
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
    method: str | None = None
    at: tuple[Node, ...] = ()
    point_name: str = "p"
    set_to_zero: bool = False
    explain: tuple[str, ...] = ()
    statement: str = ""
    remark: str = ""
    hints: tuple[str, ...] = ()
    minutes: int | None = None
    uses: tuple[str, ...] = ()
    number: int | None = None

    @property
    def answer_symbol(self) -> Sym:
        """The letter that stands for the derivative until it is known: G for a gradient, J for a Jacobian."""
        scalar = is_scalar(self.function.shape)
        letters = ("G", "H", "Q", "Y") if scalar else ("J", "H", "Q", "Y")
        taken = {*self.symbols, self.function.name}
        name = next(letter for letter in (*letters, "G0") if letter not in taken)
        wrt = self.wrt[0].shape if len(self.wrt) == 1 else (dim(len(self.wrt)), ONE)
        shape = self.layout.derivative_shape(self.function.shape, wrt)
        return Sym(name, shape or wrt)
