"""Tokens -> expression tree: sums, products, quotients, differentials; atoms are in ``latex_atoms``.

Parentheses are kept as ``Group`` here; ``latex_finish`` drops those that the writer would print by itself.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from generator.errors import InputError, ShapeError
from generator.expr.calculus import D, Op
from generator.expr.grammar import MUL, printed
from generator.expr.latex_atoms import atom
from generator.expr.latex_cursor import Cursor
from generator.expr.latex_dots import fold_dots
from generator.expr.latex_heads import WORDS
from generator.expr.latex_names import UPRIGHT
from generator.expr.latex_scripts import FONTS, apply
from generator.expr.latex_table import Names, Table
from generator.expr.latex_tokens import Token, Tokens
from generator.expr.nodes import Add, Call, Div, Had, Idx, MatPow, Mul, Neg, Node, Norm, Num, Pow, Sym, T
from generator.expr.shapes import Shape, is_column, is_scalar, same_shape, show

TIMES = (r"\cdot", r"\times")
HADAMARD = (r"\circ", r"\odot")
ELEMENTWISE = (*HADAMARD, r"\oslash", r"\otimes")
DOTS = (r"\cdots", r"\ldots", r"\dots")
RELATIONS: dict[str, Op] = {
    "=": "=", r"\coloneqq": ":=", r"\neq": "≠", r"\ne": "≠", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">",
    r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤", r"\ge": "≥", r"\geq": "≥", r"\geqslant": "≥",
    r"\approx": "≈",
}  # fmt: skip
_DECORATED = (r"\overset", r"\underset", r"\stackrel")
ENDS = {
    *TIMES, *ELEMENTWISE, *DOTS, *RELATIONS, *_DECORATED, r"\\", r"\rangle", r"\rVert", r"\rvert", r"\}",
    r"\land", r"\wedge",
}  # fmt: skip


class Parser(Cursor):
    """Reads one formula, or the expressions in it."""

    def __init__(
        self, tokens: Tokens, table: Table, *, columns: bool = False, wide_sums: bool = False,
        strict: bool = False, bars: str = "",
    ) -> None:  # fmt: skip
        super().__init__(tokens)
        self.table = table
        self.names = Names(table)
        self.columns = columns  # whether bold 1 and 0 are vectors
        self.wide_sums = wide_sums  # whether the scope of Σ goes on over plus and minus
        self.strict = strict  # whether to refuse what people read in two ways
        self.bars = bars  # what bars around an array mean then, if that is known: "abs" or "norm"
        self.free: dict[str, Idx] = {}
        self.places: dict[str, Token] = {}  # where an index first occurs
        self.bound: dict[str, Idx] = {}
        self.moving: dict[str, Sym] = {}  # what goes to zero in a limit
        self.in_guard = False

    def relation(self) -> Op | None:
        """Take a relation sign, if there is one; one with something over it counts as the plain sign."""
        if self.at(":") and self.at("=", ahead=1):
            self.i += 2
            return ":="
        token = self.peek()
        if token is None or token.kind not in ("char", "macro"):
            return None
        if token.value in _DECORATED:
            self.i += 1
            self.argument()
            return self.within(*self.argument(), self.relation)
        found = RELATIONS.get(token.value)
        self.i += found is not None
        return found

    def is_relation(self, token: Token) -> bool:
        """Whether a token is a relation sign, or parts the cells of a row."""
        return token.kind in ("char", "macro") and (token.value in RELATIONS or token.value in ("&", r"\\"))

    def same_sides(self, token: Token, left: Shape, right: Shape) -> None:
        """Require equal sizes on both sides of a relation."""
        if not same_shape(left, right):
            message = f"the left side is a {show(left)}, the right side is a {show(right)}"
            source, width = self.tokens.source, token.end - token.pos
            raise ShapeError(message, source=source, column=token.pos, width=width)

    def has_relation(self, start: int, stop: int) -> bool:
        """Whether a relation sign occurs in a range, outside brackets and groups."""
        k = start
        while k < stop:
            token = self.tokens.items[k]
            if token.kind in ("char", "macro") and token.value in RELATIONS:
                return True
            k = self.tokens.partner.get(k, k) + 1
        return False

    def sum(self) -> Node:
        """A sum of signed terms, some of which may be dots."""
        first = self.peek()
        if first is None:
            self.unexpected()
        terms: list[Node | None] = [self.term(self.at("-") and bool(self.take()))]
        while self.at("+", "-"):
            sign = self.take()
            if not self.at(*DOTS):
                terms.append(self.term(sign.value == "-"))
            elif sign.value == "-":
                self.fail("dots after a minus sign are ambiguous", sign)
            else:
                self.take()
                terms.append(None)
        if None in terms:
            terms = [*fold_dots(self, first, terms)]
        found = [t for t in terms if t is not None]
        return found[0] if len(found) == 1 else self.make(first, Add, tuple(found))

    def term(self, negative: bool) -> Node:
        """A term after its sign."""
        node = self.hadamard()
        return Neg(node) if negative else node

    def hadamard(self) -> Node:
        """Products joined by one elementwise operator or by ⊗."""
        first = self.peek()
        factors = [self.product()]
        operator: str | None = None
        while self.at(*ELEMENTWISE):
            token = self.take()
            kind = r"\circ" if token.value in HADAMARD else token.value
            if operator not in (None, kind) or (operator == r"\oslash"):
                self.fail(f"`{token.value}` after `{operator}` is ambiguous: write parentheses", token)
            operator = kind
            factors.append(self.product())
        if operator is None or first is None:
            return factors[0]
        if operator == r"\circ":
            return self.make(first, Had, tuple(factors))
        if any(printed(f) <= MUL and not isinstance(f, D) for f in factors):
            self.fail(f"a product next to `{operator}` is ambiguous: write parentheses", first)
        if operator == r"\oslash":
            return self.make(first, Div, *factors)
        node = factors[0]
        for f in factors[1:]:
            node = self.make(first, Call, "kron", (node, f))
        return node

    def product(self, *, signs: bool = True) -> Node:
        """Factors side by side, or with multiplication ``signs`` too; a single slash divides."""
        first = self.peek()
        factors = [self.factor()]
        while True:
            token = self.peek()
            if token is None or first is None:
                break
            if self.at(*TIMES):
                if not signs:
                    break
                if self.strict and self.at(r"\cdot"):
                    factors = self.dotted(first, factors)
                    continue
                self.take()
            elif self.at("/"):
                factors = [self.quotient(self.many(first, factors))]
                continue
            elif not self.starts_factor(token):
                break
            elif token.is_digit:
                self.fail(r"a number after a factor needs `\cdot` before it", token)
            factors.append(self.factor())
        return factors[0] if first is None else self.many(first, factors)

    def dotted(self, first: Token, factors: list[Node]) -> list[Node]:
        """The factors on both sides of a dot; between two vectors it makes the inner product."""
        left, sign = self.many(first, factors), self.take()
        right = self.product(signs=False)
        more = right.factors if isinstance(right, Mul) else (right,)
        if is_column(left.shape) and is_column(right.shape):
            return [self.make(sign, Mul, (T(left), *more))]
        return [*factors, *more]

    def many(self, token: Token, factors: list[Node]) -> Node:
        """One factor as it is, several as a product."""
        if self.strict:
            self.refuse_columns(token, factors)
        return factors[0] if len(factors) == 1 else self.make(token, Mul, tuple(factors))

    def refuse_columns(self, token: Token, factors: list[Node]) -> None:
        """Two vectors side by side may be any of three products."""
        for left, right in pairwise(f for f in factors if not is_scalar(f.shape)):
            if is_column(left.shape) and is_column(right.shape):
                hint = r"write `x^\top y` or `x \cdot y`, `x y^\top`, or `x \odot y`"
                self.fail("a product of two vectors can be read in several ways", token, hint)

    def quotient(self, num: Node) -> Node:
        """A slash divides by one factor, next to which nothing may stand (unless both are numbers)."""
        slash = self.take()
        start = self.i
        den = self.factor()
        following = self.peek()
        clear = isinstance(num, Num) and isinstance(den, Num) and not self.strict
        if self.at("/") or (following is not None and self.starts_factor(following) and not clear):
            below, above = self.written(start, self.i), self.written(start - 2, start - 1)
            rest = "…" if self.at("/") else self.rest()
            hint = rf"write `\frac{{{above}}}{{{below}}} {rest}` or `\frac{{{above}}}{{{below} {rest}}}`"
            self.fail(r"what belongs under the slash is ambiguous: use `\frac`", slash, hint)
        return self.divide(slash, num, den)

    def rest(self) -> str:
        """The product that follows, as it is written; for the message that refuses the formula."""
        start = self.i
        with suppress(InputError):
            self.product()
        return self.written(start, max(self.i, start + 1))

    def divide(self, token: Token, num: Node, den: Node) -> Node:
        """A quotient by a scalar."""
        if not is_scalar(den.shape):
            self.fail(r"a quotient by a vector or matrix: use `\oslash` for entrywise division", token)
        return self.make(token, Div, num, den)

    def starts_factor(self, token: Token) -> bool:
        """Whether a token can begin a factor."""
        if token.kind == "text":
            return token.value.strip() in WORDS
        if token.kind in ("open", "begin"):
            return True
        if token.kind == "macro":
            return token.value not in ENDS and token.value != self.bar
        if token.value == "(" and self.has_relation(self.i + 1, self.tokens.partner[self.i]):
            return False  # a guard
        if token.value == "|":
            return self.bar != "|"
        return token.kind == "char" and (token.value.isalnum() or token.value in "([")

    # --- factors ------------------------------------------------------------------------------------

    def factor(self) -> Node:
        """A differential, or an atom with its scripts."""
        token = self.peek()
        if token is None:
            self.unexpected()
        length = self.differential()
        if not length:
            return self.postfix()
        self.i += length
        twice = self.second()
        self.deeper()
        arg = self.postfix()
        self.depth -= 1
        if isinstance(arg, Pow | MatPow) and not isinstance(arg.base, Norm | Call):
            self.fail("d of a power is ambiguous: write parentheses", token)
        return D(D(arg)) if twice else D(arg)

    def second(self) -> bool:
        """Whether the d just read has the exponent 2 of a second differential, which is taken."""
        for tokens in (["^", "2"], ["^", "{", "2", "}"]):
            if [t.value for t in self.tokens.items[self.i : self.i + len(tokens)]] == tokens:
                self.i += len(tokens)
                return True
        return False

    def postfix(self) -> Node:
        """An atom with subscripts and superscripts."""
        token = self.peek()
        if token is None:
            self.unexpected()
        node, left = atom(self)
        return apply(self, node, left, token)

    def list(self) -> tuple[Node, ...]:
        """Expressions with commas between them."""
        items = [self.sum()]
        while self.at(","):
            self.take()
            items.append(self.sum())
        return tuple(items)

    def differential(self) -> int:
        """How many tokens make a d here; an italic one must not be a name, and something must follow it."""
        items = self.tokens.items[self.i : min(self.i + 4, self.stop)]
        values = [t.value for t in items]
        if values[:1] and values[0] in UPRIGHT and values[1:] == ["{", "d", "}"]:
            return 4
        if items and items[0].kind == "text":
            return int(values[0] == "d")
        if values[:1] != ["d"] or self.names.find("d", "", "", "") or len(items) < 2:
            return 0
        follows = items[3] if values[1:3] == ["^", "2"] and len(items) == 4 else items[1]
        if follows.kind == "macro" and follows.value in FONTS:
            return 1
        return int(follows.value == "(" or self.names.find(follows.value, "", "", "") is not None)
