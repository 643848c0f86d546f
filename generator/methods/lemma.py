"""Earlier results as rules: what an earlier problem has found is cited, not derived again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.derivation import Derivation
from generator.expr.calculus import D
from generator.expr.make import mul, num, t, tr
from generator.expr.match import children, depends, find, substitute, transform, with_children
from generator.expr.nodes import Eye, Mul, Node, Norm, Pow, Sym
from generator.expr.shapes import is_scalar, same
from generator.methods.moves import transposed
from generator.rules.matching import product
from generator.rules.tidy import tidy

if TYPE_CHECKING:
    from generator.methods.differential import Telling

Bound = dict[Sym, Node]


@dataclass(frozen=True)
class Lemma:
    """A problem solved earlier: how it is cited, its function, variable and gradient."""

    label: str
    body: Node
    wrt: Sym
    gradient: Node

    @classmethod
    def of(cls, d: Derivation) -> Lemma:
        """The lemma that a derivation proves."""
        number = f"Problem {d.problem.number}" if d.problem.number else "the problem"
        label = f"{d.problem.label or number}, “{d.problem.title}”"
        return cls(label, d.problem.body, d.problem.wrt[0], d.answer)

    def fits(self, e: Node, vary: frozenset[str]) -> Bound | None:
        """How ``e`` is an instance of the function, with the variable standing for a symbol that varies."""
        for bound in instances(self.body, e, {}, self.wrt):
            x = bound.get(self.wrt)
            if (
                isinstance(x, Sym)
                and x.name in vary
                and all(not depends(v, vary) for s, v in bound.items() if s != self.wrt)
            ):
                return bound
        return None


def instances(pattern: Node, subject: Node, bound: Bound, x: Sym) -> Iterator[Bound]:
    """All ways to read ``subject`` as the pattern with other symbols; a square constant may be an I."""
    if isinstance(pattern, Sym):
        if pattern not in bound:
            yield {**bound, pattern: subject}
        elif bound[pattern] == subject:
            yield bound
    elif isinstance(pattern, Mul) and isinstance(subject, Mul):
        yield from _factors(pattern.factors, subject.factors, bound, x)
    elif type(pattern) is type(subject):
        mine, theirs = children(pattern), children(subject)
        blank = with_children(pattern, theirs) if len(mine) == len(theirs) else None
        if blank == subject:
            yield from _each(mine, theirs, bound, x)


def _each(patterns: tuple[Node, ...], subjects: tuple[Node, ...], bound: Bound, x: Sym) -> Iterator[Bound]:
    if not patterns:
        yield bound
        return
    for first in instances(patterns[0], subjects[0], bound, x):
        yield from _each(patterns[1:], subjects[1:], first, x)


def _factors(patterns: tuple[Node, ...], subjects: tuple[Node, ...], bound: Bound, x: Sym) -> Iterator[Bound]:
    if not patterns:
        if not subjects:
            yield bound
        return
    head, rest = patterns[0], patterns[1:]
    for k in range(1, len(subjects) + 1 if isinstance(head, Sym) else min(1, len(subjects)) + 1):
        for first in instances(head, product(subjects[:k]), bound, x):
            yield from _factors(rest, subjects[k:], first, x)
    square = isinstance(head, Sym) and head != x and not is_scalar(head.shape) and same(*head.shape)
    if square and subjects and isinstance(head, Sym):
        unit = Eye(subjects[0].shape[0])
        if bound.get(head, unit) == unit:
            yield from _factors(rest, subjects, {**bound, head: unit}, x)


def norm_as_trace(e: Node) -> Node:
    """Squared norms written as traces: ‖r‖² = tr(rᵀr)."""

    def change(n: Node) -> Node | None:
        if isinstance(n, Pow) and isinstance(n.base, Norm) and n.base.p is None and n.exponent == num(2):
            return tr(mul(t(n.base.arg), n.base.arg))
        return None

    return transform(e, change)


def prepare(told: Telling, body: Node) -> Node:
    """Write squared norms as traces where an earlier result about a trace then applies."""
    as_trace = norm_as_trace(body)
    if as_trace == body or not any(lemma.fits(as_trace, told.vary) for lemma in told.lemmas):
        return body
    story, f = told.story, told.problem.function
    story.step("Write the norm as a trace")
    story.say("The squared norm is an inner product, and a number is its own trace:")
    story.line(f, body, "substitution")
    inner = find(as_trace, Mul)
    if inner and is_scalar(inner[0].shape):
        story.line(f, inner[0], "norm")
    story.line(f, as_trace, "a number is its own trace")
    return as_trace


def cite(told: Telling, head: Node, current: Node) -> Node | None:
    """Use an earlier result on the whole differential, or ``None`` where none fits."""
    if not isinstance(current, D):
        return None
    for lemma in told.lemmas:
        bound = lemma.fits(current.arg, told.vary)
        if bound is not None:
            return _cited(told, head, lemma, bound)
    return None


def _cited(told: Telling, head: Node, lemma: Lemma, bound: Bound) -> Node:
    story, x = told.story, bound[lemma.wrt]
    units = [s.name for s, v in bound.items() if isinstance(v, Eye)]
    others = [(s, v) for s, v in bound.items() if not isinstance(v, Eye) and s != lemma.wrt and s != v]
    told_units = [f"the identity in place of its matrix {name}" for name in units]
    told_others = [f"{{{k + 1}}} in place of its {s.name}" for k, (s, _) in enumerate(others)]
    swaps = " and ".join([*told_units, *told_others, f"{{0}} in place of its {lemma.wrt.name}"])
    values: dict[Node, Node] = {s: v for s, v in bound.items()}  # noqa: C416 - dict is invariant
    story.step("Use an earlier result")
    story.say(f"This is the function of {lemma.label}, with {swaps}:", x, *(v for _, v in others))
    whole = D(substitute(lemma.body, values))
    story.line(head, whole, "substitution")
    gradient = substitute(lemma.gradient, values)
    right = _paired(gradient, x)
    story.say("The gradient found there gives the differential:")
    story.line(head, right, "an earlier result")
    final = _paired(tidy(gradient), x)
    if final != right:
        story.line(head, final, "collect")
    pushed = tidy(_turned(tidy(gradient), x), collect=False)
    if pushed != final:
        story.line(head, pushed, "transpose of a product")
    return pushed


def _paired(gradient: Node, x: Node) -> Node:
    return tr(mul(t(gradient), D(x))) if not is_scalar(x.shape) else mul(gradient, D(x))


def _turned(gradient: Node, x: Node) -> Node:
    return tr(mul(transposed(gradient), D(x))) if not is_scalar(x.shape) else mul(gradient, D(x))
