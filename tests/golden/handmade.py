"""Two derivations made by hand, so that what prints them can be tested without the engine."""

from __future__ import annotations

from generator.derivation import Chain, Derivation, Line, Quote, Say, Step
from generator.expr.calculus import App, D, Delta, Grad, Mat, Partial, Rel, Under
from generator.expr.make import add, matrix, mul, num, scalar, t, tr, vector
from generator.expr.nodes import Entry, Idx, Pow, Size
from generator.expr.shapes import dim
from generator.problem import Problem


def trace() -> Derivation:
    """∇_X tr(AX): definition, quoted rule, sub-step, condition, checks."""
    A, X, L = matrix("A", "n", "n"), matrix("X", "n", "n"), scalar("L")
    G, M = matrix("G", "n", "n"), matrix("M", "n", "n")
    body = tr(mul(A, X))
    problem = Problem(
        "linear", "Trace of a linear product", {"A": A, "X": X}, L, body, "tr(A @ X)", (X,),
        hints=("Which of the two matrices changes?", "Bring {X} to the end."), minutes=10,
    )  # fmt: skip
    U, V = matrix("U", "n", "m"), matrix("V", "m", "k")
    product = Quote(
        "product rule", D(mul(U, V)), add(mul(D(U), V), mul(U, D(V))), "One factor changes at a time."
    )
    steps = (
        Step(
            "Take the differential",
            (
                Say("The differential passes through the trace, which is linear."),
                Chain((Line(D(L), D(body)), Line(None, tr(D(mul(A, X))), "linearity of the trace"))),
            ),
        ),
        Step(
            "Apply the product rule",
            (
                product,
                Say("Here {0} does not change: 100% of the change is in {1}.", (A, X)),
                Chain((Line(D(L), tr(mul(A, D(X))), "product rule"),)),
            ),
        ),
        Step(
            "Read off the gradient",
            (
                Chain((Line(D(L), tr(mul(t(G), D(X)))),)),
                Say("Both hold for every {0}, so", (D(X),)),
                Chain((Line(t(G), A), Line(G, t(A)))),
            ),
            (Step("A name for the result", (Chain((Line(M, t(A), mode="definition"),)),)),),
        ),
    )
    n = Size(dim("n"))
    return Derivation(
        problem, "differential",
        size=(Say("{0} is {1} by {2}, so the gradient is as well.", (X, n, n)),),
        idea=Say("Bring {0} into a form in which {1} stands at the end.", (D(L), D(X))),
        steps=steps,
        answers=(Line(Grad(L, (X,)), t(A)),),
        checks=(Say("The size is right."), Say("The equation {0} says the same.", (Rel(G, "=", t(A)),))),
        conditions=(Say("No condition is needed."),),
    )  # fmt: skip


def quadratic() -> Derivation:
    """∇(3x₁² + 2x₁x₂ + x₂²), then at (1, −1): underbraces, bullets, a guard, a display, two answers."""
    x, f = vector("x", 2), scalar("f")
    x1, x2 = Entry(x, (num(1),)), Entry(x, (num(2),))
    a, b, c = mul(num(3), Pow(x1, num(2))), mul(num(2), x1, x2), Pow(x2, num(2))
    body, fx = add(a, b, c), App(f, (x,))
    problem = Problem(
        "quadratic", "Gradient of a quadratic", {"x": x}, f, body, "3*x_1**2 + 2*x_1*x_2 + x_2**2", (x,),
        parameters=(x,), at=(num(1), num(-1)), minutes=20, hints=("Hold one entry still.",),
        remark="The gradient changes with {x}.",
    )  # fmt: skip
    first, second = (add(mul(num(k), x1), mul(num(2), x2)) for k in (6, 2))
    gradient, here = Mat((first, second), 1), Grad(f, (x,), (x,))
    notes = ("depends on ", x1), ("linear in ", x1), ("constant with respect to ", x1)
    marked = add(*(Under(term, note) for term, note in zip((a, b, c), notes, strict=True)))
    i, j = Idx("i", dim(2)), Idx("j", dim(2))
    kronecker = Partial(Entry(x, (i,)), Entry(x, (j,)))
    unevaluated = Line(Partial(f, x1), add(mul(num(6), x1), mul(num(2), x2, num(1)), num(0)))
    steps = (
        Step(
            "The partial derivative by the first entry",
            (
                Say("Treat {0} as a number.", (x2,)),
                Chain((Line(fx, marked),)),
                Chain((unevaluated, Line(None, first))),
                Say("The first term follows the power rule.", bullet=True),
                Say("The entry {0} is a constant.", (x2,), bullet=True),
                Chain((Line(kronecker, Delta(i, j)), Line(kronecker, num(0), guard=Rel(i, "≠", j)))),
            ),
        ),
        Step("Stack the entries", (Chain((Line(here, gradient),)),)),
        Step("An expression alone", (Chain((Line(None, tr(mul(x, t(x))), mode="display"),)),)),
    )
    return Derivation(
        problem, "partials",
        size=(Say("{0} has two entries, so the gradient is a column of two.", (x,)),),
        idea=Say("Take one entry at a time."),
        steps=steps,
        answers=(Line(here, gradient), Line(Grad(f, (x,), (num(1), num(-1))), Mat((num(4), num(0)), 1))),
    )  # fmt: skip
