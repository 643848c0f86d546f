"""A cursor over the tokens of a formula: looking, taking, refusing, and keeping within a range."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from generator.errors import InputError, ShapeError
from generator.expr.latex_tokens import MAX_DEPTH, Token, Tokens
from generator.expr.nodes import Node

R = TypeVar("R")


class Cursor:
    """Where the reader is, and where it must stop."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.i, self.stop = 0, len(tokens.items)
        self.bar: str | None = None  # the bar that is open, where left and right look alike
        self.depth = 0

    def peek(self, ahead: int = 0) -> Token | None:
        """The next token, without taking it."""
        k = self.i + ahead
        return self.tokens.items[k] if k < self.stop else None

    def at(self, *values: str, ahead: int = 0) -> bool:
        """Whether the next token is one of these characters or macros."""
        token = self.peek(ahead)
        return token is not None and token.kind in ("char", "macro") and token.value in values

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        if token is None:
            self.unexpected()
        self.i += 1
        return token

    def expect(self, value: str) -> Token:
        """The next token, which must be this one."""
        if not self.at(value):
            self.unexpected(f"`{value}` is missing here")
        return self.take()

    def fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        """Refuse the formula at a token (at the end, if there is none)."""
        raise self.refusal(message, token, hint)

    def refusal(self, message: str, token: Token | None = None, hint: str | None = None) -> InputError:
        """What is said when a formula is refused."""
        source = self.tokens.source
        if token is None:
            items = self.tokens.items
            column = items[self.i].pos if self.i < len(items) else items[-1].end if items else 0
            return InputError(message, hint=hint, source=source, column=min(column, max(0, len(source) - 1)))
        return InputError(message, hint=hint, source=source, column=token.pos, width=token.end - token.pos)

    def unexpected(self, message: str = "") -> NoReturn:
        """Refuse what comes next."""
        token = self.peek()
        if token is None:
            self.fail(message or "something is missing here")
        hint = r"write `\cdot`, or `\odot` for a product entry by entry" if token.value == "*" else None
        self.fail(message or f"`{token.value}` is not understood here", token, hint)

    def written(self, start: int, stop: int) -> str:
        """The tokens from start to stop as they are written."""
        items = self.tokens.items
        return " ".join(self.tokens.source[items[start].pos : items[stop - 1].end].split())

    def make(self, token: Token, build: Callable[..., Node], *args: object) -> Node:
        """Build a node; a misfit of sizes is reported at the token."""
        try:
            return build(*args)
        except ShapeError as error:
            width = token.end - token.pos
            source = self.tokens.source
            raise ShapeError(error.message, source=source, column=token.pos, width=width) from None

    def within(self, start: int, stop: int, rule: Callable[[], R]) -> R:
        """Read the tokens from start to stop, all of them, by a rule; go on after them."""
        saved = self.i, self.stop, self.bar
        self.i, self.stop, self.bar = start, stop, None
        self.deeper()
        result = rule()
        self.depth -= 1
        if self.i < self.stop:
            self.unexpected()
        self.i, self.stop, self.bar = saved
        return result

    def deeper(self) -> None:
        """Count how deep the formula is nested."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.unexpected(f"nested more than {MAX_DEPTH} deep")

    def argument(self) -> tuple[int, int]:
        """Take an argument of a macro or a script: a group, or one token; its range without the braces."""
        token = self.take()
        start = self.i - 1
        if token.kind == "open":
            self.i = self.tokens.partner[start] + 1
            return start + 1, self.i - 1
        if token.kind == "macro" and (opened := self.peek()) and opened.kind == "open":
            self.i = self.tokens.partner[self.i] + 1  # x_\mathrm{max}
            return start, self.i
        if token.kind not in ("char", "macro", "text"):
            self.fail("an argument is missing here", token)
        return start, self.i

    def enclosed(self, rule: Callable[[], R]) -> R:
        """Read what stands between the next bracket and its partner."""
        start = self.i
        close = self.tokens.partner[start]
        result = self.within(start + 1, close, rule)
        self.i = close + 1
        return result

    def look(self, at: tuple[int, int], rule: Callable[[], R]) -> R:
        """What a rule finds at the start of a range; nothing is taken."""
        saved = self.i, self.stop
        self.i, self.stop = at
        result = rule()
        self.i, self.stop = saved
        return result

    def attempt(self, start: int, stop: int, rule: Callable[[], R]) -> R | None:
        """What a rule makes of a range, or ``None`` if it cannot read it; nothing is taken."""
        saved = self.i, self.stop, self.bar, self.depth
        try:
            return self.within(start, stop, rule)
        except InputError:
            return None
        finally:
            self.i, self.stop, self.bar, self.depth = saved
