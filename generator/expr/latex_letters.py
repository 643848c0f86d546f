"""The letters of a LaTeX text: where each is used, and what stands around it.

``uses`` walks the tokens once. Named functions, indices of sums, sizes and constants are no letters in this
sense. What people read in two ways, such as σx and f(x), is refused here, because only what is *not* declared
makes it ambiguous.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from generator.expr.functions import FUNCTIONS
from generator.expr.latex_heads import HEADS, WORDS
from generator.expr.latex_names import ACCENTED, LETTERS, UPRIGHT, begins_name, glyph
from generator.expr.latex_parser import ENDS, HADAMARD, TIMES, Parser
from generator.expr.latex_scripts import FONTS, Scripts, index_name, is_transpose, scripts, spelling
from generator.expr.latex_tokens import PAIRS, Token

_ENDS = {"+", "-", ",", "=", r"\|"}
_OF_VECTORS = {"diag", "softmax", "logsumexp"}
_TO_ARRAYS = {"diag", "vec", "softmax"}
_MACROS = {
    *HEADS, *ENDS, *FONTS, *ACCENTED, *LETTERS, *UPRIGHT, *PAIRS, *PAIRS.values(), r"\|", r"\top",
    r"\intercal", r"\prime", r"\partial", r"\nabla", r"\delta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """A letter at one place; ``wanted`` says that a vector is expected there, as after a matrix."""

    token: Token
    base: str
    accent: str = ""
    sub: tuple[str, ...] = ()
    bold: bool = False
    transposed: bool = False
    wanted: bool = False
    start: int = 0
    stop: int = 0

    @property
    def upper(self) -> bool:
        """Whether this is a capital letter."""
        return index_name(self.base)[0].isupper()

    @property
    def array(self) -> bool:
        """Whether the writing alone says that this is a vector or a matrix."""
        return self.upper or self.bold or self.transposed


@dataclass
class Walk:
    """A walk over the tokens; ``declared`` says whether a letter has a meaning of its own."""

    p: Parser
    declared: Callable[[str], bool]
    uses: list[Use] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)  # indices of sums
    sizes: set[str] = field(default_factory=set)
    array_ends: int = -1  # where the factor before ends, if that is a matrix or a row

    def over(self, start: int, stop: int, wanting: bool = False) -> None:
        """Walk from start to stop; in a ``wanting`` bracket every term is a vector."""
        k = start
        while k < stop:
            k = self._step(k, stop, wanting)

    def _step(self, k: int, stop: int, wanting: bool) -> int:
        token = self.p.tokens.items[k]
        if token.kind == "macro" and token.value not in _MACROS and token.value[1:] not in WORDS:
            self.p.fail(f"the macro `{token.value}` is not understood here", token)
        close = self.p.tokens.partner.get(k)
        if token.value == r"\sum":
            return self._sum(k)
        word, after = self._word(k)
        if word:
            return self._call(word, k, after, wanting)
        if close is not None:
            return self._bracket(k, close, stop, wanting)
        if token.value == r"\|":
            return self._norm(k, stop)
        if token.value in ("_", "^", "'"):
            return self._scripts(k)
        if begins_name(token):
            return self._name(k, stop, wanting)
        if token.value in TIMES and self.array_ends == k:
            self.array_ends = k + 1
        return k + 1

    def _at(self, k: int) -> str:
        items = self.p.tokens.items
        return items[k].value if 0 <= k < len(items) else ""

    def _take(self, k: int) -> Scripts:
        """The scripts that begin at a token, if any."""
        self.p.i = k
        return scripts(self.p)

    def _transposes(self, s: Scripts) -> bool:
        values = spelling(self.p, s.sup)
        return bool(values) and is_transpose(self.p, values[values[0] == "-" :])

    def _scripts(self, k: int) -> int:
        """Scripts after a bracket or a function."""
        s = self._take(k)
        stop, array = self.p.i, self.array_ends == k
        if s.sup and not self._transposes(s):
            self.over(*s.sup)
        self.array_ends = stop if array or self._transposes(s) else -1
        return stop

    def _sum(self, k: int) -> int:
        """The index and the upper limit of a sum."""
        s = self._take(k + 1)
        self.bound |= {index_name(v) for v in spelling(self.p, s.sub) if v not in "=,1"}
        self.sizes |= {v for v in spelling(self.p, s.sup) if v.isalpha()}
        return self.p.i

    # --- functions ------------------------------------------------------------------------------------

    def _word(self, k: int) -> tuple[str, int]:
        """The named function that begins here, and where its head ends."""
        token = self.p.tokens.items[k]
        word = token.value.strip() if token.kind == "text" else ""
        if token.kind == "macro":
            word = token.value[1:] if token.value not in (r"\sum", r"\vec", r"\sqrt") else ""
        if token.value == r"\sigma" and not self.declared(r"\sigma"):
            return self._sigma(k)
        if word in WORDS:
            return WORDS[word], k + 1
        if token.value in UPRIGHT or token.value in FONTS:
            self.p.i = k + 1
            named = "".join(spelling(self.p, self.p.argument()))
            if named in WORDS and not self.declared(named):
                return WORDS[named], self.p.i
        return "", k

    def _sigma(self, k: int) -> tuple[str, int]:
        """σ is the sigmoid before a bracket, and a number where nothing follows that it could take."""
        if self._at(k + 1) in ("(", "'"):
            return "sigmoid", k + 1
        self._take(k + 1)
        following = self.p.peek()
        if self.p.i == k + 1 and following and self.p.starts_factor(following):
            rest = self.p.written(k + 1, self._product_end(k + 1))
            hint = rf"write `\sigma({rest})` for the sigmoid, `\sigma \cdot {rest}` for a number σ"
            self.p.fail("σ can be read as a function or as a number", self.p.tokens.items[k], hint)
        return "", k

    def _product_end(self, k: int) -> int:
        while k < self.p.stop and self._at(k) not in (*_ENDS, ")", "]", "}"):
            k = self.p.tokens.partner.get(k, k) + 1
        return k

    def _call(self, word: str, head: int, k: int, wanting: bool) -> int:
        """The bracket after a named function; what is applied without one is walked on its own."""
        entrywise = word in FUNCTIONS and FUNCTIONS[word].elementwise
        vectors = word in _OF_VECTORS or (entrywise and (wanting or self.array_ends == head))
        s = self._take(k)
        start = self.p.i
        if s.sup:
            self.over(*s.sup)
        close = self.p.tokens.partner.get(start)
        if close is None or self._at(start) not in ("(", "["):
            return start
        before = len(self.uses)
        self.over(start + 1, close, vectors)
        array = word in _TO_ARRAYS or (entrywise and any(u.upper for u in self.uses[before:]))
        self.array_ends = close + 1 if array else -1
        return close + 1

    # --- brackets -------------------------------------------------------------------------------------

    def _bracket(self, k: int, close: int, stop: int, wanting: bool) -> int:
        opened = self._at(k)
        vectors = opened in (r"\lVert", r"\langle") or self.array_ends == k
        vectors = vectors or self._transposes(self._take(close + 1))
        vectors = vectors or (wanting and self._ends(close + 1, stop))
        before = len(self.uses)
        self.over(k + 1, close, vectors)
        inside = self.uses[before:]
        products = any(u.transposed and not u.upper for u in inside)  # perhaps numbers
        array = opened in ("(", "[") and any(u.upper for u in inside) and not products
        self.array_ends = close + 1 if array else -1
        return close + 1

    def _norm(self, k: int, stop: int) -> int:
        """A norm whose left and right bars look alike."""
        close = k + 1
        while close < stop and self._at(close) != r"\|":
            close = self.p.tokens.partner.get(close, close) + 1
        self.over(k + 1, close, wanting=True)
        self.array_ends = -1
        return close + 1

    def _ends(self, k: int, stop: int) -> bool:
        return k >= stop or self._at(k) in _ENDS

    # --- letters --------------------------------------------------------------------------------------

    def _name(self, k: int, stop: int, wanting: bool) -> int:
        self.p.i = k
        g = glyph(self.p)
        s = scripts(self.p)
        end, transposed = self.p.i, self._transposes(s)
        sub = spelling(self.p, s.sub)
        around = {self._at(k - 1), self._at(end)}
        wanted = self.array_ends == k or bool(around & {*HADAMARD}) or (wanting and self._ends(end, stop))
        constant = self._constant(g.base, g.bold, s, sub)
        run = len(g.base) > 1 and g.bold and g.base.isalpha() and not self.declared(g.base)
        for letter in () if constant else g.base if run else (g.base,):
            tail = not run or letter == g.base[-1]  # the scripts belong to the last letter
            below, turned = sub if tail else (), transposed and tail
            self.uses.append(Use(g.token, letter, g.accent, below, g.bold, turned, wanted, k, end))
        array = g.base != "e" if constant else self.uses[-1].array
        if s.sup and not transposed:
            self.over(*s.sup)
        self.array_ends = end if array else -1
        self._refuse_application(g.token, g.base, k, end, constant)
        return end

    def _constant(self, base: str, bold: bool, s: Scripts, sub: tuple[str, ...]) -> bool:
        """The identity, ones and zeros, perhaps with a size; and the base of the exponential."""
        if self.declared(base):
            return False
        if base == "I" or (bold and base in ("0", "1")):
            self.sizes |= {v for v in sub if v.isalpha()}
            return True
        return base == "e" and not bold and s.sup is not None

    def _refuse_application(self, token: Token, base: str, k: int, end: int, constant: bool) -> None:
        """f(x) may be a product, or a function that nobody has declared."""
        close = self.p.tokens.partner.get(end)
        if constant or close is None or self._at(end) != "(" or self.declared(base):
            return
        inside = self.p.tokens.items[end + 1 : close]
        inside = [
            t
            for t, before in zip(inside, ["", *(b.value for b in inside)], strict=False)
            if t.value != "_" and before != "_"
        ]  # φ(x_i) is written like φ(x)
        names = [t for t in inside if begins_name(t) and t.value not in FONTS]
        plain = all(begins_name(t) or t.kind in ("open", "close") or t.value == "," for t in inside)
        if plain and len(names) == 1 + sum(t.value == "," for t in inside):
            head, body = self.p.written(k, end), self.p.written(end + 1, close)
            hint = rf"write `{head} \cdot {body}` for the product; a function has to be written out"
            self.p.fail(f"`{head}({body})` can be read as a product or as a function", token, hint)
