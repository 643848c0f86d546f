"""Several tellings of one solution: what each is called, and that they agree."""

from __future__ import annotations

from generator.derivation import Chain, Derivation, Item, Line, Say
from generator.expr.shapes import is_matrix
from generator.sentences import noun

WAYS = {
    "partials": "one partial derivative at a time",
    "index": "coordinate by coordinate",
    "deltas": "with Kronecker deltas",
    "differential": "by differentials",
    "chain": "by the chain rule",
    "product": "by the product rule",
    "vec": "with stacked columns",
    "limit": "from the definition",
    "hessian": "by differentiating twice",
}
"""What it is to solve a problem by a method, in words."""

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")


def heading(derivation: Derivation, place: int) -> str:
    """The title of a telling among others: ``Second way: by the chain rule``."""
    by_entries = derivation.method == "index" and any(is_matrix(s.shape) for s in derivation.problem.wrt)
    way = "entry by entry" if by_entries else WAYS[derivation.method]
    return f"{_ORDINALS[place]} way: {way}"


def headings(derivation: Derivation) -> tuple[str, ...]:
    """The titles of all tellings; a single one has none."""
    if not derivation.also:
        return ("",)
    return tuple(heading(one, place) for place, one in enumerate(derivation.tellings))


def agreement(derivation: Derivation) -> tuple[Item, ...]:
    """That all tellings end in the same derivative, with an equation where its forms differ."""
    if not derivation.also:
        return ()
    ways = "Both ways" if len(derivation.also) == 1 else f"All {len(derivation.tellings)} ways"
    what = noun(derivation.problem)
    first, *others = (one.answers[0] for one in derivation.tellings)
    if any(line.lhs != first.lhs for line in others):
        stacked = (Line(line.lhs, line.rhs) for line in others if line.lhs != first.lhs)
        return (Say(f"{ways} give the same numbers, in another arrangement:"), Chain(tuple(stacked)))
    forms = list(dict.fromkeys(line.rhs for line in others if line.rhs != first.rhs))
    if not forms:
        return (Say(f"{ways} give the same {what}."),)
    lines = (Line(first.lhs, first.rhs), *(Line(None, form) for form in forms))
    return (Say(f"{ways} give the same {what}, in different forms:"), Chain(lines))
