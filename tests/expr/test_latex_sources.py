"""Lines of the four documents that the project generalises, as their authors spell them, are read."""

from __future__ import annotations

import pytest

from generator.expr.latex_reader import Formula, read_formula
from generator.expr.latex_table import Table
from generator.expr.latex_writer import write_relation
from generator.expr.make import matrix, scalar, vector
from generator.expr.nodes import Sym


def table(*symbols: Sym, functions: tuple[Sym, ...] = (), variables: tuple[Sym, ...] = ()) -> Table:
    known = {s.name: s for s in symbols}
    return Table(known, {s.name: s for s in functions}, variables, frozenset("nmd"))


x, L, f = vector("x", "n"), scalar("L"), scalar("f")
HANDOUT = table(
    *(x, L, vector("b", "n"), vector("h", "m"), vector("z", "m"), scalar("t")),
    *(matrix("A", "n", "n"), matrix("G", "n", "n"), matrix("W", "m", "n"), matrix("J", "m", "m")),
    functions=(f, vector("g", "m")),
    variables=(x,),
)
B = matrix("B", "n", "m")
WORKSHEET = table(
    *(x, matrix("A", "d", "n"), B, vector("c", "m"), vector("y", "d"), scalar("z"), scalar("p")),
    functions=(scalar("L"),),
    variables=(matrix("A", "d", "n"),),
)
xyz = scalar("x"), scalar("y"), scalar("z")
SHEET = table(*xyz, functions=(f,), variables=xyz)

LINES = [
    (HANDOUT, r"f(\mathbf{x}) = 3x_1^2 + 2x_1x_2 + x_2^2"),
    (HANDOUT, r"L = \underbrace{3x_1^2}_{\text{Depends on } x_1} + \underbrace{x_2^2}_{\text{Constant}}"),
    (HANDOUT, r"\frac{\partial f}{\partial x_1} = \frac{d}{dx_1}(3x_1^2) + \frac{d}{dx_1}(2x_1x_2)"),
    (HANDOUT, r"z_i = \sum_{k=1}^n W_{ik}x_k + h_i"),
    (HANDOUT, r"\frac{\partial}{\partial x_j} (W_{i1}x_1 + \cdots + W_{in}x_n) = W_{ij}"),
    (HANDOUT, r"\frac{\partial \mathbf{z}}{\partial \mathbf{h}} = \text{diag}(\sigma'(\mathbf{h}))"),
    (HANDOUT, r"\mathbf{J} = \begin{bmatrix} z_1 & 0 & \dots \\ \vdots & \vdots & \ddots \end{bmatrix}"),
    (HANDOUT, r"d\mathbf{A} = 0"),
    (HANDOUT, r"dL = d(\text{tr}(\mathbf{A}\mathbf{G})) = \text{tr}(d(\mathbf{A}\mathbf{G}))"),
    (HANDOUT, r"dL = \text{tr} \left(\underbrace{(d\mathbf{A}^T)}_{\text{first}} \mathbf{G} \right)"),
    (HANDOUT, r"\mathbf{G}^T = (\mathbf{A} \mathbf{G})^T ((d\mathbf{A})^T)^T"),
    (HANDOUT, r"L = \|\mathbf{Ax} - \mathbf{b}\|_2^2"),
    (HANDOUT, r"dL = \text{tr}(2\mathbf{x}^T (\mathbf{A} d\mathbf{x}))"),
    (HANDOUT, r"\nabla_{\mathbf{x}} L = 2\mathbf{A}^T (\mathbf{Ax} - \mathbf{b})"),
    (HANDOUT, r"\frac{\partial g_j}{\partial x_i}(\mathbf{x}) = \delta_{ij}, \quad i \neq j"),
    (WORKSHEET, r"z = \sum_{i=1}^n |x_i|"),
    (WORKSHEET, r"\frac{\partial z}{\partial x_j} = \begin{cases} 1 & x_j > 0 \\ -1 & x_j < 0 \end{cases}"),
    (WORKSHEET, r"\nabla_{\mathbf{x}} z = \text{sign}(\mathbf{x})"),
    (WORKSHEET, r"\overbrace{\frac{\partial z}{\partial A}}^{\mathbb{R}^{d \times n}} = 2 yy^\top A"),
    (WORKSHEET, r"\mathcal{L}(A) = \|B^\top \sigma(A^\top \mathbf{y}) - \mathbf{c}\|_2^2"),
    (WORKSHEET, r"\nabla_A \mathcal{L}(A) = 2y\left[\sigma'(A^\top \mathbf{y})\circ B\mathbf{c}\right]^\top"),
    (WORKSHEET, r"\frac{\partial (A^\top \mathbf{y})_k}{\partial A_{ij}} = \delta_{jk} y_i"),
    (HANDOUT, r"\langle b, x \rangle = b^{\top}x = \sum_{j=1}^n b_j x_j"),
    (HANDOUT, r"\partial_{x_i} \sum_{j=1}^n b_j x_j = \sum_{j=1}^n b_j \partial_{x_i} x_j = b_i"),
    (HANDOUT, r"\delta_{ij} = \begin{cases} 1 & \text{if } i = j, \\ 0 & \text{otherwise} \end{cases}"),
    (HANDOUT, r"\nabla_x \langle x, Ax \rangle = I_n Ax + A^\top x = (A + A^\top)x"),
    (HANDOUT, r"\partial_{a_{ij}} L = \partial_{a_{ij}} \sum_{k,l} x_k x_l a_{kl} = x_i x_j"),
    (HANDOUT, r"\nabla_A \langle x, Ax \rangle = xx^{\top}."),
    (HANDOUT, r"\frac{1}{2}\|x\|^2 = \frac{1}{2} \sum_i x_i^2"),
    (HANDOUT, r"\partial_{x_j} \frac{1}{2} \|x\|^2 = x_j"),
    (HANDOUT, r"\nabla_x f(x) = -\frac{\exp(-x^\top b)}{1 + \exp(-x^\top b)} b."),
    (SHEET, r"f(x,y,z) = \frac{1}{2}x^2 + yz - \ln(1 + \exp(x^2y^3z))"),
    (SHEET, r"\nabla f(1, -1, 0) = \begin{pmatrix} 6(1) + 2(-1) \\ 2 - 2 \\ 0 \end{pmatrix}"),
    (SHEET, r"\nabla f = \begin{pmatrix} x - \frac{2xy^3z}{1 + \exp(x^2y^3z)} \\ z \\ y\end{pmatrix}"),
]  # fmt: skip


def written(formula: Formula) -> str:
    return write_relation(formula.items, formula.ops, formula.guard)


@pytest.mark.parametrize(("known", "latex"), LINES, ids=[latex for _, latex in LINES])
def test_is_read(known, latex):
    found = read_formula(latex, known)
    assert len(found.items) > 1
    again = written(found)
    assert written(read_formula(again, known)) == again
