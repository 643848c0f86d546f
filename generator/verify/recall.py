"""Statements that are like earlier ones but for their numbers: read once, each confirmed with its own.

Every statement is taken from the finished text, and its numbers from where they stand in it. What is kept is
how a skeleton is read under given declarations, and what of two sides does not depend on numbers. Nothing is
refused here: what is not confirmed is left to the checker, which reads it anew and says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

from generator.expr.evaluate import Definition
from generator.expr.latex_reader import Formula, read_display
from generator.expr.nodes import Zero
from generator.verify.confirm import Verdict
from generator.verify.normal import Unfit, normal
from generator.verify.occur import names
from generator.verify.pattern import BETWEEN, Pattern, Side, make_pattern
from generator.verify.relation import Relation
from generator.verify.report import Checked, Kind
from generator.verify.rows import bare
from generator.verify.sample import Sampler
from generator.verify.scopes import Scope
from generator.verify.skeleton import skeleton

if TYPE_CHECKING:
    from generator.verify.formulas import Found
    from generator.verify.visit import Visit

MOST = 20_000  # things remembered; a class has far fewer
FAMILIAR = 8  # visits of a scope after which its statements are worth a pattern at once
READ_ONLY: frozenset[Kind] = frozenset({"declaration", "size", "display", "mention"})
_ids = count()


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition in normal form, with the number of its tree, its coefficients and the names in it."""

    definition: Definition
    tree: int
    coefficients: tuple[float, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meanings:
    """The definitions that some names lead to."""

    definitions: dict[str, Definition]
    trees: tuple[int, ...]
    counts: tuple[int, ...]
    coefficients: tuple[float, ...]


class Recall:
    """What is remembered of statements."""

    def __init__(self) -> None:
        self.patterns: dict[tuple[int, str], Pattern | None] = {}
        self.told: dict[tuple[int, str], tuple[tuple[str, Kind], ...]] = {}
        self.seen: set[tuple[int, str]] = set()
        self.relations: dict[tuple[int, ...], Relation | None] = {}
        self.signatures: dict[object, int] = {}
        self.samplers: dict[int, Sampler] = {}
        self.trees: dict[object, int] = {}
        self.visits: Counter[int] = Counter()
        self.meanings: dict[Definition, Meaning] = {}

    def signature(self, scope: Scope) -> int:
        """A number for all that decides how a text of this scope is read and at which points it is tried."""
        if (
            max(map(len, (self.seen, self.told, self.patterns, self.relations, self.trees, self.meanings)))
            > MOST
        ):
            self.__init__()  # type: ignore[misc]
        found = _numbered(self.signatures, scope.signature)
        self.visits[found] += 1
        return found

    def confirmed(self, found: Found, visit: Visit) -> list[Checked] | None:
        """The entries of a statement that is confirmed by what is known; ``None`` if it has to be read."""
        signature, text = visit.signature, _text(found)
        told = self.told.get((signature, text))
        if told is not None:
            return [Checked(latex, kind, 0.0, found.scope, found.step, found.line) for latex, kind in told]
        taken = skeleton(text)
        pattern = self._pattern(visit, *taken) if taken else None
        if taken is None or pattern is None:
            return None
        try:
            return self._by_numbers(found, visit, pattern, taken[1])
        except Unfit:
            return None

    def learn(self, found: Found, signature: int, entries: Sequence[Checked]) -> None:
        """Remember a statement in which there is nothing but what was read and understood."""
        if all(e.ok and e.kind in READ_ONLY for e in entries):
            self.told[signature, _text(found)] = tuple((e.formula, e.kind) for e in entries)

    def _pattern(self, visit: Visit, text: str, numbers: Sequence[str]) -> Pattern | None:
        """The pattern of a skeleton: made when it is met again, or in a scope that is well known."""
        key = (visit.signature, text)
        if key in self.patterns:
            return self.patterns[key]
        if key not in self.seen and self.visits[visit.signature] <= FAMILIAR:
            self.seen.add(key)
            return None

        def read(latex: str) -> list[Formula]:
            return read_display(bare(latex), visit.table)

        try:
            self.patterns[key] = make_pattern(text, len(numbers), read, partial(_numbered, self.trees))
        except Unfit:
            self.patterns[key] = None
        return self.patterns[key]

    def _by_numbers(
        self, found: Found, visit: Visit, pattern: Pattern, numbers: Sequence[str]
    ) -> list[Checked] | None:
        values = tuple(map(float, numbers))
        verdicts: list[Verdict] = []
        for chain in pattern.chains:
            some = [self._verdict(visit, *pair, values) for pair in pairwise(chain)]
            if not all(v.ok for v in some) or not _strict(visit, chain, some):
                return None
            verdicts += some
        for chain in pattern.chains:
            visit.say(partial(pattern.all_filled, chain, numbers))
        lines = [row.line for row, n in zip(found.rows, pattern.rows, strict=True) for _ in range(n)]
        lines = lines if len(lines) == len(verdicts) else [found.line] * len(verdicts)
        return [
            Checked(text, "equality", v.error, found.scope, found.step, line)
            for text, line, v in zip(pattern.pairs(numbers), lines, verdicts, strict=True)
        ]

    def _verdict(self, visit: Visit, left: Side, right: Side, values: tuple[float, ...]) -> Verdict:
        """The judgement of two neighbours.

        Raises:
            Unfit: they are judged as they stand.
        """
        signature = visit.signature
        sides = (left, right)
        meanings = self._meanings(visit, left.names | right.names)
        given = [side.coefficients(values) for side in sides]
        if left.number == right.number and given[0] == given[1]:
            raise Unfit("both sides may be the same")
        key = (signature, left.number, right.number, *meanings.trees)
        if key not in self.relations:
            counts = (*map(len, given), *meanings.counts)
            self.relations[key] = self._relation(visit, signature, sides, meanings.definitions, counts)
        relation = self.relations[key]
        if relation is None:
            raise Unfit("known to be judged as it stands")
        return relation.verdict((*given[0], *given[1], *meanings.coefficients))

    def _relation(
        self, visit: Visit, signature: int, sides: Sequence[Side], definitions: dict[str, Definition],
        counts: Sequence[int],
    ) -> Relation | None:  # fmt: skip
        if signature not in self.samplers:
            self.samplers[signature] = Sampler(visit.scope)
        try:
            return Relation(self.samplers[signature], [side.tree for side in sides], definitions, counts)
        except Unfit:
            return None

    def _meanings(self, visit: Visit, used: frozenset[str]) -> Meanings:
        known: Meanings | None = visit.meanings.get(used)
        if known is None:
            known = visit.meanings[used] = self._reached(visit.scope.definitions, used)
        return known

    def _reached(self, definitions: Mapping[str, Definition], used: frozenset[str]) -> Meanings:
        found: dict[str, Meaning] = {}
        pending = [*used]
        while pending:
            name = pending.pop()
            if name in definitions and name not in found:
                found[name] = self._meaning(definitions[name])
                pending += found[name].names
        inner = dict(sorted(found.items()))
        return Meanings(
            {name: m.definition for name, m in inner.items()},
            tuple(m.tree for m in inner.values()),
            tuple(len(m.coefficients) for m in inner.values()),
            tuple(c for m in inner.values() for c in m.coefficients),
        )

    def _meaning(self, definition: Definition) -> Meaning:
        if definition not in self.meanings:
            form = normal(definition.body)
            plain = Definition(form.tree, definition.parameters)
            values = tuple(c.value() for c in form.coefficients)
            known = Meaning(plain, _numbered(self.trees, plain), values, names(definition.body))
            self.meanings[definition] = known
        return self.meanings[definition]


def _numbered(known: dict[Any, int], what: object) -> int:
    """A number that belongs to this and to nothing else, ever."""
    found = known.get(what)
    if found is None:
        found = known[what] = next(_ids)
    return found


def _text(found: Found) -> str:
    return BETWEEN.join([row.latex for row in found.rows])


def _strict(visit: Visit, chain: Sequence[Side], verdicts: Sequence[Verdict]) -> bool:
    """Whether ``Chain`` has nothing to ask about differentials of constants, from these sides alone."""
    moving = visit.moving
    for k, verdict in enumerate(verdicts):
        if not verdict.unless or any(isinstance(side.node, Zero) for side in chain[k : k + 2]):
            continue
        for i in (k, k + 1):
            beside = verdicts[max(0, i - 1) : i + 1]
            if chain[i].moving - moving and all(v.unless for v in beside):
                return False
    return True
