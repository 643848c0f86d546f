"""A rule is an equation in one row: name, lhs, rhs, conditions, and why.

``lhs`` and ``rhs`` are in the NumPy-style text language with ``d(…)`` for the differential; from these two
expressions come the LaTeX statement, the application by matching, and the test. Letters stand for anything of
their kind: capitals for any expression, u v w x y z for columns, a b c p s t for scalars. In a pattern ``d``
also matches a partial derivative: the laws are those of any derivation. Only n-ary laws have a function
``by``.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from generator.errors import InputError
from generator.expr.abstract import Abstract
from generator.expr.calculus import D, Partial, Under
from generator.expr.make import add, mul, neg
from generator.expr.match import Path, at, children, depends, nodes, operation, put, transform
from generator.expr.nodes import Add, Eye, Mul, Neg, Node, Num, Ones, Size, Sym
from generator.expr.shapes import ONE, SCALAR, Dimension, DimVar, Shape, dim, resolve
from generator.expr.text_reader import SIZED, Scope, parse, syntax_tree
from generator.rules.matching import COLUMN_LETTERS, SCALAR_LETTERS, Bindings, instantiate, match

Vary = frozenset[str]
SQUARE = frozenset({"symmetric", "diagonal", "orthogonal", "positive_definite", "invertible"})
STRONGER = {"symmetric": {"positive_definite", "diagonal"}}
CONDITIONS = SQUARE | {"constant", "positive"}


@dataclass(frozen=True)
class Rule:
    """One law. ``when`` holds (condition, letter) pairs; the sampler of the tests uses them too.

    A law with a function ``by`` may say in ``at`` which operations it looks at; it is not asked about others.

    Raises:
        InputError: lhs or rhs cannot be read, differ in shape, or rhs has a letter that lhs does not bind.
    """

    name: str
    lhs: str
    rhs: str
    because: str
    when: tuple[tuple[str, str], ...] = ()
    by: Callable[[Node, Vary], Node | None] | None = None
    at: tuple[type[Node], ...] = ()
    minor: bool = False
    title: str = ""
    sides: tuple[Node, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        unknown = {c for c, _ in self.when} - CONDITIONS
        if unknown:
            raise InputError(f"rule {self.name!r}: unknown condition {sorted(unknown)}")
        object.__setattr__(self, "sides", read_sides(self.lhs, self.rhs, self.when))
        loose = names(self.rhs) - names(self.lhs)
        if loose:
            raise InputError(f"rule {self.name!r}: {sorted(loose)} on the right only")
        unbound = {letter for _, letter in self.when} - names(self.lhs)
        if unbound:
            raise InputError(f"rule {self.name!r}: a condition on {sorted(unbound)}, which it does not bind")

    @cached_property
    def heading(self) -> str:
        """The title of a step that uses the rule."""
        return self.title or self.name[0].upper() + self.name[1:]

    @cached_property
    def heads(self) -> tuple[type[Node], ...]:
        """The outermost operations of what the rule applies to; all operations where empty."""
        pattern = self.sides[0]
        if self.by is not None or isinstance(pattern, Sym):
            return self.at
        return (D, Partial) if isinstance(pattern, D) else (type(pattern),)

    @cached_property
    def subject(self) -> object:
        """The operation whose differential the rule is about; ``None`` where that may be any."""
        pattern = self.sides[0]
        inner = pattern.arg if isinstance(pattern, D) else pattern
        return None if self.by is not None or isinstance(inner, Sym) else operation(inner)

    @cached_property
    def features(self) -> frozenset[object]:
        """What occurs wherever a law without a function applies."""
        return features(self.sides[0]) - {"invertible"}

    def may_fit(self, subject: Node) -> bool:
        """Whether the outermost operation is the rule's; a quick look before ``apply``."""
        return not self.heads or type(subject) in self.heads

    def apply(self, subject: Node, vary: Vary = frozenset()) -> Node | None:
        """What the rule makes of ``subject``, or ``None`` where it does not fit."""
        if self.by is not None:
            return self.by(subject, vary)
        for found in match(self.sides[0], subject, {}):
            if all(holds(condition, found[letter], vary) for condition, letter in self.when):
                return self.made(found)
        return None

    def made(self, found: Bindings) -> Node:
        """The right-hand side, its letters replaced by what the left-hand side has found for them."""
        return instantiate(self.sides[1], {**found, **self._sizes(found)} if self._sized else found)

    @cached_property
    def _sized(self) -> bool:
        """Whether sizes of what was found are written on the right: those of an identity, of ones."""
        return any(isinstance(e, Eye | Ones) for e in nodes(self.sides[1]))

    def _sizes(self, found: Bindings) -> Bindings:
        letters = {s.name: s.shape for s in nodes(self.sides[0]) if isinstance(s, Sym)}
        pairs = ((p, s) for name in letters for p, s in zip(letters[name], found[name].shape, strict=True))
        return {f"size {p}": Size(s) for p, s in reversed(list(pairs))}


