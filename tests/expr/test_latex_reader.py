"""The LaTeX reader: foreign spellings, formulas and displays, inferred sizes, refusals with their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError, ShapeError
from generator.expr.calculus import App, Cases, D, Delta, Ellipsis, Grad, Group, Mat, Partial, Rel, Sum
from generator.expr.latex_reader import Formula, read, read_display, read_formula
from generator.expr.latex_table import Table
from generator.expr.latex_writer import to_latex, write_relation
from generator.expr.make import scalar, vector
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
    Norm,
    Ones,
    Pow,
    Row,
    Size,
    T,
    Zero,
)
from generator.expr.shapes import ONE, DimVar, dim, resolve
from tests.expr.latex_cases import (
    SYMBOLS,
    TABLE,
    A,
    L,
    M,
    N,
    X,
    b,
    c,
    f,
    g,
    i,
    j,
    k,
    one,
    t,
    two,
    u,
    x,
    x1,
    x2,
    x_i,
    y,
    zero,
)
from tests.strategies import number

l = Idx("l", N)
both = Mul((Rel(i, "=", j), Rel(j, "<", two)))
half = Div(one, two)
A_ik, x_k = Entry(A, (i, k)), Entry(x, (k,))


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"A^T x", Mul((T(A), x))),
        (r"A^\top x", Mul((T(A), x))),
        (r"\mathbf{A}^{\intercal}\bm{x}", Mul((T(A), x))),
        (r"\mathbf{Ax}", Mul((A, x))),
        (r"\mathbf{A}^{-\top}", T(Inv(A))),
        (r"\mathbf{A}^{-T}", T(Inv(A))),
        (r"A \cdot x", Mul((A, x))),
        (r"2 \times 3", Mul((two, number(3)))),
        (r"x_i^2", Pow(x_i, two)),
        (r"x^2_i", Pow(x_i, two)),
        (r"\mathbf{x}_i", x_i),
        (r"a_{ik}", A_ik),
        (r"A^\top_{ij}", Entry(T(A), (i, j))),
        (r"A_{ij}^\top", Entry(T(A), (i, j))),
        (r"A_{i\cdot}", Row(A, i)),
        (r"A_{:,j}", T(Row(T(A), j))),
        (r"I_n x", Mul((Eye(N), x))),
        (r"\mathbf{1}_n^\top x", Mul((T(Ones((N, ONE))), x))),
        (r"\frac12 x", Mul((half, x))),
        (r"\tfrac{1}{2} x", Mul((half, x))),
        (r"1/2 \cdot c", Mul((half, c))),
        (r"1/2 c", Mul((half, c))),
        (r"c/t", Div(c, t)),
        (r"\sqrt c", Call("sqrt", (c,))),
        (r"e^{-c}", Call("exp", (Neg(c),))),
        (r"\ln c", Call("log", (c,))),
        (r"\sin^2 t", Pow(Call("sin", (t,)), two)),
        (r"c\cos t \sin t", Mul((c, Call("cos", (t,)), Call("sin", (t,))))),
        (r"\mathrm{tr}(A)", Call("tr", (A,))),
        (r"\text{tr}\left[A\right]", Call("tr", (A,))),
        (r"\tr(A)", Call("tr", (A,))),
        (r"\operatorname{Tr} A", Call("tr", (A,))),
        (r"\log |A|", Call("log", (Call("det", (A,)),))),
        (r"\sigma'(x)", Call("sigmoid", (x,), 1)),
        (r"\sigma^{\prime}(x)", Call("sigmoid", (x,), 1)),
        (r"|c|", Call("abs", (c,))),
        (r"|x| \circ |y|", Had((Call("abs", (x,)), Call("abs", (y,))))),
        (r"\left|c\right|", Call("abs", (c,))),
        (r"\bigl|A\bigr|", Call("det", (A,))),
        (r"\begin{vmatrix} c & 0 \\ 0 & t \end{vmatrix}", Call("det", (Mat((c, zero, zero, t), 2),))),
        (r"\|x\|^2", Pow(Norm(x), two)),
        (r"\left\| x \right\|_2", Norm(x)),
        (r"\|Ax - b\|_1", Norm(Add((Mul((A, x)), Neg(b))), one)),
        (r"\|A\|_F", Norm(A)),
        (r"\langle x, y \rangle", Mul((T(x), y))),
        (r"\langle X, X \rangle", Call("tr", (Mul((T(X), X)),))),
        (r"x \odot y", Had((x, y))),
        (r"A \otimes A \otimes A", Call("kron", (Call("kron", (A, A)), A))),
        (r"dX", D(X)),
        (r"d\mathbf{X}^T", D(T(X))),
        (r"d(X)", D(Group(X))),
        (r"A d x", Mul((A, D(x)))),
        (r"\text{d}L", D(L)),
        (r"\mathrm{d}^2 L", D(D(L))),
        (r"\mathrm{d}^{2}(c t)", D(D(Mul((c, t))))),
        (r"d^2 L", D(D(L))),
        (r"\mathrm{d}\lVert x\rVert_2^2", D(Pow(Norm(x), two))),
        (r"\frac{\mathrm{d}L}{\mathrm{d}t}", Partial(L, t)),
        (r"\frac{dL}{dt}", Partial(L, t)),
        (r"\frac{d}{dt} L", Partial(L, t)),
        (r"\frac{d^2 L}{dt^2}", Partial(Partial(L, t), t)),
        (r"\frac{\mathrm{d}c}{c}", Div(D(c), c)),
        (r"\frac{\partial L}{\partial (A)_{ij}}", Partial(L, Entry(A, (i, j)))),
        (r"\partial_{x_1} f", Partial(f, x1)),
        (r"\partial_{x_1} 2 c", Partial(Mul((two, c)), x1)),
        (r"\partial_{x_1} c t", Mul((Partial(c, x1), t))),
        (r"\frac{\partial}{\partial x_1} c t", Partial(Mul((c, t)), x1)),
        (r"\frac{\partial f}{\partial x_1}(\mathbf{x})", Partial(App(f, (x,)), x1)),
        (r"\frac{\partial f}{\partial x_1}(c + t)", Mul((Partial(f, x1), Add((c, t))))),
        (r"\frac{\partial (c + t)}{\partial t}", Partial(Add((c, t)), t)),
        (r"\nabla_x L", Grad(L, (x,))),
        (r"\nabla f", Grad(f, (x,))),
        (r"\nabla_{\mathbf{x}} f(\mathbf{x})", Grad(f, (x,), (x,))),
        (r"\nabla_x \langle b, x \rangle", Partial(Mul((T(b), x)), x)),
        (r"\nabla_x (c \|x\|)", Partial(Mul((c, Norm(x))), x)),
        (r"\sum_i^n x_i", Sum(i, x_i)),
        (r"\sum_k A_{ik} x_k", Sum(k, Mul((A_ik, x_k)))),
        (r"\sum\limits_{k,l} x_k A_{kl}", Sum(k, Sum(l, Mul((x_k, Entry(A, (k, l))))))),
        (r"\underbrace{c}", None),
        (r"\boxed{c + t}", Add((c, t))),
        (r"\{c + t\} c", Mul((Add((c, t)), c))),
        (r"\big[c + t\big] c", Mul((Add((c, t)), c))),
        (r"{\mathbf{x}}", x),
        (r"c % a comment", c),
        (r"\displaystyle c\,\! t~", Mul((c, t))),
        (r"\left[\begin{array}{cc} c & t \end{array}\right]", Group(Mat((c, t), 2))),
        (r"A^{-2}", MatPow(A, Neg(two))),
        (r".5", None),
    ],
)
def test_foreign_spellings(latex, tree):
    if tree is None:
        tree = read(latex, TABLE)
    assert read(latex, TABLE) == tree


@pytest.mark.parametrize(
    ("latex", "items", "ops", "guard"),
    [
        (r"L = c = t", (L, c, t), ("=", "="), None),
        (r"L \coloneqq c \ne t", (L, c, t), (":=", "≠"), None),
        (r"L := c", (L, c), (":=",), None),
        (r"L \leq c < t \geqslant 0", (L, c, t, zero), ("≤", "<", "≥"), None),
        (r"L \overset{(1)}{=} c.", (L, c), ("=",), None),
        (r"\boxed{L = c}", (L, c), ("=",), None),
        (r"L = \boxed{c + t}", (L, Add((c, t))), ("=",), None),
        (r"x_i = 0 \quad (i \neq j)", (x_i, zero), ("=",), Rel(i, "≠", j)),
        (r"x_i = 0, \quad i \neq j.", None, ("=",), Rel(i, "≠", j)),
        (r"x_i = 0 \quad\text{for } i \ne j", (x_i, zero), ("=",), Rel(i, "≠", j)),
        (
            r"x_i = 0 \quad\text{if $i = j$ and $j < 2$}",
            None,
            ("=",),
            Mul((Rel(i, "=", j), Rel(j, "<", two))),
        ),
        (r"A x = 0", (Mul((A, x)), Zero((N, ONE))), ("=",), None),
        (r"A - \mathbf{I} = \mathbf{0}", (Add((A, Neg(Eye(N)))), Zero((N, N))), ("=",), None),
        (r"\begin{aligned} L &= c \\ &= t \end{aligned}", (L, c, t), ("=", "="), None),
        (r"\begin{aligned} L &= c \\ &\quad + t \end{aligned}", (L, Add((c, t))), ("=",), None),
        (r"\begin{aligned} L &= c \\ &\quad - t \end{aligned}", (L, Add((c, Neg(t)))), ("=",), None),
        (r"\begin{equation*}\begin{split} L &= \\ c \end{split}\end{equation*}", (L, c), ("=",), None),
    ],
)
def test_formulas(latex, items, ops, guard):
    found = read_formula(latex, TABLE)
    assert found.ops == ops
    assert found.guard == guard
    assert items is None or found.items == items


def test_displays_hold_several_formulas():
    rows = read_display(r"\begin{align*} L &= c, \\ c &= t \\[4pt] &= 0. \end{align*}", TABLE)
    assert rows == [Formula((L, c), ("=",)), Formula((c, t, zero), ("=", "="))]
    assert read_display(r"x_1 = 1, \quad x_2 = -1", TABLE) == [
        Formula((x1, one), ("=",)),
        Formula((x2, Neg(one)), ("=",)),
    ]
    assert len(read_display(r"x_1 = 1 \text{ and } x_2 = 2, \text{ and } c = t", TABLE)) == 3


def test_a_relation_is_written_and_read():
    latex = write_relation([L, c, t], ["=", "≤"])
    assert read_formula(latex, TABLE) == Formula((L, c, t), ("=", "≤"))
    guarded = write_relation([x_i, zero], ["="], Rel(i, "≠", j))
    assert read_formula(guarded, TABLE) == Formula((x_i, zero), ("=",), Rel(i, "≠", j))


def test_one_thing_is_expected():
    assert read("c = t", TABLE) == Rel(c, "=", t)
    with pytest.raises(InputError, match="chain"):
        read("c = t = L", TABLE)
    with pytest.raises(InputError, match="found 2"):
        read(r"c = t, \quad L = c", TABLE)


def test_the_scope_of_a_sum_may_be_wide():
    latex = r"L = \sum_{k=1}^{n} x_k + y_k"
    narrow, wide = read_formula(latex, TABLE), read_formula(latex, TABLE, wide_sums=True)
    assert narrow.items[1] == Add((Sum(k, x_k), Entry(y, (k,))))
    assert wide.items[1] == Sum(k, Add((x_k, Entry(y, (k,)))))


# --- sizes -------------------------------------------------------------------------------------------


def test_indices_take_the_range_of_their_side():
    found = read_formula(r"\frac{\partial u_i}{\partial x_j} = \delta_{ij}", Table(SYMBOLS))
    delta = found.items[1]
    assert isinstance(delta, Delta)
    assert [e.size for e in (delta.i, delta.j)] == [M, N]


def test_a_delta_alone_has_no_range():
    found = read(r"\delta_{ij}", TABLE)
    assert isinstance(found, Delta)
    assert resolve(found.i.size) is resolve(found.j.size)
    assert isinstance(resolve(found.i.size), DimVar)


def test_a_case_is_named_by_its_indices():
    found = read_formula(r"i \neq j", TABLE)
    assert [type(e) for e in found.items] == [Idx, Idx]
    assert found.ops == ("≠",)


def test_sizes_and_symbols_before_indices():
    table = Table({"x": x, "d": vector("d", "n")}, dimensions=frozenset({"n", "d"}))
    assert read("x_n", table) == Entry(x, (Size(N),))
    assert read("x_d + d_1", table) == Add((Entry(x, (Size(dim("d")),)), Entry(vector("d", "n"), (one,))))
    assert read(r"\mathbf{d}", table) == vector("d", "n")


@pytest.mark.parametrize(
    ("latex", "tree"),
    [
        (r"\mathbf{1}^\top A \mathbf{1}", Mul((T(Ones((N, ONE))), A, Ones((N, ONE))))),
        (r"(\mathbf{1}^\top x) y", Mul((Mul((T(Ones((N, ONE))), x)), y))),
        (r"\operatorname{diag}(\mathbf{1}) x", Mul((Call("diag", (Ones((N, ONE)),)), x))),
        (r"X + \mathbf{1}\mathbf{1}^\top X", Add((X, Mul((Ones((N, ONE)), T(Ones((N, ONE))), X))))),
        (r"A + \mathbf{1}", Add((A, Ones((N, N))))),
    ],
)
def test_ones_find_their_size(latex, tree):
    assert read(latex, TABLE) == tree


def bmatrix(*rows: str) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(rows) + r"\end{bmatrix}"


DOTS = r"\vdots & \ddots & \vdots"


def test_written_out_matrices_find_their_size():
    grid = bmatrix(r"X_{11} & \cdots & X_{1m}", DOTS, r"X_{n1} & \cdots & X_{nm}")
    assert read(grid, TABLE).shape == (N, M)
    diagonal = bmatrix(r"x_1 & \cdots & 0", DOTS, r"0 & \cdots & x_n")
    assert read(diagonal, TABLE).shape == (N, N)
    column = read(bmatrix("z_1", r"\vdots", "z_5"), Table({"z": vector("z", 5)}))
    assert isinstance(column, Mat)
    assert column.full == (dim(5), ONE)


def test_a_matrix_with_an_open_end_takes_the_size_of_the_other_side():
    latex = "A = " + bmatrix(r"x_1 & 0 & \dots", r"0 & x_2 & \dots", r"\vdots & \vdots & \ddots")
    found = read_formula(latex, TABLE).items[1]
    assert isinstance(found, Mat)
    assert found.full == (N, N)
    assert found.cells[2] == Ellipsis("cdots")


def test_cases_in_words():
    rows = r"1, & \text{if } x_i > 0, \\ -1, & \text{when } x_i < 0, \\ 0 & \text{otherwise}."
    guards = (Rel(x_i, ">", zero), Rel(x_i, "<", zero), one)
    assert read(rf"\begin{{cases}} {rows} \end{{cases}}", TABLE) == Cases((one, Neg(one), zero), guards)


def test_a_symbol_before_a_function_of_the_same_letter():
    sigma = scalar("sigma")
    assert read(r"\sigma(c)", Table({"sigma": sigma, "c": c})) == Mul((sigma, Group(c)))
    assert read(r"\delta_i", Table({"delta": vector("delta", "n")})).shape == (ONE, ONE)
    matrix_t = Table({"T": scalar("T"), "c": c})
    assert read("c^T", matrix_t) == Pow(c, scalar("T"))


def test_a_named_subscript_is_part_of_the_name():
    x_1 = scalar("x1")
    assert read("x_1", Table({"x": x, "x1": x_1})) == x_1
    assert read(r"\mathbf{g}(x)_p", TABLE) == read("g_p(x)", TABLE)
    assert read(r"\mathbf{g}^\top(x) u", TABLE) == Mul((T(App(g, (x,))), u))


# --- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "told", "at"),
    [
        (r"c + \foo t", "the macro `\\\\foo`", r"\foo"),
        (r"c + w", "the symbol w is not declared", "w"),
        (r"c + \mathbf{q}", "not declared", r"\mathbf"),
        (r"\mathbf{c}", "c is a scalar", r"\mathbf"),
        (r"\left(c + t", "without `\\\\right`", r"\left"),
        (r"c + t\right)", "without `\\\\left`", r"\right"),
        (r"\left", "needs a bracket", r"\left"),
        (r"(c + t", "never closed", "("),
        (r"c + t)", "closes nothing", ")"),
        (r"(c + t]", "closes nothing", "]"),
        (r"\frac{c", "never closed", "{"),
        (r"\frac{c}", "missing", None),
        (r"c +", "missing", None),
        (r"+ c", "not understood", "+"),
        (r"c - - t", "not understood", "- t"),
        (r"c 2", "needs `\\\\cdot`", "2"),
        (r"c = ", "missing", None),
        (r"c \pm t", "pm` is not understood", r"\pm"),
        (r"x^2", "not square", "2"),
        (r"A^{0.5}", "integer exponent", "0.5"),
        (r"A_{ij}^{-1}", "entry of the inverse", "A"),
        (r"\|A\|_2", "spectral", r"\|"),
        (r"\frac{x}{A}", "oslash", r"\frac"),
        (r"c / t c", "ambiguous", "/"),
        (r"x \circ y \oslash x", "ambiguous", r"\oslash"),
        (r"A x \otimes A", "ambiguous", "A"),
        (r"d c^2", "ambiguous", "d"),
        (r"\log\det(A)^2", "ambiguous", r"\log"),
        (r"\sin^{-1}(c)", "inverse function", r"\sin"),
        (r"\operatorname{tr} A A", "ambiguous", r"\operatorname"),
        (r"\operatorname{rank}(A)", "rank is not known", r"\operatorname"),
        (r"\sqrt[3]{c}", "square roots", r"\sqrt"),
        (r"c_1", "no entries", "1"),
        (r"c + 0." + "1" * 60, "40 digits", None),
        (r"x_{123456}", "10000 at most", "1"),
        (r"\sum_{k=1}^{0} c", "not a size", "0"),
        (r"x_{12,3}", "needs 1 index", "1"),
        (r"A_{i}", "index", "i"),
        (r"x_{N}", "neither an index nor a size", "N"),
        (r"x^{\top}^{\top}", "second script", "^{\\top}$"),
        (r"c'", "prime", "c"),
        (r"\sum x_k", "needs an index", r"\sum"),
        (r"\sum_{k=0}^n x_k", "`1` is missing", "0"),
        (r"\sum_{k} c", "range of the index k", "k"),
        (r"\delta_i", "two indices", r"\delta"),
        (r"x_1 + \cdots", "cannot be made out", "x"),
        (r"x_1 + \cdots + c", "cannot be made out", "x"),
        (r"x_1 - \cdots - x_n", "minus", "-"),
        (r"x_2 + \cdots + x_n", "from 1", "x"),
        (r"\mathbf{I}", "size of the identity", r"\mathbf"),
        (r"\mathbf{1}", "size of the ones", r"\mathbf"),
        (r"\begin{bmatrix} c & \cdots \\ t \end{bmatrix}", "different lengths", r"\begin"),
        (r"\begin{bmatrix} c & \\ t & c \end{bmatrix}", "empty cell", r"\begin"),
        (r"\begin{bmatrix} c \\ \vdots \\ t \end{bmatrix}", "not determined", r"\begin"),
        (r"\begin{foo} c \end{foo}", "environment `foo`", r"\begin"),
        (r"\begin{cases} c \end{cases}", "a value and a condition", r"\begin"),
        (r"\begin{cases} c & t \end{cases}", "is a relation", None),
        (r"\nabla_{x_1} f", "by symbols", r"\nabla"),
        (r"\nabla^3 f", "power of", r"\nabla"),
        (r"\partial f", "needs a subscript", r"\partial"),
        (r"\frac{\partial^2 f}{\partial x_1}", "order 2 by 1", r"\frac"),
        (r"\frac{\partial f}{\partial (c + t)}", "symbol or an entry", r"\partial (c"),
        (r"{c + t} c", "braces do not bracket", "{"),
        (r"$c$", "no place inside", "$"),
        ("c\\", "breaks off", "\\"),
        (r"", "empty formula", None),
        (r"\text{some words}", "is a relation|not understood|missing", None),
        (r"c \text{ some words}", "not understood", r" some"),
    ],
)
def test_refusals(latex, told, at):
    with pytest.raises(InputError, match=told) as caught:
        read(latex, TABLE)
    error = caught.value
    assert error.source == latex
    assert error.column is not None
    assert 0 <= error.column <= len(latex)
    if at is not None:
        start = latex.rfind(at[:-1]) if at.endswith("$") and at != "$" else latex.find(at)
        assert error.column == start


@pytest.mark.parametrize(
    ("latex", "told", "at"),
    [
        (r"A u", "`@` needs equal inner sizes", "A"),
        (r"c + A x + u", r"`\+` needs equal shapes", "c"),
        (r"A x = u", "left side is a vector of size n, the right side is a vector of size m", "="),
        (r"\operatorname{tr}(X)", "square", r"\operatorname"),
        (r"x \circ u", "equal shapes", "x"),
        (r"A^{-1} + X^{-1}", "not square", "-1} + X"),
        (r"\frac{\partial X}{\partial A}", "more than two indices", r"\frac"),
    ],
)
def test_sizes_that_do_not_fit(latex, told, at):
    with pytest.raises(InputError, match=told) as caught:
        read(latex, TABLE)
    assert caught.value.column == (latex.rfind("-1") if at.startswith("-1") else latex.find(at))
    assert isinstance(caught.value, ShapeError) or "square" in told


def test_bounds():
    with pytest.raises(InputError, match="20000 characters"):
        read("c" * 20_001, TABLE)
    for deep in ("(" * 101 + "c" + ")" * 101, "c^{" * 101 + "c" + "}" * 101, r"\sum_k " * 2000 + "x_k"):
        with pytest.raises(InputError, match="deep"):
            read(deep, TABLE)
    assert to_latex(read("(" * 40 + "c" + ")" * 40, TABLE)).startswith("((((")
    assert len(read(" + ".join(["c"] * 2000), TABLE).terms) == 2000


SPELLINGS = r"""
c t x_i \mathbf{A} \mathbf{x} 2 + - = ( ) { } ^ _ ' | \| \frac \sum_{k=1}^{n} \mathrm{d} d \partial
\left( \right) & \\ \begin{bmatrix} \end{bmatrix} \begin{cases} \end{cases} \text{if} \text{and} , .
\nabla \cdots \circ \otimes / \sqrt \delta_{ij} \operatorname{tr} \exp \sigma \top T \boxed \underbrace
\mathbf{1} \mathbf{I} \lVert \rVert [ ] \langle \rangle f \begin{aligned} \end{aligned} \hat e
"""


@given(st.lists(st.sampled_from(SPELLINGS.split()), max_size=12).map(" ".join))
def test_never_anything_but_a_refusal(latex):
    """Whatever is written, it is read or refused with a place."""
    refused = None
    try:
        read_display(latex, TABLE)
    except InputError as error:
        refused = error
    assert refused is None or (refused.column is not None and str(refused))
