"""Set the gradient to zero and solve: the stationary point, when it is unique, and why it is a minimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

from generator.derivation import Derivation, Line
from generator.errors import NotDerivable
from generator.expr.calculus import D, Partial, Rel
from generator.expr.make import add, mul, neg, num
from generator.expr.match import depends, substitute, symbols
from generator.expr.nodes import Add, Call, Eye, Inv, Mul, Neg, Node, Norm, Pow, Sym, T, Zero
from generator.expr.shapes import is_column, is_scalar
from generator.methods import frame
from generator.methods.evaluation import worked_out
from generator.methods.moves import transposed
from generator.methods.present import transpose_pass
from generator.methods.story import Story
from generator.rules.coefficient import split_number, with_number
from generator.rules.factoring import factored
from generator.rules.tidy import tidy


@dataclass(frozen=True)
class Linear:
    """An affine expression in x: ``scale`` (matrix x − constant)."""

    scale: Fraction
    parts: tuple[Node, ...]
    matrix: Node
    constant: Node


def tell(d: Derivation) -> Derivation:
    """The derivation with its gradient set to zero and solved.

    Raises:
        NotDerivable: the gradient is not linear in the variable, so the equation has no closed solution here.
    """
    problem = d.problem
    x = problem.wrt[0]
    if not is_column(x.shape) or not is_scalar(problem.function.shape):
        raise NotDerivable("setting the gradient to zero is told for scalar functions of a vector")
    star = Sym(f"{x.name}_star", x.shape)
    row = problem.layout.gradient == "row"
    gradient = turned(d.answer) if row else d.answer
    linear = affine(gradient, x)
    story = Story()
    story.step("Set the gradient to zero")
    story.say("At a stationary point {0} the gradient vanishes:", star)
    zero = Zero(x.shape)
    story.line(substitute(d.answer, {x: star}), Zero(d.answer.shape), mode="condition")
    if row:
        story.say("Transpose, so that {0} stands on the right:", star)
        story.line(substitute(gradient, {x: star}), zero, mode="condition")
    whole = tidy(substitute(scaled_down(gradient, linear.scale), {x: star}))
    if whole != substitute(gradient, {x: star}):
        story.say("The number in front does not matter:")
        story.line(whole, zero, mode="condition")
    gram = gram_factor(linear.matrix)
    named = "; these are the normal equations" if gram is not None else ""
    story.say(f"Multiply out and bring what does not contain {{0}} to the other side{named}:", star)
    left = tidy(mul(linear.matrix, star), collect=False)
    story.line(left, linear.constant, mode="condition")
    solution = solve(story, linear, star, gram)
    minimum(story, d, linear)
    story.end()
    answers = (
        *d.answers,
        Line(left, linear.constant, mode="condition"),
        Line(star, solution, mode="condition"),
    )
    return replace(d, steps=(*d.steps, *story.steps), answers=answers)


def turned(e: Node) -> Node:
    """The transpose of an expression, with its transposes at the symbols."""
    now: Node = T(e)
    while (new := tidy(transpose_pass(now, frozenset()), collect=False)) != now:
        now = new
    return factored(now)


def scaled_down(e: Node, scale: Fraction) -> Node:
    """The expression divided by a number that is in front of it, or of all its terms."""
    if isinstance(e, Add):
        return add(*(scaled_down(t, scale) for t in e.terms))
    k, rest = split_number(e)
    return with_number(k / scale, rest)


def affine(e: Node, x: Sym) -> Linear:
    """Write a gradient as scale · (matrix x − constant).

    Raises:
        NotDerivable: it is not affine in x, or has no term in x.
    """
    live: list[tuple[Fraction, Node]] = []
    rest: list[tuple[Fraction, Node]] = []
    for k, term in expanded(e):
        factors = term.factors if isinstance(term, Mul) else (term,)
        if not depends(term, frozenset({x.name})):
            rest.append((k, term))
            continue
        inside = factors[:-1]
        if factors[-1] != x or any(depends(f, frozenset({x.name})) for f in inside):
            raise NotDerivable(
                "the gradient is not linear in the variable, so it is not solved in closed form"
            )
        chain = [f for f in inside if not is_scalar(f.shape)]
        live.append((k, mul(*inside) if chain else mul(*inside, Eye(x.shape[0]))))
    if not live:
        raise NotDerivable("the gradient does not contain the variable, so there is nothing to solve")
    scale = common(k for k, _ in live + rest)
    parts = tuple(with_number(k / scale, m) for k, m in live)
    matrix = tidy(factored(tidy(add(*parts))), collect=False)
    constant = tidy(add(*(with_number(-k / scale, c) for k, c in rest))) if rest else Zero(x.shape)
    return Linear(scale, parts, matrix, factored(constant))


def common(numbers: object) -> Fraction:
    """The largest positive number that divides all of them."""
    values = [abs(v) for v in numbers]  # type: ignore[attr-defined]
    top, bottom = 0, 1
    for v in values:
        top, bottom = gcd(top * v.denominator, v.numerator * bottom), bottom * v.denominator
        shared = gcd(top, bottom)
        top, bottom = top // shared, bottom // shared
    return Fraction(top, bottom)


def expanded(e: Node) -> list[tuple[Fraction, Node]]:
    """The terms of an expression, multiplied out, with their numbers."""
    if isinstance(e, Add):
        return [term for t in e.terms for term in expanded(t)]
    if isinstance(e, Neg):
        return [(-k, term) for k, term in expanded(e.arg)]
    if isinstance(e, Mul):
        at = next((k for k, f in enumerate(e.factors) if isinstance(f, Add)), None)
        if at is not None:
            before, after = e.factors[:at], e.factors[at + 1 :]
            inner = e.factors[at]
            assert isinstance(inner, Add)
            terms = (
                neg(mul(*before, t.arg, *after)) if isinstance(t, Neg) else mul(*before, t, *after)
                for t in inner.terms
            )
            return [term for t in terms for term in expanded(t)]
    k, rest = split_number(tidy(e))
    return [(k, rest)]


def gram_factor(m: Node) -> Node | None:
    """B where the matrix is BᵀB."""
    if isinstance(m, Mul) and len(m.factors) % 2 == 0:
        half = len(m.factors) // 2
        left, right = mul(*m.factors[:half]), mul(*m.factors[half:])
        return right if tidy(transposed(right)) == tidy(left) else None
    if isinstance(m, Call) and m.name == "kron":
        parts = [a if isinstance(a, Eye) else gram_factor(a) for a in m.args]
        return Call("kron", tuple(p for p in parts if p is not None)) if None not in parts else None
    return None


def solve(story: Story, linear: Linear, star: Sym, gram: Node | None) -> Node:
    """Solve for the stationary point and say when it is the only one."""
    story.step("Solve for the stationary point")
    if gram is not None:
        story.say(
            "If {0} has full column rank, the matrix on the left is invertible and there is one solution:",
            gram,
        )
    elif isinstance(linear.matrix, Eye):
        story.say("There is exactly one solution:")
    else:
        story.say("If {0} is invertible, there is exactly one solution:", linear.matrix)
    solution = tidy(mul(Inv(linear.matrix), linear.constant), collect=False)
    story.line(star, solution, mode="condition")
    if not symbols(solution):
        solution = worked_out(solution)
        story.line(star, solution, mode="condition")
    if gram is not None:
        story.say(
            "Otherwise every solution of the equations above is stationary, and there are infinitely many."
        )
    return solution


def minimum(story: Story, d: Derivation, linear: Linear) -> None:
    """Why the stationary point is a minimum: the second differential is never negative."""
    x = d.problem.wrt[0]
    hessian = tidy(with_number(linear.scale, linear.matrix))
    story.step("Why it is a minimum")
    story.say("Differentiate the gradient once more; this gives the Hessian:")
    gradient = frame.gradient_of(d.problem)
    column = gradient if gradient.shape == x.shape else T(gradient)
    story.line(Partial(column, x, d.problem.layout), hessian, "identification")
    squares = [square(part, D(x)) for part in linear.parts]
    if any(s is None for s in squares):
        story.say(
            "Where this matrix is positive semidefinite, {0} is a minimum.", Sym(f"{x.name}_star", x.shape)
        )
        return
    story.say("For every direction {0} it gives a sum of squares, so it is positive semidefinite:", D(x))
    form = tidy(mul(T(D(x)), hessian, D(x)), collect=False)
    total = tidy(with_number(linear.scale, add(*(s for s in squares if s is not None))), collect=False)
    story.line(form, total, "norm")
    story.close_chain()
    story.say(
        "This is never negative ({0}), so the function is convex and a stationary point is a global minimum.",
        Rel(total, "≥", num(0)),
    )


def square(part: Node, v: Node) -> Node | None:
    """vᵀPv as something that is evidently not negative, or ``None``."""
    k, m = split_number(part)
    if k < 0:
        return None
    gram = gram_factor(m)
    if gram is not None:
        return with_number(k, Pow(Norm(mul(gram, v)), num(2)))
    if isinstance(m, Eye):
        return with_number(k, Pow(Norm(v), num(2)))
    scalars = [f for f in m.factors if is_scalar(f.shape)] if isinstance(m, Mul) else []
    if scalars and isinstance(m, Mul) and all(isinstance(s, Sym) and "positive" in s.assume for s in scalars):
        rest = square(mul(*(f for f in m.factors if f not in scalars)), v)
        return None if rest is None else with_number(k, mul(*scalars, rest))
    if isinstance(m, Sym) and "positive_definite" in m.assume:
        return with_number(k, mul(T(v), m, v))
    return None
