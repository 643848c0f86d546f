"""Work on several jobs at a time, in processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it is done, and of how much."""


@contextmanager
def workers(jobs: int | None) -> Iterator[Executor | None]:
    """A pool of processes, by default one a core; ``None`` where one process is enough."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)  # Ctrl-C should not wait for what has not begun
            raise


def work_through(
    pool: Executor | None, work: Callable[[A], B], jobs: Sequence[A], what: str, progress: Progress
) -> list[B]:
    """The results of ``work`` for all jobs, in their order."""
    progress(what, 0, len(jobs))
    if pool is None:
        results = []
        for done, job in enumerate(jobs, 1):
            results.append(work(job))
            progress(what, done, len(jobs))
        return results
    futures = [pool.submit(work, job) for job in jobs]
    for done, _ in enumerate(as_completed(futures), 1):
        progress(what, done, len(jobs))
    return [future.result() for future in futures]
