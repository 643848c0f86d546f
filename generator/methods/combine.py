"""From a sum of terms in dX to the gradient: split, move, combine, identify, transpose, put names back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.errors import NotDerivable
from generator.expr.calculus import D, Rel, Under
from generator.expr.make import add, tr
from generator.expr.match import at, depends, nodes, walk
from generator.expr.nodes import Add, Call, Had, Neg, Node, Product, Sym, T
from generator.expr.shapes import is_scalar
from generator.methods import frame
from generator.methods.columns import column_coefficient, column_move
from generator.methods.identify import form, identify
from generator.methods.moves import Move, coefficient, has_d, move, peel, transposed
from generator.methods.splitting import split
from generator.rules import RULES
from generator.rules.coefficient import is_zero, zero
from generator.rules.factoring import factored
from generator.rules.laws import mistaken
from generator.rules.nary import distribute, transpose_once
from generator.rules.rule import Rule, read_sides, splice
from generator.rules.tidy import tidy

if TYPE_CHECKING:
    from generator.methods.differential import Telling


MOST_MOVES = 60
INDEPENDENT = "Nothing depends on {0}, so the gradient is zero."


def vanishing(e: Node) -> Rel:
    """The statement that something is zero."""
    return Rel(e, "=", zero(e))


def statement(rule: Rule, current: Node, vary: frozenset[str]) -> tuple[Node, Node] | None:
    """The statement of a rule as it is quoted; the product rule with as many factors as are needed."""
    if rule.name != "product rule":
        inside = [e.arg for e in nodes(current) if isinstance(e, D) and rule.apply(e, vary) is not None]
        if inside and all(is_scalar(a.shape) for a in inside) and rule.lhs.count("(") and not rule.by:
            plain = [re.sub(r"\bA\b", "a", re.sub(r"\bB\b", "b", text)) for text in (rule.lhs, rule.rhs)]
            return read_sides(plain[0], plain[1]) if "@" not in rule.rhs else None
        return None
    products = [e.arg for e in nodes(current) if isinstance(e, D) and isinstance(e.arg, Product)]
    factors = next((p.factors for p in products if sum(depends(f, vary) for f in p.factors) > 1), ())
    hadamard = any(isinstance(p, Had) and p.factors == factors for p in products)
    if len(factors) == 3 and not hadamard:
        return read_sides("d(U @ V @ W)", "d(U) @ V @ W + U @ d(V) @ W + U @ V @ d(W)")
    return read_sides("d(U * V)", "d(U) * V + U * d(V)") if hadamard else None


def gradient(told: Telling, total: Node) -> Node:
    """The gradient, from dL as a sum of terms that are linear in the differential of the variable.

    Raises:
        NotDerivable: a term cannot be brought into the form tr(C dX), c dx or c dt.
    """
    x = told.problem.wrt[0]
    if not has_d(total):
        return vanishes(told, INDEPENDENT)
    total = split_terms(told, total)
    terms = total.terms if isinstance(total, Add) else (total,)
    moved = [move_term(told, term, alone=len(terms) == 1) for term in terms]
    coefficients = [tidy(c, collect=False) for c in map(solved, moved) if c is not None]
    told.story.step("Combine the terms" if len(terms) > 1 else frame.identify_title(told.problem))
    together = tidy(add(*moved), collect=False)
    if together != total and len(terms) > 1:
        told.story.line(D(told.problem.function), together, "substitution")
    whole = factored(tidy(add(*coefficients)))
    if is_zero(whole):
        told.story.line(D(told.problem.function), zero(told.problem.function), "collect")
        return vanishes(told, "All terms cancel, so the derivative is zero:")
    final = form(whole, x, scalar=is_scalar(told.problem.function.shape))
    if final not in (together, total):
        told.story.line(D(told.problem.function), final, "common factors")
    return identify(told, whole)


def vanishes(told: Telling, why: str) -> Node:
    """The derivative is zero, and why."""
    told.story.say(why, told.problem.wrt[0])
    head = frame.gradient_of(told.problem)
    told.story.line(head, zero(head), "constants")
    return zero(head)


def solved(term: Node) -> Node | None:
    """C where a term has the form tr(C dX), C dx or C dt already."""
    if not is_scalar(term.shape):
        return column_coefficient(term)
    wrap, core = peel(term)
    found = coefficient(core)
    return None if found is None else wrap(found)


def next_move(term: Node) -> tuple[Move, Node] | None:
    """The next law to apply to a term, with what it makes of the term, and the core it acts on."""
    if not is_scalar(term.shape):
        made = column_move(term)
        return None if made is None or made.result == term else (made, term)
    wrap, core = peel(term)
    made = move(core)
    return None if made is None or made.result == core else (Move(made.rule, wrap(made.result)), core)


def split_terms(told: Telling, total: Node) -> Node:
    """Multiply out, and let linear operations act on every term, until each term has one differential."""
    story, head = told.story, D(told.problem.function)
    while True:
        found = next(((p, e) for p, e in walk(total) if split(e) or _opens(e)), None)
        if found is None:
            break
        trace = isinstance(found[1], Call) and found[1].name == "tr"
        name = "linearity of the trace" if trace else "distributive law" if _opens(found[1]) else "linearity"
        if story.items or story.open:
            story.step(RULES[name].heading)
        paths = []
        while (place := next((p for p, e in walk(total) if _kind(e, found[1])), None)) is not None:
            here = at(total, place)
            new = split(here) or distribute(here, told.vary)
            assert new is not None
            total = splice(total, place, new)
            paths.append(place)
        total = tidy(total, collect=False)
        several = isinstance(total, Add) and 2 <= len(total.terms) <= 3 and trace
        shown = numbered(total) if isinstance(total, Add) and several else total
        story.line(head, shown, name, tuple(paths))
    return total


def _opens(e: Node) -> bool:
    return isinstance(e, Product) and any(isinstance(f, Add) and has_d(f) for f in e.factors)


def _kind(e: Node, like: Node) -> bool:
    return type(e) is type(like) and (bool(split(e)) or _opens(e))


def numbered(total: Add) -> Add:
    """The terms with a brace that numbers them."""

    def brace(term: Node, k: int) -> Node:
        note = (f"term {k}",)
        return Neg(Under(term.arg, note)) if isinstance(term, Neg) else Under(term, note)

    return Add(tuple(brace(term, k) for k, term in enumerate(total.terms, 1)))


def move_term(told: Telling, term: Node, *, alone: bool) -> Node:
    """Bring one term into the form tr(C dX), c dx or c dt, one law a line.

    Raises:
        NotDerivable: no law fits.
    """
    story, head = told.story, D(told.problem.function)
    first = True
    for _ in range(MOST_MOVES):
        if solved(term) is not None:
            return term
        found = next_move(term)
        if found is None:
            break
        (made, core), rule = found, RULES[found[0].rule]
        wrong = mistaken(made.rule, core)
        if wrong is not None and is_scalar(term.shape):
            wrong = peel(term)[0](wrong)
        new = tidy(wrong or made.result, collect=False)
        if not alone and (term, new) in story.told:  # the same move was made for an earlier term
            term = new
            continue
        if (first and not alone) or (alone and not rule.minor):
            story.step(rule.heading)
            story.quote(rule)
        name = made.rule
        if name == "transpose under the trace" and isinstance(core, Call) and not isinstance(core.args[0], T):
            transpose_trick(told, core)
            if not alone and term == core:  # goes on from the side calculation's own last line
                name = "substitution"
        story.line(head if alone else term, new, name)
        term, first = new, False
    raise NotDerivable("a term of the differential cannot be solved for the differential of the variable")


def transpose_trick(told: Telling, core: Call) -> None:
    """The side calculation: the transpose of what stands under the trace, one level at a time."""
    inner = core.args[0]
    problem = told.problem
    others = (*frame.reserved(problem), *(s for s, _ in told.parts))
    taken = {*problem.names, *told.story.defined(), *(s.name for s in others)}
    name = next(n for n in ("M", "N", "P", "Q", *(f"M{k}" for k in range(1, 100))) if n not in taken)
    m = Sym(name, inner.shape)
    told.story.line(m, inner, mode="definition")
    step = transpose_once(T(inner), told.vary)
    assert step is not None
    told.story.line(T(m), step, "transpose of a product")
    done = tidy(transposed(inner), collect=False)
    if done != step:
        told.story.line(T(m), done, "transpose of a product")
    told.story.say("A matrix and its transpose have the same trace:")
    told.story.line(core, tr(T(m)), "transpose under the trace")
