"""What the benchmarks share: timing, percentiles, tables, start-up times of processes."""

from __future__ import annotations

import compileall
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import generator

R = TypeVar("R")


def timed(work: Callable[[], R]) -> tuple[R, float]:
    """What the work gives, and its CPU time in milliseconds: other programs of the machine do not count."""
    start = time.process_time()
    result = work()
    return result, 1000 * (time.process_time() - start)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many percent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def row(name: str, values: Sequence[float], bars: tuple[float | None, float | None] = (None, None)) -> str:
    """A line of a table: how many, median, 95th percentile, largest; a bar that is missed is marked."""
    cells = [percentile(values, 50), percentile(values, 95), max(values)]
    marks = [
        "" if bar is None else f" {'≤' if cell <= bar else '> MISSED'} {bar:g}"
        for cell, bar in zip(cells, (*bars, None), strict=True)
    ]
    return f"{name:<24}{len(values):>6}" + "".join(
        f"{cell:>10.2f}{mark:<7}" for cell, mark in zip(cells, marks, strict=True)
    )


HEAD = f"{'milliseconds of CPU':<24}{'cases':>6}{'median':>10}{'':7}{'95 %':>10}{'':7}{'largest':>10}"


def process(arguments: Sequence[str], runs: int = 7) -> tuple[float, float, float]:
    """A Python process from start to end: least and median time by the clock, and the median of its CPU."""
    clock, work = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), _children()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        clock.append(time.perf_counter() - start)
        work.append(_children() - before)
    return min(clock), statistics.median(clock), statistics.median(work)


def _children() -> float:
    """CPU seconds of the processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def byte_compile() -> None:
    """Compile the package, as an installation does: some environments forbid Python to do it by itself."""
    compileall.compile_dir(Path(generator.__file__).parent, quiet=1)


def machine() -> str:
    """The Python and the machine."""
    return f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
