"""From indices back to matrices: Σ_j A_ij x_j → Ax, by reducing a network of vectors and matrices.

Every factor with one index is a vector on a node, every factor with two a matrix on an edge; a summed index
is a node to be removed: two edges in series are a matrix product, parallel edges a Hadamard product, a loop a
diagonal. Series-parallel networks reduce completely; others are refused (``None``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.expr.calculus import Delta, Sum
from generator.expr.make import had, mul, neg, num, t
from generator.expr.match import children, free_indices, with_children
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Idx,
    Mul,
    Neg,
    Node,
    Num,
    Ones,
    Pow,
    T,
)
from generator.expr.shapes import ONE, Shape, is_row
from generator.rules.tidy import tidy


def recognise(e: Node, free: tuple[Idx, ...]) -> Node | None:
    """The scalar, column or matrix whose entry at ``free`` is the index expression, if one is found."""
    if isinstance(e, Add):
        parts = [recognise(x, free) for x in e.terms]
        found = [p for p in parts if p is not None]
        return tidy(Add(tuple(found))) if len(found) == len(parts) else None
    if isinstance(e, Neg):
        inner = recognise(e.arg, free)
        return None if inner is None else neg(inner)
    network = Network(free)
    if not network.take(e) or not network.reduce():
        return None
    return tidy(network.result())


def _shape(free: tuple[Idx, ...]) -> Shape:
    sides = [i.size for i in free]
    return (sides[0] if sides else ONE, sides[1] if len(sides) > 1 else ONE)


@dataclass
class Network:
    """One product of entries: scalars, vectors on indices, matrices on pairs of indices; what is summed."""

    free: tuple[Idx, ...]
    scalars: list[Node] = field(default_factory=list)
    vectors: list[tuple[Node, Idx]] = field(default_factory=list)
    matrices: list[tuple[Node, Idx, Idx]] = field(default_factory=list)
    summed: list[Idx] = field(default_factory=list)

    def take(self, e: Node) -> bool:
        """Take the factors of a term into the network; ``False`` where one does not fit."""
        if isinstance(e, Mul):
            return all(self.take(f) for f in e.factors)
        if isinstance(e, Sum):
            self.summed.append(e.index)
            return self.take(e.body)
        indices = sorted(free_indices(e), key=lambda i: i.name)
        if not indices:
            closed = _closed(e)
            if closed is not None:
                self.scalars.append(closed)
            return closed is not None
        if isinstance(e, Div) and not isinstance(e.num, Num):
            return self.take(e.num) and self.take(Div(num(1), e.den))
        return self._place(e, tuple(indices))

    def _place(self, e: Node, indices: tuple[Idx, ...]) -> bool:
        if isinstance(e, Entry) and all(isinstance(i, Idx) for i in e.indices):
            if len(e.indices) == 1 and isinstance(e.indices[0], Idx):
                self.vectors.append((t(e.base) if is_row(e.base.shape) else e.base, e.indices[0]))
                return True
            i, j = e.indices
            if isinstance(i, Idx) and isinstance(j, Idx):
                self._edge(e.base, i, j)
                return True
        if isinstance(e, Delta) and isinstance(e.i, Idx) and isinstance(e.j, Idx):
            self._edge(Eye(e.i.size), e.i, e.j)
            return True
        if len(indices) > 2:
            return False
        whole = _elementwise(e, indices)
        if whole is None:
            return False
        if len(indices) == 1:
            self.vectors.append((whole, indices[0]))
        else:
            self._edge(whole, *indices)
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

    def _at(self, k: Idx) -> list[tuple[Node, Idx, Idx]]:
        return [edge for edge in self.matrices if k in edge[1:]]

    def _away(self, edge: tuple[Node, Idx, Idx], k: Idx) -> tuple[Node, Idx]:
        """The edge seen from ``k``: a matrix with k as its row index, and its other end."""
        m, i, j = edge
        return (m, j) if i == k else (_t(m), i)

    def _merge(self, k: Idx) -> bool:
        """Make two parallel edges at ``k`` one Hadamard product."""
        ends: dict[Idx, tuple[Node, Idx, Idx]] = {}
        for edge in self._at(k):
            m, other = self._away(edge, k)
            if other in ends:
                first, _ = self._away(ends[other], k)
                self.matrices = [e for e in self.matrices if e not in (edge, ends[other])]
                self.matrices.append((had(first, m), k, other))
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
            self.vectors.append((mul(_t(m), had(*here) if here else Ones((k.size, ONE))), other))
        else:
            (m, i), (p, j) = edges
            middle = [Call("diag", (had(*here),))] if here else []
            self._edge(mul(_t(m), *middle, p), i, j)

    def result(self) -> Node:
        """What is left stands on the free indices."""
        columns = [[v for v, i in self.vectors if i == index] for index in self.free]
        if len(self.free) == 0:
            core: list[Node] = []
        elif len(self.free) == 1:
            core = [had(*columns[0]) if columns[0] else Ones(_shape(self.free))]
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
            return [Call("diag", (had(*entries),)) if entries else eye[0]]
        if not edges:
            left = had(*rows) if rows else Ones((i.size, ONE))
            right = had(*columns) if columns else Ones((j.size, ONE))
            return [left, T(right)]
        left_scale = [Call("diag", (had(*rows),))] if rows else []
        right_scale = [Call("diag", (had(*columns),))] if columns else []
        return [*left_scale, had(*edges), *right_scale]


def _t(m: Node) -> Node:
    """The transpose, pushed through a product."""
    if isinstance(m, Eye):
        return m
    if isinstance(m, Mul):
        return mul(*(_t(f) for f in reversed(m.factors)))
    return m if isinstance(m, Call) and m.name == "diag" else t(m)


def _total(here: list[Node], k: Idx) -> Node:
    """The sum over an index of a product of vectors."""
    if not here:
        return mul(T(Ones((k.size, ONE))), Ones((k.size, ONE)))
    if len(here) > 1:
        return mul(T(here[0]), had(*here[1:]))
    v = here[0]
    if isinstance(v, Call) and v.name == "diagonal":
        return Call("tr", v.args)
    if isinstance(v, Had):
        return mul(T(v.factors[0]), had(*v.factors[1:]))
    return Call("sum", (v,))


def _closed(e: Node) -> Node | None:
    """A factor without free indices: sums inside a function are recognised on their own."""
    if isinstance(e, Sum):
        return recognise(e, ())
    parts = [_closed(p) for p in children(e)] if not isinstance(e, Entry) else []
    if any(p is None for p in parts):
        return None
    return with_children(e, tuple(p for p in parts if p is not None)) if parts else e


def _elementwise(e: Node, indices: tuple[Idx, ...]) -> Node | None:
    """An elementwise function, power or reciprocal of something with these indices."""
    if isinstance(e, Call):
        inner = recognise(e.args[0], indices)
        return None if inner is None else Call(e.name, (inner,), e.order)
    if isinstance(e, Pow) and not free_indices(e.exponent):
        inner, exponent = recognise(e.base, indices), _closed(e.exponent)
        return None if inner is None or exponent is None else Pow(inner, exponent)
    if isinstance(e, Div):
        top, inner = _closed(e.num), recognise(e.den, indices)
        return None if inner is None or top is None else Div(top, inner)
    if isinstance(e, Add):
        return recognise(e, indices)
    return None
