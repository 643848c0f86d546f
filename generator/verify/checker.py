"""The checker: every statement of a text is confirmed, or is of a kind that the report names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from generator.errors import InputError, ShapeError
from generator.expr.abstract import Jac
from generator.expr.calculus import App, D, Grad, Partial
from generator.expr.functions import FUNCTIONS
from generator.expr.latex_reader import Formula, read, read_display, read_formula
from generator.expr.match import children, find
from generator.expr.nodes import Entry, Idx, Node, Num, Row, Size, Sym, T
from generator.verify.chain import Chain
from generator.verify.confirm import Verdict
from generator.verify.formulas import Found
from generator.verify.glyphs import name_of
from generator.verify.recall import Recall
from generator.verify.report import Checked, Kind
from generator.verify.rows import Mark, bare, neighbours, pieces, relations
from generator.verify.sample import Sampler
from generator.verify.scopes import Scope
from generator.verify.visit import Visit

_DEFINES = (r"\coloneqq", ":=")
_DEFINITE = {r"\succeq": False, r"\succ": True}
_HEADS = {"".join(row.latex.split()) for row in FUNCTIONS.values()} | {
    r"\mathrm{d}", "d", r"\nabla", r"\partial", r"\sum", r"\top",
}  # fmt: skip
_INDICES = frozenset("ijklmnpqrst")
_ZEROS = ("0", r"\mathbf{0}", r"\boldsymbol{0}")


RECALL = Recall()


class Checker:
    """Checks statements one after another."""

    def __init__(self, scopes: Mapping[str, Scope]) -> None:
        self.scopes = {"": Scope(), **scopes}
        self.samplers: dict[str, Sampler] = {}
        self.visits: dict[int, Visit] = {}

    def check(self, found: Found) -> list[Checked]:
        """What becomes of a statement: one entry for every two neighbours of a chain."""
        if found.trouble or found.scope not in self.scopes:
            message = found.trouble or f"the scope `{found.scope}` is not known"
            return [_entry(found, found.latex, "unread", message)]
        if found.visit not in self.visits:
            sampler = partial(self.sampler, found.scope)
            self.visits[found.visit] = Visit(self.scopes[found.scope], sampler, RECALL.signature)
        visit = self.visits[found.visit]
        known = RECALL.confirmed(found, visit)
        return self.read(found, visit) if known is None else known

    def sampler(self, name: str) -> Sampler:
        """The points of a scope."""
        if name not in self.samplers:
            self.samplers[name] = Sampler(self.scopes[name])
        return self.samplers[name]

    def read(self, found: Found, visit: Visit) -> list[Checked]:
        """What becomes of a statement that is like no earlier one."""
        signature = visit.signature  # a definition changes it
        try:
            entries = list(_Statement(found, visit).check())
            RECALL.learn(found, signature, entries)
            return entries
        except ShapeError as error:
            return [_entry(found, found.latex, "equality", f"the sizes do not fit: {error}", np.inf)]
        except InputError as error:
            hint = "" if found.scope else "\nit stands outside every scope, where no symbol is declared"
            return [_entry(found, found.latex, "unread", f"could not be read: {error}{hint}")]


def _entry(
    found: Found, latex: str, kind: Kind, message: str = "", error: float = 0.0, line: int = 0
) -> Checked:
    return Checked(latex, kind, error, found.scope, found.step, line or found.line, message)


@dataclass
class _Statement:
    """One statement within its scope."""

    found: Found
    visit: Visit

    def check(self) -> Iterator[Checked]:
        """All entries of the statement."""
        latex = self.found.latex
        several = any(_sign(latex, m) in _DEFINES for m in relations(latex))
        for part in pieces(latex) if several else [latex]:
            yield from self.part(part)

    def part(self, latex: str) -> Iterator[Checked]:
        """The statement, or one of several definitions."""
        signs = relations(latex)
        first = _sign(latex, signs[0]) if signs else ""
        claim = self.visit.sizes.judge(latex)
        if claim is not None:
            yield self.entry(latex, claim.kind, Verdict(message=claim.trouble))
        elif first in _DEFINES:
            yield from self.definition(latex, signs[0])
        elif first in _DEFINITE:
            yield self.definite(latex, signs[0])
        elif "".join(latex.split()) in _HEADS or latex in _INDICES:
            yield self.entry(latex, "mention", Verdict())
        else:
            yield from self.formulas(latex)

    def formulas(self, latex: str) -> Iterator[Checked]:
        """Expressions and chains of relations."""
        formulas = read_display(bare(latex), self.visit.table)
        count = sum(len(f.ops) for f in formulas)
        texts, lines = neighbours(latex, count), self.lines(count)
        for formula in formulas:
            k = len(formula.ops)
            yield from self.formula(latex, formula, texts[:k], lines[:k])
            del texts[:k], lines[:k]

    def definition(self, latex: str, sign: Mark) -> Iterator[Checked]:
        """``M := e``, perhaps followed by ``= f``."""
        name, rest = name_of(latex[: sign.start]), latex[sign.end :]
        formula = read_formula(rest, self.visit.table)
        body, known = formula.items[0], self.visit.scope
        if name in known.stationary or (name in known.definitions and name not in self.visit.made):
            stated = Formula((known.symbols[name], body), ("=",))
            (verdict, kind), *_ = Chain(self.visit.judge, stated).judged()
            yield self.entry(latex, "definition" if kind == "equality" else kind, verdict)
        elif self.visit.clashes(name, body, self.found.step):
            yield self.entry(latex, "definition", Verdict(np.inf, f"`{name}` is already defined"))
        elif any(s.name == name for s in find(body, Sym)):
            yield self.entry(latex, "definition", Verdict(np.inf, f"`{name}` is defined by itself"))
        else:
            self.visit.define(name, body, self.found.step)
            yield self.entry(latex, "definition", Verdict())
        if len(formula.items) > 1:
            count = len(formula.ops)
            yield from self.formula(rest, formula, neighbours(rest, count), self.lines(count + 1)[1:])

    def definite(self, latex: str, sign: Mark) -> Checked:
        """``H ⪰ 0``: no negative eigenvalue."""
        if "".join(latex[sign.end :].split()) not in _ZEROS:
            raise InputError("a matrix is compared with 0 only")
        node = read(latex[: sign.start], self.visit.table)
        verdict = self.visit.judge.definite(node, strictly=_DEFINITE[_sign(latex, sign)])
        return self.entry(latex, "inequality", verdict)

    def formula(self, latex: str, formula: Formula, texts: list[str], lines: list[int]) -> Iterator[Checked]:
        """An expression, or a chain of relations with the text and the line of each."""
        items = formula.items
        if not formula.ops:
            yield self.entry(latex, "mention" if _is_name(items[0]) else "display", Verdict())
            return
        if _names_case(items):
            yield self.entry(latex, "mention", Verdict())
            return
        judged = Chain(self.visit.judge, formula, self.visit.before(items[0])).judged()
        for text, line, (verdict, kind) in zip(texts, lines, judged, strict=True):
            yield self.entry(text, kind, verdict, line)
        if all(verdict.ok and kind == "equality" for verdict, kind in judged):
            self.visit.say(lambda: items)
        else:
            self.visit.said.append(lambda: items)

    def lines(self, count: int) -> list[int]:
        """The line of every relation sign."""
        lines = [row.line for row in self.found.rows for _ in relations(row.latex)]
        return lines if len(lines) == count else [self.found.line] * count

    def entry(self, latex: str, kind: Kind, verdict: Verdict, line: int = 0) -> Checked:
        """The entry of the report."""
        return _entry(self.found, latex, kind, verdict.message, verdict.error, line)


def _sign(latex: str, mark: Mark) -> str:
    return latex[mark.start : mark.end]


def _names_case(items: tuple[Node, ...]) -> bool:
    """Whether this is the name of a case, such as i ≠ j."""
    indices = {i.name for i in items if isinstance(i, Idx)}
    return bool(indices) and indices <= _INDICES and all(isinstance(i, Idx | Num | Size) for i in items)


def _is_name(node: Node) -> bool:
    """Whether this is a symbol, an entry of one, or the name of a derivative: x, x_i, f(x), dX, ∇f, ∂f/∂x."""
    if isinstance(node, App | D | Grad | Jac | Partial | T):
        return all(map(_is_name, children(node)))
    base = node.base if isinstance(node, Entry | Row) else node
    return isinstance(base, Sym | Size | Idx | Num)
