"""Work on several jobs at a time: in processes, or on the machines of a cluster."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from generator.errors import InputError, MissingPart

A = TypeVar("A")
B = TypeVar("B")

WAIT = "10s"  # for a scheduler to answer
Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it is done, and of how much."""


def patient() -> None:
    """Look for garbage rarely: trees are many and hold no cycles, so that looking only takes time."""
    gc.set_threshold(200_000, 20, 50)


@contextmanager
def workers(jobs: int | None, cluster: str = "") -> Iterator[Executor | None]:
    """A pool of processes, by default one a core; ``None`` where one process is enough.

    ``cluster`` is the address of a Dask scheduler whose workers are used instead. Jobs of a worker that dies
    are given to another one.

    Raises:
        InputError: no scheduler answers there.
        MissingPart: the package for clusters is not installed.
    """
    if cluster:
        with _cluster(cluster) as pool:
            yield pool
        return
    if jobs == 1:
        patient()
        yield None
        return
    with ProcessPoolExecutor(jobs, initializer=patient) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)  # Ctrl-C should not wait for what has not begun
            raise


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        hint = "install it: pip install 'workings[cluster]'"
        raise MissingPart("a cluster needs the package `distributed`", hint=hint) from None
    try:
        client = Client(address, timeout=WAIT)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"no cluster answers at {address!r}: {error}") from None
    with client, client.get_executor() as pool:
        yield pool


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
