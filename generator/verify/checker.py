"""The checker: every statement of a text is confirmed, or is of a kind that the report names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from generator.errors import InputError, ShapeError
from generator.expr.abstract import Jac
from generator.expr.calculus import App, D, Grad, Partial
from generator.expr.evaluate import Definition
from generator.expr.functions import FUNCTIONS
from generator.expr.latex_reader import Formula, read, read_display, read_formula
from generator.expr.match import children, find
from generator.expr.nodes import Entry, Idx, Node, Num, Row, Size, Sym, T
from generator.expr.shapes import Shape
from generator.verify.chain import Chain
from generator.verify.confirm import Judge, Verdict
from generator.verify.formulas import Found
from generator.verify.glyphs import name_of
from generator.verify.report import Checked, Kind
from generator.verify.rows import Mark, pieces, relations
from generator.verify.sample import Sampler
from generator.verify.scopes import Scope
from generator.verify.sizes import SizeReader

_DEFINES = (r"\coloneqq", ":=")
_DEFINITE = {r"\succeq": False, r"\succ": True}
_HEADS = {"".join(row.latex.split()) for row in FUNCTIONS.values()} | {
    r"\mathrm{d}", "d", r"\nabla", r"\partial", r"\sum", r"\top",
}  # fmt: skip
_INDICES = frozenset("ijklmnpqrst")
_ZEROS = ("0", r"\mathbf{0}", r"\boldsymbol{0}")


@dataclass
class Visit:
    """A scope while its part of the text is read: local definitions come and go with it."""

    scope: Scope
    sampler: Sampler
    made: dict[str, str] = field(default_factory=dict)  # local names, with the step that defined them
    last: dict[Node, Node] = field(default_factory=dict)  # what a left-hand side was last said to be
    given: dict[str, Definition] = field(default_factory=dict)  # functions that were written with local names

    def __post_init__(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        self.table = self.scope.table
        self.judge = Judge(self.sampler, self.scope.definitions)
        self.sizes = SizeReader(self.scope.dimensions, self.shape, self.scope.notation, self.source)

    def shape(self, latex: str) -> Shape:
        """The size of what is written so.

        Raises:
            InputError: it is no expression in the symbols of the scope.
        """
        return read(latex, self.table).shape

    def clashes(self, name: str, body: Node, step: str) -> bool:
        """Whether a name means something else already; a local one may be defined anew in another step."""
        if name not in self.made:
            return name in self.scope.symbols
        return self.made[name] == step and self.scope.definitions[name].body != body

    def source(self, latex: str) -> tuple[Shape, ...] | None:
        """The spaces that an abstract function of this name maps from; ``None`` for other functions."""
        node = read(latex, self.table)
        declared = self.scope.abstract.get(node.name) if isinstance(node, Sym) else None
        return None if declared is None else declared.source

    def define(self, name: str, body: Node, step: str) -> None:
        """Give a meaning to a new name."""
        self.made[name] = step
        symbols = {**self.scope.symbols, name: Sym(name, body.shape)}
        definitions = {**self.scope.definitions, **self.given, name: Definition(body)}
        self.given = {}  # the name may have meant something else
        self.scope = replace(self.scope, symbols=symbols, definitions=definitions)
        self._refresh()

    def written(self, fun: Node, items: tuple[Node, ...]) -> None:
        """A function is written with local names: its derivatives by them are meant as it stands there."""
        name = fun.fun.name if isinstance(fun, App) else fun.name if isinstance(fun, Sym) else ""
        used = ((e, {s.name for s in find(e, Sym)}) for e in items)
        body = next((e for e, names in used if names & self.made.keys() and name not in names), None)
        if body is None or name not in self.scope.functions:
            return
        known = self.scope.definitions[name]
        self.given.setdefault(name, known)
        definitions = {**self.scope.definitions, name: replace(known, body=body)}
        self.scope = replace(self.scope, definitions=definitions)
        self._refresh()


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
            scope = self.scopes[found.scope]
            sampler = self.samplers.setdefault(found.scope, Sampler(scope))
            self.visits[found.visit] = Visit(scope, sampler)
        visit = self.visits[found.visit]
        try:
            return list(_Statement(found, visit).check())
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
        formulas = read_display(_bare(latex), self.visit.table)
        count = sum(len(f.ops) for f in formulas)
        texts, lines = _pairs(latex, count), self.lines(count)
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
            yield from self.formula(rest, formula, _pairs(rest, count), self.lines(count + 1)[1:])

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
        judged = Chain(self.visit.judge, formula, self.visit.last.get(items[0])).judged()
        for text, line, (verdict, kind) in zip(texts, lines, judged, strict=True):
            yield self.entry(text, kind, verdict, line)
        if all(verdict.ok and kind == "equality" for verdict, kind in judged):
            self.visit.written(items[0], items[1:])
        self.visit.last[items[0]] = items[-1]

    def lines(self, count: int) -> list[int]:
        """The line of every relation sign."""
        lines = [row.line for row in self.found.rows for _ in relations(row.latex)]
        return lines if len(lines) == count else [self.found.line] * count

    def entry(self, latex: str, kind: Kind, verdict: Verdict, line: int = 0) -> Checked:
        """The entry of the report."""
        return _entry(self.found, latex, kind, verdict.message, verdict.error, line)


def _sign(latex: str, mark: Mark) -> str:
    return latex[mark.start : mark.end]


def _pairs(latex: str, count: int) -> list[str]:
    """The text of every two neighbours of a chain."""
    signs = relations(latex)
    if len(signs) != count:
        return [latex] * count
    cuts = [0, *(s.end for s in signs)], [*(s.start for s in signs), len(latex)]
    sides = [latex[a:b].strip() for a, b in zip(*cuts, strict=True)]
    return [f"{sides[k]} {latex[s.start : s.end]} {sides[k + 1]}" for k, s in enumerate(signs)]


def _bare(latex: str) -> str:
    """A point such as (1, −1) without its parentheses; anything else as it is."""
    inner = latex[1:-1]
    enclosed = latex.startswith("(") and latex.endswith(")") and "(" not in inner and ")" not in inner
    return inner if enclosed and len(pieces(inner)) > 1 else latex


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
