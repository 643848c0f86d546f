"""What the letters of a formula mean: the symbol table that a reader is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.expr.abstract import Abstract
from generator.expr.layout import Layout
from generator.expr.nodes import Sym
from generator.expr.notation import Key, Notation, key
from generator.expr.shapes import Dim, dim


@dataclass(frozen=True)
class Table:
    """The names a formula may use.

    ``functions`` may be applied to arguments, ``abstract`` ones too; ``variables`` are what a bare ∇f
    differentiates by, and ``dimensions`` are names of sizes.
    """

    symbols: Mapping[str, Sym]
    functions: Mapping[str, Sym] = field(default_factory=dict)
    variables: tuple[Sym, ...] = ()
    dimensions: frozenset[str] = frozenset()
    layout: Layout = field(default_factory=Layout)
    notation: Notation = field(default_factory=Notation)
    abstract: Mapping[str, Abstract] = field(default_factory=dict)


class Names:
    """The table turned round: from glyphs to symbols and sizes."""

    def __init__(self, table: Table) -> None:
        self.symbols: dict[Key, Sym] = {key(s.name): s for s in table.symbols.values()}
        declared = (f.symbol for f in table.abstract.values())
        self.functions: dict[Key, Sym] = {key(s.name): s for s in (*table.functions.values(), *declared)}
        self.dimensions: dict[Key, Dim] = {key(name): dim(name) for name in table.dimensions}

    def find(self, base: str, accent: str, sub: str, sup: str) -> tuple[Sym, bool, bool] | None:
        """The symbol with these glyphs, and whether its name takes up the subscript and the superscript."""
        for use_sub, use_sup in ((True, True), (True, False), (False, True), (False, False)):
            if (use_sub and not sub) or (use_sup and not sup):
                continue
            wanted = (base, accent, sub if use_sub else "", sup if use_sup else "")
            found = self.functions.get(wanted) or self.symbols.get(wanted)
            if found:
                return found, use_sub, use_sup
        return None

    def dimension(self, base: str, sub: str = "") -> Dim | None:
        """The size with these glyphs."""
        return self.dimensions.get((base, "", sub, ""))

    def spelled(self) -> list[str]:
        """The names that are known, for suggestions."""
        return [s.name for s in (*self.symbols.values(), *self.functions.values())]
