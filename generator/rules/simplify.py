"""The laws that make an answer shorter. Each is used in one direction only, and only where ink is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from generator.errors import ShapeError
from generator.expr.make import had, mul
from generator.expr.match import walk
from generator.expr.nodes import Add, Div, Had, Mul, Node
from generator.expr.shapes import is_scalar
from generator.rules import shorten
from generator.rules.fractions import pieces
from generator.rules.ink import ink
from generator.rules.rule import Rule, product, splice
from generator.rules.tidy import ONE, tidy

MOST_ROUNDS = 40
INVERSES = (
    Rule("inverse on the left", "inv(A) @ A", "eye(n)", "a matrix and its inverse cancel", title="Cancel"),
    Rule("inverse on the right", "A @ inv(A)", "eye(n)", "a matrix and its inverse cancel", title="Cancel"),
)
APART = Rule(
    "inverse of a product", "inv(A @ B)", "inv(B) @ inv(A)",
    "inverting a product of square matrices reverses the order of the factors", by=shorten.inverse_of_product,
)  # fmt: skip
TURNED = (
    Rule(
        "transpose of a sum", "A.T + B.T", "(A + B).T", "transposing acts on every term",
        by=shorten.sum_of_transposes, minor=True,
    ),
    Rule(
        "one transpose for many", "C.T @ B.T @ A.T", "(A @ B @ C).T",
        "transposing reverses the order of the factors",
        by=shorten.transpose_outside,
    ),
)  # fmt: skip
SIMPLIFY = (
    Rule(
        "orthogonal columns", "A.T @ A", "eye(n)", "the columns of an orthogonal matrix are orthonormal",
        when=(("orthogonal", "A"),),
    ),
    Rule(
        "orthogonal rows", "A @ A.T", "eye(n)", "the rows of an orthogonal matrix are orthonormal",
        when=(("orthogonal", "A"),),
    ),
    *INVERSES,
    APART,
    Rule(
        "one quotient", "A * (1 / B)", "A / B", "multiplying by reciprocals is dividing entry by entry",
        by=shorten.one_quotient, minor=True,
    ),
    Rule(
        "slope of the sigmoid over its value", "sigmoid_prime(A) / sigmoid(A)", "sigmoid(-A)",
        "the slope is σ(1 − σ), and 1 − σ(z) is σ(−z)",
    ),
    Rule(
        "the sigmoid in exponentials", "exp(A) / (1 + exp(A))", "sigmoid(A)", "this is the sigmoid",
    ),
    Rule("the sigmoid of a number", "exp(a) / (1 + exp(a))", "sigmoid(a)", "this is the sigmoid"),
    Rule(
        "the sigmoid as a reciprocal", "1 / (1 + exp(A))", "sigmoid(-A)", "this is the sigmoid",
    ),
    Rule(
        "the sigmoid turned round", "1 - sigmoid(-A)", "sigmoid(A)",
        "both are 1/(1 + exp(−z)) at every entry z",
    ),
    Rule(
        "sign times absolute value", "sign(A) * abs(A)", "A",
        "every entry is its sign times its absolute value",
        by=shorten.absolute_power,
    ),
    Rule(
        "equal factors", "A * A", "A**2", "multiplying entry by entry by itself is squaring",
        by=shorten.equal_factors, minor=True,
    ),
    Rule(
        "diagonal of a scaled product", "diagonal(A @ diag(x) @ B)", "(A * B.T) @ x",
        "entry i is the sum of all a_ij x_j b_ji",
    ),
    Rule(
        "rows scaled by a vector", "outer(x, ones(m)) * A", "diag(x) @ A", "row i of A is multiplied by x_i",
    ),
    Rule(
        "a scaled vector", "diag(x) @ y", "x * y", "row i of diag(x) is x_i times row i of I", minor=True,
    ),
    Rule("square of a root", "sqrt(a)**2", "a", "this is what a square root is", minor=True),
    Rule(
        "equal traces", "tr(A @ B) + tr(B @ A)", "2 * tr(A @ B)",
        "under the trace a factor may move from one end to the other", by=shorten.equal_traces,
    ),
    Rule(
        "power of equal factors", "A @ A @ A", "matpow(A, 3)", "a product of equal factors is a power",
        by=shorten.power_of_factors, minor=True,
    ),
    *TURNED,
)  # fmt: skip


def shortened(e: Node, rule: Rule) -> Node | None:
    """The expression with a law used wherever it saves ink, or ``None`` where it never does."""
    found: Node | None = None
    for _ in range(MOST_ROUNDS):
        new = next((made for made in rewritten(e, rule) if saves(made, e, rule)), None)
        if new is None:
            return found
        e = found = new
    return found


def saves(made: Node, before: Node, rule: Rule) -> bool:
    """Whether a rewriting is shorter, or becomes so when what stands beside its inverse cancels."""
    if rule is APART:
        for law in INVERSES:
            made = shortened(made, law) or made
    return ink(made) < ink(before) + (rule in TURNED)


def rewritten(e: Node, rule: Rule) -> Iterator[Node]:
    """What a law makes of an expression, at each place where it fits."""
    for path, node in walk(e):
        if not rule.may_fit(node):  # the parts of a node are nodes of its own class
            continue
        for part, back in parts(node):
            with suppress(ShapeError):  # a reading of the pattern that makes no sense
                new = rule.apply(part)
                if new is not None and new != part:
                    yield tidy(splice(e, path, back(new)), collect=False)


def parts(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """What a law may be applied to: the node, some neighbouring factors, a numerator with a denominator."""
    yield node, lambda new: new
    match node:
        case Mul():
            yield from _windows(node)
        case Had(factors=(a, b)):
            yield Had((b, a)), lambda new: new
        case Div():
            yield from _fractions(node)


def _windows(e: Mul) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    count = len(e.factors)
    for width in range(count - 1, 1, -1):
        for k in range(count - width + 1):
            before, after = e.factors[:k], e.factors[k + width :]
            yield product(e.factors[k : k + width]), lambda new, b=before, a=after: mul(*b, new, *a)  # type: ignore[misc]


def _fractions(e: Div) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """Each factor above the line with each below it; a sum of two below the line in both orders."""
    build = mul if is_scalar(e.shape) else had
    above, below = factors_of(e.num), factors_of(e.den)
    for j, low in enumerate(below):
        rest_below = [*below[:j], *below[j + 1 :]]
        tops = [(a, [*above[:k], *above[k + 1 :]]) for k, a in enumerate(above)] + [(ONE, above)]
        for top, rest in tops:

            def back(new: Node, rest: list[Node] = rest, rest_below: list[Node] = rest_below) -> Node:
                whole = build(*rest, new) if rest and rest != [ONE] else new
                return Div(whole, build(*rest_below)) if rest_below else whole

            for order in (low, Add(low.terms[::-1])) if isinstance(low, Add) else (low,):
                yield Div(top, order), back


def factors_of(e: Node) -> list[Node]:
    """The factors of a number, or of an elementwise product."""
    if isinstance(e, Mul) and is_scalar(e.shape):
        return [mul(*p) for p in pieces(e.factors)]
    return list(e.factors) if isinstance(e, Had) else [e]
