"""Differentiating with Kronecker deltas from the outside to the inside: the whole, then each named part."""

from __future__ import annotations

from generator.expr.calculus import Delta, Partial
from generator.expr.letters import in_words
from generator.expr.match import depends, find, free_indices, substitute, transform
from generator.expr.nodes import Entry, Idx, Node, Sym
from generator.methods import index_laws
from generator.methods.bound import Letters, indices, replaced
from generator.methods.components import component
from generator.methods.deltas import collapse, introduce
from generator.methods.indexed import Indexed
from generator.rules.tidy import tidy


def by_deltas(told: Indexed) -> Node:
    """The derivative of one entry by one entry, in terms of the variable and the named parts."""
    introduce(told.story, told.entry, told.wrt)
    plain = any(e.base == told.problem.wrt[0] for e in find(told.entry, Entry))
    told.story.step(
        "Differentiate with Kronecker deltas" if plain or told.parts else "Differentiate term by term"
    )
    now = differentiate(told, told.derivative, told.entry)
    for part in reversed(told.parts):
        now = put_in(told, now, *part)
    return now


def differentiate(told: Indexed, head: Partial, value: Node) -> Node:
    """Apply the laws until every derivative is a delta, or that of an entry of a named part."""
    story, slopes = told.story, told.slopes
    index_laws.quote(story, value, slopes)
    now: Node = Partial(value, told.wrt, head.layout)
    story.line(head, now, "substitution")
    while slopes.open(now):
        now = tidy(slopes.one_pass(now), collect=False)
        story.line(head, now, "term by term")
    return collapsed(told, head, now)


def collapsed(told: Indexed, head: Partial, now: Node) -> Node:
    """Carry out the sums that a delta fixes."""
    final = collapse(now)
    if final == now:
        return now
    carried_out = len(find(final, Delta)) < len(find(now, Delta))
    if carried_out and "delta" not in told.story.quoted:
        told.story.quoted.add("delta")
        told.story.say("A sum with a delta keeps the one term whose indices agree:")
    told.story.line(head, final, "delta" if carried_out else "linearity")
    return final


def put_in(told: Indexed, now: Node, sym: Sym, part: Node) -> Node:
    """Differentiate an entry of a named part, and put it into the derivative of the whole."""
    found = [p for p in find(now, Partial) if depends(p.of, frozenset({sym.name}))]
    if not found:
        return now
    story, head = told.story, found[0]
    places = head.of.indices if isinstance(head.of, Entry) else ()
    letters = Letters.beside(told.symbols, indices(now) | {*told.out, *told.into})
    places = tuple(i if isinstance(i, Idx) else letters.next(sym.shape[k]) for k, i in enumerate(places))
    one = Entry(sym, places) if places else sym
    value = tidy(component(part, places, letters), collect=False)
    introduce(story, value, told.wrt)
    story.step(f"Differentiate {in_words(sym.name)}")
    if value != part:
        story.line(one, value, "components")
    slope = differentiate(told, Partial(one, told.wrt, head.layout), value)
    story.step(f"Put in what was found for {in_words(sym.name)}")

    def change(e: Node) -> Node | None:
        if not (isinstance(e, Partial) and e in found):
            return None
        there = e.of.indices if isinstance(e.of, Entry) else ()
        return moved(slope, places, there)

    total = tidy(transform(now, change), collect=False)
    story.line(told.derivative, total, "substitution")
    return collapsed(told, told.derivative, total)


def moved(e: Node, old: tuple[Node, ...], new: tuple[Node, ...]) -> Node:
    """The expression at other places, all replaced at once."""
    marks = [Idx(f"place {k}", i.size) for k, i in enumerate(old) if isinstance(i, Idx)]
    for i, mark in zip(old, marks, strict=True):
        assert isinstance(i, Idx)
        e = replaced(e, i, mark)
    for mark, i in zip(marks, new, strict=True):
        e = replaced(e, mark, i)
    return e


def spelled_out(told: Indexed, e: Node) -> Node:
    """An entry formula without the names: their entries, as sums over those of the given symbols."""
    for sym, part in reversed(told.parts):
        letters = Letters.beside(told.symbols, indices(e) | free_indices(e))

        def change(n: Node, sym: Sym = sym, part: Node = part, letters: Letters = letters) -> Node | None:
            if isinstance(n, Entry) and n.base == sym:
                return tidy(component(part, n.indices, letters), collect=False)
            return None

        e = substitute(transform(e, change), {sym: part})
    return collapse(e)
