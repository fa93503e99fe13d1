"""Work on a table piece by piece: on threads, and in memory that the processor's caches hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from htdbu.solver.outcomes import CHUNK

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_chunks(work: Callable[[int, int], Result], n_rows: int, threads: int | None) -> list[Result]:
    """The results of some work on every chunk of rows, in their order; of no rows, none.

    Args:
        work: called with the first row of a chunk and the one behind its last.
        threads: how many chunks are worked on at a time; all processors by default.
    """
    starts = range(0, n_rows, CHUNK)
    return in_order(lambda start: work(start, min(start + CHUNK, n_rows)), starts, threads)


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    threads: int | None,
    told: Callable[[int], None] | None = None,
) -> list[Result]:
    """The results of some work on every item, in their order.

    Args:
        threads: how many items are worked on at a time; all processors by default.
        told: called after each item with how many are done; what it raises ends the work.
    """
    threads = min(threads or os.cpu_count() or 1, len(items))
    if threads <= 1:
        return list(_counted(map(work, items), told))
    with ThreadPoolExecutor(threads, thread_name_prefix="htdbu-table") as pool:
        try:
            return list(_counted(pool.map(work, items), told))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _counted(results: Iterable[Result], told: Callable[[int], None] | None) -> Iterator[Result]:
    for done, result in enumerate(results, 1):
        yield result
        if told is not None:
            told(done)
