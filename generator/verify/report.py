"""What a check found: one entry a statement, counts, a summary line, JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Literal

from generator.errors import CheckFailed

Kind = Literal[
    "equality", "definition", "condition", "inequality", "declaration", "size", "display", "mention", "unread"
]
_WORDS: dict[str, tuple[str, str]] = {
    "equality": ("equality confirmed", "equalities confirmed"),
    "definition": ("definition", "definitions"),
    "condition": ("condition", "conditions"),
    "inequality": ("inequality confirmed", "inequalities confirmed"),
    "display": ("display", "displays"),
}
_BESIDE: dict[str, tuple[str, str]] = {  # not formulas, but looked up all the same
    "declaration": ("declared shape", "declared shapes"),
    "size": ("size", "sizes"),
    "mention": ("name", "names"),
}
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """One statement and what became of it; ``message`` is empty where it is confirmed.

    ``error`` is the largest relative difference of the two sides. ``kind`` is ``unread`` where it could not
    be read.
    """

    formula: str
    kind: Kind
    error: float = 0.0
    scope: str = ""
    step: str = ""
    line_number: int = 0
    message: str = ""

    @property
    def ok(self) -> bool:
        """Whether the statement is confirmed."""
        return not self.message

    @property
    def place(self) -> str:
        """Line, problem and step, for people."""
        parts = [f"line {self.line_number}"]
        parts += [f"problem {self.scope}"] if self.scope else []
        parts += [f"step “{self.step}”"] if self.step else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Report:
    """All statements of a text with what became of them."""

    name: str
    checked: tuple[Checked, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Checked, ...]:
        """The statements that are not confirmed."""
        return tuple(c for c in self.checked if not c.ok)

    @property
    def formulas(self) -> int:
        """How many formulas there are; names, bare sizes and declared shapes are counted apart."""
        return sum(not c.ok or c.kind in _WORDS for c in self.checked)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind are confirmed."""
        return dict(Counter(c.kind for c in self.checked if c.ok))

    @property
    def share(self) -> float:
        """The share of confirmed equalities among all formulas."""
        return self.counts.get("equality", 0) / self.formulas if self.formulas else 1.0

    @property
    def worst_error(self) -> float:
        """The largest relative error among the confirmed equalities."""
        return max((c.error for c in self.checked if c.ok), default=0.0)

    def summary(self) -> str:
        """One line: how many formulas, how many of each kind, the worst error, how many failed."""
        total = f"{self.formulas} formula{'' if self.formulas == 1 else 's'}"
        parts = [*self._told(_WORDS), f"{len(self.failures)} failed"]
        beside = self._told(_BESIDE)
        return f"{self.name}: {total}: {', '.join(parts)}" + (
            f"; besides {', '.join(beside)}" if beside else ""
        )

    def _told(self, words: dict[str, tuple[str, str]]) -> list[str]:
        """How many of each kind, in words."""
        parts = []
        for kind, (one, many) in words.items():
            n = self.counts.get(kind, 0)
            error = f" (worst error {self.worst_error:.0e})" if kind == "equality" else ""
            parts += [f"{n} {one if n == 1 else many}{error}"] if n else []
        return parts

    def to_dict(self) -> dict[str, object]:
        """The report as plain data."""
        return {
            "name": self.name,
            "ok": self.ok,
            "formulas": self.formulas,
            "counts": self.counts,
            "share": self.share,
            "worst_error": self.worst_error,
            "failed": len(self.failures),
            "checked": [asdict(c) for c in self.checked],
        }

    def to_json(self) -> str:
        """The report as JSON; an error that is not a number is ``null``."""
        data = self.to_dict()
        entries: list[dict[str, object]] = data["checked"]  # type: ignore[assignment]
        for entry in entries:
            if entry["error"] == float("inf"):
                entry["error"] = None
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)


def require(report: Report) -> None:
    """Nothing, if everything is confirmed.

    Raises:
        CheckFailed: it is not; the message tells of the first failures.
    """
    failures = report.failures
    if not failures:
        return
    parts = [f"{report.name}: {len(failures)} of {len(report.checked)} statements are not confirmed"]
    for c in failures[:MOST_TOLD]:
        told = c.message.replace("\n", "\n    ")
        parts.append(f"  {c.place}: {' '.join(c.formula.split())}\n    {told}")
    if len(failures) > MOST_TOLD:
        parts.append(f"  … and {len(failures) - MOST_TOLD} more")
    raise CheckFailed("\n".join(parts))
