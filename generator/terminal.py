"""A derivation for reading in a terminal: Unicode mathematics, chains aligned at their relation signs.

``compose`` makes the page as styled rows of text; ``show`` prints it, in a terminal through rich, which knows
about colours and ``NO_COLOR``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining

from generator.derivation import Chain, Derivation, Item, Line, Quote, Say, Step
from generator.expr.abstract import Maps
from generator.expr.calculus import Member, Under
from generator.expr.letters import letter
from generator.expr.match import find
from generator.expr.nodes import Node, Sym
from generator.expr.shapes import is_column, is_scalar
from generator.expr.unicode_writer import pieces, to_unicode
from generator.problem import Problem
from generator.tellings import agreement, headings

if TYPE_CHECKING:
    from rich.console import Console

LABEL = 9  # the column in which text starts beside a label such as "Given"
WIDEST = 110  # of a page
MARGIN = 3  # formulas under a step title


class Row(NamedTuple):
    """One printed line; ``boxed`` rows stand in the frame of the answer."""

    text: str
    style: str = ""
    label: str = ""
    boxed: bool = False


def show(
    derivation: Derivation,
    summary: str = "",
    inferred: Collection[str] = (),
    console: Console | None = None,
) -> None:
    """Print a derivation with the summary of its check; names in ``inferred`` got their shape from us."""
    if console is None and not sys.stdout.isatty() and not os.environ.get("FORCE_COLOR"):
        width = min(shutil.get_terminal_size().columns, WIDEST)
        print(plain(derivation, summary, inferred, width), end="")
        return
    from rich import box
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    out = console or Console(highlight=False)
    rows = list(compose(derivation, summary, inferred, min(out.width, WIDEST)))
    framed = [row.text for row in rows if row.boxed]
    for row in rows:
        if not row.boxed:
            label = Text(row.label.ljust(LABEL), "bold cyan") if row.label else Text()
            out.print(label + Text(row.text, row.style), soft_wrap=True)
        elif framed:
            text = Text("\n".join(framed), "bold")
            out.print(Panel(text, box=box.ROUNDED, expand=False, border_style="green"))
            framed = []


def plain(derivation: Derivation, summary: str = "", inferred: Collection[str] = (), width: int = 80) -> str:
    """The same as text without colours."""
    rows = list(compose(derivation, summary, inferred, width))
    framed = [row.text for row in rows if row.boxed]
    lines = []
    for row in rows:
        if not row.boxed:
            lines.append((row.label.ljust(LABEL) if row.label else "") + row.text)
        elif framed:
            inner = max(map(_cells, framed))
            lines.append(f"╭{'─' * (inner + 2)}╮")
            lines += [f"│ {text}{' ' * (inner - _cells(text))} │" for text in framed]
            lines.append(f"╰{'─' * (inner + 2)}╯")
            framed = []
    return "".join(f"{line}\n" for line in lines)


def compose(
    derivation: Derivation, summary: str = "", inferred: Collection[str] = (), width: int = 80
) -> Iterator[Row]:
    """The rows of the page: given, size, idea, steps, answer, conditions, checks, summary."""
    yield from (Row(text, "bold") for text in _fold(task(derivation.problem), width))
    yield Row("")
    yield from _labelled("Given", _given(derivation.problem, inferred, width - LABEL))
    yield from _labelled("Size", _items(derivation.size, width - LABEL))
    for title, one in zip(headings(derivation), derivation.tellings, strict=True):
        if title:
            yield from (Row(""), Row(title, "bold cyan"))
        yield from _labelled("Idea", _items((one.idea,), width - LABEL))
        for number, step in enumerate(one.steps, 1):
            yield from _step(step, str(number), width)
    yield Row("")
    yield from _items(agreement(derivation), width)
    for row in _chain(derivation.answers, width - 4):
        yield Row(row.text, boxed=True)
    yield from _labelled("Note", _items(derivation.conditions, width - LABEL))
    yield from _labelled("Checks", _items(derivation.checks, width - LABEL))
    if summary:
        yield from _labelled("Verified", (Row(text, "green") for text in _fold(summary, width - LABEL)))


def task(problem: Problem) -> str:
    """What is asked, in one line."""
    by = ", ".join(letter(s.name) for s in problem.wrt)
    scalar, single = is_scalar(problem.function.shape), len(problem.wrt) == 1
    plain = single and (is_scalar(problem.wrt[0].shape) or not (scalar or is_column(problem.function.shape)))
    if problem.order == 2:
        what = "Second derivative" if single and is_scalar(problem.wrt[0].shape) else "Hessian"
        return f"{what} of {definition(problem)} with respect to {by}"
    what = "Derivative" if plain else "Gradient" if scalar else "Jacobian"
    return f"{what} of {definition(problem)} with respect to {by}"


def definition(problem: Problem) -> str:
    """The function with its body: ``L = tr(AX)`` or ``f(x) = …``."""
    named = ", ".join(letter(s.name) for s in problem.parameters)
    head = letter(problem.function.name) + (f"({named})" if named else "")
    return f"{head} = {to_unicode(problem.body)}"


def membership(symbol: Sym) -> str:
    """``X ∈ ℝⁿˣᵐ``, with the assumptions in words."""
    return ", ".join(
        [to_unicode(Member(symbol)), *(word.replace("_", " ") for word in sorted(symbol.assume))]
    )


def _given(problem: Problem, inferred: Collection[str], width: int) -> Iterator[Row]:
    told = [membership(s) for s in problem.symbols.values()]
    told += [to_unicode(Maps((fun,))) for fun in problem.functions.values()]
    yield from map(Row, _pack(told, width, "   "))
    guessed = [letter(name) for name in problem.symbols if name in inferred]
    if guessed:
        yield from (Row(t, "dim") for t in _fold(f"(sizes of {', '.join(guessed)} inferred)", width))


def _labelled(label: str, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows beside a label; a label with nothing beside it is left out."""
    for k, row in enumerate(rows):
        yield Row(row.text if k == 0 else " " * LABEL + row.text, row.style, label if k == 0 else "")


