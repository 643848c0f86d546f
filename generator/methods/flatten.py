"""A scalar function of a matrix by flattening: the matrix as one long column, and the chain rule for vectors.

Every stage is a column, so its differential is a Jacobian times the differential of what enters it; the first
stage takes vec(dX). In the end the long gradient becomes a matrix again.
Source of the laws: Magnus and Neudecker, Matrix Differential Calculus, chapters 2 and 9.
"""

from __future__ import annotations

from typing import TypeGuard

from generator.derivation import Derivation, Say
from generator.errors import NotDerivable
from generator.expr.calculus import D
from generator.expr.letters import in_words
from generator.expr.make import add, mul, neg, vec
from generator.expr.match import find, substitute, walk
from generator.expr.nodes import Add, Call, Eye, Mul, Neg, Node, Size, T
from generator.expr.shapes import Shape, is_matrix, is_scalar
from generator.methods import frame
from generator.methods.combine import move_term, split_terms
from generator.methods.differential import Telling, expand, expand_differential, named_body
from generator.methods.identify import in_given_symbols, turn
from generator.methods.moves import has_d
from generator.methods.stacking import coefficient, stacking
from generator.methods.story import Story
from generator.problem import Problem
from generator.rules import RULES
from generator.rules.factoring import factored, multiplied_out
from generator.rules.kronecker_products import kron
from generator.rules.rule import splice
from generator.rules.tidy import tidy

MOST_ROUNDS = 40
TRACE = "trace as an inner product"
COLUMNS = "columns of a matrix"
UNDO = (
    "vec of a sum", "elementwise function of a vec", "Kronecker product as a linear map",
    "Kronecker product of vectors", "commutation matrix",
)  # fmt: skip


def tell(problem: Problem) -> Derivation:
    """The gradient of a scalar function by a matrix, through the gradient by its stacked columns.

    Raises:
        NotDerivable: another kind of problem, a stage that is no column, or a term without a vec form.
    """
    if not (is_scalar(problem.function.shape) and len(problem.wrt) == 1 and is_matrix(problem.wrt[0].shape)):
        raise NotDerivable("only a scalar function of a matrix is flattened")
    told = Telling(problem, Story(), frozenset({problem.wrt[0].name}))
    announce(told)
    body = named_body(told)
    if any(is_matrix(part.shape) for _, part in told.parts):
        raise NotDerivable("a stage of the function is a matrix", hint="use --method differential")
    row = rows(told, expand_differential(told, body))
    answer = in_given_symbols(told, as_matrix(told, row))
    idea = Say(
        "Put the columns of {0} below one another: by the long column {1} the gradient is an ordinary one, "
        "and in the end it is made a matrix again.",
        (problem.wrt[0], vec(problem.wrt[0])),
    )
    return frame.derivation(problem, "vec", told.story, answer, idea, tuple(told.parts))


def announce(told: Telling) -> None:
    """How long the column is."""
    x = told.problem.wrt[0]
    told.story.step("Flatten the matrix")
    told.story.say("Stacked, the columns of {0} are the column {1} with {2} entries.",
                   x, vec(x), Size(vec(x).shape[0]))  # fmt: skip


def rows(told: Telling, total: Node) -> Node:
    """C where df = C vec(dX): the product of the Jacobians of all stages."""
    story, head = told.story, D(told.problem.function)
    total = split_terms(told, total)
    terms = total.terms if isinstance(total, Add) else (total,)
    alone = len(terms) == 1
    now = add(*(t if under_vec(t) else move_term(told, t, alone=alone) for t in terms))
    if len(terms) > 1:
        story.step("Combine the terms")
        story.line(head, now, "substitution")
    now = stacked(told, head, numbers_first(now))
    for sym, part in reversed(told.parts):
        story.step(f"Differential of {in_words(sym.name)}")
        story.line(D(sym), D(part), "substitution")
        found = stacked(told, D(sym), expand(told, D(sym), D(part)))
        story.step(f"Substitute d{in_words(sym.name)}")
        now = numbers_first(tidy(substitute(now, {D(sym): found}), collect=False))
        story.line(head, now, "substitution")
    found_row = [coefficient(t) for t in (now.terms if isinstance(now, Add) else (now,))]
    if any(row is None for row in found_row):
        raise NotDerivable("a term of the differential has no vec form", hint="use --method differential")
    return tidy(add(*(row for row in found_row if row is not None)))


def under_vec(term: Node) -> bool:
    """Whether a differential stands under a vec: the laws of vec go on from there."""
    return any(has_d(e) for e in find(term, Call) if e.name == "vec")


def stacked(told: Telling, head: Node, total: Node) -> Node:
    """Every term as C vec(dX) or C dz, by one law a line.

    Raises:
        NotDerivable: no law fits.
    """
    story = told.story
    for _ in range(MOST_ROUNDS):
        terms = total.terms if isinstance(total, Add) else (total,)
        moves = [move(t) for t in terms]
        name = next((m for m, _ in moves if m), "")
        if not name:
            break
        if not RULES[name].minor:
            story.quote(RULES[name])
        total = tidy(add(*(new if m == name else t for t, (m, new) in zip(terms, moves, strict=True))),
                     collect=False)  # fmt: skip
        story.line(head, total, name)
    terms = total.terms if isinstance(total, Add) else (total,)
    if any(has_d(t) and coefficient(t) is None for t in terms):
        raise NotDerivable("a term of the differential has no vec form", hint="use --method differential")
    return total


