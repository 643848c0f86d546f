"""Do the steps of a derivation again, by other code than made them; complain where a line does not follow.

A line names the rule that made it, and where. A rule that is an equation is matched at these places, or
anywhere where none are given, in either direction; a rule with a function is applied again; the result must
be the line, up to the order and grouping that no reader minds (``alike``). Rules that only name what happens
(substitution, identification …) are judged by numbers, as are guarded lines and conditions. No line is passed
over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from generator.derivation import Chain, Derivation, Line
from generator.errors import ShapeError, WorkingsError
from generator.expr.abstract import laid
from generator.expr.calculus import App
from generator.expr.evaluate import Definition
from generator.expr.make import add, mul, neg, t
from generator.expr.match import Path, at, children, depends, put, transform, walk
from generator.expr.nodes import Add, Call, Eye, Had, Mul, Neg, Node, Sym, T
from generator.expr.shapes import is_scalar
from generator.expr.unicode_writer import to_unicode
from generator.methods.frame import gradient_of
from generator.rules import RULES
from generator.rules.alike import alike, plain, without_symmetry
from generator.rules.matching import match, product
from generator.rules.rule import Rule, Vary, holds, splice
from generator.rules.tidy import tidy
from generator.verify.confirm import Judge
from generator.verify.sample import Sampler
from generator.verify.scopes import scope_of

# One line of these carries out several laws, each in its own term, or works out a number: judged by numbers.
COMPOSITE = frozenset({"term by term", "coefficient", "length"})
# These change only the form that ``alike`` forgets.
FORMAL = frozenset({"common factors", "distributive law", "associativity", "numbers commute", "collect"})
COORDINATES = "coordinates"  # from here on the function is what this line says
SYMMETRY, TRANSPOSING = "symmetric matrices", "transpose of a product"
MOST_ROUNDS = 12


def replay(derivation: Derivation) -> list[str]:
    """Complaints about lines that do not follow by the rule they name; empty when all is well."""
    return list(Replay(derivation).complaints())


@dataclass
class Replay:
    """A derivation read from its start: what names mean, what varies, what each left side was equal to."""

    derivation: Derivation
    last: dict[Node, Node] = field(default_factory=dict)
    meaning: dict[Node, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.derivation.problem
        scope = scope_of(problem)
        self.judge = Judge(Sampler(scope), dict(scope.definitions))
        self.vary: Vary = frozenset(s.name for s in problem.wrt)
        self.meaning[problem.function] = problem.body
        if problem.parameters:
            self.meaning[App(problem.function, problem.parameters)] = problem.body

    def complaints(self) -> Iterator[str]:
        """What is wrong with the lines, in printing order; the answers last."""
        for step in self.derivation.all_steps():
            for chain in (item for item in step.items if isinstance(item, Chain)):
                lhs: Node | None = None
                for line in chain.lines:
                    lhs = line.lhs if line.lhs is not None else lhs
                    yield from self._checked(step.title, lhs, line)
        for line in self.derivation.answers:
            yield from self._checked("Answer", line.lhs, line)

    def _checked(self, title: str, lhs: Node | None, line: Line) -> Iterator[str]:
        try:
            wrong = "it continues nothing" if lhs is None else self._wrong(lhs, line)
        except WorkingsError as error:
            wrong = error.message
        if wrong:
            shown = "" if lhs is None else f"{to_unicode(lhs)} = "
            yield f"{title}: {shown}{to_unicode(line.rhs)} ({line.rule or 'stated'}): {wrong}"

    def _wrong(self, lhs: Node, line: Line) -> str:
        """What is wrong with a line, or nothing."""
        if line.mode == "definition":
            return self._define(lhs, line.rhs)
        if line.mode == "condition":
            return self.judge.condition(lhs, line.rhs).message
        turned, starts = self._turned(lhs), self._starts(lhs)
        flipped = line.rule == TRANSPOSING and line.rhs in turned
        self.last[lhs] = line.rhs
        self._written(lhs, line.rhs)
        if line.rule and line.rule not in RULES:
            return "there is no such rule"
        if not line.rule or line.guard is not None or is_statement(RULES[line.rule]):
            if line.rule == COORDINATES and lhs in self.meaning:
                self.meaning |= {self.derivation.problem.function: line.rhs, lhs: line.rhs}
            return self.judge.equality(lhs, line.rhs, line.guard).message
        if flipped or any(self._follows(RULES[line.rule], e, line) for e in (*turned, *starts)):
            return ""
        return f"it does not follow from {to_unicode(starts[0])}"

    def _starts(self, lhs: Node) -> list[Node]:
        """What stood before a line: the last right-hand side for its left side, or that side itself."""
        if lhs in self.last:
            return [self.last[lhs]]
        letter = self.derivation.problem.answer_symbol  # stands for the derivative until it is known
        same = (
            [self.last[letter]] if lhs == gradient_of(self.derivation.problem) and letter in self.last else []
        )
        return [*same, lhs, self._unfolded(lhs)]

    def _turned(self, lhs: Node) -> list[Node]:
        """Both sides of a line about the transpose of a left side, transposed."""
        return [T(value) for known, value in self.last.items() if known == T(lhs) and lhs not in self.last]

    def _define(self, lhs: Node, rhs: Node) -> str:
        if not isinstance(lhs, Sym):
            return "only a symbol can be defined"
        self.judge.definitions = {**self.judge.definitions, lhs.name: Definition(rhs)}
        self.meaning[lhs] = rhs
        if depends(rhs, self.vary):
            self.vary |= {lhs.name}
        for known in [k for k in self.last if depends(k, frozenset({lhs.name}))]:
            del self.last[known]  # it was about another thing of this name
        return ""

    def _written(self, lhs: Node, rhs: Node) -> None:
        """The function is written with names: its derivatives by them are meant as it stands there."""
        f, names = self.derivation.problem.function, {e.name for e in self.meaning if isinstance(e, Sym)}
        if (lhs.fun if isinstance(lhs, App) else lhs) == f and depends(rhs, frozenset(names - {f.name})):
            body = replace(self.judge.definitions[f.name], body=rhs)
            self.judge.definitions = {**self.judge.definitions, f.name: body}

    def _unfolded(self, e: Node) -> Node:
        """Names replaced by what they stand for."""
        for _ in range(MOST_ROUNDS):
            new = transform(e, self.meaning.get)
            if new == e:
                break
            e = new
        return e

    def _follows(self, rule: Rule, before: Node, line: Line) -> bool:
        old, new = plain(before), plain(line.rhs)
        if rule.name == SYMMETRY and self._same(without_symmetry(old), without_symmetry(new)):
            return old != new
        if line.paths:
            return any(self._same(made, new) for made in applied_at(rule, old, line.paths, self.vary))
        turned = without_symmetry(old), without_symmetry(new)  # transposes at the leaves
        if rule.name in FORMAL and (self._same(old, new) or self._same(*turned)):
            return old != new
        forward = (self._same(made, new) for made in anywhere(rule, old, self.vary))
        backward = (self._same(made, old) for made in anywhere(rule, new, self.vary))
        return any(forward) or any(backward)

    def _same(self, made: Node, line: Node) -> bool:
        """Whether two expressions are one: after tidying, or alike with names unfolded."""
        made = laid(made, self.derivation.problem.layout)
        return tidy(made) == tidy(line) or alike(self._unfolded(made), self._unfolded(line))


def is_statement(rule: Rule) -> bool:
    """Whether a rule only names what happens and states no law that could be applied."""
    return rule.lhs == rule.rhs or rule.name in COMPOSITE


def applied_at(rule: Rule, e: Node, paths: tuple[Path, ...], vary: Vary) -> list[Node]:
    """What a rule makes of an expression at the given places, one after the other; nothing if one misses."""
    found = [e]
    for path in paths:
        places = [(one, at(one, path)) for one in found if leads(one, path)]
        found = [splice(one, path, made) for one, e in places for made in read_and_applied(rule, e, vary)]
    return found


def leads(e: Node, path: Path) -> bool:
    """Whether there is a node at a path."""
    return not path or (path[0] < len(children(e)) and leads(children(e)[path[0]], path[1:]))


def results(rule: Rule, subject: Node, vary: Vary) -> Iterator[Node]:
    """Everything that a rule can make of an expression."""
    if rule.by is not None:
        made = rule.by(subject, vary)
        if made is not None:
            yield made
        return
    for found in match(rule.sides[0], subject, {}):
        if all(holds(condition, found[letter], vary) for condition, letter in rule.when):
            yield rule.made(found)


def read_and_applied(rule: Rule, e: Node, vary: Vary) -> Iterator[Node]:
    """What a rule makes of an expression, read in any way."""
    for reading in readings(e):
        with suppress(ShapeError):  # a reading of the pattern that makes no sense
            yield from (made for made in results(rule, reading, vary) if made != e)


def anywhere(rule: Rule, e: Node, vary: Vary) -> Iterator[Node]:
    """What a rule makes of an expression: as often as it fits everywhere, at one place, or place by place."""
    now = e
    for _ in range(MOST_ROUNDS):
        new = everywhere(rule, now, vary)
        if new == now or tidy(new) == tidy(e):  # nothing more, or back again
            break
        yield new
        now = new
    yield from once(rule, e, vary)
    for _ in range(MOST_ROUNDS):
        shorter = next((new for new in once(rule, e, vary) if size(new) < size(e)), None)
        if shorter is None:
            break
        e = tidy(shorter, collect=False)
        yield e


def once(rule: Rule, e: Node, vary: Vary) -> Iterator[Node]:
    """What a rule makes of an expression at one place."""
    for path, node in walk(e):
        yield from (splice(e, path, made) for made in read_and_applied(rule, node, vary))
        if isinstance(node, Mul):
            yield from (put(e, path, new) for new in within(rule, node, vary))


def size(e: Node) -> int:
    """The number of nodes."""
    return sum(1 for _ in walk(e))


def everywhere(rule: Rule, e: Node, vary: Vary) -> Node:
    """A rule applied at all outermost places where it fits."""
    return transform(e, lambda n: next(islice(results(rule, n, vary), 1), None))


def within(rule: Rule, e: Mul, vary: Vary) -> Iterator[Node]:
    """What a rule makes of some consecutive factors of a product."""
    count = len(e.factors)
    for start in range(count):
        for stop in range(start + 2, count + (start > 0)):
            for made in read_and_applied(rule, product(e.factors[start:stop]), vary):
                yield mul(*e.factors[:start], made, *e.factors[stop:])


def readings(e: Node) -> Iterator[Node]:
    """The same thing read in other ways, so that patterns with a transpose or with two factors fit.

    An elementwise product of many factors is one of two, in any order; what begins a product is the transpose
    of something; a trace may begin with I; a minus sign may stand at every term of a sum.
    """
    yield e
    match e:
        case Neg(arg=Add() as total):
            yield add(*(neg(x) for x in total.terms))
        case Call(name="tr", args=(Had() as inner,)):
            yield from (Call("tr", (r,)) for r in readings(Mul((Eye(inner.shape[0]), inner))))
        case Call(name="tr" | "sum", args=(inner,)):
            yield from (Call(e.name, (r,)) for r in islice(readings(inner), 1, None))
        case Had():
            for k, f in enumerate(e.factors):
                rest = (*e.factors[:k], *e.factors[k + 1 :])
                yield Had((rest[0] if len(rest) == 1 else Had(rest), f))
        case Mul() if not any(is_scalar(f.shape) for f in e.factors):
            before, last = e.factors[:-1], e.factors[-1]
            yield from (Mul((first, *e.factors[1:])) for first in islice(readings(e.factors[0]), 1, None))
            for end in readings(last):
                yield Mul((*before, end))
                yield Mul((T(backwards(before)), end))
        case T(arg=Call(name="kron", args=(a, b))):
            yield Call("kron", (t(a), t(b)))


def backwards(chain: tuple[Node, ...]) -> Node:
    """The transpose of a product, written as a product."""
    return mul(*(t(f) for f in reversed(chain)))