@lru_cache(4096)
def features(e: Node) -> frozenset[object]:
    """The operations that occur in an expression, functions also by name, and what is assumed of symbols."""
    found: set[object] = set()
    for n in nodes(e):
        found.update((type(n), operation(n)))
        if isinstance(n, Sym):
            found |= n.assume
    implied = {word for word, stronger in STRONGER.items() if found & stronger}
    return frozenset((found | implied) - {Sym, Num, Neg})


@cache  # asked for several times when a row is made
def names(text: str) -> frozenset[str]:
    """The letters of a rule text."""
    nodes = list(ast.walk(syntax_tree(text)))
    calls = [n for n in nodes if isinstance(n, ast.Call)]
    sized = [a for c in calls if isinstance(c.func, ast.Name) and c.func.id in SIZED for a in c.args]
    heads = {id(n) for n in (*(c.func for c in calls), *(n for a in sized for n in ast.walk(a)))}
    return frozenset(n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in heads)


def called(text: str) -> set[str]:
    """The functions of a rule text."""
    calls = (n.func for n in ast.walk(syntax_tree(text)) if isinstance(n, ast.Call))
    return {f.id for f in calls if isinstance(f, ast.Name)}


@lru_cache(256)  # the rows are read once, but statements with other letters are made of them
def read_sides(lhs: str, rhs: str, when: tuple[tuple[str, str], ...] = ()) -> tuple[Node, Node]:
    """Both sides of a rule, its letters with the most general shapes that fit.

    Raises:
        InputError: a side cannot be read, or the shapes of the two sides differ.
    """
    functions = {"f": Abstract("f", ((DimVar(), ONE),), (DimVar(), ONE))}  # of a vector, to a vector
    loose: dict[str, Shape] = {}
    for letter in sorted(names(lhs) | names(rhs)):
        if letter in SCALAR_LETTERS:
            loose[letter] = SCALAR
        else:
            loose[letter] = (DimVar(), ONE if letter in COLUMN_LETTERS else DimVar())
        if any(named == letter and condition in SQUARE for condition, named in when):
            loose[letter] = (loose[letter][0],) * 2
    scope = Scope({k: Sym(k, s) for k, s in loose.items()}, calculus=True, functions=functions)
    Add((parse(lhs, scope), parse(rhs, scope)))  # both sides have one shape
    fresh = (c for c in "nmkl" + string.ascii_lowercase if f"({c})" not in lhs + rhs)
    for side in (side for shape in loose.values() for side in shape):
        _settle(side, fresh)
    if "f" in called(lhs):
        for side in (functions["f"].takes[0][0], functions["f"].shape[0]):
            _settle(side, fresh)
    assume = {k: frozenset(c for c, letter in when if letter == k and c != "constant") for k in loose}
    fixed = {k: Sym(k, (resolve(s[0]), resolve(s[1])), assume[k]) for k, s in loose.items()}
    scope = Scope(fixed, calculus=True, functions=functions)
    return parse(lhs, scope), parse(rhs, scope)


def _settle(side: Dimension, fresh: Iterator[str]) -> None:
    end = resolve(side)
    if isinstance(end, DimVar):
        end.bound = dim(next(fresh))


def holds(condition: str, e: Node, vary: Vary) -> bool:
    """Whether a condition is known to hold for an expression."""
    if condition == "constant":
        return not depends(e, vary)
    if condition == "invertible":
        return True  # the rule itself contains the inverse: the condition is stated with the answer
    return isinstance(e, Sym) and bool(e.assume & {condition, *STRONGER.get(condition, ())})


def plain(e: Node) -> Node:
    """The expression without the braces that only explain it."""
    return transform(e, lambda n: plain(n.arg) if isinstance(n, Under) else None)


def splice(e: Node, path: Path, new: Node) -> Node:
    """Put ``new`` at ``path`` and flatten it into a sum or a product that it stands in."""
    if not path:
        return new
    parent = at(e, path[:-1])
    parts = list(children(parent))
    parts[path[-1]] = new
    if isinstance(parent, Add):
        return splice(e, path[:-1], add(*parts))
    if isinstance(parent, Mul):
        return splice(e, path[:-1], mul(*parts))
    if isinstance(parent, Neg):
        return splice(e, path[:-1], neg(parts[0]))
    return put(e, path, new)
