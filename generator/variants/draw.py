"""Who gets which variant: without replacement, in equal shares of the structures, and for good.

Every student has an order of their own over all variants, which belongs to the exam's secret, the slot and
the student. Students who have no variant yet are taken in an order that belongs to the secret too; each gets
the structure that was given out least, and there the first variant of their own order that is allowed and
free. So the order of the roster does not matter, and whoever has a variant keeps it when others come, go or
are issued anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from generator.errors import InputError
from generator.variants.chance import keyed
from generator.variants.pool import PARITY, UNDEFINED, UNDERIVABLE, Count, Place, Pool


def assign(
    pool: Pool, students: Iterable[str], kept: Mapping[str, Place] | None = None, *,
    spent: Iterable[Place] = (), repeats: bool = False, issues: Mapping[str, int] | None = None,
    refused: Iterable[Place] = (),
) -> dict[str, Place]:  # fmt: skip
    """A place for every student; those in ``kept`` have theirs already, and no one else gets it.

    Nobody gets what is ``spent`` or ``refused``. ``issues`` counts how often a student got a new paper.
    With ``repeats`` statements may be shared.

    Raises:
        InputError: there are fewer different variants than students.
    """
    given = dict(kept or {})
    taken = set() if repeats else {pool.statement(place) for place in (*given.values(), *spent)}
    taken |= {pool.statement(place) for place in refused}
    shares = Counter(dict.fromkeys(range(len(pool.strata)), 0))
    shares.update(place.stratum for place in given.values())
    wanting = {s: (issues or {}).get(s, 0) for s in students if s not in given}
    for student in sorted(wanting, key=lambda s: keyed(pool.secret, pool.name, "turn", s)):
        place = _next(pool, (student, wanting[student]), shares, taken)
        given[student] = place
        shares[place.stratum] += 1
        if not repeats:
            taken.add(pool.statement(place))
    return given


def _next(pool: Pool, whose: tuple[str, int], shares: Counter[int], taken: set[str]) -> Place:
    """The first free variant in the order of a student, of the least used structure that has one."""
    least = sorted(shares, key=lambda k: (shares[k], keyed(pool.secret, pool.name, "structure", *whose, k)))
    for stratum in least:
        order = pool.order(stratum, *whose)
        for k in range(order.size):
            place = Place(stratum, order[k])
            verdict = pool.verdict(place)
            if verdict.reason is None and verdict.statement not in taken:
                return place
    raise InputError(f"{pool.name} has no variant left after {sum(shares.values())} students")


def require_capacity(pool: Pool, counts: Iterable[Count], needed: int, *, repeats: bool = False) -> None:
    """Nothing, if there are enough different variants of a problem.

    Raises:
        InputError: a constraint leaves nothing, or too little is left; with what could be done.
    """
    counts = tuple(counts)
    for count in counts:
        if not count.allowed:
            raise InputError(_hopeless(pool, count), hint="widen the ranges, or drop what rejects most")
    total = sum(count.different for count in counts)
    if total >= needed or repeats:
        return
    bound = "" if all(count.exact for count in counts) else "at least "
    rate = sum(c.allowed for c in counts) / sum(c.tried for c in counts)
    raise InputError(
        f"{pool.name} has {bound}{total} different variants and {needed} students; {100 * rate:.0f} % of the"
        f" {pool.template.space.size} combinations of values are allowed",
        hint=_wider(pool, needed / total),
    )


def _hopeless(pool: Pool, count: Count) -> str:
    where = f" with {count.label}" if count.label else ""
    rejected = "; ".join(f"{_reason(pool, reason)} rejects {many}" for reason, many in count.reasons)
    return f"{pool.name}{where}: none of {count.tried} combinations of values is allowed: {rejected}"


def _reason(pool: Pool, reason: int) -> str:
    if reason == PARITY:
        return f"the bound on difficulty, parity = {pool.parity},"
    if reason == UNDERIVABLE:
        return "the want of a method"
    if reason == UNDEFINED:
        return "the function without a slope at the point"
    return f"constraint {reason + 1}, `{pool.template.constraints[reason]}`,"


def _wider(pool: Pool, factor: float) -> str:
    """What to widen, and by how much, so that there is enough."""
    every = {n: s for n, s in pool.template.space.spaces.items() if not s.structure}
    spaces = {n: s for n, s in every.items() if len(s.axes) == 1}
    if not spaces:
        arrays = " and ".join(f"`{name}`" for name in every)
        return f"widen the entries of {arrays}" if arrays else "add parameters, or write repeats = true"
    name = max(spaces, key=lambda n: spaces[n].size)
    size = spaces[name].size
    return f"`{name}` has {size} values; with about {int(size * factor) + 1} there would be enough"
