"""Names for what is computed more than once, or is too long for a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count

from generator.code.target import WIDTH
from generator.code.term import ATOM, Term, name

_VIEWS = {"{0}.T", "-{0}", "{0}[:, None]", "{0}[None, :]", "({0}, {1})", "{0}"}
_LETTERS = {0: "stuvw", 1: "uvwrzyq", 2: "MPQSKZ"}


def assignments(
    results: Mapping[str, Term], taken: Collection[str], known: Mapping[Term, str]
) -> list[tuple[str, Term]]:
    """Assignments that compute the results, last of all, from intermediates; none is computed twice.

    ``known`` suggests names for terms.
    """
    naming = _Naming({*taken, *results}, known)
    lines: list[tuple[str, Term]] = []
    roots = dict(results)
    while (shared := _first_shared(list(roots.values()), lines, naming)) is not None:
        new = naming.name(shared)
        lines.append((new.form, shared))
        roots = {key: _replaced(term, shared, new) for key, term in roots.items()}
        lines = [(key, term if term is shared else _replaced(term, shared, new)) for key, term in lines]
    return [*_sorted(lines), *roots.items()]


def _first_shared(roots: Sequence[Term], lines: Sequence[tuple[str, Term]], naming: _Naming) -> Term | None:
    """The largest term that occurs more than once; or, failing that, part of a line that is too long."""
    wholes = [*roots, *(term for _, term in lines)]
    uses = Counter(term for whole in wholes for term in whole.walk() if _worth(term))
    repeated = [term for term, times in uses.items() if times > 1]
    if repeated:
        return max(repeated, key=lambda term: len(str(term)))
    for whole in wholes:
        if len(str(whole)) > WIDTH and any(_worth(arg) for arg in _parts(whole)):
            return max((arg for arg in _parts(whole) if _worth(arg)), key=lambda term: len(str(term)))
    return None


def _parts(term: Term) -> Iterator[Term]:
    """What a long line could be cut into: the parts that are at most half of it, or else its arguments."""
    whole = len(str(term))
    parts = [part for part in term.walk() if part is not term and 12 < len(str(part)) <= 0.6 * whole]
    yield from parts or term.args


def _worth(term: Term) -> bool:
    """Whether a term costs something: a name, a view of one, and one operation of two numbers do not."""
    if not term.args or (term.form in _VIEWS and not _worth(term.args[0])):
        return False
    simple = term.rank == 0 and all(not arg.args and not arg.rank for arg in term.args)
    return not (simple and term.level < ATOM)


def _replaced(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    args = tuple(_replaced(arg, old, new) for arg in term.args)
    return term if args == term.args else Term(term.form, args, term.level, term.needs, term.rank)


def _sorted(lines: Sequence[tuple[str, Term]]) -> list[tuple[str, Term]]:
    """Each assignment after those that it uses."""
    left, done = list(lines), []
    while left:
        names = {key for key, _ in left}
        ready = next(line for line in left if not names & {part.form for part in line[1].walk()})
        left.remove(ready)
        done.append(ready)
    return done


class _Naming:
    """Names by the kind of what they name."""

    def __init__(self, taken: Collection[str], known: Mapping[Term, str]) -> None:
        self.taken, self.known = set(taken), known

    def name(self, term: Term) -> Term:
        """A new name for a term."""
        found = next(word for word in self._suggestions(term) if word not in self.taken)
        self.taken.add(found)
        return name(found, term.rank)

    def _suggestions(self, term: Term) -> Iterator[str]:
        if term in self.known:
            yield self.known[term]
        if ".inv(" in term.form and not term.args[0].args:
            yield f"{term.args[0].form}_inv"
        letters = _LETTERS[min(term.rank, 2)]
        yield from letters
        yield from (f"{letters[0]}{k}" for k in count(1))
