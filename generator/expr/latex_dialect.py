"""Common ways of writing that the reader does not know, put in its own words before it reads.

A new token keeps the place of the one that it stands for, so that a message points at what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.expr.latex_scripts import index_name
from generator.expr.latex_tokens import Token, Tokens


def in_our_words(source: str, items: list[Token]) -> list[Token]:
    """The tokens with arrows, roots of any order and indices in brackets written in the usual way."""
    for rule in (_arrows, _roots, _upper_indices):
        items = [*rule(Tokens(source, items))]
    return items


def like(token: Token, *values: str) -> Iterator[Token]:
    """Tokens with these values at the place of another."""
    kinds = {"{": "open", "}": "close"}
    for value in values:
        kind = kinds.get(value) or ("macro" if value[0] == "\\" else "char")
        yield token._replace(kind=kind, value=value)  # type: ignore[arg-type]


def _arrows(tokens: Tokens) -> Iterator[Token]:
    r"""Before a parenthesis ``\vec`` stacks columns; elsewhere it is a font."""
    for token, following in zip(tokens.items, [*tokens.items[1:], None], strict=True):
        if token.value == r"\vec" and following and following.value in ("(", "["):
            yield token._replace(kind="text", value="vec")
        else:
            yield token


def _roots(tokens: Tokens) -> Iterator[Token]:
    r"""``\sqrt[3]{x}`` is ``(x)^{1/3}``; the parentheses stand where the braces did."""
    items, skipped = tokens.items, set[int]()
    after: dict[int, list[Token]] = {}
    for k, token in enumerate(items):
        close = tokens.partner.get(k + 1, len(items))
        body = close + 1
        if token.value == r"\sqrt" and body < len(items) and items[k + 1].value == "[":
            stop = tokens.partner.get(body, body)
            skipped.update(range(k, body + (stop > body)), (stop,) if stop > body else ())
            order = items[k + 2 : close]
            after[stop] = [*like(token, ")", "^", "{", "1", "/"), *order, *like(token, "}")]
            yield from like(token, "(")
        elif k not in skipped:
            yield token
        yield from after.pop(k, ())


def summed(items: Iterable[Token]) -> set[str]:
    """The letters below a sign of summation, but for those of a bound."""
    found, below, depth = set[str](), False, 0
    before = ""
    for token in items:
        if token.value == "_" and before == r"\sum":
            below, depth = True, 0
        elif below:
            depth += (token.kind == "open") - (token.kind == "close")
            if token.kind in ("char", "macro") and index_name(token.value).isalpha() and before != "=":
                found.add(index_name(token.value))
            below = depth > 0
        before = token.value
    return found


def _upper_indices(tokens: Tokens) -> Iterator[Token]:
    """An index of a sum that stands above, in brackets, as in ``x^{(i)}``: it belongs below."""
    items, bound, k = tokens.items, summed(tokens.items), 0
    while k < len(items):
        at = items[k : k + 5]
        values = [t.value for t in at]
        if values[:3] == ["^", "{", "("] and index_name(at[3].value) in bound and values[4:] == [")"]:
            close = tokens.partner[k + 1]
            yield from (*like(at[0], "_"), at[1], at[3], *like(items[close], "}"))
            above = items[k + 5 : close]
            if above:
                yield from (*like(at[0], "^", "{"), *above, items[close])
            k = close + 1
            continue
        yield items[k]
        k += 1
