"""Expressions and their LaTeX, by hand: the writer prints the right side, the reader reads it back."""

from __future__ import annotations

from generator.expr.abstract import Abstract
from generator.expr.calculus import (
    App,
    At,
    Cases,
    Commutation,
    D,
    Delta,
    Dots,
    Ellipsis,
    Grad,
    Group,
    Limit,
    Mat,
    Partial,
    Rel,
    Sum,
    Under,
)  # fmt: skip
from generator.expr.latex_table import Table
from generator.expr.make import matrix, scalar, vector
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
    Ones,
    Pow,
    Row,
    Size,
    T,
    Zero,
)  # fmt: skip
from generator.expr.shapes import ONE, dim
from tests.strategies import number

N, M = dim("n"), dim("m")
x, y, b, u = vector("x", "n"), vector("y", "n"), vector("b", "n"), vector("u", "m")
A, X, W1, J_f = matrix("A", "n", "n"), matrix("X", "n", "m"), matrix("W1", "m", "n"), matrix("J_f", "m", "n")
theta, Phi, x_star, x_hat = (
    vector("theta", "n"),
    matrix("Phi", "m", "n"),
    vector("x_star", "n"),
    vector("x_hat", "n"),
)
c, t, L, lam, loss = scalar("c"), scalar("t"), scalar("L"), scalar("lam"), scalar("loss")
f, g = scalar("f"), vector("g", "m")
i, j, k, p = Idx("i", N), Idx("j", N), Idx("k", N), Idx("p", M)
n, m = Size(N), Size(M)
one, two, three, zero = number(1), number(2), number(3), number(0)

SYMBOLS = {s.name: s for s in (x, y, b, u, A, X, W1, J_f, theta, Phi, x_star, x_hat, c, t, L, lam, loss)}
phi, zeta = Abstract("phi", (x.shape,), u.shape), Abstract("zeta", (u.shape,), c.shape)
h1, ell, eta = (
    Abstract("h1", (c.shape,), c.shape),
    Abstract("ell", (c.shape, x.shape), c.shape),
    Abstract("eta", (c.shape,), x.shape),
)
ABSTRACT = {fun.name: fun for fun in (phi, zeta, h1, ell, eta)}
TABLE = Table(SYMBOLS, {"f": f, "g": g}, (x,), frozenset({"n", "m"}), abstract=ABSTRACT)

x1, x2, x_i = Entry(x, (one,)), Entry(x, (two,)), Entry(x, (i,))
product = Mul((Entry(A, (i, k)), Entry(x, (k,))))
residual = Add((Mul((A, x)), Neg(b)))
dX = D(X)

