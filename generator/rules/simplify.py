"""The laws that make an answer shorter. Each is used in one direction only, and only where ink is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import permutations

from generator.errors import ShapeError
from generator.expr.make import add, had, mul
from generator.expr.match import Path, walk
from generator.expr.nodes import Add, Call, Div, Had, Inv, MatPow, Mul, Node, T
from generator.expr.shapes import is_scalar
from generator.rules import powers, shorten
from generator.rules.coefficient import ONE
from generator.rules.fractions import pieces
from generator.rules.ink import ink
from generator.rules.matching import product
from generator.rules.rule import Rule, features, splice
from generator.rules.tidy import tidy

MOST_ROUNDS = 40
INVERSES = (
    Rule("inverse on the left", "inv(A) @ A", "eye(n)", "a matrix and its inverse cancel", title="Cancel"),
    Rule("inverse on the right", "A @ inv(A)", "eye(n)", "a matrix and its inverse cancel", title="Cancel"),
)
APART = Rule(
    "inverse of a product", "inv(A @ B)", "inv(B) @ inv(A)",
    "inverting a product of square matrices reverses the order of the factors",
    by=shorten.inverse_of_product, at=(Inv,),
)  # fmt: skip
POWER = Rule(
    "power of equal factors", "A @ A @ A", "matpow(A, 3)", "a product of equal factors is a power",
    by=powers.power_of_factors, at=(Mul, MatPow), minor=True,
)  # fmt: skip
TURNED = (
    Rule(
        "transpose of a sum", "A.T + B.T", "(A + B).T", "transposing acts on every term",
        by=shorten.sum_of_transposes, at=(Add, Had), minor=True,
    ),
    Rule(
        "one transpose for many", "C.T @ B.T @ A.T", "(A @ B @ C).T",
        "transposing reverses the order of the factors",
        by=shorten.transpose_outside, at=(Mul, Add),
    ),
)  # fmt: skip
TURNED_APART = Rule(
    "transposed inverse of a product", "inv(A @ B).T", "inv(A.T) @ inv(B.T)",
    "inverting reverses the order of the factors, and transposing reverses it again",
    by=shorten.turned_inverse, at=(T,),
)  # fmt: skip
POSITIVE = (
    Rule(
        "sign of a positive number", "sign(a)", "1", "the number is positive", when=(("positive", "a"),),
    ),
    Rule(
        "signs of positive numbers", "sign(x)", "ones(n)", "all entries are positive",
        when=(("positive", "x"),),
    ),
    Rule(
        "absolute value of positive numbers", "abs(A)", "A", "what is positive is its own absolute value",
        when=(("positive", "A"),),
    ),
    Rule(
        "relu of positive numbers", "relu(A)", "A", "relu leaves what is positive as it is",
        when=(("positive", "A"),),
    ),
    Rule(
        "slope of relu at a positive number", "relu_prime(a)", "1", "the number is positive",
        when=(("positive", "a"),),
    ),
    Rule(
        "slopes of relu at positive numbers", "relu_prime(x)", "ones(n)", "all entries are positive",
        when=(("positive", "x"),),
    ),
)  # fmt: skip
ORTHOGONAL = Rule(
    "inverse of an orthogonal matrix", "inv(A)", "A.T",
    "an orthogonal matrix times its transpose is the identity",
    when=(("orthogonal", "A"),), title="Use the orthogonality",
)  # fmt: skip
SIMPLIFY = (
    ORTHOGONAL,
    Rule(
        "orthogonal columns", "A.T @ A", "eye(n)", "the columns of an orthogonal matrix are orthonormal",
        when=(("orthogonal", "A"),),
    ),
    Rule(
        "orthogonal rows", "A @ A.T", "eye(n)", "the rows of an orthogonal matrix are orthonormal",
        when=(("orthogonal", "A"),),
    ),
    Rule(
        "trace of a matrix times its inverse", "tr(inv(A) @ A)", "tr(eye(1 * n))",
        "this is the trace of the identity, a one for each row",
        by=shorten.trace_of_identity, at=(Call,), minor=True,
    ),
    *INVERSES,
    Rule(
        "power against an inverse", "matpow(A, 3) @ inv(A)", "matpow(A, 2)",
        "a factor of the power and the inverse cancel", by=powers.cancelled_powers, at=(Mul,), title="Cancel",
        when=(("invertible", "A"),),
    ),
    TURNED_APART,
    APART,
    Rule(
        "elementwise powers", "A * (1 / B) * A", "A**2 / B", "entry by entry, these are products of numbers",
        by=shorten.elementwise_powers, at=(Had, Div), minor=True,
    ),
    Rule(
        "slope of the sigmoid over its value", "sigmoid_prime(A) / sigmoid(A)", "sigmoid(-A)",
        "the slope is σ(1 − σ), and 1 − σ(z) is σ(−z)",
    ),
    Rule(
        "slope of the sigmoid over the rest to one", "sigmoid_prime(A) / (1 - sigmoid(A))", "sigmoid(A)",
        "the slope is σ(1 − σ)",
    ),
    Rule(
        "weights that add up to one", "(1 - B) * sigmoid(A) - B * sigmoid(-A)", "sigmoid(A) - B",
        "σ(−z) is 1 − σ(z), so the terms with both factors cancel",
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
        by=shorten.absolute_power, at=(Had,),
    ),
    *POSITIVE,
    Rule(
        "relu times its slope", "relu(A) * relu_prime(A)", "relu(A)",
        "where relu is not zero its slope is one",
    ),
    Rule(
        "diagonal of a scaled product", "diagonal(A @ diag(x) @ B)", "(A * B.T) @ x",
        "entry i is the sum of all a_ij x_j b_ji",
    ),
    Rule(
        "diagonal of a matrix with scaled columns", "diagonal(A @ diag(x))", "diagonal(A) * x",
        "entry i is a_ii x_i",
    ),
    Rule(
        "diagonal of a matrix with scaled rows", "diagonal(diag(x) @ A)", "diagonal(A) * x",
        "entry i is x_i a_ii",
    ),
    Rule(
        "rows scaled by a vector", "outer(x, ones(m)) * A", "diag(x) @ A", "row i of A is multiplied by x_i",
    ),
    Rule(
        "a scaled vector", "diag(x) @ y", "x * y", "row i of diag(x) is x_i times row i of I", minor=True,
    ),
    Rule("square of a root", "sqrt(a)**2", "a", "this is what a square root is", minor=True),
    Rule(
        "trace of a transpose", "tr(A.T)", "tr(A)", "a matrix and its transpose have one diagonal",
        minor=True,
    ),
    Rule(
        "equal traces", "tr(A @ B) + tr(B @ A)", "2 * tr(A @ B)",
        "under the trace a factor may move from one end to the other", by=shorten.equal_traces, at=(Add,),
    ),
    POWER,
    *TURNED,
    Rule(
        "diagonal of a transpose", "eye(n) * A.T", "eye(n) * A",
        "a matrix and its transpose have one diagonal",
        minor=True,
    ),
)  # fmt: skip


def shortened(e: Node, rule: Rule) -> Node | None:
    """The expression with a law used wherever it saves ink, or ``None`` where it never does."""
    found: Node | None = None
    for _ in range(MOST_ROUNDS):
        if not may_fit(rule, e):
            return found
        new = next((made for made in rewritten(e, rule) if saves(made, e, rule)), None)
        if new is None:
            return found
        e = found = new
    return found


def may_fit(rule: Rule, e: Node) -> bool:
    """Whether all that a pattern needs occurs, or for a law with a function an operation that it looks at."""
    if rule.by is None:
        return rule.features <= features(e)
    return not rule.at or not features(e).isdisjoint(rule.at)


def saves(made: Node, before: Node, rule: Rule) -> bool:
    """Whether a rewriting is shorter, or becomes so when what stands beside its inverse cancels."""
    if rule in (APART, TURNED_APART):
        for law in INVERSES:
            made = shortened(made, law) or made
    return ink(made) < ink(before) + (rule in (POWER, ORTHOGONAL, *TURNED))


def rewritten(e: Node, rule: Rule) -> Iterator[Node]:
    """What a law makes of an expression, at each place where it fits."""
    for path, node in _places(e):
        if not rule.may_fit(node):  # the parts of a node are nodes of its own class
            continue
        for part, back in parts(node) if rule.by is None else [(node, itself)]:
            try:
                new = rule.apply(part)
                if new is not None and new != part:
                    yield tidy(splice(e, path, back(new)), collect=False)
            except ShapeError:  # a reading of the pattern that makes no sense
                continue


@lru_cache(256)
def _places(e: Node) -> tuple[tuple[Path, Node], ...]:
    """All nodes with their paths, kept for the next law."""
    return tuple(walk(e))


def parts(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """What a law may be applied to: the node, some neighbouring factors, a numerator with a denominator."""
    yield node, itself
    match node:
        case Mul():
            yield from _pairs(node, mul) if is_scalar(node.shape) else _windows(node)
        case Had():
            yield from _pairs(node, had)
        case Add(terms=(a, b)):
            yield add(b, a), itself
        case Div():
            yield from _fractions(node)


def itself(new: Node) -> Node:
    """Nothing around it."""
    return new


def _windows(e: Mul) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    count = len(e.factors)
    for width in range(count - 1, 1, -1):
        for k in range(count - width + 1):
            before, after = e.factors[:k], e.factors[k + width :]
            yield product(e.factors[k : k + width]), lambda new, b=before, a=after: mul(*b, new, *a)  # type: ignore[misc]


def _pairs(e: Node, build: Callable[..., Node]) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """Two factors of a number or of an elementwise product, in both orders."""
    factors = factors_of(e)
    for i, j in permutations(range(len(factors)), 2):
        rest = [f for k, f in enumerate(factors) if k not in (i, j)]
        yield build(factors[i], factors[j]), lambda new, r=rest: build(*r, new)  # type: ignore[misc]
    if isinstance(e, Mul):
        yield from _windows(e)


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
