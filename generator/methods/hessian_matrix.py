"""Hessians in matrix form: the gradient by differentials, then its differential, dG = H dx."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.derivation import CURVATURE, Chain, Derivation, Item, Line, Quote, Say, Step
from generator.errors import NotDerivable
from generator.expr.calculus import D, Rel
from generator.expr.layout import Layout
from generator.expr.make import add, mul, neg, num, vec
from generator.expr.match import depends, find, substitute
from generator.expr.nodes import Call, Had, Mul, Node, Pow, Sym, T, Zero
from generator.expr.shapes import is_column, is_scalar
from generator.methods import differential, frame, stationary, vec_form
from generator.methods.lemma import Lemma
from generator.methods.moves import transposed
from generator.methods.second_differential import with_second_differential
from generator.methods.signs import positive
from generator.methods.story import Story
from generator.methods.symmetry import SYMMETRIC, symmetric
from generator.problem import Problem
from generator.rules.coefficient import with_number
from generator.rules.tidy import tidy


def tell(problem: Problem, lemmas: tuple[Lemma, ...] = ()) -> Derivation:
    """The Hessian of a scalar function of one vector or matrix (or the second derivative by one number).

    Raises:
        NotDerivable: the gradient, or its differential, is out of reach of the differential method.
    """
    if problem.at:
        raise NotDerivable("a Hessian at a point needs a function written out in coordinates")
    if (free := unstructured(problem)) is not None:
        return replace(tell(free, lemmas), problem=problem)
    first = differential.tell(problem.first, lemmas)
    posed = second_problem(problem, first.answer)
    story = Story()
    story.step("Differentiate the gradient" if not is_scalar(posed.function.shape) else "Differentiate again")
    inner: tuple[Step, ...] = ()
    if depends(posed.body, frozenset({problem.wrt[0].name})):
        second = vec_form.tell(posed) if posed.tensor else differential.tell(posed)
        connect(story, problem, posed, first.answer)
        steps = with_second_differential(second.steps, problem, posed)
        inner, answer = tuple(renamed(s, problem, posed) for s in steps), second.answer
    else:
        answer = constant(story, problem, first.answer)
    last = Story()
    more = finish(last, problem, first, answer)
    story.end()
    last.end()
    opening = "The first derivative" if is_scalar(posed.function.shape) else "The gradient"
    begin = Say("First find {0}.", (frame.gradient_of(problem.first),))
    whole = [Step(opening, (begin,), first.steps), replace(story.steps[0], steps=inner), *last.steps]
    found = frame.derivation(problem, "hessian", Story(whole), answer, idea(problem, posed))
    checks = (*found.checks, *symmetry_check(answer))
    return replace(found, answers=(*found.answers, *more), checks=checks)


def finish(story: Story, problem: Problem, first: Derivation, answer: Node) -> tuple[Line, ...]:
    """What else is asked or evident: the stationary point, or how the function curves."""
    if problem.set_to_zero:
        asked = replace(first, problem=replace(problem.first, set_to_zero=True))
        solved = stationary.tell(asked)
        story.steps += solved.steps[len(first.steps) :]
        return solved.answers[len(first.answers) :]
    if not is_scalar(answer.shape) and not isinstance(answer, Zero):
        curvature(story, problem, answer)
    return ()


def idea(problem: Problem, posed: Problem) -> Say:
    """The idea in one sentence."""
    if is_scalar(posed.function.shape):
        return Say("Differentiate, and differentiate the result once more: {0} is the derivative of {1}.",
                   (frame.second_of(problem), posed.function))  # fmt: skip
    x = problem.wrt[0]
    if problem.layout.gradient == "row" and is_column(x.shape):
        return Say(
            "The Hessian is the Jacobian of the gradient: find the gradient, then differentiate it again."
        )
    form = Rel(vec(D(posed.function)), "=", mul(problem.answer_symbol, vec(D(x))))
    return Say(
        "The Hessian is the Jacobian of the gradient: find the gradient, take its differential, and bring it "
        "into the form {0}.",
        (form,),
    )


def unstructured(problem: Problem) -> Problem | None:
    """The same problem with a matrix of which nothing is known; ``None`` where there is nothing to forget.

    All entries vary, so a gradient that was simplified by the symmetry of X must not be differentiated again.
    """
    x = problem.wrt[0]
    loose = replace(x, assume=x.assume - {*SYMMETRIC, "orthogonal"})
    if loose == x:
        return None
    body = substitute(problem.body, {x: loose})
    return replace(problem, body=body, wrt=(loose,), symbols={**problem.symbols, x.name: loose})


def second_problem(problem: Problem, gradient: Node) -> Problem:
    """The gradient, as a column, as a function to differentiate."""
    row = problem.layout.gradient == "row" and is_column(problem.wrt[0].shape)
    first, f, h = problem.first.answer_symbol, problem.function, problem.answer_symbol
    taken = {**problem.symbols, f.name: f, h.name: h}
    name = next(n for n in ("g", "q", "u", "g0") if n not in taken) if row else first.name
    body = differential.tell(replace(problem.first, layout=Layout())).answer if row else gradient
    g = Sym(name, body.shape)
    return replace(problem.first, function=g, body=body, parameters=(), layout=Layout(), symbols=taken)


def connect(story: Story, problem: Problem, posed: Problem, gradient: Node) -> None:
    """Say what is differentiated now; a row gradient is turned into a column first."""
    g = posed.function
    if posed.body != gradient:
        story.say("Write the gradient as a column:")
        story.line(g, T(frame.gradient_of(problem.first)), mode="definition")
        story.line(g, posed.body, "substitution")
        return
    what = "derivative" if is_scalar(g.shape) else "gradient"
    story.say(
        f"The {what} {{0}} is a function of {{1}} again. Take its differential:",
        Rel(g, "=", gradient),
        problem.wrt[0],
    )


def constant(story: Story, problem: Problem, gradient: Node) -> Node:
    """The Hessian where the gradient is the same everywhere: zero."""
    h = frame.second_of(problem)
    zero: Node = num(0) if is_scalar(h.shape) else Zero(h.shape)
    story.say("{0} does not contain {1}, so it does not change:", gradient, problem.wrt[0])
    story.line(h, zero, "constants")
    return zero


def renamed(step: Step, problem: Problem, posed: Problem) -> Step:
    """A step about the Jacobian of the gradient as one about the Hessian."""
    swap: dict[Node, Node] = {frame.gradient_of(posed): frame.second_of(problem)}
    if not is_scalar(posed.function.shape):
        swap[posed.answer_symbol] = problem.answer_symbol

    def words(text: str) -> str:
        return text.replace("Jacobian", "Hessian")

    def item(i: Item) -> Item:
        match i:
            case Chain():
                return Chain(tuple(line(one) for one in i.lines))
            case Say():
                return replace(i, text=words(i.text), parts=tuple(substitute(p, swap) for p in i.parts))
            case Quote():
                return i

    def line(one: Line) -> Line:
        return replace(one, lhs=one.lhs and substitute(one.lhs, swap), rhs=substitute(one.rhs, swap))

    inner = tuple(renamed(s, problem, posed) for s in step.steps)
    return Step(words(step.title), tuple(map(item, step.items)), inner)


def symmetry_check(answer: Node) -> tuple[Say, ...]:
    """A Hessian equals its transpose; said where it can be seen."""
    if is_scalar(answer.shape) or not symmetric(answer) or not find(answer, Sym):
        return ()
    return (Say("The Hessian is symmetric, as it must be: {0}.", (Rel(T(answer), "=", answer),)),)


def curvature(story: Story, problem: Problem, answer: Node) -> None:
    """Convex or concave, where the Hessian is evidently a sum of squares, or minus one."""
    v = vec(D(problem.wrt[0]))
    terms = stationary.expanded(answer)
    for turn, shape, kind, sign in ((1, "convex", "positive", "≥"), (-1, "concave", "negative", "≤")):
        squares = [square(turn * k, term, v) for k, term in terms]
        found = [s for s in squares if s is not None]
        if not found or len(found) < len(terms):
            continue
        total = tidy(add(*found), collect=False)
        total = neg(total) if turn < 0 else total
        story.step(CURVATURE)
        story.say("For every direction {0} the Hessian gives", v)
        story.line(tidy(mul(T(v), answer, v), collect=False), total, "collect")
        sum_of = "a sum of squares" if turn > 0 else "minus a sum of squares"
        fact = Rel(total, sign, num(0))  # type: ignore[arg-type]
        story.say(
            f"This is {sum_of}, so {{0}}: the Hessian is {kind} semidefinite, and the function is {shape}.",
            fact,
        )
        return


def square(k: Fraction, term: Node, v: Node) -> Node | None:
    """vᵀ(kM)v as something that is evidently not negative, or ``None``."""
    factors = term.factors if isinstance(term, Mul) else (term,)
    scalars = [f for f in factors if is_scalar(f.shape)]
    if k < 0 or not all(map(positive, scalars)):
        return None
    chain = mul(*(f for f in factors if not is_scalar(f.shape)))
    inner = weighted(chain, v) or outer_square(chain, v) or stationary.square(chain, v)
    return None if inner is None else with_number(k, mul(*scalars, inner))


def weighted(chain: Node, v: Node) -> Node | None:
    """vᵀPᵀ diag(w) P v with positive weights: the weighted sum of the squares of Pv."""
    factors = chain.factors if isinstance(chain, Mul) else (chain,)
    middle = len(factors) // 2
    d = factors[middle]
    if len(factors) % 2 == 0 or not (isinstance(d, Call) and d.name == "diag" and positive(d.args[0])):
        return None
    after = factors[middle + 1 :]
    if after and tidy(transposed(mul(*after))) != tidy(mul(*factors[:middle])):
        return None
    return Call("sum", (Had((d.args[0], Pow(mul(*after, v), num(2)))),))


def outer_square(chain: Node, v: Node) -> Node | None:
    """vᵀ(uuᵀ)v as the square of the number uᵀv."""
    gram = stationary.gram_factor(chain)
    if gram is None or not is_scalar(mul(gram, v).shape):
        return None
    return Pow(mul(gram, v), num(2))
