"""A lecturer's own words: text in which ``{…}`` holds mathematics in the symbols of the problem.

=============================== ====================================================
``{A @ x - b}``                 an expression of the language
``{f(x)}``, ``{f(1, -1)}``      the problem's function, applied
``{tr(A) = tr(A.T)}``           a relation, also with <, >, <=, >= or !=; it is checked like any formula
``{L =}``                       L = its definition; ``{p =}`` the point
``{x in}``                      x ∈ ℝⁿ, also of an expression; f: ℝᵈ → ℝⁿ for an abstract function
``{A size}``                    m × n
``{derivative}``                what is to be found: ∇L or ∂y/∂x
``{derivative of y[i] by x[j]}``  a derivative of something else; ``by x[i], x[j]`` is a second one
``{lim h of (c + h) / c}``      the limit as h goes to 0
``{A written out}``             the expression and its entries: A = [A_11 ⋯ A_1n; …]
``{{`` and ``}}``               plain braces
=============================== ====================================================

Everything else, a backslash or a dollar sign too, is plain text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Literal, Protocol, TypeVar

from generator.errors import InputError, ShapeError, did_you_mean
from generator.expr.abstract import Abstract, Maps
from generator.expr.calculus import App, Grad, Limit, Op, Partial
from generator.expr.layout import Layout
from generator.expr.make import point, scalar
from generator.expr.nodes import Entry, Node, Num, Sym, Zero
from generator.expr.shapes import ONE, dim, is_scalar, same_shape, show
from generator.expr.text_reader import Scope, parse, syntax_tree
from generator.expr.written import written_out

N = TypeVar("N")
_SIGNS: Mapping[str, Op] = {"=": "=", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "!=": "≠"}
_RELATION = re.compile(r"(<=|>=|!=|==|:=|[<>=])")
Kind = Literal["expression", "relation", "definition", "membership", "size"]


@dataclass(frozen=True, slots=True)
class ProseMath:
    """A formula within a sentence; relations and definitions have two or more nodes, the others have one."""

    kind: Kind
    nodes: tuple[Node, ...]
    op: Op = "="


class Subject(Protocol):
    """What prose may speak of; a ``Problem`` is one."""

    @property
    def symbols(self) -> Mapping[str, Sym]:
        """The declared symbols."""

    @property
    def functions(self) -> Mapping[str, Abstract]:
        """The abstract functions."""

    @property
    def function(self) -> Sym:
        """The name of the value."""

    @property
    def order(self) -> int:
        """1 for a first derivative, 2 for a second one."""

    @property
    def body(self) -> Node:
        """The expression of the function."""

    @property
    def parameters(self) -> tuple[Sym, ...]:
        """The arguments of a function that is written f(x)."""

    @property
    def wrt(self) -> tuple[Sym, ...]:
        """The variable."""

    @property
    def layout(self) -> Layout:
        """How derivatives are arranged."""

    @property
    def at(self) -> tuple[Node, ...]:
        """The entries of the point."""

    @property
    def point_name(self) -> str:
        """The name of the point."""


def parse_prose(text: str, problem: Subject) -> tuple[str | ProseMath, ...]:
    """Words and mathematics in turn; neighbouring words are one string.

    Raises:
        InputError: a brace without its partner, or mathematics that cannot be read; with a caret in ``text``.
    """
    out: list[str | ProseMath] = []
    words = ""
    for start, piece, is_math in _pieces(text):
        if not is_math:
            words += piece
            continue
        if words:
            out.append(words)
        words = ""
        out.append(_Formula(text, problem).read(re.sub(r"\s", " ", piece), start))  # a formula may be wrapped
    return (*out, words) if words else tuple(out)


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """Pieces of text with their places, and whether they are mathematics."""
    at = 0
    for found in re.finditer(r"\{\{|\}\}|\{([^{}]*)\}|[{}]", text):
        yield at, text[at : found.start()], False
        at = found.end()
        if found[1] is not None:
            yield found.start(1), found[1], True
        elif len(found[0]) == 2:
            yield found.start(), found[0][0], False
        else:
            raise InputError(
                f"a `{found[0]}` without its partner", hint="write {{ or }} for a plain brace",
                source=text, column=found.start(),
            )  # fmt: skip
    yield at, text[at:], False


class _Formula:
    """Reads the mathematics of one text."""

    def __init__(self, text: str, problem: Subject) -> None:
        self.text, self.problem = text, problem
        head: Node = App(problem.function, problem.parameters) if problem.parameters else problem.function
        self.defined: dict[str, tuple[Node, Node]] = {problem.function.name: (head, problem.body)}
        names: dict[str, Node] = {**problem.symbols, problem.function.name: problem.function}
        if problem.at:
            named = _point(problem)
            self.defined[problem.point_name] = named
            names[problem.point_name] = named[0]
        names |= {name: fun.symbol for name, fun in problem.functions.items()}
        self.scope = Scope(names, functions=problem.functions, layout=problem.layout)

    def read(self, source: str, start: int) -> ProseMath:
        first, *rest = _RELATION.split(source)
        signs, sides = rest[::2], [first, *rest[1::2]]
        if signs == ["="] and not sides[1].strip():
            return self.definition(first, start)
        if signs:
            return self.relation(sides, signs, self.sign(signs, source, start), start)
        if found := re.fullmatch(r"(.*\S)\s+(in|size|written\s+out)\s*", source, re.DOTALL):
            node = self.expression(found[1], start)
            if isinstance(node, Sym) and node.name in self.problem.functions and found[2] == "in":
                return ProseMath("expression", (Maps((self.problem.functions[node.name],)),))
            if found[2] == "in":
                return ProseMath("membership", (node,))
            if found[2] == "size":
                return ProseMath("size", (node,))
            if is_scalar(node.shape):
                raise self.fail("a number has no entries to write out", found[1], start)
            return ProseMath("definition", (node, written_out(node)))
        return ProseMath("expression", (self.expression(source, start),))

    def sign(self, signs: list[str], source: str, start: int) -> Op:
        """The one sign of a relation; only equations are chained."""
        if signs[0] not in _SIGNS:
            raise self.fail(f"a relation has one of the signs {' '.join(_SIGNS)}", source, start)
        if len(set(signs)) > 1 or (len(signs) > 1 and signs[0] != "="):
            raise self.fail("only equations are written as a chain", source, start)
        return _SIGNS[signs[0]]

    def fail(self, message: str, source: str, start: int, hint: str | None = None) -> InputError:
        lead, width = len(source) - len(source.lstrip()), len(source.strip())
        return InputError(message, hint=hint, source=self.text, column=start + lead, width=width)

    def definition(self, source: str, start: int) -> ProseMath:
        """``L =`` or ``f(x) =``: a name and what it stands for."""
        name = source.partition("(")[0].strip()
        if name not in self.defined:
            known = " and ".join(f"`{{{known} =}}`" for known in self.defined)
            hint = did_you_mean(name, self.defined) or f"what can be written is {known}"
            raise self.fail(f"`{name}` has no definition", source, start, hint)
        return ProseMath("definition", self.defined[name])

    def relation(self, sides: list[str], marks: list[str], sign: Op, start: int) -> ProseMath:
        """``a = b``, or a chain; the number 0 stands for an array of zeros where one is needed."""
        nodes: list[Node] = []
        for side, mark in zip(sides, [*marks, ""], strict=True):
            node = self.expression(side, start)
            if nodes and node == Num(Fraction(0)) and not is_scalar(nodes[0].shape):
                node = Zero(nodes[0].shape)
            if nodes and not same_shape(nodes[0].shape, node.shape):
                message = f"the left side is a {show(nodes[0].shape)}, this side is a {show(node.shape)}"
                raise ShapeError(message, source=self.text, column=start, width=len(side))
            nodes.append(node)
            start += len(side) + len(mark)
        return ProseMath("relation", tuple(nodes), sign)

    def expression(self, source: str, start: int) -> Node:
        """An expression of the language, the function applied to arguments, or a derivative."""
        p, layout = self.problem, self.problem.layout
        start += len(source) - len(source.lstrip())
        source = source.strip()
        if source == "derivative":
            scalar = is_scalar(p.function.shape)
            return (
                Grad(p.function, p.wrt, p.parameters, layout, 2 if p.order == 2 else 1)
                if scalar
                else Partial(p.function, p.wrt[0], layout)
            )
        if found := re.fullmatch(r"derivative\s+of\s+(\S.*?)\s+by\s+(\S.*)", source, re.DOTALL):
            of = self.expression(found[1], start + found.start(1))
            for by in reversed(self.variables(found[2], start + found.start(2))):
                of = self.placed(partial(Partial, of, by, layout), start, len(source))
            return of
        if found := re.fullmatch(r"lim\s+(\w+)\s+of\s+(.*)", source, re.DOTALL):
            return self.limit(found[1], found[2], start, start + found.start(2))
        if (found := re.fullmatch(r"(\w+)\s*\((.*)\)", source, re.DOTALL)) and found[1] == p.function.name:
            return self.application(found[2], start + found.start(2))
        return self.plain(source, start)

    def limit(self, name: str, source: str, start: int, inner: int) -> Node:
        """The limit of an expression in which a letter, that means nothing else, goes to zero."""
        if name in self.scope.symbols:
            raise self.fail(f"`{name}` goes to zero here, but it is declared", name, start + len("lim "))
        h = scalar(name)
        known = replace(self.scope, symbols={**self.scope.symbols, name: h})
        return Limit(h, self.placed(lambda: parse(source, known), inner))

    def variables(self, source: str, start: int) -> list[Node]:
        """What a derivative is taken by: one variable, or several in the order in which they are printed."""
        found: list[Node] = []
        for text in re.split(r",(?![^\[]*\])", source):  # not the comma in A[i, j]
            by = self.plain(text, start)
            if not isinstance(by, Sym | Entry):
                raise self.fail("a derivative is taken by a symbol or an entry of one", text, start)
            found.append(by)
            start += len(text) + 1
        return found

    def application(self, source: str, start: int) -> Node:
        """The function at its arguments, or at numbers for all entries of its one argument."""
        fun, parameters = self.problem.function, self.problem.parameters
        lead = f"{fun.name}("
        tree = self.placed(lambda: syntax_tree(f"{lead}{source})"), start - len(lead))
        given = tree.args if isinstance(tree, ast.Call) else []
        texts = [ast.get_source_segment(f"{lead}{source})", a) or "" for a in given]
        args = tuple(
            self.plain(x, start - len(lead) + a.col_offset) for a, x in zip(given, texts, strict=True)
        )
        fits = [a.shape for a in args] == [p.shape for p in parameters]
        entries = len(parameters) == 1 and all(is_scalar(a.shape) for a in args)
        if not parameters or not (fits or (entries and parameters[0].shape == (dim(max(1, len(args))), ONE))):
            wanted = ", ".join(f"{p.name}, a {show(p.shape)}" for p in parameters) or "no arguments"
            raise self.fail(f"`{fun.name}` takes {wanted}", source, start)
        return App(fun, args)

    def plain(self, source: str, start: int) -> Node:
        """An expression of the language."""
        return self.placed(lambda: parse(source, self.scope), start + len(source) - len(source.lstrip()))

    def placed(self, build: Callable[[], N], start: int, width: int = 1) -> N:
        """What ``build`` makes; its errors get their place in the whole text."""
        try:
            return build()
        except InputError as e:
            if e.column is not None:
                start, width = start + e.column, e.width
            start = min(start, len(self.text))
            raise type(e)(e.message, hint=e.hint, source=self.text, column=start, width=width) from None


def _point(problem: Subject) -> tuple[Sym, Node]:
    """The point's name and its written-out value."""
    written = point(problem.wrt, problem.at)
    return Sym(problem.point_name, written.shape), written
