"""How long deriving, printing and verifying take on the corpus, beside SymPy's derivatives; start-up times.

Run ``python benchmarks/derive.py``. Each case is timed once, cold: nothing of it is cached from before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.measure import HEAD, byte_compile, machine, process, row, timed
from generator.confirmation import scopes
from generator.derivation import Derivation
from generator.errors import WorkingsError
from generator.expr.evaluate import evaluate
from generator.expr.from_sympy import read
from generator.expr.nodes import Node
from generator.expr.to_sympy import to_sympy
from generator.judge import judge
from generator.methods import derive, whole
from generator.problem import Problem
from generator.render import render_derivation
from generator.terminal import plain
from generator.verify import verify_text
from tests.methods.corpus import cases, problem
from tests.methods.numbers import error, truth, usable

DERIVE, DERIVE_SLOW, VERIFY = 5.0, 50.0, 50.0  # the bars, in milliseconds
IMPORT, SOLVE = 0.25, 0.6  # in seconds
WARM_UP = "tr(X.T @ A @ X)"


@dataclass
class Times:
    """Milliseconds by phase, one entry a case."""

    derive: list[float] = field(default_factory=list)
    show: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    latex: list[float] = field(default_factory=list)
    verify: list[float] = field(default_factory=list)
    judge: list[float] = field(default_factory=list)


def problems() -> Iterator[Problem]:
    for case in cases().values():
        yield replace(problem(case), order=case.get("order", 1))


def measure(asked: Problem, times: Times) -> Derivation:
    derivation, derived = timed(lambda: derive(asked))
    _, shown = timed(lambda: plain(derivation))
    text, written = timed(lambda: render_derivation(derivation, "latex"))
    known = scopes({asked.id: derivation})
    report, verified = timed(lambda: verify_text(text, "latex", known, asked.id))
    assert report.ok, asked.id
    _, judged = timed(lambda: judge(asked, whole(derivation)))
    times.derive.append(derived)
    times.show.append(shown)
    times.both.append(derived + shown)
    times.latex.append(written)
    times.verify.append(verified)
    times.judge.append(judged)
    return derivation


def ours(slowest: int) -> None:
    times, refused, done = Times(), [], []
    for asked in problems():
        try:
            measure(asked, times)
            done.append(asked.id)
        except WorkingsError as refusal:
            refused.append(f"{asked.id}: {refusal.message}")
    print(HEAD)
    print(row("derive", times.derive))
    print(row("print (terminal)", times.show))
    print(row("derive and print", times.both, (DERIVE, DERIVE_SLOW)))
    print(row("print (LaTeX)", times.latex))
    print(row("verify", times.verify, (VERIFY, None)))
    print(row("judge", times.judge))
    for name, values in (("derive and print", times.both), ("verify", times.verify)):
        worst = sorted(zip(values, done, strict=True), reverse=True)[:slowest]
        print(f"slowest to {name}: " + ", ".join(f"{case} {value:.0f}" for value, case in worst))
    print(f"refused: {len(refused)}", *refused, sep="\n  ")


def theirs() -> None:
    """SymPy's ``.diff`` on the same functions: how many it answers, in what time, and how many wrongly."""
    spent, unanswered, wrong = [], [], []
    for asked in problems():
        try:
            found, cost = timed(partial(_diff, asked))
        except Exception:  # SymPy refuses in many ways
            unanswered.append(asked.id)
            continue
        spent.append(cost)
        verdict = _judged(asked, found)
        if verdict is None:
            spent.pop()
            unanswered.append(asked.id)
        elif not verdict:
            wrong.append(asked.id)
    print(row("SymPy's .diff", spent))
    print(f"SymPy answers {len(spent)} of {len(spent) + len(unanswered)}, {len(wrong)} of them wrong:")
    print("  " + ", ".join(wrong))


def _diff(asked: Problem) -> Any:
    import sympy

    function = to_sympy(asked.body)
    by = [to_sympy(s) for s in asked.wrt]
    for _ in range(asked.order):
        function = sympy.Matrix([function.diff(v) for v in by]) if len(by) > 1 else function.diff(by[0])
    return function


def _judged(asked: Problem, found: Any) -> bool | None:
    """Whether it is the derivative, up to its layout; ``None`` where it is no closed expression."""
    try:
        node: Node = read(found)[0]
        (at,) = usable(asked, 1)
        value = np.asarray(evaluate(node, at))
        if asked.order == 2:
            return bool(judge(asked, node) < 1e-6)
        true = truth(asked, at, asked.layout)
    except WorkingsError:
        return None
    return any(error(shape, true) < 1e-6 for shape in (value, value.T))


def start_up() -> None:
    byte_compile()
    print(f"\n{'seconds':<24}{'least':>10}{'median':>10}{'CPU':>10}{'bar':>10}")
    for name, arguments, bar in (
        ("python", ["-c", "pass"], None),
        ("import generator", ["-c", "import generator"], IMPORT),
        ("import generator.api", ["-c", "import generator.api"], None),
        ("workings solve", ["-m", "generator", "solve", WARM_UP, "--wrt", "X"], SOLVE),
    ):
        seconds = "".join(f"{s:>10.3f}" for s in process(arguments))
        print(f"{name:<24}{seconds}{'' if bar is None else bar:>10}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--slowest", type=int, default=5, help="how many of the slowest cases to name")
    options = parser.parse_args()
    print(machine())
    verify_first = next(problems())  # what is loaded on first use belongs to start-up, which is timed apart
    measure(verify_first, Times())
    ours(options.slowest)
    theirs()
    start_up()


if __name__ == "__main__":
    main()
