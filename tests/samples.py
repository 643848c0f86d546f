"""Derivations written out by hand, for tests of what happens to a derivation after it was made."""

from __future__ import annotations

from generator.derivation import Chain, Derivation, Line, Quote, Say, Step
from generator.expr.calculus import D, Grad, Rel, Under
from generator.expr.make import matrix, mul, neg, num, scalar, t, tr, vector
from generator.expr.nodes import Add, Entry, Node, Sym
from generator.problem import Problem

A, X = matrix("A", "n", "m"), matrix("X", "m", "n", ["invertible"])
L, G = scalar("L"), matrix("G", "m", "n")
u, v = scalar("u"), scalar("v")


def linear_trace() -> Derivation:
    """tr(AX) by differentials: quotes, sentences, chains, a definition, a sub-step."""
    body = tr(mul(A, X))
    problem = Problem("linear", "A linear trace", {"A": A, "X": X}, L, body, "tr(A @ X)", (X,))
    inner = Step("Transpose", (Say("Transpose {0}:", (G,), bullet=True), Chain((Line(G, t(A)),))))
    S = matrix("A", "n", "n")
    rule = Quote("linear trace", D(tr(S)), tr(D(S)), "the trace is a sum of entries")
    chain = Chain((Line(D(L), D(body)), Line(None, tr(mul(A, D(X))))))
    steps = (
        Step("Take the differential", (rule, chain)),
        Step("Identify", (Chain((Line(t(G), A, mode="definition"),)),), (inner,)),
    )
    return Derivation(
        problem,
        "differential",
        (Say("{0} has the size of {1}.", (Grad(L, (X,)), X)),),
        Say("Read {0} off.", (G,)),
        steps,
        (Line(Grad(L, (X,)), t(A), "identification"),),
        checks=(Say("The sizes agree."),),
        conditions=(Say("{0} must be invertible.", (X,)),),
    )


def written_out() -> Derivation:
    """A function of two numbers: underbraces, guards, a long sum."""
    f = scalar("f")
    body = Add((mul(num(3), u), neg(mul(u, v))))
    problem = Problem("sum", "A sum", {"u": u, "v": v}, f, body, "3*u - u*v", (u, v), (u, v))
    braced: Node = Add((Under(mul(num(3), u), ("linear in ", u)), neg(Under(mul(u, v), ("mixed",)))))
    x: Sym = vector("x", 12)
    long = Add(tuple(mul(num(k), Entry(x, (num(k),))) for k in range(1, 13)))
    guarded = Line(u, num(0), guard=Rel(u, "≠", v))
    steps = (Step("Look", (Chain((Line(f, braced), Line(None, long), guarded)),)),)
    return Derivation(problem, "partials", (), Say("Term by term."), steps, (Line(Grad(f, (u, v)), x),))
