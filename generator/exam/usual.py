"""The mistakes that are usual in one solution: the wrong forms of laws that fit where it uses them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.derivation import Chain, Derivation, Line
from generator.errors import NotDerivable, ShapeError
from generator.expr.calculus import D, Partial
from generator.expr.make import scalar
from generator.expr.match import depends, nodes, substitute
from generator.expr.nodes import Call, Mul, Node, Sym, T
from generator.expr.shapes import is_scalar
from generator.rules.laws import law_for
from generator.rules.mistakes import MISTAKES, Mistake
from generator.rules.rule import Vary

MOST = 4  # that a marker can bear in mind
WRONG = tuple(MISTAKES.values())
LAWS = frozenset(mistake.of for mistake in WRONG)
HERE = scalar("here")  # the coordinate that moves, while the others stay
Place = tuple[str, Node, Vary]


def usual_mistakes(derivation: Derivation) -> tuple[Mistake, ...]:
    """The classic wrong forms of laws that fit an expression to which the derivation applies them, a few.

    The longer the left side of a wrong law, the closer it fits; every law comes once before any comes again.
    """
    found: dict[str, Mistake] = {}
    for law, e, vary in _places(derivation):
        for mistake in WRONG:
            if mistake.of == law and mistake.name not in found and _fits(mistake, e, vary):
                found[mistake.name] = mistake
    close = sorted(found.values(), key=lambda m: -sum(1 for _ in nodes(m.rule.sides[0])))
    seen: Counter[str] = Counter()
    rounds = []
    for mistake in close:
        rounds.append((seen[mistake.of], mistake))
        seen[mistake.of] += 1
    return tuple(mistake for _, mistake in sorted(rounds, key=lambda r: r[0])[:MOST])


def _fits(mistake: Mistake, e: Node, vary: Vary) -> bool:
    """Whether somebody could make the mistake here."""
    pattern = mistake.rule.sides[0]
    if isinstance(pattern, D) and type(pattern.arg) is not type(_inside(e)):
        return False
    try:
        return mistake.rule.may_fit(e) and mistake.rule.apply(e, vary) is not None
    except ShapeError:  # wrong laws make things that have no size
        return False


def _inside(e: Node) -> Node | None:
    return e.arg if isinstance(e, D) else e.of if isinstance(e, Partial) else None


def _places(derivation: Derivation) -> Iterator[Place]:
    """Where laws are called for: the name of the law, the expression, and what varies in it.

    A line tells its law. Where many terms are differentiated at once, the open derivatives tell theirs.
    """
    vary = frozenset(s.name for s in derivation.problem.wrt) | {name for name, _ in derivation.names}
    open_ones: dict[Partial, None] = {}
    for before, line in _lines(derivation):
        if line.rule in LAWS:
            yield from ((line.rule, e, vary) for e in nodes(before) if isinstance(e, D | Partial | T | Call))
        else:
            open_ones |= {e: None for e in nodes(line.rhs) if isinstance(e, Partial) and is_scalar(e.shape)}
    for e in open_ones:
        yield from _open(e)


def _open(e: Partial) -> Iterator[Place]:
    """The law for an open derivative, and where constants are taken out that for the rest."""
    vary = frozenset({HERE.name})
    body = substitute(e.of, {e.wrt: HERE})
    live = [f for f in body.factors if depends(f, vary)] if isinstance(body, Mul) else [body]
    for inner in dict.fromkeys((body, *live)) if len(live) == 1 else (body,):
        if not isinstance(inner, Sym) and depends(inner, vary):
            here = Partial(inner, HERE)
            try:
                yield law_for(here, vary).name, here, vary
            except NotDerivable:
                continue


def _lines(derivation: Derivation) -> Iterator[tuple[Node, Line]]:
    """Every line with the expression that it changes: the latest one of the same quantity."""
    latest: dict[Node, Node] = {}
    for step in derivation.all_steps():
        for chain in (item for item in step.items if isinstance(item, Chain)):
            head = chain.lines[0].lhs
            for line in chain.lines:
                head = line.lhs if line.lhs is not None else head
                if head is not None:
                    yield latest.get(head, head), line
                    latest[head] = line.rhs
