"""What terms are made for: one library, the names that the code may use, and the sizes it has to read."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.code.dialects import Dialect
from generator.code.term import Term, call, name, number, times
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import Dim, Dimension, Shape, is_matrix, is_one, is_scalar, resolve

WIDTH = 70  # of an expression; with its name it stays within 88 columns

_OWN = frozenset(
    {
        "np",
        "jnp",
        "jax",
        "torch",
        "rng",
        "check",
        "seed",
        "value",
        "numeric",
        "run",
        "inputs",
        "derivative",
        "second_derivative",
        "gradient",
        "jacobian",
        "hessian",
    }
)


def rank(shape: Shape) -> int:
    """The number of axes that a value of this shape has in code."""
    return 0 if is_scalar(shape) else 2 if is_matrix(shape) else 1


@dataclass(frozen=True)
class Target:
    """A dialect, the symbols of a problem, and the matrices whose inverse is computed and kept.

    ``sizes`` collects the named sizes that terms have asked for.
    """

    dialect: Dialect
    symbols: Mapping[str, Sym]
    lower: Callable[[Node, Target], Term]
    kept: Collection[Term] = ()
    sizes: dict[str, None] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        """An expression as a term."""
        return self.lower(node, self)

    def make(self, key: str, *args: Term, rank: int = 0) -> Term:
        """A call as the dialect writes it."""
        form = self.dialect.forms[key]
        if "{like}" in form:
            args = (*args, self.like())
            form = form.replace("{like}", f"{{{len(args) - 1}}}")
        return call(form, *args, rank=rank)

    def symbol(self, symbol: Sym) -> Term:
        """A symbol by a name that means nothing else in the code."""
        return name(safe(symbol.name), rank(symbol.shape))

    def like(self) -> Term:
        """An argument from which a new array may take its type: preferably one that is an array."""
        ranked = sorted(self.symbols.values(), key=lambda s: rank(s.shape) == 0)
        return self.symbol(ranked[0])

    def size(self, side: Dimension) -> Term:
        """A size as a product of its names."""
        found = resolve(side)
        assert isinstance(found, Dim)  # every size of a problem is known or named
        product = number(str(found.factor))
        for part in found.names:
            self.sizes[part] = None
            product = times(product, name(part))
        return product

    def filled(self, key: str, shape: Shape) -> Term:
        """An array of ones or zeros."""
        sides = [self.size(side) for side in shape if not is_one(side)]
        form = "{0}" if len(sides) == 1 else "({0}, {1})"
        return (
            self.make(key, call(form, *sides), rank=rank(shape))
            if sides
            else number("1" if key == "ones" else "0")
        )


def folded(head: str, items: Sequence[str], tail: str) -> str:
    """A list in brackets, on one line or, where that is too long, one item a line."""
    line = f"{head}{', '.join(items)}{tail}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([head, *(f"    {item}," for item in items), tail])


def safe(text: str) -> str:
    """A name that hides nothing that the code needs."""
    taken = text in _OWN or keyword.iskeyword(text) or hasattr(builtins, text)
    return f"{text}_" if taken else text


def read_sizes(names: Iterable[str], symbols: Mapping[str, Sym]) -> dict[str, str]:
    """How each named size is read off an argument; one that no argument shows is missing."""
    found: dict[str, str] = {}
    for symbol in symbols.values():
        for axis, side in enumerate(symbol.shape):
            known = resolve(side)
            if isinstance(known, Dim) and len(known.names) == 1 and known.factor == 1:
                found.setdefault(known.names[0], f"{safe(symbol.name)}.shape[{axis}]")
    return {n: found[n] for n in names if n in found}
