"""A derivation as plain text, for reading in a diff: every sentence, every line with its rule."""

from __future__ import annotations

from collections.abc import Iterator

from generator.derivation import Chain, Derivation, Item, Line, Quote, Say, Step
from generator.expr.calculus import Under
from generator.expr.match import find
from generator.expr.nodes import Node
from generator.expr.unicode_writer import to_unicode

SIGNS = {"identity": "=", "definition": ":=", "condition": "= (at the stationary point)", "display": ":"}


def told(d: Derivation) -> str:
    """The whole derivation."""
    lines = [f"{d.problem.text} by {', '.join(s.name for s in d.problem.wrt)}, method: {d.method}", ""]
    lines += [*items(d.size), sentence(d.idea), ""]
    for step in d.steps:
        lines += [*steps(step, ""), ""]
    lines += [f"answer: {line(x)}" for x in d.answers]
    lines += [sentence(say) for say in (*d.conditions, *d.checks)]
    return "\n".join(lines) + "\n"


def steps(step: Step, indent: str) -> Iterator[str]:
    yield f"{indent}# {step.title}"
    yield from (indent + text for text in items(step.items))
    for inner in step.steps:
        yield from steps(inner, indent + "  ")


def items(found: tuple[Item, ...]) -> Iterator[str]:
    for item in found:
        match item:
            case Chain():
                yield from (f"    {line(x)}" for x in item.lines)
            case Say():
                yield ("  - " if item.bullet else "  ") + sentence(item)
            case Quote():
                yield f"  rule: {to_unicode(item.lhs)} = {to_unicode(item.rhs)} ({item.rule})"


def line(x: Line) -> str:
    head = f"{to_unicode(x.lhs)} " if x.lhs is not None else "  "
    guard = f"  for {to_unicode(x.guard)}" if x.guard is not None else ""
    notes = ", ".join(f"{to_unicode(b.arg)}: {note(b)}" for b in find(x.rhs, Under))
    made = f"  [{x.rule}]" if x.rule else ""
    return f"{head}{SIGNS[x.mode]} {to_unicode(x.rhs)}{guard}{made}" + (f"  {{{notes}}}" if notes else "")


def note(brace: Under) -> str:
    """What stands under a brace."""
    return "".join(p if isinstance(p, str) else to_unicode(p) for p in brace.note)


def sentence(say: Say) -> str:
    return say.text.format(*(to_unicode(p) if isinstance(p, Node) else str(p) for p in say.parts))
