"""The manifest: who was given what, why it may be believed, and enough to make it all again; and a CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

from generator.errors import InputError
from generator.exam.plan import Exam, Slot
from generator.exam.roster import Student
from generator.exam.variant import Issue, Paper, Variant
from generator.exports.tables import harmless
from generator.variants import Count, Place
from generator.variants.spaces import Value
from generator.verify import Report
from generator.version import __version__

FORMAT = 1
Record = dict[str, Any]


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which gets its name in one move when all of it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        yield file
    draft.replace(path)


def write(path: Path, text: str | Iterable[str]) -> None:
    """Write a text, or its pieces as they come, in one move."""
    with writing(path) as file:
        file.writelines(piece.encode() for piece in ([text] if isinstance(text, str) else text))


def paper_record(paper: Paper, reports: Sequence[Report]) -> Record:
    """One student's paper."""
    return {
        "id": paper.student.id,
        "name": paper.student.name,
        "code": paper.code,
        "issue": paper.issue,
        "problems": {variant.slot.name: _variant_record(variant) for variant in paper.variants},
        "checks": {
            "formulas": sum(report.formulas for report in reports),
            "confirmed": sum(report.counts.get("equality", 0) for report in reports),
            "worst_error": max(report.worst_error for report in reports),
            "failed": sum(len(report.failures) for report in reports),
        },
    }


def _variant_record(variant: Variant) -> Record:
    hard = variant.difficulty
    return {
        "structure": variant.place.stratum,
        "rank": variant.place.rank,
        "parameters": {name: plain(value) for name, value in variant.values.items()},
        "statement": variant.statement,
        "key": variant.key,
        "answers": [{"name": a.name, "value": a.value} for a in variant.answers],
        "choice": variant.letter,
        "remarks": list(variant.remarks),
        "method": variant.derivation.method,
        "difficulty": {**asdict(hard), "score": hard.score},
    }


def plain(value: Value) -> Any:
    """A value for JSON: numbers as text, since JSON has no fractions."""
    return [plain(v) for v in value] if isinstance(value, tuple) else str(value)


def value_of(data: Any, like: Value) -> Value:
    """The value that was written as ``data``."""
    if isinstance(data, list):
        return tuple(value_of(v, Fraction(0)) for v in data)  # type: ignore[return-value]
    return str(data) if isinstance(like, str) else Fraction(data)


def slot_record(slot: Slot, counts: Sequence[Count], papers: Sequence[Record]) -> Record:
    """One problem of the exam: how many variants there are, and how hard those were that were drawn."""
    scores = sorted(p["problems"][slot.name]["difficulty"]["score"] for p in papers)
    median = scores[len(scores) // 2]
    spread = max(abs(s - median) for s in scores) / median if median else 0.0
    return {
        "name": slot.name,
        "points": slot.points,
        "kind": slot.kind,
        "structures": [
            {
                "structure": count.label, "combinations": count.size, "tried": count.tried,
                "allowed": count.allowed, "different": count.different, "exact": count.exact,
                "acceptance": round(count.rate, 4),
            }
            for count in counts
        ],
        "difficulty": {
            "bound": slot.parity, "least": scores[0], "median": median, "most": scores[-1],
            "spread": round(spread, 4),
        },
    }  # fmt: skip


def manifest(
    exam: Exam, slots: Sequence[Record], papers: Sequence[Record], earlier: Sequence[Record], home: Path
) -> str:
    """The manifest of a class, for the folder ``home``."""
    data = {
        "format": FORMAT,
        "program": __version__,
        "exam": {
            "id": exam.id, "title": exam.title, "file": os.path.relpath(exam.path, home),
            "digest": exam.digest, "secret": secret_mark(exam), "pages": exam.pages, "points": exam.points,
        },
        "slots": list(slots),
        "papers": [{key: value for key, value in p.items() if key != "texts"} for p in papers],
        "earlier": list(earlier),
    }  # fmt: skip
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def secret_mark(exam: Exam) -> str:
    """A mark by which a secret is known again; it does not tell the secret."""
    return hashlib.sha256(f"workings {exam.secret}".encode()).hexdigest()[:16]


def read_manifest(path: Path) -> Record:
    """The data of a manifest.

    Raises:
        InputError: it is not one, or of a format of another time.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no manifest: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f"{path} is no manifest of format {FORMAT}")
    return data


def issues_in(data: Mapping[str, Any], key: str = "papers") -> list[Issue]:
    """What was given out, by student."""
    return [
        Issue(
            Student(paper["id"], paper["name"]),
            {name: Place(p["structure"], p["rank"]) for name, p in paper["problems"].items()},
            paper["issue"],
        )
        for paper in data[key]
    ]


def answers_csv(exam: Exam, papers: Sequence[Record]) -> str:
    """A row a student: code, then the parameters and the answers of every problem."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    heads = [f"{slot.name}: {what}" for slot in exam.slots for what in ("parameters", "answers")]
    table.writerow(["id", "name", "code", *heads])
    for paper in papers:
        cells = []
        for slot in exam.slots:
            drawn = paper["problems"][slot.name]
            cells.append("; ".join(f"{k} = {_told(v)}" for k, v in drawn["parameters"].items()))
            told = [
                drawn["choice"],
                *(f"{a['name']} = {a['value']}" for a in drawn["answers"]),
                *drawn["remarks"],
            ]
            cells.append("; ".join(filter(None, told)))
        table.writerow([harmless(cell) for cell in (paper["id"], paper["name"], paper["code"], *cells)])
    return out.getvalue()


def _told(value: Any) -> str:
    return f"[{', '.join(map(_told, value))}]" if isinstance(value, list) else str(value)
