"""Who is given what, this time: what the manifest holds is kept, the rest is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.errors import InputError, did_you_mean
from generator.exam.manifest import Record, issues_in, plain, secret_mark
from generator.exam.plan import Exam
from generator.exam.roster import Student
from generator.exam.variant import Issue
from generator.variants import Place, Pool, assign

KEPT = "the papers that were given out cannot be kept"
NOTHING: Mapping[str, Collection[Place]] = MappingProxyType({})
FRESH = "remove the manifest, or give another --output, to begin anew"


@dataclass(frozen=True)
class Issued:
    """What everybody is given, in the order of the roster; ``earlier`` holds papers that are out of use."""

    issues: tuple[Issue, ...]
    earlier: tuple[Record, ...] = ()


def issue(
    exam: Exam, pools: Mapping[str, Pool], students: Sequence[Student], anew: Sequence[str] = (),
    before: Record | None = None, refused: Mapping[str, Collection[Place]] = NOTHING,
) -> Issued:  # fmt: skip
    """Keep the papers of an earlier manifest, but for those in ``anew``, and draw the others.

    Nobody is given a place that was ``refused``, by slot.

    Raises:
        InputError: an unknown student, too few variants, or the exam is not the one of the manifest.
    """
    known = [student.id for student in students]
    if strangers := [name for name in anew if name not in known]:
        raise InputError(f"no student has the id {strangers[0]!r}", hint=did_you_mean(strangers[0], known))
    if before is not None:
        require_same(exam, before)
    papers = [*before["papers"], *before["earlier"]] if before else []
    latest = {p["id"]: p for p in sorted(papers, key=lambda p: int(p["issue"]))}
    kept = {name: p for name, p in latest.items() if name in known and name not in anew}
    earlier = tuple(p for p in papers if not any(p is k for k in kept.values()))
    counts = {name: int(latest[name]["issue"]) + 1 for name in anew if name in latest}
    given = {i.student.id: i for i in issues_in({"papers": list(kept.values())})}
    spent = issues_in({"papers": list(earlier)})
    drawn = {
        slot.name: assign(
            pools[slot.name],
            known,
            {name: i.places[slot.name] for name, i in given.items()},
            spent=[i.places[slot.name] for i in spent],
            repeats=slot.repeats,
            issues=counts,
            refused=refused.get(slot.name, ()),
        )
        for slot in exam.slots
    }
    numbers = {**{name: i.count for name, i in given.items()}, **counts}
    return Issued(tuple(_issue(s, drawn, numbers.get(s.id, 0)) for s in students), earlier)


def _issue(student: Student, drawn: Mapping[str, Mapping[str, Place]], count: int) -> Issue:
    return Issue(student, {name: places[student.id] for name, places in drawn.items()}, count)


def require_same(exam: Exam, before: Record) -> None:
    """Nothing, if the parameters of the exam still are those of the manifest.

    Raises:
        InputError: the secret or a parameter has changed, so that the same rank means another variant.
    """
    if before["exam"]["secret"] != secret_mark(exam):
        raise InputError(f"{KEPT}: the secret has changed", hint=FRESH)
    for paper in [*before["papers"], *before["earlier"]]:
        for slot in exam.slots:
            drawn = paper["problems"].get(slot.name)
            if drawn is None:
                raise InputError(f"{KEPT}: they have no problem `{slot.name}`", hint=FRESH)
            now = None
            if drawn["structure"] < len(slot.strata):
                stratum = slot.strata[drawn["structure"]]
                now = stratum.values(drawn["rank"]) if drawn["rank"] < stratum.size else None
            if now is None or {n: plain(v) for n, v in now.items()} != drawn["parameters"]:
                raise InputError(f"{KEPT}: the parameters of `{slot.name}` have changed", hint=FRESH)
