"""A whole collection as views: its parts, with their problems and concepts in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from generator import sentences, views
from generator.concepts import set_concept
from generator.derivation import Derivation
from generator.editions import WHOLE, Edition
from generator.escape import Kind, escape, slug
from generator.expr.calculus import Dims, Partial, Rel
from generator.expr.layout import LAYOUTS
from generator.problem import Problem
from generator.setting import Setter
from generator.spec.concept import Concept

if TYPE_CHECKING:
    from generator.spec import Collection, Part


def set_document(
    collection: Collection, derivations: Mapping[str, Derivation], kind: Kind, shown: Edition = WHOLE
) -> views.Document:
    """A whole collection, its problems numbered through; what the edition does not show is left out.

    Raises:
        InputError: an unknown theorem, or a lecturer's own words that cannot be read.
    """
    composer = _Composer(collection, derivations, kind, shown)
    return views.Document(
        id=collection.id,
        slug=slug(collection.id),
        title=collection.title,
        kind=collection.kind,
        minutes=collection.minutes,
        notes=tuple(escape(note, kind) for note in collection.instructor_notes),
        parts=tuple(composer.part(k, part) for k, part in enumerate(collection.parts, 1)),
    )


@dataclass
class _Composer:
    """Sets the parts of a collection one after another."""

    collection: Collection
    derivations: Mapping[str, Derivation]
    kind: Kind
    shown: Edition
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def part(self, k: int, part: Part) -> views.PartView:
        """A part with its entries, and a table of its results."""
        of = self.collection.kind
        results = tuple(map(self.result, filter(self.told, part.problems)))
        return views.PartView(
            number=k,
            label="" if of == "comparison" else f"{'Exercise' if of == 'sheet' else 'Part'} {k}",
            title=part.title,
            minutes=part.minutes,
            intro=escape(part.intro, self.kind),
            note=escape(part.note, self.kind),
            theorem=self.theorem(part) if part.theorem else None,
            entries=tuple(map(self.entry, part.entries)),
            summary=part.summary if results else "",
            results=results,
            comparisons=tuple(self.comparisons(part.problems, results)) if of == "comparison" else (),
        )

    def entry(self, entry: Problem | Concept) -> views.ProblemView | views.ConceptView:
        """A problem as far as the edition shows it, or a concept."""
        if isinstance(entry, Concept):
            return set_concept(self.setter(entry.subject), entry)
        return self.setter(entry).problem(self.derivations[entry.id], next(self.numbers), self.shown)

    def setter(self, problem: Problem) -> Setter:
        """What sets the formulas of a problem."""
        slides = self.collection.kind == "slides" and self.kind == "latex"
        return Setter(self.kind, problem.notation, slides=slides)

    def theorem(self, part: Part) -> views.Theorem:
        """The boxed theorem of a part."""
        owner, told = sentences.theorem(part.theorem, part.problems)
        return views.Theorem(owner.id, told.title, self.setter(owner).items(told.items))

    def told(self, problem: Problem) -> bool:
        """Whether the edition tells what a problem finds."""
        return problem.level in self.shown.solutions

    def result(self, problem: Problem) -> views.Result:
        """What a problem finds, as it stands in a table."""
        line, setter = self.derivations[problem.id].answers[0], self.setter(problem)
        found = Rel(line.lhs or sentences.derivative(problem), "=", line.rhs)
        of, wrt, layout = problem.body, problem.wrt[0], problem.layout
        plain = problem.order == 1 and len(problem.wrt) == 1 and not problem.tensor
        identity = Rel(Partial(of, wrt, layout), "=", line.rhs) if plain else found
        return views.Result(
            scope=problem.id,
            slug=slug(problem.id),
            label=problem.label,
            answer=setter.inline(setter.tex(found)),
            identity=setter.inline(setter.tex(identity)),
            size=setter.inline(setter.tex(Dims(line.rhs.shape))),
        )

    def comparisons(
        self, problems: Sequence[Problem], results: Sequence[views.Result]
    ) -> Iterator[views.Comparison]:
        """The results of the same problem in all layouts, which follow each other."""
        every = len(LAYOUTS)
        for k, p in enumerate(problems[::every]):
            function = self.setter(p).inline(self.setter(p).tex(Rel(sentences.value(p), "=", p.body)))
            yield views.Comparison(p.title, function, tuple(results[every * k : every * (k + 1)]))
