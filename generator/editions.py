"""The editions of each kind of document: which problems show their hints and their solutions in it.

What an edition does not show is never handed to a template, so that no template can give it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.errors import InputError, did_you_mean

LEVELS = ("example", "guided", "challenge")
EVERY = frozenset(LEVELS)
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition: the levels whose solutions and hints it shows; ``public`` ones go to the site."""

    name: str
    title: str
    solutions: frozenset[str] = EVERY
    hints: frozenset[str] = NONE
    public: bool = True


# In the order in which they are given out: each shows no less than the one before it.
EDITIONS: Mapping[str, tuple[Edition, ...]] = {
    "tutorial": (
        Edition("student", "Worksheet", NONE),
        Edition("solutions", "Worked solutions"),
        Edition("instructor", "Instructor's edition", hints=EVERY, public=False),
    ),
    "slides": (Edition("slides", "Slides"), Edition("handout", "Handout")),
    "worksheet": (
        Edition("given", "As given out", frozenset({"example"}), frozenset({"guided"})),
        Edition("hints", "With hints", frozenset({"example"}), EVERY),
        Edition("released", "With solutions", hints=EVERY),
    ),
    "sheet": (
        Edition("questions", "Questions", NONE, EVERY),
        Edition("answers", "Questions and answers", hints=EVERY),
        Edition("answers-at-end", "Answers at the end", hints=EVERY),
    ),
    "comparison": (Edition("comparison", "Side by side"),),
}
TITLES = {edition.name: edition.title for kind in EDITIONS.values() for edition in kind}
WHOLE = Edition("site", "All solutions", hints=EVERY)  # what pages show once everything is released


def editions_of(kind: str) -> tuple[Edition, ...]:
    """The editions of a kind of document.

    Raises:
        InputError: there are none.
    """
    if kind not in EDITIONS:
        raise InputError(f"documents of the kind {kind!r} have no editions yet")
    return EDITIONS[kind]


def edition_of(kind: str, name: str) -> Edition:
    """An edition by its name.

    Raises:
        InputError: this kind of document has no such edition.
    """
    known = {edition.name: edition for edition in editions_of(kind)}
    if name not in known:
        hint = did_you_mean(name, known) or f"the editions are {', '.join(known)}"
        raise InputError(f"documents of the kind {kind!r} have no edition called {name!r}", hint=hint)
    return known[name]


def released(kind: str, upto: str = "") -> tuple[Edition, ...]:
    """The public editions that are out, when all up to ``upto`` are; by default all."""
    public = [edition for edition in editions_of(kind) if edition.public]
    names = [edition.name for edition in public]
    return tuple(public[: names.index(upto) + 1] if upto in names else public)


def on_site(kind: str, upto: str = "") -> Edition:
    """What the pages of the site show, when all editions up to ``upto`` are out."""
    out = released(kind, upto)
    return replace(out[-1], name="site") if out != released(kind) else WHOLE
