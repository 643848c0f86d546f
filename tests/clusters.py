"""A real cluster on this machine: a scheduler and two workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def cluster_of_two(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a scheduler; each worker is a process that is started anew when it dies."""
    place = folder / "scheduler.json"
    common = ["--scheduler-file", str(place), "--no-dashboard"]
    scheduler = ["distributed.cli.dask_scheduler", *common, "--port", "0"]
    worker = ["distributed.cli.dask_worker", *common, "--nworkers", "2", "--nthreads", "1"]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=os.environ | dict(environment or {}),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for command in (scheduler, worker)
    ]  # fmt: skip
    try:
        for _ in range(200):
            if place.is_file() and place.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(place.read_text())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)


def workers_of(address: str) -> list[int]:
    """The process ids of the workers."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())
