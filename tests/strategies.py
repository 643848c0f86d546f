"""Hypothesis strategies: well-shaped random expressions over a fixed table of symbols.

``expressions`` draws from the language of problems, ``formulas`` also from calculus: entries, sums, deltas,
cases, differentials, derivatives, underbraces. The table gives the names their meaning for the readers.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from generator.expr.calculus import (
    App,
    Cases,
    D,
    Delta,
    Dots,
    Ellipsis,
    Grad,
    Group,
    Mat,
    Partial,
    Rel,
    Sum,
    Under,
)
from generator.expr.grammar import brackets
from generator.expr.latex_table import Table
from generator.expr.make import matrix, scalar, vector
from generator.expr.match import children, find, put, walk
from generator.expr.nodes import (
    Add,
    Call,
    Div,
    Entry,
    Eye,
    Had,
    Idx,
    Inv,
    MatPow,
    Mul,
    Neg,
    Node,
    Norm,
    Num,
    Ones,
    Pow,
    Row,
    Size,
    Sym,
    T,
    Zero,
)
from generator.expr.shapes import ONE, SCALAR, Shape, dim, is_column, is_matrix, is_scalar

N, M = dim("n"), dim("m")
x, y, w, u = vector("x", "n"), vector("y", "n"), vector("w", "n"), vector("u", "m")
A, B, X = matrix("A", "n", "n"), matrix("B", "n", "m"), matrix("X", "n", "m")
S = matrix("S", "n", "n", ["symmetric"])
c, t, L = scalar("c"), scalar("t"), scalar("L")
f = scalar("f")
i, j, p = Idx("i", N), Idx("j", N), Idx("p", M)

SYMBOLS = {s.name: s for s in (x, y, w, u, A, B, X, S, c, t, L)}
TABLE = Table(SYMBOLS, {"f": f}, (w,), frozenset({"n", "m"}))
SHAPES: tuple[Shape, ...] = (SCALAR, (N, ONE), (M, ONE), (ONE, N), (ONE, M), (N, N), (N, M), (M, N), (M, M))
LEAVES: dict[Shape, tuple[Node, ...]] = {
    SCALAR: (c, t),
    (N, ONE): (x, y),
    (M, ONE): (u,),
    (ONE, N): (T(x), T(y)),
    (ONE, M): (T(u),),
    (N, N): (A, S),
    (N, M): (B, X),
    (M, N): (T(B), T(X)),
    (M, M): (Mul((T(B), X)),),
}
ENTRYWISE = ("exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sqrt", "sign")
Draw = Callable[[st.SearchStrategy], object]


def number(value: int | str) -> Num:
    """A number as a node."""
    return Num(Fraction(value))


NUMBERS = st.one_of(
    st.integers(0, 12).map(number), st.sampled_from(["0.5", "2.25", "0.125", "100", "10.01"]).map(number)
)


def expressions(shape: Shape | None = None, depth: int = 3) -> st.SearchStrategy[Node]:
    """Expressions of the language of problems, of a shape or of any."""
    return _grown(shape, depth, calculus=False)


def formulas(shape: Shape | None = None, depth: int = 3) -> st.SearchStrategy[Node]:
    """Expressions as they stand on a page: also with indices, differentials, derivatives, notes."""
    return _grown(shape, depth, calculus=True)


@st.composite
def _grown(draw: st.DrawFn, shape: Shape | None, depth: int, calculus: bool) -> Node:
    goal = draw(st.sampled_from(SHAPES)) if shape is None else shape
    tree = _Grower(draw, calculus).grow(goal, depth)
    return draw(_grouped(tree)) if draw(st.booleans()) else tree


@st.composite
def _grouped(draw: st.DrawFn, tree: Node) -> Node:
    """Parentheses added at one place where the writer would print none."""
    fixed = [path for path, e in walk(tree) if isinstance(e, Mat | Dots)]
    fixed += [(*path, 1) for path, e in walk(tree) if isinstance(e, Partial)]
    places = [
        (*path, k)
        for path, parent in walk(tree)
        for k, child in enumerate(children(parent))
        if _may_be_grouped(parent, k, child) and not any(path[: len(f)] == f for f in fixed)
    ]
    if not places:
        return Group(tree)
    place = draw(st.sampled_from(places))
    node = tree
    for k in place:
        node = children(node)[k]
    return put(tree, place, Group(node))


def _may_be_grouped(parent: Node, k: int, child: Node) -> bool:
    if isinstance(parent, Entry | Row | Partial | Pow | MatPow) and k > 0:
        return False
    if isinstance(parent, Delta | Cases | Rel | Under):
        return False
    return not brackets(parent, k, child)


class _Grower:
    """Grows a tree of a given shape from draws."""

    def __init__(self, draw: st.DrawFn, calculus: bool) -> None:
        self.draw = draw
        self.calculus = calculus
        self.bound: tuple[Idx, ...] = ()

    def pick(self, options: tuple) -> object:
        return self.draw(st.sampled_from(options))

    def grow(self, shape: Shape, depth: int) -> Node:
        if depth <= 0:
            return self.leaf(shape)
        makers: list[Callable[[Shape, int], Node]] = [
            self.leaf, self.add, self.neg, self.mul, self.mul,
            self.div, self.power, self.entrywise,
        ]  # fmt: skip
        if is_scalar(shape):
            makers += [self.norm, self.reduced]
        else:
            makers += [self.hadamard, self.elementwise_div, self.padded, self.transpose]
        if is_matrix(shape) and shape[0] == shape[1]:
            makers += [self.inverse, self.matpow, self.with_identity, self.diag]
        if is_column(shape):
            makers += [self.softmax]
        if self.calculus:
            makers += [self.differential, self.under, self.derivative, self.told]
            makers += [self.sum, self.entry] if is_scalar(shape) else []
        maker = self.pick(tuple(makers))
        return maker(shape, depth - 1)  # type: ignore[operator]

    def leaf(self, shape: Shape, depth: int = 0) -> Node:
        if is_scalar(shape) and self.draw(st.booleans()):
            return self.draw(NUMBERS)
        return self.pick(LEAVES[shape])

    def add(self, shape: Shape, depth: int) -> Node:
        terms = [self.grow(shape, depth) for _ in range(self.draw(st.integers(2, 3)))]
        return Add(tuple(Neg(e) if self.draw(st.booleans()) else e for e in terms))

    def neg(self, shape: Shape, depth: int) -> Node:
        return Neg(self.grow(shape, depth))

    def mul(self, shape: Shape, depth: int) -> Node:
        """A chain through random inner sizes, with scalar factors in between."""
        sides = [shape[0], *self.draw(st.lists(st.sampled_from([N, M]), max_size=2)), shape[1]]
        pairs = list(pairwise(sides))
        factors = [self.grow(pair, depth - 1) for pair in pairs] if pairs != [SCALAR] else []
        for _ in range(self.draw(st.integers(2 if not factors else int(len(factors) == 1), 2))):
            factors.insert(self.draw(st.integers(0, len(factors))), self.grow(SCALAR, depth - 1))
        return Mul(tuple(factors))

    def hadamard(self, shape: Shape, depth: int) -> Node:
        return Had(tuple(self.grow(shape, depth) for _ in range(self.draw(st.integers(2, 3)))))

    def div(self, shape: Shape, depth: int) -> Node:
        return Div(self.grow(shape, depth), self.grow(SCALAR, depth))

    def elementwise_div(self, shape: Shape, depth: int) -> Node:
        return Div(self.grow(self.pick((shape, SCALAR)), depth), self.grow(shape, depth))

    def power(self, shape: Shape, depth: int) -> Node:
        return Pow(self.grow(shape, depth), self.grow(SCALAR, depth - 1))

    def matpow(self, shape: Shape, depth: int) -> Node:
        named = (c,) if self.calculus else ()
        return MatPow(self.grow(shape, depth), self.pick((number(2), number(3), Neg(number(2)), *named)))

    def transpose(self, shape: Shape, depth: int) -> Node:
        return T(self.grow((shape[1], shape[0]), depth))

    def inverse(self, shape: Shape, depth: int) -> Node:
        return Inv(self.grow(shape, depth))

    def norm(self, shape: Shape, depth: int) -> Node:
        arg = self.grow(self.pick(SHAPES[1:]), depth)
        entrywise = self.calculus or not is_matrix(arg.shape)  # the text language has them for vectors only
        return Norm(arg, self.pick((None, None, number(1), *((number(3), c) if entrywise else ()))))

    def entrywise(self, shape: Shape, depth: int) -> Node:
        return Call(self.pick(ENTRYWISE), (self.grow(shape, depth),), self.pick((0, 0, 1)))

    def reduced(self, shape: Shape, depth: int) -> Node:
        name = self.pick(("tr", "det", "logdet", "sum", "logsumexp", "vec", "kron", "diagonal"))
        square = self.grow(self.pick(((N, N), (M, M))), depth)
        if name in ("tr", "det", "logdet"):
            return Call(name, (square,))
        if name == "sum":
            return Call(name, (self.grow(self.pick(SHAPES[1:]), depth),))
        if name == "logsumexp":
            return Call(name, (self.grow((N, ONE), depth),))
        if name == "kron":
            return Norm(Call(name, (square, self.grow((N, M), depth))))
        return Norm(Call(name, (square,)))

    def diag(self, shape: Shape, depth: int) -> Node:
        return Call("diag", (self.grow((shape[0], ONE), depth),))

    def softmax(self, shape: Shape, depth: int) -> Node:
        return Call("softmax", (self.grow(shape, depth),))

    def with_identity(self, shape: Shape, depth: int) -> Node:
        other = self.grow(shape, depth)
        return self.pick(
            (Add((other, Eye(shape[0]))), Mul((Eye(shape[0]), other)), Add((Neg(Eye(shape[0])), other)))
        )

    def padded(self, shape: Shape, depth: int) -> Node:
        """Ones and zeros, next to something that tells their size."""
        other = self.grow(shape, depth)
        return self.pick((Had((other, Ones(shape))), Add((other, Zero(shape))), Add((Ones(shape), other))))

    # --- calculus -----------------------------------------------------------------------------------

    def index(self, size: object) -> Node:
        options = [e for e in (i, j, p, *self.bound) if e.size == size]
        return self.pick((*options, number(1), number(12), Size(size)))  # type: ignore[arg-type]

    def entry(self, shape: Shape, depth: int) -> Node:
        base_shape = self.pick(tuple(s for s in SHAPES if not is_scalar(s)))
        base = self.pick(LEAVES[base_shape]) if self.draw(st.booleans()) else self.grow(base_shape, depth - 1)
        sides = base.shape if is_matrix(base.shape) else [d for d in base.shape if d != ONE]
        return Entry(base, tuple(self.index(side) for side in sides))

    def sum(self, shape: Shape, depth: int) -> Node:
        name = "klqr"[len(self.bound)] if len(self.bound) < 4 else ""
        if not name:
            return self.leaf(shape)
        index = Idx(name, self.pick((N, M, dim(3))))
        outer, self.bound = self.bound, (*self.bound, index)
        body = self.grow(shape, depth)
        self.bound = outer
        return Sum(index, body)

    def differential(self, shape: Shape, depth: int) -> Node:
        return D(self.grow(shape, depth))

    def under(self, shape: Shape, depth: int) -> Node:
        note = self.pick(
            (("term 1",), ("depends on ", Entry(x, (number(1),))), (Size(N), "×", number(1)), ("50% & a_b",))
        )
        return Under(self.grow(shape, depth), note)

    def derivative(self, shape: Shape, depth: int) -> Node:
        """A derivative whose result has the shape, where there is one."""
        if is_scalar(shape):
            of = self.pick((f, c, Entry(y, (i,)), App(f, (x,)))) if self.draw(st.booleans()) else None
            inner = of or self.grow(SCALAR, depth - 1)
            by = self.pick((t, Entry(x, (j,)), Entry(x, (number(2),)), Entry(B, (i, p))))
            once = Partial(inner, by)
            return self.pick((once, Partial(once, by), Partial(once, Entry(y, (j,)))))
        options: list[Node] = [self.leaf(shape)]
        if is_column(shape) or is_matrix(shape):
            options += [Partial(self.grow(SCALAR, depth - 1), e) for e in LEAVES[shape] if isinstance(e, Sym)]
        if shape == (N, ONE):
            options += [Grad(f, (w,), (self.grow(shape, depth - 1),)), Grad(L, (x,))]
        if shape == (N, M):
            options += [Grad(L, (X,)), Partial(self.grow((N, ONE), depth - 1), u)]
        return self.pick(tuple(options))

    def told(self, shape: Shape, depth: int) -> Node:
        """What a derivation tells with: dots, deltas, cases, rows, functions."""
        if is_scalar(shape):
            row = self.index(N)
            dots = self.dots(row)
            delta = Mul((Delta(i, j), Entry(A, (i, j))))
            cases = Cases((Entry(A, (i, j)), self.grow(SCALAR, depth - 1)), (Rel(i, "=", j), Rel(i, "≠", j)))
            other = Cases(
                (Entry(x, (i,)), number(0)), (Mul((Rel(i, "=", j), Rel(j, "<", number(3)))), number(1))
            )
            both = Add((Entry(y, (j,)), other))
            applied = App(f, (self.grow((N, ONE), depth - 1),))
            return self.pick((dots, Add((dots, Entry(y, (row,)))), delta, Add((cases, other)), both, applied))
        if shape == (ONE, M):
            return Row(self.pick((B, X, self.grow((N, M), depth - 1))), i)
        if shape == (N, ONE):
            ends = Entry(x, (number(1),)), Entry(x, (Size(N),))
            return Mat((ends[0], Ellipsis("vdots"), ends[1]), 1, shape)
        return self.leaf(shape)

    def dots(self, row: Node) -> Dots:
        used = {e.name for e in find(row, Idx)} | {"j"}
        k = Idx(next(name for name in "klpqrst" if name not in used), N)
        body = Mul((Entry(A, (row, k)), Entry(x, (k,))))
        shown = self.pick(((number(1), Size(N)), (number(1), number(2), Size(N)), (number(1), j, Size(N))))
        return Dots(k, body, shown)
