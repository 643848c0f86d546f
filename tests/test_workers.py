"""Work on several jobs: here, in processes, and on a real cluster that loses a worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.workers import work_through, workers
from tests.clusters import cluster_of_two

LOST = "lost-a-worker"


def square(x: int) -> int:
    return x * x


def square_or_die(job: tuple[int, str]) -> int:
    """The worker that gets the fifth job dies of it; the one that gets it next does it."""
    x, folder = job
    mark = Path(folder) / LOST
    if x == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return x * x


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_jobs(jobs):
    told: list[tuple[str, int, int]] = []
    with workers(jobs) as pool:
        found = work_through(pool, square, range(7), "done", lambda *words: told.append(words))
    assert found == [k * k for k in range(7)]
    assert told[0] == ("done", 0, 7)
    assert told[-1] == ("done", 7, 7)


def test_a_cluster_that_does_not_answer_is_named():
    with pytest.raises(InputError, match="no cluster answers at 'nonsense"), workers(None, "nonsense://x"):
        pass


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    with cluster_of_two(tmp_path) as address:
        yield address


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_loses_a_worker_and_nothing_else(cluster, tmp_path):
    jobs = [(k, str(tmp_path)) for k in range(20)]
    with workers(None, cluster) as pool:
        found = work_through(pool, square_or_die, jobs, "done", lambda *words: None)
    assert found == [k * k for k in range(20)]
    assert (tmp_path / LOST).exists()
