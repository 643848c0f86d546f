"""Names and shapes for the letters of a LaTeX text that nobody declared.

Upper case is a matrix, bold lower case a vector, and so is what is transposed or has an index; in a text
with bold letters the others are numbers. What the writing leaves open is only leaned on: ``Letter.likely`` is
tried first, ``Letter.also`` if the text makes no sense with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from generator.errors import InputError
from generator.expr.infer import check_letter, check_name
from generator.expr.latex_letters import Use, Walk
from generator.expr.latex_parser import Parser
from generator.expr.latex_scripts import index_name
from generator.expr.notation import GREEK, Key, key
from generator.expr.shapes import ONE, SCALAR, DimVar, Shape, dim

_NAMES = {glyph: name for name, glyph in reversed(GREEK.items()) if name != "lambda"}  # a word of Python


@dataclass
class Letter:
    """A symbol: its name, the rank that is likely, others that are possible, the largest indices."""

    name: str
    likely: int
    also: tuple[int, ...] = ()
    largest: list[int] = field(default_factory=list)

    def shape(self, rank: int) -> Shape:
        """A fresh shape of a rank: sizes are open where no index says how large they are at least."""
        sides = [dim(max(1, k)) for k in self.largest] + [DimVar(), DimVar()]
        return SCALAR if rank == 0 else (sides[0], ONE) if rank == 1 else (sides[0], sides[1])


@dataclass(frozen=True)
class Guess:
    """The letters of a text, the names of its sizes, and the numbers that stand right before a row."""

    letters: list[Letter]
    sizes: frozenset[str]
    doubtful: tuple[tuple[str, Use], ...]


def name_of(base: str, accent: str = "", sub: Iterable[str] = ()) -> str:
    """The name in the text language of a letter with an accent and a subscript: x̂ is ``x_hat``."""
    stem = _NAMES.get(base, base.removeprefix("\\"))
    below = "".join(_NAMES.get(v, v) for v in sub)
    if accent or below.isdigit():
        return stem + below + (f"_{accent}" if accent else "")
    return f"{stem}_{below}" if below else stem


def guess(p: Parser, declared: Iterable[str], wrt: Iterable[str], start: int) -> Guess:
    """What the letters from token ``start`` on are; names in ``wrt`` are names as they stand.

    Raises:
        InputError: a letter that cannot name a symbol, or what people read in two ways.
    """
    declared = set(declared)
    known = {key(name): name for name in (*declared, *wrt)}
    walk = Walk(p, lambda base: (base, "", "", "") in known)
    walk.over(start, p.stop)
    uses = [u for u in walk.uses if not (u.base in walk.sizes and not u.bold)]
    bare = {(u.base, u.accent) for u in uses if not u.sub or walk.bound & {*map(index_name, u.sub)}}
    bare |= {k[:2] for k in known if not k[2]}
    groups: dict[str, list[tuple[Use, list[int]]]] = {}
    for u in uses:
        name, indices = _resolved(u, known, bare, walk.bound | walk.sizes)
        if name not in declared:
            _check(p, u, name, indices)
        groups.setdefault(name, []).append((u, indices))
    for name in wrt:
        groups.setdefault(check_letter(name), [])
    bold = any(u.bold and u.token.value != r"\vec" for u in uses)  # arrows are for vectors alone
    arrows = any(u.bold for u in uses)
    letters = [_letter(name, found, bold, arrows) for name, found in groups.items() if name not in declared]
    doubtful = [] if arrows else [(name_of(u.base, u.accent), u) for u in _before_rows(uses)]
    return Guess(letters, frozenset(walk.sizes), tuple(doubtful))


def _resolved(
    u: Use, known: Mapping[Key, str], bare: set[tuple[str, str]], letters: set[str]
) -> tuple[str, list[int]]:
    """The name of a letter at one place, and its indices: numbers, 0 for ``letters`` that are indices."""
    full = known.get((u.base, u.accent, "".join(u.sub), ""))
    if full or not u.sub:
        return full or name_of(u.base, u.accent), []
    counted = all(v.isdigit() or v == "," or index_name(v) in letters for v in u.sub)
    if counted and (u.base, u.accent) in bare:
        return known.get((u.base, u.accent, "", ""), name_of(u.base, u.accent)), _indices(u)
    return name_of(u.base, u.accent, u.sub), []


def _indices(u: Use) -> list[int]:
    text = "".join(v if v.isdigit() or v == "," else f",{v}," for v in u.sub)
    parts = [part for part in text.split(",") if part]
    if u.upper and len(parts) == 1 and len(parts[0]) == 2:
        parts = list(parts[0])
    return [int(part[:9]) if part.isdigit() else 0 for part in parts]


def _check(p: Parser, u: Use, name: str, indices: list[int]) -> None:
    if u.transposed and len(indices) == 1:
        hint = "an entry is a number; the vectors in the rows of a matrix A are summed as (A x)_i"
        p.fail(f"`{name}` has an index and a transpose", u.token, hint)
    try:
        _ = check_name(name) if u.bold else check_letter(name)  # a bold d or T stands for nothing else
    except InputError as e:
        raise p.refusal(e.message, u.token, e.hint) from None


def _letter(name: str, found: list[tuple[Use, list[int]]], bold: bool, arrows: bool) -> Letter:
    """What all uses of a letter together say, in a text with bold letters or with arrows on vectors."""
    uses = [u for u, _ in found]
    indices = [i for _, i in found if i]
    if indices:
        rank = max(map(len, indices))
        largest = [max(i[k] for i in indices if len(i) == rank) for k in range(rank)]
        return Letter(name, rank, (), largest if all(largest) and len(indices) == len(uses) else [])
    upper = name[0].isupper()
    if any(u.bold for u in uses):
        return Letter(name, 2 if upper else 1)
    if upper:
        return Letter(name, 0, (2,)) if bold else Letter(name, 2, (0,))
    if any(u.transposed for u in uses):
        return Letter(name, 1)
    if arrows:
        return Letter(name, 0, (1,))
    return Letter(name, 1, (0,)) if any(u.wanted for u in uses) else Letter(name, 0, (1,))


def _before_rows(uses: list[Use]) -> Iterable[Use]:
    """In a bᵀc the letter a may be a number, or the column of an outer product."""
    for u, following in pairwise(uses):
        plain = not (u.array or u.wanted or u.sub or u.base in GREEK.values())
        if plain and following.transposed and not following.upper and following.start == u.stop:
            yield u
