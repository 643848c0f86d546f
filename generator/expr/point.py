"""Where an expression is evaluated: values and directions, sizes, indices, and what names stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from generator.expr.functions import Array
from generator.expr.nodes import Node, Sym


@dataclass(frozen=True)
class Definition:
    """What a name stands for: an expression in its parameters (none for a plain abbreviation)."""

    body: Node
    parameters: tuple[Sym, ...] = ()


@dataclass(frozen=True)
class Point:
    """Numbers for everything: values and directions by symbol name, sizes, indices, definitions.

    ``axes`` holds all values of the indices that take them at once, by letter and length (see ``grid``).
    ``functions`` holds a numeric function for each abstract one. ``known`` are values that were found here.
    """

    values: Mapping[str, Array]
    directions: Mapping[str, Array] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[str, Array] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    axes: Mapping[tuple[str, int], Array] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Array]] = field(default_factory=dict)
    known: dict[Node, Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    def shifted(self, t: complex, directions: Mapping[str, Array] | None = None) -> Point:
        """The point moved by ``t`` times the directions."""
        along = self.directions if directions is None else directions
        values = {**self.values, **{k: self.values[k] + t * v for k, v in along.items()}}
        return Point(  # this is where a check spends its time; `replace` takes three times as long
            values, self.directions, self.sizes, self.indices, self.definitions, self.axes, self.functions
        )

    def with_index(self, index: str, value: Array) -> Point:
        """The point with an index set."""
        return replace(self, indices={**self.indices, index: value})
