"""A network of vectors and matrices: what a product of entries makes, summed over some of its indices.

Every factor with one index is a vector on a node, every factor with two a matrix on an edge; a summed index
is a node to be removed: two edges in series are a matrix product, parallel edges a Hadamard product, a loop a
diagonal. Series-parallel networks reduce completely; others are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.expr.make import had, mul, num, t
from generator.expr.match import find
from generator.expr.nodes import Call, Div, Eye, Had, Idx, Mul, Node, Norm, Ones, Pow, T
from generator.expr.shapes import ONE, Shape, is_row, is_scalar
from generator.rules.tidy import tidy

Edge = tuple[Node, Idx, Idx]


@dataclass
class Network:
    """One product of entries: scalars, vectors on indices, matrices on pairs of indices; what is summed."""

    free: tuple[Idx, ...]
    scalars: list[Node] = field(default_factory=list)
    vectors: list[tuple[Node, Idx]] = field(default_factory=list)
    matrices: list[Edge] = field(default_factory=list)
    summed: list[Idx] = field(default_factory=list)

    def place(self, whole: Node, places: tuple[Idx, ...]) -> bool:
        """Put a vector on one index, or a matrix on two."""
        if len(places) == 1:
            self.vectors.append((t(whole) if is_row(whole.shape) else whole, places[0]))
        else:
            self._edge(whole, *places)
        return True

    def _edge(self, m: Node, i: Idx, j: Idx) -> None:
        if i == j:
            self.vectors.append((Call("diagonal", (m,)), i))
        else:
            self.matrices.append((m, i, j))

    def reduce(self) -> bool:
        """Remove all summed indices; ``False`` where the network is not series-parallel."""
        while self.summed:
            ready = min(self.summed, key=lambda k: len(self._at(k)))
            if len(self._at(ready)) > 2 and not self._merge(ready):
                return False
            if len(self._at(ready)) <= 2:
                self.summed.remove(ready)
                self._remove(ready)
        return True

    def _at(self, k: Idx) -> list[Edge]:
        return [edge for edge in self.matrices if k in edge[1:]]

    def _away(self, edge: Edge, k: Idx) -> tuple[Node, Idx]:
        """The edge seen from ``k``: a matrix with k as its row index, and its other end."""
        m, i, j = edge
        return (m, j) if i == k else (_t(m), i)

    def _merge(self, k: Idx) -> bool:
        """Make two parallel edges at ``k`` one Hadamard product."""
        ends: dict[Idx, Edge] = {}
        for edge in self._at(k):
            m, other = self._away(edge, k)
            if other in ends:
                first, _ = self._away(ends[other], k)
                self.matrices = [e for e in self.matrices if e not in (edge, ends[other])]
                self.matrices.append((together(first, m), k, other))
                return True
            ends[other] = edge
        return False

    def _remove(self, k: Idx) -> None:
        here = [v for v, i in self.vectors if i == k]
        edges = [self._away(edge, k) for edge in self._at(k)]
        self.vectors = [(v, i) for v, i in self.vectors if i != k]
        self.matrices = [edge for edge in self.matrices if k not in edge[1:]]
        if not edges:
            self.scalars.append(_total(here, k))
        elif len(edges) == 1:
            m, other = edges[0]
            self.vectors.append((mul(_t(m), together(*here) if here else Ones((k.size, ONE))), other))
        else:
            (m, i), (p, j) = edges
            middle = [Call("diag", (together(*here),))] if here else []
            self._edge(mul(_t(m), *middle, p), i, j)

    def result(self) -> Node:
        """What is left stands on the free indices."""
        columns = [[v for v, i in self.vectors if i == index] for index in self.free]
        if len(self.free) == 0:
            core: list[Node] = []
        elif len(self.free) == 1:
            core = [together(*columns[0]) if columns[0] else Ones(_shape(self.free))]
        else:
            core = self._matrix(*columns)
        return mul(*self.scalars, *core) if self.scalars or core else num(1)

    def _matrix(self, rows: list[Node], columns: list[Node]) -> list[Node]:
        i, j = self.free
        edges = [m if a == i else _t(m) for m, a, _ in self.matrices]
        eye = [m for m in edges if isinstance(m, Eye)]
        if eye:
            others = [Call("diagonal", (m,)) for m in edges if not isinstance(m, Eye)]
            entries = [*rows, *columns, *others]
            return [Call("diag", (together(*entries),)) if entries else eye[0]]
        if not edges:
            left = together(*rows) if rows else Ones((i.size, ONE))
            right = together(*columns) if columns else Ones((j.size, ONE))
            return [left, T(right)]
        left_scale = [Call("diag", (together(*rows),))] if rows else []
        right_scale = [Call("diag", (together(*columns),))] if columns else []
        return [*left_scale, together(*edges), *right_scale]


def _shape(free: tuple[Idx, ...]) -> Shape:
    sides = [i.size for i in free]
    return (sides[0] if sides else ONE, sides[1] if len(sides) > 1 else ONE)


def _t(m: Node) -> Node:
    """The transpose, pushed through a product."""
    if isinstance(m, Eye):
        return m
    if isinstance(m, Mul):
        return mul(*(_t(f) for f in reversed(m.factors)))
    return m if isinstance(m, Call) and m.name == "diag" else t(m)


def together(*factors: Node) -> Node:
    """The Hadamard product; reciprocals among the factors make a quotient."""
    below = [f.den for f in factors if isinstance(f, Div) and f.num == num(1) and not is_scalar(f.den.shape)]
    above = [f for f in factors if not (isinstance(f, Div) and f.den in below)]
    return Div(had(*above), had(*below)) if above and below else had(*factors)


def lighter(e: Node) -> Node:
    """A number as it stands, or transposed, whichever has fewer transposes."""
    turned = tidy(_t(e), collect=False)
    return turned if len(find(turned, T)) < len(find(e, T)) else e


def _total(here: list[Node], k: Idx) -> Node:
    """The sum over an index of a product of vectors."""
    if not here:
        return mul(T(Ones((k.size, ONE))), Ones((k.size, ONE)))
    if len(here) > 1:
        return lighter(mul(T(here[0]), together(*here[1:])))
    v = here[0]
    if isinstance(v, Call) and v.name == "diagonal":
        return _trace(v.args[0])
    if isinstance(v, Pow) and v.exponent == num(2):
        return Pow(Norm(v.base), v.exponent)
    if isinstance(v, Pow) and isinstance(v.base, Call) and v.base.name == "abs":
        return Pow(Norm(v.base.args[0], v.exponent), v.exponent)
    if isinstance(v, Had):
        return mul(T(v.factors[0]), had(*v.factors[1:]))
    return Call("sum", (v,))


def _trace(m: Node) -> Node:
    """The trace of a product, turned and rotated so that equal traces look alike."""
    m = lighter(m)
    if isinstance(m, Mul) and all(not is_scalar(f.shape) for f in m.factors):
        turns = [m.factors[k:] + m.factors[:k] for k in range(len(m.factors))]
        m = mul(*min(turns, key=lambda factors: [repr(f) for f in factors]))
    return Call("tr", (m,))
