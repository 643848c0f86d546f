"""How much of a derivation is told: every line, one line a thought, or the main lines only.

``standard`` leaves out a line that is only tidied up in the next one. ``brief`` keeps, of every step, what
each main quantity has become at its end; steps that go on from the derivative, to its zeros or to what it
says of the function, stay as in ``standard``, because a conclusion needs its reason. Nothing is rewritten: a
line that stays equals the one before it, and the text is confirmed like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.derivation import CURVATURE, Chain, Derivation, Item, Line, Step
from generator.expr.calculus import App, D, Grad, Partial, Under
from generator.expr.match import find, occurs
from generator.expr.nodes import Entry, Node, Sym
from generator.problem import Detail
from generator.rules import RULES

_TIDYING = {name for name, rule in RULES.items() if rule.minor} | {
    "transpose of a product", "transpose of a sum", "one transpose for many", "common factors",
    "distributive law", "inverse of a product",
}  # fmt: skip


def told_in(derivation: Derivation, detail: Detail) -> Derivation:
    """The derivation, and its further tellings, in this much detail."""
    if detail == "full":
        return derivation
    also = tuple(told_in(other, detail) for other in derivation.also)
    if detail == "standard":
        return replace(derivation, steps=tuple(map(_tidied, derivation.steps)), also=also)
    steps = derivation.steps
    zeros = next((k for k, step in enumerate(steps) if _concludes(step)), len(steps))
    before, after = steps[:zeros], steps[zeros:]
    main = _in_steps(_main_lines(replace(derivation, steps=before)))
    return replace(derivation, steps=(*main, *map(_tidied, after)), checks=(), also=also)


def _concludes(step: Step) -> bool:
    """Whether a step draws a conclusion from the derivative."""
    if step.title == CURVATURE:
        return True
    chains = (item for item in step.items if isinstance(item, Chain))
    return any(line.mode == "condition" for chain in chains for line in chain.lines)


# --- standard: one line a thought ---------------------------------------------------------------------


def _tidied(step: Step) -> Step:
    items = tuple(_one_a_thought(item) if isinstance(item, Chain) else item for item in step.items)
    return replace(step, items=items, steps=tuple(map(_tidied, step.steps)))


def _one_a_thought(chain: Chain) -> Chain:
    """The chain without the lines that the next one only tidies up."""
    kept: list[Line] = []
    for line in chain.lines:
        if kept and line.rule in _TIDYING and _continues(kept[-1], line):
            line = replace(line, lhs=kept.pop().lhs)
        kept.append(line)
    return Chain(tuple(kept))


def _continues(before: Line, line: Line) -> bool:
    """Whether a line may take the place of the one before it: both are plain, that one has no braces."""
    plain = line.lhs is None and line.guard is None and before.guard is None and before.mode == "identity"
    return plain and not find(before.rhs, Under)


# --- brief: the main lines ----------------------------------------------------------------------------


def _main_lines(derivation: Derivation) -> list[Line]:
    """Of every step what each main quantity has become, and the definitions that these lines need."""
    body, answers = derivation.problem.body, {line.rhs for line in derivation.answers}
    found: list[Line] = []
    for step in derivation.all_steps():
        found += _last_lines(step.items)
    kept = [line for line in found if line.mode != "identity" or not _repeats(line, body, answers)]
    needed: list[Line] = []
    for line in reversed(kept):
        if line.mode != "definition" or any(line.lhs and occurs(line.lhs, e) for e in _sides(needed)):
            needed.insert(0, line)
    return needed


def _in_steps(lines: Iterable[Line]) -> list[Step]:
    """The lines in one step; where a name comes to stand for something else, another one begins."""
    blocks: list[list[Line]] = [[]]
    known: dict[Node | None, Node] = {}
    for line in lines:
        if line.mode == "definition" and known.setdefault(line.lhs, line.rhs) != line.rhs:
            blocks.append([])
            known = {line.lhs: line.rhs}
        blocks[-1].append(line)
    titles = ["The main lines", *["Further main lines"] * len(blocks)]
    return [Step(title, tuple(_chains(b))) for title, b in zip(titles, blocks, strict=False) if b]


def _repeats(line: Line, body: Node, answers: set[Node]) -> bool:
    """Whether a line says what the statement or the answer says already."""
    return line.rhs in answers or line.rhs == body or bool(find(line.rhs, Under))


def _sides(lines: Iterable[Line]) -> Iterator[Node]:
    for line in lines:
        yield line.rhs
        if line.lhs is not None:
            yield line.lhs


def _last_lines(items: Iterable[Item]) -> list[Line]:
    """The definitions of a step, and the last line about each main quantity."""
    found: dict[tuple[str, Node], Line] = {}
    for chain in (item for item in items if isinstance(item, Chain)):
        head = chain.lines[0].lhs
        for line in chain.lines:
            head = line.lhs if line.lhs is not None else head
            if head is None or line.guard is not None or (line.mode == "identity" and not _is_main(head)):
                continue
            found.pop((line.mode, head), None)  # the place of the last one counts
            found[line.mode, head] = replace(line, lhs=head)
    return list(found.values())


def _is_main(head: Node) -> bool:
    """Whether a left-hand side is a named quantity, or a derivative of one."""
    match head:
        case Sym() | App() | Grad():
            return True
        case D(arg=D(arg)) | D(arg):
            return isinstance(arg, Sym | App)
        case Partial(of):
            return isinstance(of, Sym | App | Entry)
    return False


def _chains(lines: Iterable[Line]) -> Iterator[Chain]:
    """The lines as chains: one about the same quantity continues the line before it."""
    block: list[Line] = []
    for line in lines:
        plain = line.mode == "identity"
        if block and plain and block[-1].mode == "identity" and block[0].lhs == line.lhs:
            block.append(replace(line, lhs=None))
            continue
        if block:
            yield Chain(tuple(block))
        block = [line]
    if block:
        yield Chain(tuple(block))
