"""Nodes: each computes its shape, refuses sizes that do not fit, compares by value, and never simplifies."""

import dataclasses
from collections.abc import Callable

import pytest

from generator.errors import ShapeError
from generator.expr import calculus, nodes
from generator.expr.calculus import (
    App,
    At,
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
from generator.expr.layout import LAYOUTS
from generator.expr.make import matrix, num, scalar, vector
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
    T,
    Zero,
)
from generator.expr.shapes import ONE, SCALAR, DimVar, dim, resolve, show

n, m = dim("n"), dim("m")
x, y, u = vector("x", "n"), vector("y", "n"), vector("u", "m")
A, B, X = matrix("A", "n", "n"), matrix("B", "n", "m"), matrix("X", "n", "m")
c, s, f = scalar("c"), scalar("s"), scalar("f")
i, j = Idx("i", n), Idx("j", n)

SHAPES: list[tuple[Node, str]] = [
    (num(2), "scalar"), (Size(n), "scalar"), (i, "scalar"), (c, "scalar"),
    (x, "vector of size n"), (T(x), "row of size n"), (T(B), "m×n matrix"), (T(c), "scalar"),
    (Entry(x, (i,)), "scalar"), (Entry(T(x), (i,)), "scalar"), (Entry(A, (i, j)), "scalar"),
    (Row(B, i), "row of size m"), (Add((x, y)), "vector of size n"), (Neg(B), "n×m matrix"),
    (Mul((T(x), y)), "scalar"), (Mul((x, T(u))), "n×m matrix"), (Mul((c, A, B)), "n×m matrix"),
    (Mul((c, s)), "scalar"), (Mul((A, c, B, u)), "vector of size n"), (Mul((T(x), A, y, c)), "scalar"),
    (Had((B, X)), "n×m matrix"), (Div(c, s), "scalar"), (Div(x, c), "vector of size n"),
    (Div(c, x), "vector of size n"), (Div(x, y), "vector of size n"), (Pow(c, num(2)), "scalar"),
    (Pow(x, c), "vector of size n"), (MatPow(A, num(3)), "n×n matrix"), (Inv(A), "n×n matrix"),
    (Norm(x), "scalar"), (Norm(B, num(1)), "scalar"), (Call("tr", (A,)), "scalar"),
    (Call("tr", (c,)), "scalar"), (Call("sum", (B,)), "scalar"), (Call("diag", (x,)), "n×n matrix"),
    (Call("diagonal", (A,)), "vector of size n"), (Call("vec", (B,)), "vector of size m·n"),
    (Call("kron", (A, B)), "n·n×m·n matrix"), (Call("softmax", (x,)), "vector of size n"),
    (Call("logsumexp", (x,)), "scalar"), (Call("exp", (B,)), "n×m matrix"), (Call("sin", (c,), 1), "scalar"),
    (Eye(n), "n×n matrix"), (Ones((n, ONE)), "vector of size n"), (Zero((n, m)), "n×m matrix"),
    (Sum(i, Entry(x, (i,))), "scalar"), (Delta(i, j), "scalar"), (Rel(i, "=", j), "scalar"),
    (Dots(i, Entry(x, (i,)), (num(1), Size(n))), "scalar"), (Group(x), "vector of size n"),
    (Cases((x, y), (Rel(i, "=", j), Rel(i, "≠", j))), "vector of size n"),
    (Mat((c, s, c, s, c, s), 2), "3×2 matrix"), (Mat((c, s), 1), "vector of size 2"),
    (Mat((c, Ellipsis("vdots"), s), 1, (n, ONE)), "vector of size n"), (D(B), "n×m matrix"),
    (Under(x, ("a note",)), "vector of size n"), (App(f, (x,)), "scalar"),
    (Grad(f, (x,)), "vector of size n"), (Grad(f, (B,)), "n×m matrix"), (Grad(f, (c, s)), "vector of size 2"),
    (Grad(f, (x,), (), LAYOUTS["numerator"]), "row of size n"), (Partial(f, x), "vector of size n"),
    (Partial(x, u), "n×m matrix"), (Partial(x, u, LAYOUTS["denominator"]), "m×n matrix"),
    (Partial(f, Entry(x, (i,))), "scalar"), (Partial(x, c), "vector of size n"),
    (Partial(B, c), "n×m matrix"), (At(Partial(f, x), x, y), "vector of size n"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "shape"), SHAPES, ids=[type(e).__name__ for e, _ in SHAPES])
def test_shape(node, shape):
    assert show(node.shape) == shape


