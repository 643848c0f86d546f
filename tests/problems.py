"""Problems written by hand, and a short way to check a text about one."""

from __future__ import annotations

from generator.expr.make import matrix, scalar, vector
from generator.expr.nodes import Sym
from generator.expr.text_reader import Scope as TextScope
from generator.expr.text_reader import parse
from generator.problem import Problem
from generator.verify import Checked, Report, Scope, scope_of, verify_text


def problem(text: str, wrt: str, *symbols: Sym, function: str = "L", **more: object) -> Problem:
    """A problem from its text; ``wrt`` is a name, or several scalars with commas."""
    table = {s.name: s for s in symbols}
    body = parse(text, TextScope(table))
    names = tuple(table[name] for name in wrt.split(","))
    return Problem("p", "A problem", table, Sym(function, body.shape), body, text, names, **more)  # type: ignore[arg-type]


A, X = matrix("A", "n", "n"), matrix("X", "n", "m")
QUADRATIC = problem("tr(X.T @ A @ X)", "X", A, X)
LEAST_SQUARES = problem(
    "norm(A @ x - b)**2", "x", matrix("A", "m", "n"), vector("x", "n"), vector("b", "m"), set_to_zero=True
)
AFFINE = problem("W @ x + b", "x", matrix("W", "m", "n"), vector("x", "n"), vector("b", "m"), function="y")
ELEMENTWISE = problem("sigmoid(h)", "h", vector("h", "k"), function="z")
POLYNOMIAL = problem(
    "3*x_1**2 + 2*x_1*x_2 + x_2**2", "x", vector("x", 2), function="f", parameters=(vector("x", 2),),
    at=(parse("1", TextScope({})), parse("-1", TextScope({}))),
)  # fmt: skip
LOGARITHM = problem("log(c) * s", "c", scalar("c"), scalar("s"))
PROBLEMS = {
    "quadratic": QUADRATIC, "least": LEAST_SQUARES, "affine": AFFINE, "elementwise": ELEMENTWISE,
    "polynomial": POLYNOMIAL, "logarithm": LOGARITHM,
}  # fmt: skip
SCOPES: dict[str, Scope] = {name: scope_of(p) for name, p in PROBLEMS.items()}


def check(scope: str, *formulas: str) -> Report:
    """The report on displays within one scope."""
    body = "\n".join(rf"\[ {f} \]" for f in formulas)
    return verify_text(f"% scope: {scope}\n{body}\n% end scope\n", "latex", SCOPES, "test")


def only(report: Report) -> Checked:
    """The single entry of a report."""
    (entry,) = report.checked
    return entry