def numbers_first(total: Node) -> Node:
    """The terms with their constant scalar factors in front."""
    match total:
        case Add():
            return add(*map(numbers_first, total.terms))
        case Neg():
            return Neg(numbers_first(total.arg))
        case Mul():
            apart = [g for f in total.factors for g in (f.factors if isinstance(f, Mul) else (f,))]
            return Mul(tuple(sorted(apart, key=lambda f: has_d(f) or not is_scalar(f.shape))))
    return total


def move(term: Node) -> tuple[str, Node]:
    """One law on a term, or nothing; a trace becomes an inner product of two columns."""
    if isinstance(term, Neg):
        name, new = move(term.arg)
        return name, Neg(new)
    factors = term.factors if isinstance(term, Mul) else (term,)
    for k, f in enumerate(factors):
        made = RULES[TRACE].apply(f) if has_d(f) else None
        if made is not None:
            return TRACE, mul(*factors[:k], *factors[k + 1 :], made)
    found = stacking(term)
    return ("", term) if found is None else (found.rule, found.result)


def as_matrix(told: Telling, row: Node) -> Node:
    """The gradient, from df = vec(G)ᵀ vec(dX)."""
    problem, story = told.problem, told.story
    x, g = problem.wrt[0], problem.answer_symbol
    story.step("Identify the gradient")
    story.say("Compare with the form that defines the gradient {0}:", g)
    story.line(D(problem.function), mul(T(vec(g)), vec(D(x))), "identification")
    story.say("What stands in front of {0} must be the same:", vec(D(x)))
    story.line(T(vec(g)), row, "identification")
    story.say("Transpose both sides: the Jacobians of the stages, times the gradient of the last one.")
    now = turn(told, vec(g), row)
    story.step("Make it a matrix again")
    story.line(vec(g), now, "identification")
    now = unstacked(told, now)
    if not is_vec(now):
        now = unstacked(told, filled(told, now))
    if not is_vec(now):
        raise NotDerivable("the long gradient is the vec of no matrix that the program finds",
                           hint="use --method differential")  # fmt: skip
    story.say("Two matrices of one size with the same stacked columns are equal:")
    story.line(g, now.args[0], "identification")
    return now.args[0]


def is_vec(e: Node) -> TypeGuard[Call]:
    """Whether this is the vec of a matrix."""
    return isinstance(e, Call) and e.name == "vec"


def unstacked(told: Telling, now: Node) -> Node:
    """The long gradient as the vec of a matrix, as far as the laws of vec lead; one law a line."""
    story, g = told.story, told.problem.answer_symbol
    while (found := unstack(now)) is not None:
        rule, now = found[0], tidy(found[1], collect=False)
        if not RULES[rule].minor:
            story.quote(RULES[rule])
        story.line(vec(g), now, rule)
    return now


def filled(told: Telling, now: Node) -> Node:
    """Columns that are the vec of nothing known: the matrix that they fill, with Kronecker products."""
    story, x, g = told.story, told.problem.wrt[0], told.problem.answer_symbol
    spelled = now
    for s, part in reversed(told.parts):
        spelled = substitute(spelled, {s: part})
    if spelled != now:
        story.line(vec(g), now := spelled, "substitution")
    opened = tidy(multiplied_out(now), collect=False)
    terms = opened.terms if isinstance(opened, Add) else (opened,)
    known = [t for t in terms if is_vec(numbers_and_column(t)[1])]
    others = [t for t in terms if t not in known]
    if not others:
        return now
    rest = factored(tidy(add(*others)))
    opened = tidy(add(*known, rest), collect=False)
    if opened != now:
        story.line(vec(g), opened, "common factors")
    story.say("A matrix is filled with the entries of a column, from left to right:")
    story.quote(RULES[COLUMNS])
    made = tidy(add(*known, fill(rest, x.shape)), collect=False)
    story.line(vec(g), made, COLUMNS)
    return made


def fill(term: Node, shape: Shape) -> Node:
    """A column as the vec of the matrix of a shape that holds its entries."""
    if isinstance(term, Neg):
        return neg(fill(term.arg, shape))
    numbers, column = numbers_and_column(term)
    rows, columns = map(Eye, shape)
    return mul(*numbers, vec(mul(kron(T(vec(columns)), rows), kron(columns, column))))


def numbers_and_column(term: Node) -> tuple[list[Node], Node]:
    """The scalar factors of a column, and what they multiply."""
    factors = term.factors if isinstance(term, Mul) else (term,)
    chain = [f for f in factors if not is_scalar(f.shape)]
    return [f for f in factors if f not in chain], mul(*chain)


def unstack(e: Node) -> tuple[str, Node] | None:
    """One law that brings a product with Kronecker and commutation matrices back under a vec."""
    for rule in UNDO:
        for path, node in walk(e):
            made = RULES[rule].apply(node)
            if made is not None:
                return rule, splice(e, path, made)
    for path, node in walk(e):
        numbers, column = numbers_and_column(node) if isinstance(node, Mul) else ([], node)
        if numbers and is_vec(column):
            return "scalars leave vec", splice(e, path, vec(mul(*numbers, column.args[0])))
    return None
