r"""Vectors that are numbered by the index of a sum: ``\sum_i (a_i^\top x - b_i)^2``.

They are the rows of a matrix, which gets the capital letter: ``a_i^\top x`` is the entry ``(A x)_i``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from generator.expr.latex_dialect import like, summed
from generator.expr.latex_names import begins_name, glyph
from generator.expr.latex_parser import Parser
from generator.expr.latex_scripts import FONTS, Scripts, index_name, is_transpose, scripts, spelling
from generator.expr.latex_table import Table
from generator.expr.latex_tokens import Token, Tokens

GREEK_CAPITALS = {
    f"\\{name}" for name in ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega")
}


@dataclass(frozen=True)
class Factor:
    """A factor of a product: where it stands, its tokens without a transpose, its letter and index."""

    start: int
    stop: int
    bare: tuple[Token, ...]
    letter: str
    index: str
    transposed: bool
    next: int  # where to go on: at its scripts, which may hold products

    @property
    def upper(self) -> bool:
        """Whether it is named by a capital letter."""
        return index_name(self.letter)[:1].isupper()


@dataclass(frozen=True)
class Product:
    """An inner product with a numbered vector: that vector, the other factors in their order, the end."""

    row: Factor
    rest: tuple[Factor, ...]
    stop: int


def by_rows(
    source: str, items: list[Token], known: Collection[str], matrices: Collection[str] | None = None
) -> tuple[list[Token], tuple[str, ...]]:
    """The tokens without numbered vectors, and the capital letters of the matrices that have them as rows.

    A letter stays what it is where it is ``known``, where its capital is taken or none of the ``matrices``,
    or where it is used in another way too.
    """
    bound = summed(items)
    if not bound:
        return items, ()
    small = {letter for letter in known if not index_name(letter)[:1].isupper()}
    rows = _Rows(Parser(Tokens(source, items), Table({}), strict=True), bound, small, matrices)
    rows.look()
    letters = dict.fromkeys(_capital(found.row.letter) or "" for found in rows.products.values())
    return [*rows.rewritten()], tuple(letters)


@dataclass
class _Rows:
    """Looks for the inner products with numbered vectors in the tokens of a formula."""

    p: Parser
    bound: set[str]
    taken: set[str]  # letters that are something else
    matrices: Collection[str] | None = None
    factors: dict[int, Factor] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)

    def look(self) -> None:
        """Find all factors, then the products; a letter that is left over somewhere numbers nothing."""
        k = 0
        while k < self.p.stop:
            here = self._factor(k)
            if here is not None:
                self.factors[k] = here
            k = here.next if here and here.letter else k + 1
        self.taken |= {f.letter for f in self.factors.values() if f.letter and f.index not in self.bound}
        while True:
            starts = range(self.p.stop)
            self.products = {k: found for k in starts if (found := self._product(k)) is not None}
            within = {found.row.start for found in self.products.values()}
            letters = {found.row.letter for found in self.products.values()}
            loose = {f.letter for k, f in self.factors.items() if f.letter in letters and k not in within}
            if not loose:
                return
            self.taken |= loose

    def _factor(self, k: int) -> Factor | None:
        """The letter or the bracket that begins at a token, with its scripts."""
        p, items = self.p, self.p.tokens.items
        close = p.tokens.partner.get(k) if items[k].value in ("(", "[") else None
        if not begins_name(items[k]) and close is None:
            return None
        p.i = k
        letter = glyph(p).base if close is None else ""
        p.i = p.i if close is None else close + 1
        body = p.i
        s = scripts(p)
        below = spelling(p, s.sub)
        index = index_name(below[0]) if len(below) == 1 else ""
        turned = is_transpose(p, spelling(p, s.sup))
        bare = items[k:body] if index in self.bound else _without_transpose(p, k, s if turned else Scripts())
        return Factor(k, p.i, tuple(bare), letter, index, turned, p.i if turned else body)

    def _numbered(self, f: Factor, *, transposed: bool) -> bool:
        large = _capital(f.letter)
        free = f.letter not in self.taken and large is not None and large not in self.taken
        free = free and (self.matrices is None or large in self.matrices)
        return f.index in self.bound and f.transposed == transposed and not f.upper and free

    def _product(self, k: int) -> Product | None:
        """The inner product that begins at a token."""
        if self.p.tokens.items[k].value == r"\langle":
            return self._in_angles(k)
        first = self.factors.get(k)
        if first is None or not first.transposed or first.upper:
            return None
        chain = [first]
        while len(chain) == 1 or chain[-1].upper:
            following = self.factors.get(chain[-1].stop)
            if following is None:
                break
            chain.append(following)
        *middle, last = chain[1:] or [first]
        if last is first or last.upper or last.transposed:
            return None
        if self._numbered(first, transposed=True) and last.index not in self.bound:
            return Product(first, (*middle, last), last.stop)
        if self._numbered(last, transposed=False) and first.index not in self.bound:
            turned = (replace(f, transposed=not f.transposed) for f in reversed(middle))
            return Product(last, (*turned, replace(first, transposed=False)), last.stop)
        return None

    def _in_angles(self, k: int) -> Product | None:
        first = self.factors.get(k + 1)
        second = self.factors.get(first.stop + 1) if first else None
        if first is None or second is None or self.p.tokens.partner[k] != second.stop:
            return None
        for row, other in ((first, second), (second, first)):
            if self._numbered(row, transposed=False) and other.index not in self.bound:
                return Product(row, (other,), second.stop + 1)
        return None

    def rewritten(self) -> Iterator[Token]:
        """The tokens, with entries of matrix products for the inner products."""
        items, k = self.p.tokens.items, 0
        while k < len(items):
            found = self.products.get(k)
            if found is None:
                yield items[k]
                k += 1
                continue
            at = items[k]
            yield from like(at, "(")
            yield from map(_large, found.row.bare)
            for f in found.rest:
                yield from f.bare
                yield from like(at, "^", r"\top") if f.transposed else ()
            yield from like(at, ")", "_", found.row.index)
            k = found.stop


def _without_transpose(p: Parser, start: int, s: Scripts) -> list[Token]:
    """The tokens from start to where the parser is, but for a superscript."""
    items = p.tokens.items
    if s.sup is None:
        return items[start : p.i]
    grouped = items[s.sup[0] - 1].kind == "open"
    return items[start : s.sup[0] - 1 - grouped] + items[s.sup[1] + grouped : p.i]


def _capital(letter: str) -> str | None:
    """The capital letter that belongs to a small one."""
    if letter.startswith("\\"):
        large = f"\\{letter[1:].capitalize()}"
        return large if large in GREEK_CAPITALS else None
    return letter.upper() if len(letter) == 1 and letter.isascii() else None


def _large(token: Token) -> Token:
    is_letter = token.kind in ("char", "macro") and token.value not in FONTS
    large = _capital(token.value) if is_letter else None
    return token._replace(value=large) if large else token
