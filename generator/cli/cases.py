"""``workings solve --file``: many functions at once, told in a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.frame import progress
from generator.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from generator.cases import Outcome

PHASES = ("derive", "print", "verify")
HEADS = ("id", "method", "lines", "confirmed", "worst error", "answer", *(f"{p} ms" for p in PHASES))


def solve_file(path: Path, only: str, jobs: int | None, layout: str, form: str) -> tuple[str, int]:
    """The report on all entries of a file whose ids contain ``only``, and the exit code.

    Raises:
        InputError: the file cannot be read, or has no such entries.
    """
    from generator.cases import exit_code, load_cases, solve_cases

    cases = load_cases(path)
    chosen = [case for case in cases if only in case.id]
    if not chosen:
        hint = did_you_mean(only, [case.id for case in cases])
        raise InputError(f"{path} has no entry whose id contains `{only[:40]}`", hint=hint)
    with progress() as show:
        outcomes = solve_cases(chosen, jobs, layout, show)
    records = [outcome.to_dict() for outcome in outcomes]
    text = json.dumps(records, indent=1, ensure_ascii=False) + "\n" if form == "json" else report(outcomes)
    return text, exit_code(outcomes)


def report(outcomes: Sequence[Outcome]) -> str:
    """A table of what was derived, then what was refused and why, then the counts."""
    told = [o for o in outcomes if o.method]
    others = [o for o in outcomes if not o.method]
    parts = [_table([HEADS, *map(_row, told)])] if told else []
    parts += [f"{o.id}: {o.status}\n{_indented(o.message)}" for o in others]
    return "\n\n".join([*parts, _summary(outcomes)]) + "\n"


def _row(o: Outcome) -> tuple[str, ...]:
    times = (f"{o.milliseconds.get(phase, 0):.1f}" for phase in PHASES)
    whole = f"{o.confirmed} of {o.formulas}"
    worst = f"{o.worst_error:.0e}"
    return (o.id, o.method, str(o.lines), whole, worst, _answer(o), *times)


def _answer(o: Outcome) -> str:
    """What is said of the answer: it is always judged; a stated one is compared besides."""
    if o.status == "accepted":
        return "must be refused"
    return {"equal": "equal", "differs": "DIFFERS", None: "judged"}[o.stated]


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = (0, 1, 5)
    lines = (
        "  ".join(
            cell.ljust(width) if k in left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _indented(message: str) -> str:
    return "\n".join(f"  {line}" for line in message.splitlines())


def _summary(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(o.status for o in outcomes)
    stated = Counter(o.stated for o in outcomes)
    told = ", ".join(f"{n} {status}" for status, n in counts.items())
    answers = f"; stated answers: {stated['equal']} equal, {stated['differs']} different"
    return f"{len(outcomes)} cases: {told}" + (answers if stated["equal"] + stated["differs"] else "")