ALGEBRA: list[tuple[Node, str]] = [
    (Add((x, Neg(y))), r"\mathbf{x} - \mathbf{y}"),
    (Add((Neg(x), y)), r"-\mathbf{x} + \mathbf{y}"),
    (Add((x, Neg(Add((y, b))))), r"\mathbf{x} - (\mathbf{y} + \mathbf{b})"),
    (Add((c, Neg(Neg(t)))), "c - (-t)"),
    (Add((Add((c, t)), c)), "(c + t) + c"),
    (Neg(Mul((A, x))), r"-\mathbf{A} \mathbf{x}"),
    (Mul((Neg(A), x)), r"(-\mathbf{A}) \mathbf{x}"),
    (Mul((Mul((A, X)), u)), r"(\mathbf{A} \mathbf{X}) \mathbf{u}"),
    (Mul((two, T(A), residual)), r"2 \mathbf{A}^{\top}(\mathbf{A} \mathbf{x} - \mathbf{b})"),
    (Mul((number(6), two)), r"6 \cdot 2"),
    (Mul((c, Pow(two, three))), r"c \cdot 2^3"),
    (Mul((number(6), Group(one))), "6(1)"),
    (Add((Mul((number(6), Group(one))), Mul((two, Neg(one))))), "6(1) + 2(-1)"),
    (number("0.125"), "0.125"),
    (number("10.5"), "10.5"),
    (Had((x, Mul((A, y)))), r"\mathbf{x} \circ \mathbf{A} \mathbf{y}"),
    (Mul((A, Had((x, y)))), r"\mathbf{A}(\mathbf{x} \circ \mathbf{y})"),
    (Div(x, c), r"\frac{\mathbf{x}}{c}"),
    (Mul((Div(one, two), x)), r"\frac{1}{2} \mathbf{x}"),
    (Mul((Div(c, t), Div(t, c))), r"\frac{c}{t}\,\frac{t}{c}"),
    (Div(one, x), r"1 \oslash \mathbf{x}"),
    (Div(Mul((A, x)), y), r"(\mathbf{A} \mathbf{x}) \oslash \mathbf{y}"),
    (Pow(c, two), "c^2"),
    (Pow(c, Neg(one)), "c^{-1}"),
    (Pow(Div(c, t), two), r"\left(\frac{c}{t}\right)^2"),
    (Pow(Pow(c, two), t), "(c^2)^t"),
    (Pow(x, two), r"\mathbf{x}^{\circ 2}"),
    (Pow(x, Add((c, Neg(one)))), r"\mathbf{x}^{\circ c - 1}"),
    (MatPow(A, three), r"\mathbf{A}^3"),
    (MatPow(A, Neg(two)), r"\mathbf{A}^{-2}"),
    (Inv(A), r"\mathbf{A}^{-1}"),
    (T(Inv(A)), r"(\mathbf{A}^{-1})^{\top}"),
    (T(T(A)), r"(\mathbf{A}^{\top})^{\top}"),
    (T(Mul((A, X))), r"(\mathbf{A} \mathbf{X})^{\top}"),
    (T(W1), r"\mathbf{W}_1^{\top}"),
    (T(x_star), r"(\mathbf{x}^{\star})^{\top}"),
    (Mul((Phi, theta)), r"\boldsymbol{\Phi} \boldsymbol{\theta}"),
    (Mul((J_f, x_hat)), r"\mathbf{J}_f \hat{\mathbf{x}}"),
    (Mul((lam, loss, c)), r"\lambda \mathit{loss} c"),
    (Pow(Norm(residual), two), r"\lVert \mathbf{A} \mathbf{x} - \mathbf{b} \rVert_2^2"),
    (Norm(A), r"\lVert \mathbf{A} \rVert_F"),
    (Norm(Ones((N, ONE))), r"\lVert \mathbf{1}_{n} \rVert_2"),
    (Norm(Mul((c, Ones((N, M))))), r"\lVert c \mathbf{1}_{n \times m} \rVert_F"),
    (Call("tr", (Mul((c, Eye(N))),)), r"\operatorname{tr}(c \mathbf{I}_{n})"),
    (Mul((x, T(Ones((N, ONE))), Ones((N, ONE)))), r"\mathbf{x} \mathbf{1}_{n}^{\top} \mathbf{1}_{n}"),
    (Norm(x, one), r"\lVert \mathbf{x} \rVert_1"),
    (Norm(x, c), r"\lVert \mathbf{x} \rVert_c"),
    (Norm(Div(x, c)), r"\left\lVert \frac{\mathbf{x}}{c} \right\rVert_2"),
    (Call("tr", (Mul((T(X), A, X)),)), r"\operatorname{tr}(\mathbf{X}^{\top} \mathbf{A} \mathbf{X})"),
    (Call("exp", (Neg(c),)), r"\exp(-c)"),
    (Call("exp", (Div(c, t),)), r"\exp\!\left(\frac{c}{t}\right)"),
    (Call("sigmoid", (x,)), r"\sigma(\mathbf{x})"),
    (Call("sigmoid", (x,), 1), r"\sigma'(\mathbf{x})"),
    (Call("det", (A,)), r"\det(\mathbf{A})"),
    (Call("logdet", (A,)), r"\log\det(\mathbf{A})"),
    (Call("log", (Call("det", (A,)),)), r"\log(\det(\mathbf{A}))"),
    (Pow(Call("logdet", (A,)), two), r"(\log\det(\mathbf{A}))^2"),
    (Call("diag", (x,)), r"\operatorname{diag}(\mathbf{x})"),
    (Call("diagonal", (A,)), r"\operatorname{diag}(\mathbf{A})"),
    (Call("kron", (A, Mul((A, X)))), r"\mathbf{A} \otimes (\mathbf{A} \mathbf{X})"),
    (Call("sqrt", (c,)), r"\sqrt{c}"),
    (Call("sqrt", (c,), 1), r"\operatorname{sqrt}'(c)"),
    (Call("abs", (x,)), r"\lvert \mathbf{x} \rvert"),
    (Call("abs", (A,)), r"\operatorname{abs}(\mathbf{A})"),
    (Mul((Eye(N), x)), r"\mathbf{I} \mathbf{x}"),
    (Mul((T(Ones((N, ONE))), x)), r"\mathbf{1}^{\top} \mathbf{x}"),
    (Add((X, Zero((N, M)))), r"\mathbf{X} + \mathbf{0}"),
]  # fmt: skip

