"""A function that a person writes in LaTeX -> its name, its symbols and its expression.

The reader needs to know what the letters mean; here that is guessed as a lecturer would read the text, and
sizes follow by unification. What can be read in two ways is refused, with the readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from generator.errors import InputError
from generator.expr.abstract import Abstract
from generator.expr.calculus import At, D, Delta, Dots, Group, Partial, Rel, Under
from generator.expr.infer import settle
from generator.expr.latex_dialect import in_our_words
from generator.expr.latex_display import formulas_in
from generator.expr.latex_guess import Guess, Letter, guess
from generator.expr.latex_letters import Use
from generator.expr.latex_parser import Parser
from generator.expr.latex_preface import skip_asked, take_head
from generator.expr.latex_reader import read_tokens
from generator.expr.latex_rows import by_rows
from generator.expr.latex_table import Table
from generator.expr.latex_tokens import Token, Tokens
from generator.expr.match import free_indices, transform, walk
from generator.expr.nodes import Node, Sym
from generator.expr.notation import key
from generator.expr.operators import column
from generator.expr.shapes import is_one

Functions = Mapping[str, Abstract]
NONE: Functions = MappingProxyType({})
MAX_READ = 20_000  # tokens in all trials together
# How far Σ reaches (over plus and minus?), and what bars around an array are.
WAYS = ((False, ""), (True, ""), (False, "abs"), (False, "norm"))


class Function(NamedTuple):
    """A function as it was written: its name and parameters (perhaps none), its symbols, its expression.

    ``rows`` names the matrices that have the numbered vectors of a sum as their rows.
    """

    name: str
    parameters: tuple[str, ...]
    symbols: dict[str, Sym]
    body: Node
    rows: tuple[str, ...] = ()


def read_latex(
    source: str, declared: Mapping[str, Sym], wrt: Iterable[str] = (), abstract: Functions = NONE
) -> Function:
    """Read a function, perhaps with a head such as ``f(x) =``; names in ``wrt`` are names as they stand.

    ``abstract`` functions may be applied.

    Raises:
        InputError: the text is not understood, or can be read in two ways; with a caret at the place.
        ShapeError: operands whose sizes do not fit.
    """
    text = _undressed(source)
    formulas = formulas_in(text)
    if len(formulas) > 1:
        raise InputError("one function is expected", source=text, column=formulas[1][0].pos)
    known = {key(n)[0] for n in (*declared, *abstract, *wrt)}
    tokens, rows = by_rows(text, in_our_words(text, formulas[0]), known)
    p = Parser(Tokens(text, tokens), Table(declared), strict=True)
    name, parameters = take_head(p)
    skip_asked(p, [*wrt])
    start = p.i
    if p.peek() is None:
        p.unexpected("the expression is empty")
    wanted = list(dict.fromkeys([*wrt, *parameters]))
    found = guess(p, {*declared, *abstract}, wanted, start)
    reader = _Reader(text, tokens[start:], found.sizes, abstract)
    symbols = reader.symbols(found, declared, wanted)
    matrices = tuple(n for n in symbols if key(n)[0] in rows)
    return Function(name, parameters, symbols, reader.body(symbols), matrices)


def read_declared(
    source: str, symbols: Mapping[str, Sym], sizes: Iterable[str], abstract: Functions = NONE
) -> Node:
    """Read an expression in declared symbols and abstract functions.

    Raises:
        InputError: the text is not understood, or can be read in two ways; with a caret at the place.
        ShapeError: operands whose sizes do not fit.
    """
    text = _undressed(source)
    (tokens, *more) = formulas_in(text)
    known = {key(n)[0] for n in (*symbols, *abstract)}
    tokens, _ = by_rows(text, in_our_words(text, tokens), known, known)
    if more:
        raise InputError("one expression is expected", source=text, column=more[0][0].pos)
    p = Parser(Tokens(text, tokens), Table(symbols), strict=True)
    guess(p, {*symbols, *abstract}, (), 0)  # refuses what has two readings
    return _Reader(text, tokens, frozenset(sizes), abstract).body(symbols)


def _undressed(source: str) -> str:
    """Blanks for the dollars or brackets around a formula, so that places stay what they are."""
    text = source
    for left, right in (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]")):
        inner = text.strip()
        if len(inner) >= len(left + right) and inner.startswith(left) and inner.endswith(right):
            start, stop = text.index(left), text.rindex(right)
            return text[:start] + " " * len(left) + text[start + len(left) : stop]
    return text


class _Reader:
    """Reads one expression, again and again, with different meanings of its letters."""

    def __init__(self, source: str, tokens: list[Token], sizes: frozenset[str], abstract: Functions) -> None:
        self.source, self.tokens, self.sizes, self.abstract = source, tokens, sizes, abstract
        self.way = WAYS[0]

    def read(self, symbols: Mapping[str, Sym], *, finish: bool = False) -> Node:
        """The expression, with open sizes unless it is to be finished."""
        table = Table(symbols, dimensions=self.sizes, abstract=self.abstract)
        wide, bars = self.way
        (formula, *more) = read_tokens(
            self.source, self.tokens, table, finish=finish, strict=True, wide_sums=wide, bars=bars
        )
        if more or formula.ops or formula.guard is not None:
            raise self.refusal("one expression is expected")
        if loose := sorted(i.name for i in free_indices(formula.items[0])):
            raise self.refusal(
                f"the index {loose[0]} is not summed over", r"write \sum, or a product of arrays"
            )
        return formula.items[0]

    def refusal(self, message: str, hint: str | None = None) -> InputError:
        """What is said of the whole expression."""
        return InputError(message, hint=hint, source=self.source, column=self.tokens[0].pos)

    def either(self, symbols: Callable[[], Mapping[str, Sym]], *, finish: bool = False) -> Node:
        """The expression in the first way that makes sense; bars must make sense in one way only.

        ``symbols`` gives fresh symbols, because reading determines open sizes even where it fails.
        """
        first: InputError | None = None
        found: dict[tuple[bool, str], Node] = {}
        for way in WAYS:
            self.way = way
            try:
                found[way] = self.read(symbols(), finish=finish)
            except InputError as error:
                first = first or error
            if way in found and not way[1]:
                break
        if len(found) != 1:
            assert first is not None  # the first way failed
            raise first
        ((self.way, node),) = found.items()
        return node

    def body(self, symbols: Mapping[str, Sym]) -> Node:
        """The expression in known symbols, without what only serves the printing."""
        node = transform(self.either(lambda: symbols, finish=True), _bare)
        self.refuse_foreign(node)
        return column(node)

    def refuse_foreign(self, node: Node) -> None:
        """A function holds no derivatives, relations or dots."""
        for _, e in walk(node):
            if isinstance(e, D | Partial | At | Delta | Dots | Rel):
                what = {D: "a differential", Partial: "a derivative", At: "a value at a point"}
                raise self.refusal(
                    f"{what.get(type(e), f'a {type(e).__name__}')} is no part of a function here"
                )

    def symbols(self, found: Guess, declared: Mapping[str, Sym], wrt: Iterable[str]) -> dict[str, Sym]:
        """The symbols with their shapes, in the reading that needs the fewest exceptions."""
        ranks = self._ranks(found, declared)
        self._refuse_doubt(found, declared, ranks)
        letters = {letter.name: letter for letter in found.letters}
        names = [*dict.fromkeys(n for n in wrt if n in letters), *(n for n in letters if n not in {*wrt})]
        known = dict(declared)
        sizes = found.sizes.union(*(fun.sizes for fun in self.abstract.values()))
        return settle(names, known, lambda n: letters[n].shape(ranks[n]), self.read, sizes)

    def _fits(self, letters: list[Letter], ranks: Mapping[str, int], declared: Mapping[str, Sym]) -> None:
        """Read with these ranks; open sizes must not shrink a vector to a number."""
        trial: dict[str, Sym] = {}

        def fresh() -> Mapping[str, Sym]:
            trial.update({a.name: Sym(a.name, a.shape(ranks[a.name])) for a in letters})
            return {**declared, **trial}

        self.either(fresh)
        for name, symbol in trial.items():
            if ranks[name] and is_one(symbol.shape[0]):
                raise self.refusal(f"`{name}` is written like an array, but only a number fits here")

    def _ranks(self, found: Guess, declared: Mapping[str, Sym]) -> dict[str, int]:
        first: InputError | None = None
        for trial, ranks in enumerate(_choices(found.letters)):
            try:
                self._fits(found.letters, ranks, declared)
            except InputError as error:
                first = first or error
                if trial * len(self.tokens) > MAX_READ:
                    break
                continue
            return ranks
        assert first is not None  # there is one choice at least
        raise first

    def _refuse_doubt(self, found: Guess, declared: Mapping[str, Sym], ranks: dict[str, int]) -> None:
        """Refuse a bᵀc where a may as well be a vector."""
        for name, use in found.doubtful:
            if ranks.get(name) != 0:
                continue
            try:
                self._fits(found.letters, {**ranks, name: 1}, declared)
            except InputError:
                continue
            raise self._doubt(name, use)

    def _doubt(self, name: str, use: Use) -> InputError:
        token = use.token
        message = f"`{name}` can be read as a number or as a vector"
        hint = rf"write `{name} \cdot` or --shape {name}= for a number, --shape {name}=n for an outer product"
        return InputError(
            message, hint=hint, source=self.source, column=token.pos, width=token.end - token.pos
        )


def _choices(letters: list[Letter]) -> Iterator[dict[str, int]]:
    """Ranks for all letters, likely ones first, then with ever more exceptions."""
    likely = {letter.name: letter.likely for letter in letters}
    open_ones = [letter for letter in letters if letter.also]
    for count in range(len(open_ones) + 1):
        for chosen in combinations(open_ones, count):
            yield likely | {letter.name: letter.also[0] for letter in chosen}


def _bare(node: Node) -> Node | None:
    """What stands in parentheses or over a brace."""
    if isinstance(node, Group | Under):
        return transform(node.arg, _bare)
    return None
