"""How long loading, deriving, rendering and verifying all editions of all collections takes, without TeX.

Run ``python benchmarks/content.py`` beside the folder ``content``. Everything runs in one process.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measure import machine, timed
from generator.build import Request, editions, folders
from generator.confirmation import judge_answers
from generator.render import render_document, render_pages
from generator.solved import Solved, solve
from generator.spec import load_collection
from generator.verify import require, verify_text

BAR = 20.0  # seconds
PHASES = ("load", "derive", "render", "verify", "judge")


def measure(folder: Path) -> tuple[dict[str, float], int]:
    """Seconds by phase for one collection, and the number of formulas that were confirmed."""
    spent: dict[str, float] = defaultdict(float)
    collection, spent["load"] = timed(partial(load_collection, folder))
    solved, spent["derive"] = timed(partial(solve, collection))
    if solved.error:
        raise solved.error
    formulas = 0
    for edition in editions(Request(output=None), collection):
        texts, cost = timed(partial(_texts, solved, edition))
        spent["render"] += cost
        for name, (text, kind) in texts.items():
            report, cost = timed(partial(verify_text, text, kind, solved.scopes, name))
            spent["verify"] += cost
            require(report)
            formulas += report.formulas
    _, spent["judge"] = timed(partial(judge_answers, solved.derivations.values()))
    return {phase: milliseconds / 1000 for phase, milliseconds in spent.items()}, formulas


def _texts(solved: Solved, edition: str) -> dict[str, tuple[str, str]]:
    """The texts of an edition by name, each with its language."""
    if edition == "site":
        pages = render_pages(solved.collection, solved.derivations)
        return {path: (text, "markdown") for path, text in pages.items()}
    return {edition: (render_document(solved.collection, solved.derivations, edition), "latex")}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time all collections by phase.")
    parser.add_argument("--content", type=Path, default=Path("content"))
    options = parser.parse_args()
    print(machine())
    print(f"{'seconds of CPU':<26}" + "".join(f"{phase:>9}" for phase in (*PHASES, "all", "formulas")))
    total: dict[str, float] = defaultdict(float)
    count = 0
    for folder in folders((), options.content):
        spent, formulas = measure(folder)
        count += formulas
        print(_row(folder.name, spent, formulas))
        for phase, seconds in spent.items():
            total[phase] += seconds
    print(_row("all", total, count))
    whole = sum(total.values())
    print(f"{whole:.1f} s, the bar is {BAR:g} s: {'reached' if whole <= BAR else 'MISSED'}")


def _row(name: str, spent: dict[str, float], formulas: int) -> str:
    cells = "".join(f"{seconds:>9.2f}" for seconds in (*(spent[p] for p in PHASES), sum(spent.values())))
    return f"{name:<26}{cells}{formulas:>9}"


if __name__ == "__main__":
    main()
