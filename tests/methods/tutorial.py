"""The derivations of the tutorial, and the same problems in other letters and sizes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.derivation import Derivation
from generator.expr.make import matrix, vector
from generator.expr.nodes import Node, Sym
from generator.expr.text_reader import Scope, parse
from generator.methods import derive
from generator.problem import Problem
from generator.spec import load_collection

CONTENT = Path(__file__).parents[2] / "content" / "trace-trick-tutorial"


@cache
def tutorial() -> dict[str, Derivation]:
    """The problems of the tutorial by id, each with the earlier ones that it cites."""
    found: dict[str, Derivation] = {}
    for p in (p for part in load_collection(CONTENT).parts for p in part.problems):
        found[p.id] = derive(p, lemmas=tuple(found[name] for name in p.uses))
    return found


@cache
def renamed() -> dict[str, Derivation]:
    """Problems of the same kinds that no file holds: other letters, other sizes, other coefficients."""
    v, w, q = vector("v", 2), vector("w", "p"), vector("q", "k")
    B, Y = matrix("B", "m", "m"), matrix("Y", "m", "k")
    point = (parse("2", Scope({})), parse("-3", Scope({})))
    found = {
        "quadratic": derive(
            _problem("g", "5*v_1**2 + 4*v_1*v_2 + 7*v_2**2", v, v, parameters=(v,), at=point)
        ),
        "affine-map": derive(_problem("z", "C @ w + q", w, matrix("C", "k", "p"), q), "index"),
        "elementwise": derive(_problem("y", "tanh(w)", w), "index"),
        "linear-trace": derive(_problem("J", "tr(B @ Y)", matrix("Y", "m", "m"), B), "differential"),
        "quadratic-trace": derive(_problem("J", "tr(Y.T @ B @ Y)", Y, B), "differential"),
    }
    least = _problem("J", "norm(C @ w - q)**2", w, matrix("C", "k", "p"), q, set_to_zero=True)
    found["least-squares"] = derive(least, "differential", lemmas=(found["quadratic-trace"],))
    return found


def _problem(name: str, text: str, wrt: Sym, *more: Sym, **options: object) -> Problem:
    table: dict[str, Sym] = {s.name: s for s in (wrt, *more)}
    body: Node = parse(text, Scope(table))
    return Problem(name, name, table, Sym(name, body.shape), body, text, (wrt,), **options)  # type: ignore[arg-type]