def _step(step: Step, number: str, width: int) -> Iterator[Row]:
    yield Row("")
    yield Row(f"{number}  {step.title}", "bold")
    for row in _items(step.items, width - MARGIN):
        yield Row(" " * MARGIN + row.text, row.style)
    for k, inner in enumerate(step.steps, 1):
        yield from _step(inner, f"{number}.{k}", width)


def _items(items: Iterable[Item], width: int) -> Iterator[Row]:
    for item in items:
        match item:
            case Chain():
                yield from _chain(item.lines, width)
            case Say():
                bullet = "• " if item.bullet else ""
                for k, text in enumerate(_fold(sentence(item), width - len(bullet))):
                    yield Row((bullet if k == 0 else " " * len(bullet)) + text)
            case Quote():
                text = f"Rule: {to_unicode(item.lhs)} = {to_unicode(item.rhs)}"
                because = f"  ({item.because})" if item.because else ""
                yield from (Row(t, "dim italic") for t in _fold(text + because, width))


def sentence(say: Say) -> str:
    """A sentence with its formulas in Unicode."""
    return re.sub(r"\{(\d+)\}", lambda m: to_unicode(say.parts[int(m[1])]), say.text)


def _chain(lines: tuple[Line, ...], width: int) -> Iterator[Row]:
    """Lines aligned at their relation signs; a left side that is too long stands on a line of its own."""
    heads = [to_unicode(line.lhs) if line.lhs is not None else "" for line in lines]
    widths = list(map(_cells, heads))
    column = max((cells for cells in widths if cells <= width // 3), default=2)
    for line, head, cells in zip(lines, heads, widths, strict=True):
        if cells > column:
            yield Row(head)
            head, cells = "", 0
        sign = "≔" if line.mode == "definition" else "="
        guard = [f"  ({to_unicode(line.guard)})"] if line.guard is not None else []
        for k, text in enumerate(_pack([*pieces(line.rhs), *guard], width - column - 3)):
            lead = head + " " * (column - cells) + f" {sign} " if k == 0 else " " * (column + 3)
            yield Row(lead + text)
        notes = [f"{to_unicode(u.arg)}: {_note(u)}" for u in find(line.rhs, Under)]
        yield from (Row(" " * (column + 3) + t, "dim") for t in _pack(notes, width - column - 3, "   "))


def _note(under: Under) -> str:
    return "".join(to_unicode(part) if isinstance(part, Node) else part for part in under.note)


def _pack(parts: list[str], width: int, gap: str = " ") -> Iterator[str]:
    """As many parts on a line as fit; a part longer than a line is folded at its spaces."""
    line = ""
    for part in parts:
        if line and _cells(line + gap + part) > width:
            yield line
            line = ""
        line = line + gap + part if line else part
        *full, line = _fold(line, width)
        yield from full
    if line:
        yield line


def _fold(text: str, width: int) -> list[str]:
    text = text.lstrip(" ")
    if _cells(text) <= width:
        return [text]
    lines, used = [""], 0
    for word in text.split(" "):
        cells = _cells(word)
        if lines[-1] and used + 1 + cells > width:
            lines.append(word)
            used = cells
        else:
            lines[-1], used = (f"{lines[-1]} {word}", used + 1 + cells) if lines[-1] else (word, cells)
    return lines


def _cells(text: str) -> int:
    """The width of a text; an accent stands on the letter before it."""
    return len(text) if text.isascii() else len(text) - sum(map(bool, map(combining, text)))