tau = scalar("tau")
phi_x, t_tau = phi.at((x,)), Add((t, tau))
quotient = Limit(tau, Div(Add((h1.at((t_tau,)), Neg(h1.at((t,))))), tau))
J_phi, grad_zeta, PLAIN = (
    *(fun.slope((at,), TABLE.layout) for fun, at in ((phi, x), (zeta, phi_x))),
    TABLE.layout,
)
F_C = r"\left. \frac{\partial f}{\partial c}"
J_LATEX = r"\mathbf{J}_{\boldsymbol{\phi}}(\mathbf{x})"

FUNCTIONS: list[tuple[Node, str]] = [
    (zeta.at((phi_x,)), r"\zeta(\boldsymbol{\phi}(\mathbf{x}))"),
    (Entry(phi_x, (p,)), r"\phi_p(\mathbf{x})"),
    (Partial(Entry(phi_x, (p,)), x_i), r"\frac{\partial \phi_p(\mathbf{x})}{\partial x_i}"),
    (Partial(ell.symbol, h1.symbol), r"\frac{\partial \ell}{\partial h_1}"),
    (At(Partial(f, c), c, two), rf"{F_C} \right|_{{c = 2}}"),
    (T(At(Partial(f, c), x, y)), rf"\left({F_C} \right|_{{\mathbf{{x}} = \mathbf{{y}}}}\right)^{{\top}}"),
    (J_phi, r"\mathbf{J}_{\boldsymbol{\phi}}(\mathbf{x})"),
    (Mul((T(J_phi), grad_zeta)), rf"{J_LATEX}^{{\top}}\,\nabla \zeta(\boldsymbol{{\phi}}(\mathbf{{x}}))"),
    (Entry(J_phi, (p, i)), r"(\mathbf{J}_{\boldsymbol{\phi}}(\mathbf{x}))_{pi}"),
    (Entry(T(J_phi), (i, p)), r"(\mathbf{J}_{\boldsymbol{\phi}}(\mathbf{x})^{\top})_{ip}"),
    (D(phi_x), r"\mathrm{d}\boldsymbol{\phi}(\mathbf{x})"),
    (T(phi_x), r"\boldsymbol{\phi}(\mathbf{x})^{\top}"),
    (Mul((h1.slope((c,), PLAIN), t)), "h_1'(c) t"),
    (h1.slope((Mul((c, t)),), PLAIN, order=2), "h_1''(c t)"),
    (Pow(h1.slope((c,), PLAIN), two), "h_1'(c)^2"),
    (eta.slope((t,), PLAIN), r"\boldsymbol{\eta}'(t)"),
    (ell.slope((c, x), PLAIN, 1), r"\partial_2 \ell(c, \mathbf{x})"),
    (T(ell.slope((c, x), PLAIN, 1)), r"\partial_2 \ell(c, \mathbf{x})^{\top}"),
    (Mul((ell.slope((c, x), PLAIN), t)), r"\partial_1 \ell(c, \mathbf{x}) t"),
    (quotient, r"\lim_{\tau \to 0} \frac{h_1(t + \tau) - h_1(t)}{\tau}"),
    (Mul((Limit(tau, h1.at((t_tau,))), c)), r"\left(\lim_{\tau \to 0} h_1(t + \tau)\right) c"),
    (Mat((T(x), T(y)), 1), r"\begin{bmatrix} \mathbf{x}^{\top} \\ \mathbf{y}^{\top} \end{bmatrix}"),
    (Mat((x, y), 2), r"\begin{bmatrix} \mathbf{x} & \mathbf{y} \end{bmatrix}"),
]  # fmt: skip

