"""A chain a = b = c: the judgement of every two neighbours, and of what only the whole can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.expr.calculus import D, Rel
from generator.expr.latex_reader import Formula
from generator.expr.match import find
from generator.expr.nodes import Entry, Node, Num, Sym, Zero
from generator.verify.confirm import Judge, Verdict
from generator.verify.report import Kind


@dataclass(frozen=True)
class Chain:
    """A chain of relations; ``before`` is what its left-hand side was said to be when it was last printed."""

    judge: Judge
    formula: Formula
    before: Node | None = None

    def judged(self) -> list[tuple[Verdict, Kind]]:
        """The verdict on every two neighbours and its kind."""
        items, guard = self.formula.items, self.formula.guard
        rels = [Rel(a, op, b) for a, op, b in zip(items, self.formula.ops, items[1:], strict=False)]
        found = [self._relation(rel, guard) for rel in rels]
        if self.judge.starred(*items) and not any(v.ok and kind == "condition" for v, kind in found):
            idle = "holds everywhere, not only at the stationary point"
            return [(Verdict(v.error, idle) if v.ok else v, kind) for v, kind in found]
        verdicts = [v for v, _ in found]
        return [(self._strict(k, verdicts), kind) for k, (_, kind) in enumerate(found)]

    def _relation(self, rel: Rel, guard: Node | None) -> tuple[Verdict, Kind]:
        """The judgement of one relation by itself."""
        if rel.op == "≈":
            return self.judge.inequality(rel, guard), "equality"
        if rel.op != "=":
            return self.judge.inequality(rel, guard), "inequality"
        verdict = self.judge.equality(rel.lhs, rel.rhs, guard)
        if verdict.ok:
            return verdict, "equality"
        if self.judge.starred(rel.lhs, rel.rhs):
            return self.judge.condition(rel.lhs, rel.rhs), "condition"
        return (Verdict(), "condition") if self._substitutes(rel) else (verdict, "equality")

    def _substitutes(self, rel: Rel) -> bool:
        """Whether this says the value of a variable at a point of the problem, as in x_1 = 1."""
        points = self.judge.sampler.scope.points
        if any(s.name not in points for s in find(rel.rhs, Sym)):
            return False
        base = rel.lhs.base if isinstance(rel.lhs, Entry) else rel.lhs
        fitting = [{s.name: v for s, v in p.items()} for p in points.values() if base in p]
        return any(self.judge.at_point(rel.lhs, rel.rhs, values) for values in fitting)

    def _strict(self, k: int, verdicts: list[Verdict]) -> Verdict:
        """The verdict on pair ``k``, more strictly where a differential of a constant is written out.

        Such a term is multiplied by zero, so nothing would be seen of a slip in it. Therefore an expression
        with a written dA must also be right while A varies: as the expression before or after it is.
        """
        verdict, items = verdicts[k], self.formula.items
        if not (verdict.ok and verdict.unless) or _is_zero(items[k]) or _is_zero(items[k + 1]):
            return verdict
        for i in (k, k + 1):
            constants = self._written(items[i])
            if constants and not self._holds_as_they_vary(i, verdicts):
                names = " and ".join(constants)
                return Verdict(
                    np.inf, f"with {names} varying as the written differential says, {verdict.unless}"
                )
        return verdict

    def _holds_as_they_vary(self, i: int, verdicts: list[Verdict]) -> bool:
        """Whether item ``i`` equals a neighbour, or what was printed before, with everything varying."""
        if any(v.ok and not v.unless for v in verdicts[max(0, i - 1) : i + 1]):
            return True
        if i != 1 or self.before is None:
            return False
        if self.before == self.formula.items[i]:
            return True
        verdict = self.judge.equality(self.before, self.formula.items[i], self.formula.guard)
        return verdict.ok and not verdict.unless

    def _written(self, node: Node) -> list[str]:
        """The constants whose differentials are written out."""
        free = self.judge.sampler.free
        bases = [d.arg.base if isinstance(d.arg, Entry) else d.arg for d in find(node, D)]
        named = {b.name for b in bases if isinstance(b, Sym) and b.name not in self.judge.definitions}
        return sorted(named - free)


def _is_zero(node: Node) -> bool:
    return isinstance(node, Zero) or (isinstance(node, Num) and node.value == 0)
