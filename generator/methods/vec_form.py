"""The vec form: stack the columns of dF, bring vec(dX) to the right end, and read the Jacobian off.

For functions whose derivative has three or four indices: the Jacobian of vec(F) by vec(X) holds the same
numbers in a matrix. Source: Magnus and Neudecker, Matrix Differential Calculus, chapter 9.
"""

from __future__ import annotations

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import D
from generator.expr.make import add, mul, vec
from generator.expr.nodes import Add, Neg, Node, Size, T, Zero
from generator.expr.shapes import is_matrix
from generator.methods import flatten, frame
from generator.methods.combine import split_terms
from generator.methods.differential import Telling, expand_differential
from generator.methods.identify import turn
from generator.methods.moves import has_d
from generator.methods.present import present
from generator.methods.stacking import coefficient, stacking
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules import RULES
from generator.rules.tidy import tidy

MOST_ROUNDS = 40


def tell(problem: Problem) -> Derivation:
    """The Jacobian of vec(F) with respect to vec(X) by differentials; or the gradient by a flattened matrix.

    Raises:
        NotDerivable: neither is asked for, or a term cannot be brought into the form C vec(dX).
    """
    if not problem.tensor:
        return flatten.tell(problem)
    told = Telling(problem, Story(), frozenset({problem.wrt[0].name}))
    sizes(told)
    total = split_terms(told, expand_differential(told, problem.body))
    whole = solved(told, total) if has_d(total) else Zero(frame.gradient_of(problem).shape)
    answer = identify(told, whole)
    return frame.derivation(problem, "vec", told.story, answer, idea(problem))


def idea(problem: Problem) -> Say:
    """The idea of the method in one sentence."""
    f, x = problem.function, problem.wrt[0]
    return Say(
        "Put the columns of a matrix below one another; then the derivative of {0} by {1} is "
        "an ordinary Jacobian, and {2} is that Jacobian times {3}.",
        (f, x, vec(D(f)), vec(D(x))),
    )


def sizes(told: Telling) -> None:
    """What comes in, what goes out, and the size of the Jacobian."""
    problem, story = told.problem, told.story
    f, x, d = problem.function, problem.wrt[0], frame.gradient_of(problem)
    story.step("Sizes first")
    story.say("Input: {0} has size {1}.", x, frame.written_size(x), bullet=True)
    story.say("Output: {0} has size {1}.", f, frame.written_size(f), bullet=True)
    story.say(
        "There is a partial derivative for each entry of {0} and each entry of {1}: more than two indices.",
        f, x, bullet=True,
    )  # fmt: skip
    stacks = [e for e in (f, x) if is_matrix(e.shape)]
    told_stacks = " and ".join(f"{{{2 * k}}} with {{{2 * k + 1}}} entries" for k in range(len(stacks)))
    parts = [part for e in stacks for part in (vec(e), Size(vec(e).shape[0]))]
    n = len(parts)
    story.say(
        f"Stacked column by column they fit into a matrix: take {told_stacks}. "
        f"The Jacobian {{{n}}} is {{{n + 1}}}.", *parts, d, frame.written_size(d), bullet=True,
    )  # fmt: skip


def solved(told: Telling, total: Node) -> Node:
    """C where the stacked differential is C vec(dX), reached by one law a line.

    Raises:
        NotDerivable: no law fits a term.
    """
    story, head = told.story, vec(D(told.problem.function))
    terms = list(total.terms if isinstance(total, Add) else (total,))
    if is_matrix(total.shape):
        story.step("Stack the columns")
        terms = [Neg(vec(t.arg)) if isinstance(t, Neg) else vec(t) for t in terms]
        story.line(head, add(*terms), "substitution")
    for _ in range(MOST_ROUNDS):
        name = next((m.rule for t in terms if (m := stacking(t)) is not None), None)
        if name is None:
            break
        rule = RULES[name]
        if not rule.minor:
            story.step(rule.heading)
            story.quote(rule)
        moves = [stacking(t) for t in terms]
        terms = [
            tidy(m.result, collect=False) if m is not None and m.rule == name else t
            for t, m in zip(terms, moves, strict=True)
        ]
        story.line(head, add(*terms), name)
    found = [coefficient(t) for t in terms]
    if any(c is None for c in found):
        raise NotDerivable("a term of the differential has no vec form", hint="try --method index")
    whole = tidy(add(*(c for c in found if c is not None)))
    together = tidy(mul(whole, vec(D(told.problem.wrt[0]))), collect=False)
    story.step(frame.identify_title(told.problem))
    if together != add(*terms):
        story.line(head, together, "common factors")
    return whole


def identify(told: Telling, whole: Node) -> Node:
    """Compare with the form that defines the Jacobian, and read it off."""
    problem, story = told.problem, told.story
    x, j, d = problem.wrt[0], problem.answer_symbol, frame.gradient_of(problem)
    turned = problem.layout.jacobian == "denominator"
    left = T(j) if turned else j
    story.say("Compare with the form that defines the Jacobian {0}:", j)
    story.line(vec(D(problem.function)), mul(left, vec(D(x))), "identification")
    story.say("What stands in front of {0} must be the same:", vec(D(x)))
    story.line(left, whole, "identification")
    if turned:
        story.say("Transpose both sides:")
        whole = turn(told, j, whole)
    return present(story, d, whole)
