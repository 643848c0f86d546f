"""A collection with the derivations of its problems, its pictures, and what its letters mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from generator.confirmation import scopes
from generator.derivation import Derivation
from generator.errors import WorkingsError
from generator.methods import derive
from generator.plot import Form, draw
from generator.problem import Problem
from generator.setting import picture_name
from generator.slip import warned
from generator.spec import Collection
from generator.verify import Scope, scope_of


@dataclass(frozen=True)
class Picture:
    """A picture in a file, or what went wrong when it was drawn."""

    file: str
    data: bytes = b""
    error: WorkingsError | None = None


@dataclass(frozen=True)
class Solved:
    """A collection with the derivations of its problems, and what went wrong with one of them."""

    collection: Collection
    derivations: Mapping[str, Derivation] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    error: WorkingsError | None = None

    @property
    def scopes(self) -> dict[str, Scope]:
        """What letters mean in each scope of the collection."""
        return {c.id: scope_of(c.subject) for c in self.collection.concepts} | scopes(self.derivations)

    @property
    def pictured(self) -> list[Problem]:
        """The problems and the subjects of concepts that have a picture."""
        solved = [d.problem for d in self.derivations.values()]
        return [p for p in (*solved, *(c.subject for c in self.collection.concepts)) if p.plot]

    def illustrated(self, pictures: Iterable[Picture]) -> Solved:
        """The same with pictures; the first error is kept."""
        drawn = list(pictures)
        errors = [self.error, *(p.error for p in drawn)]
        error = next((e for e in errors if e), None)
        return replace(self, pictures={p.file: p.data for p in drawn}, error=error)

    def shown(self, text: str, form: Form) -> dict[str, bytes]:
        """The pictures that a text shows, by file name."""
        files = [f"{picture_name(problem)}.{form}" for problem in self.pictured]
        return {file: self.pictures[file] for file in files if file in text and file in self.pictures}


def solve(collection: Collection) -> Solved:
    """Derive the problems in order, with the results of earlier ones."""
    derivations: dict[str, Derivation] = {}
    try:
        for problem in collection.problems:
            earlier = tuple(derivations[name] for name in problem.uses)
            derivations[problem.id] = warned(derive(problem, lemmas=earlier))
    except WorkingsError as error:
        return Solved(collection, derivations, error=error)
    return Solved(collection, derivations)


def picture(job: tuple[Problem, Form]) -> Picture:
    """Draw the picture of a problem; an error is kept."""
    problem, form = job
    file = f"{picture_name(problem)}.{form}"
    try:
        return Picture(file, draw(problem, form))
    except WorkingsError as error:
        return Picture(file, error=error)