CALCULUS: list[tuple[Node, str]] = [
    (Mul((A, dX)), r"\mathbf{A}\,\mathrm{d}\mathbf{X}"),
    (Mul((dX, u)), r"(\mathrm{d}\mathbf{X}) \mathbf{u}"),
    (T(dX), r"(\mathrm{d}\mathbf{X})^{\top}"),
    (D(T(X)), r"\mathrm{d}(\mathbf{X}^{\top})"),
    (D(x1), r"\mathrm{d}x_1"),
    (D(App(f, (x,))), r"\mathrm{d}f(\mathbf{x})"),
    (D(Pow(c, two)), r"\mathrm{d}(c^2)"),
    (D(Div(x, c)), r"\mathrm{d}\!\left(\frac{\mathbf{x}}{c}\right)"),
    (Div(D(c), D(t)), r"\frac{\mathrm{d}c}{(\mathrm{d}t)}"),
    (Entry(A, (i, n)), "A_{in}"),
    (Entry(A, (number(1), number(10))), "A_{1,10}"),
    (Entry(x, (number(12),)), "x_{12}"),
    (Entry(theta, (j,)), r"\theta_j"),
    (Entry(W1, (p, j)), r"(\mathbf{W}_1)_{pj}"),
    (Entry(Mul((A, X)), (i, p)), r"(\mathbf{A} \mathbf{X})_{ip}"),
    (Entry(T(A), (i, j)), r"(\mathbf{A}^{\top})_{ij}"),
    (T(Entry(A, (i, j))), r"(A_{ij})^{\top}"),
    (Pow(Entry(A, (i, j)), two), "A_{ij}^2"),
    (Row(A, i), r"\mathbf{A}_{i,:}"),
    (T(Row(A, i)), r"(\mathbf{A}_{i,:})^{\top}"),
    (Entry(App(g, (x,)), (p,)), r"g_p(\mathbf{x})"),
    (Sum(k, product), r"\sum_{k=1}^{n} A_{ik} x_k"),
    (Sum(k, Add((Entry(x, (k,)), c))), r"\sum_{k=1}^{n} (x_k + c)"),
    (Mul((c, Sum(k, Entry(x, (k,))))), r"c \sum_{k=1}^{n} x_k"),
    (Mul((Sum(k, Entry(x, (k,))), c)), r"\left(\sum_{k=1}^{n} x_k\right) c"),
    (Add((Sum(k, Entry(x, (k,))), c)), r"\sum_{k=1}^{n} x_k + c"),
    (Dots(k, product, (one, n)), r"A_{i1} x_1 + \cdots + A_{in} x_n"),
    (Dots(k, product, (one, j, n)), r"A_{i1} x_1 + \cdots + A_{ij} x_j + \cdots + A_{in} x_n"),
    (
        Add((Dots(k, product, (one, two, n)), Entry(b, (i,)))),
        r"A_{i1} x_1 + A_{i2} x_2 + \cdots + A_{in} x_n + b_i",
    ),
    (Mul((Delta(i, j), Entry(x, (i,)))), r"\delta_{ij} x_i"),
    (
        Cases((x_i, zero), (Rel(i, "=", j), Rel(i, "≠", j))),
        r"\begin{cases} x_i & i = j \\ 0 & i \neq j \end{cases}",
    ),
    (
        Cases((x_i, zero), (Mul((Rel(i, "=", j), Rel(j, "<", two))), one)),
        r"\begin{cases} x_i & i = j \text{ and } j < 2 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (Mat((one, x1, zero, c), 2), r"\begin{bmatrix} 1 & x_1 \\ 0 & c \end{bmatrix}"),
    (T(Mat((c, t), 1)), r"\begin{bmatrix} c \\ t \end{bmatrix}^{\top}"),
    (
        Mat((x1, Ellipsis("vdots"), Entry(x, (n,))), 1, (N, ONE)),
        r"\begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}",
    ),
    (
        Mat((Partial(f, x1), Partial(f, x2)), 1),
        r"\begin{bmatrix} \displaystyle \frac{\partial f}{\partial x_1} \\[10pt] "
        r"\displaystyle \frac{\partial f}{\partial x_2} \end{bmatrix}",
    ),
    (Partial(Entry(y, (i,)), Entry(x, (j,))), r"\frac{\partial y_i}{\partial x_j}"),
    (Partial(Mul((three, Pow(x1, two))), x1), r"\frac{\partial}{\partial x_1}(3 x_1^2)"),
    (Partial(Partial(f, x1), x1), r"\frac{\partial^2 f}{\partial x_1^2}"),
    (Partial(Partial(f, x2), x1), r"\frac{\partial^2 f}{\partial x_1 \partial x_2}"),
    (Partial(Partial(Mul((c, t)), t), c), r"\frac{\partial^2}{\partial c \partial t}(c t)"),
    (Partial(u, x), r"\frac{\partial \mathbf{u}}{\partial \mathbf{x}}"),
    (
        Partial(Call("vec", (A,)), Call("vec", (X,))),
        r"\frac{\partial \operatorname{vec}(\mathbf{A})}{\partial \operatorname{vec}(\mathbf{X})}",
    ),
    (Call("kron", (T(x), Eye(N))), r"\mathbf{x}^{\top} \otimes \mathbf{I}_{n}"),
    (Call("kron", (T(Ones((N, ONE))), x)), r"\mathbf{1}_{n}^{\top} \otimes \mathbf{x}"),
    (
        Call("vec", (Mul((x, T(Ones((M, ONE))))),)),
        r"\operatorname{vec}(\mathbf{x} \mathbf{1}_{m}^{\top})",
    ),
    (
        Call("kron", (Mul((Ones((M, ONE)), T(x))), Eye(N))),
        r"(\mathbf{1}_{m} \mathbf{x}^{\top}) \otimes \mathbf{I}_{n}",
    ),
    (Call("vec", (Eye(N),)), r"\operatorname{vec}(\mathbf{I}_{n})"),
    (Mul((Commutation(*X.shape), Call("vec", (X,)))), r"\mathcal{K}_{n,m} \operatorname{vec}(\mathbf{X})"),
    (T(Partial(u, x)), r"\left(\frac{\partial \mathbf{u}}{\partial \mathbf{x}}\right)^{\top}"),
    (Grad(f, (x,), (x,)), r"\nabla f(\mathbf{x})"),
    (T(Grad(f, (x,), (x,))), r"\nabla f(\mathbf{x})^{\top}"),
    (Grad(L, (X,)), r"\nabla_{\mathbf{X}} L"),
    (T(Grad(L, (X,))), r"(\nabla_{\mathbf{X}} L)^{\top}"),
    (Grad(f, (y,), (x, y)), r"\nabla_{\mathbf{y}} f(\mathbf{x}, \mathbf{y})"),
    (App(f, (Mul((A, x)),)), r"f(\mathbf{A} \mathbf{x})"),
    (Under(Mul((three, x1)), ("linear in ", x1)), r"\underbrace{3 x_1}_{\text{linear in }x_1}"),
    (Under(x, (n, "×", one)), r"\underbrace{\mathbf{x}}_{n \times 1}"),
    (
        Mul((Under(Add((A, A)), ("50% {a_b}",)), x)),
        r"\underbrace{(\mathbf{A} + \mathbf{A})}_{\text{50\% \{a\_b\}}} \mathbf{x}",
    ),
    (T(Under(x, ("a",))), r"\left(\underbrace{\mathbf{x}}_{\text{a}}\right)^{\top}"),
    (Rel(x1, "≤", two), r"x_1 \le 2"),
]  # fmt: skip