MISFITS: list[tuple[Callable[[], Node], str]] = [
    (lambda: Add((x, u)), "the left is a vector of size n, the right is a vector of size m"),
    (lambda: Add((x, T(x))), "vector of size n, the right is a row of size n"),
    (lambda: Mul((A, u)), r"n×n matrix \(n columns\), the right is a vector of size m \(m rows\)"),
    (lambda: Mul((x, y)), "equal inner sizes"),
    (lambda: Had((A, B)), "elementwise product needs equal shapes"),
    (lambda: Div(x, u), "`/` needs equal shapes or a scalar"),
    (lambda: Pow(c, x), "the exponent is a vector of size n, not a scalar"),
    (lambda: MatPow(B, num(2)), "`matpow` needs a square matrix, found a n×m matrix"),
    (lambda: Inv(B), "`inv` needs a square matrix"),
    (lambda: Inv(c), "`inv` needs a square matrix, found a scalar"),
    (lambda: Norm(c), "`norm` needs a vector or a matrix"),
    (lambda: Norm(x, u), "the p of a p-norm is a scalar"),
    (lambda: Call("tr", (B,)), "`tr` needs a square matrix"),
    (lambda: Call("det", (x,)), "`det` needs a square matrix"),
    (lambda: Call("sum", (c,)), "`sum` needs a vector or a matrix"),
    (lambda: Call("diag", (A,)), "`diag` needs a vector"),
    (lambda: Call("diagonal", (x,)), "`diagonal` needs a square matrix"),
    (lambda: Call("vec", (x,)), "`vec` needs a matrix"),
    (lambda: Call("kron", (c, A)), "found a scalar and a n×n matrix"),
    (lambda: Call("kron", (A,)), r"takes 2 argument\(s\), found 1"),
    (lambda: Call("softmax", (A,)), "`softmax` needs a vector"),
    (lambda: Entry(c, (i,)), "a scalar has no entries"),
    (lambda: Entry(x, (i, j)), r"needs 1 index\(es\)"),
    (lambda: Entry(A, (i,)), r"needs 2 index\(es\)"),
    (lambda: Entry(u, (i,)), "index i runs to n, the side has m"),
    (lambda: Mat((c, s, c), 2), "different lengths"),
    (lambda: Mat((c, x), 2), "a written-out matrix has scalar entries, found a vector of size n"),
    (lambda: Mat((c, Ellipsis("vdots")), 1), "needs its full size"),
    (lambda: Mat((), 1), "different lengths"),
    (lambda: Partial(A, x), "more than two indices"),
]


@pytest.mark.parametrize(("build", "message"), MISFITS)
def test_sizes_that_do_not_fit(build, message):
    with pytest.raises(ShapeError, match=message):
        build()


def test_every_node_class_has_a_shape_here():
    """Except those that are tried elsewhere: they only serve the telling or the checker."""
    classes = {
        v
        for module in (nodes, calculus)
        for v in vars(module).values()
        if isinstance(v, type) and issubclass(v, Node) and v is not Node
    }
    untold = {k.__name__ for k in classes} - {type(e).__name__ for e, _ in SHAPES}
    assert untold <= {"Dims", "Member", "Ellipsis", "Sym", "Commutation", "Limit"}


@pytest.mark.parametrize("node", [e for e, _ in SHAPES], ids=[type(e).__name__ for e, _ in SHAPES])
def test_nodes_are_frozen_and_compare_by_value(node):
    assert hash(node) == hash(dataclasses.replace(node))
    assert node == dataclasses.replace(node)
    with pytest.raises(AttributeError):
        node.shape = SCALAR


def test_nothing_is_simplified():
    assert T(T(A)) != A
    assert Neg(Neg(x)) != x
    assert Mul((x,)) != x
    assert Add((x, Zero((n, ONE)))) != x
    assert Mul((num(2), num(3))) != num(6)
    assert Add((x, y)) != Add((y, x))


def test_symbols_differ_by_shape_and_by_what_is_assumed():
    assert vector("x", "n") != vector("x", "m")
    assert matrix("A", "n", "n") != matrix("A", "n", "n", ["symmetric"])
    assert Num(num(1).value) == num(1)  # type: ignore[attr-defined]


def test_shapes_are_inferred_where_they_are_open():
    k = DimVar()
    open_vector = dataclasses.replace(vector("z", "n"), of_shape=(k, ONE))
    assert Mul((A, open_vector)).shape == (n, ONE)
    assert resolve(k) == n
    with pytest.raises(ShapeError):
        Add((open_vector, u))
