"""Which engine solves which rows: the fastest that can, and what it leaves goes to the next.

Rows and blocks are independent of each other, so they are solved in batches on as many threads as are asked for; what
comes out does not depend on how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from htdbu.solver.engine import Engine
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Codes, Solutions, Status
from htdbu.solver.table import Indices

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Solved:
    """The solutions of some problems, and for each row the place of the engine that was asked last."""

    problems: Problems
    solutions: Solutions
    engines: Codes


@dataclass(frozen=True)
class _Batch:
    """Rows of one block for one call of an engine; `places` are the positions of their like among the problems."""

    target: Solved
    problems: Problems
    places: Sequence[Indices]


def dispatch(
    engines: Sequence[Engine],
    problems: Sequence[Problems],
    effort: float,
    threads: int,
    progress: Progress | None = None,
) -> list[Solved]:
    """Solve all problems, by each engine in turn.

    Args:
        progress: called with the number of rows of blocks that are solved, and of all.
    """
    found = [_unsolved(each) for each in problems]
    total, done = sum(each.size for each in problems), 0
    with ThreadPoolExecutor(threads, thread_name_prefix="htdbu-repair") as pool:
        try:
            for number, engine in enumerate(engines):
                batches = [batch for solved in found for batch in _batches(engine, solved)]
                futures = [pool.submit(engine.solve, batch.problems, effort) for batch in batches]
                for batch, future in zip(batches, futures, strict=True):
                    done += _write(batch, future.result(), number)
                    if progress is not None:
                        progress(done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _unsolved(problems: Problems) -> Solved:
    none = Solutions.none(len(problems.component.mutable), problems.size)
    return Solved(problems, none, np.zeros(problems.size, np.int8))


def _batches(engine: Engine, solved: Solved) -> Iterator[_Batch]:
    """What no engine has settled yet, in pieces for one engine."""
    left = np.flatnonzero(solved.solutions.statuses == Status.UNKNOWN.code)
    if not left.size:
        return
    every = left.size == solved.problems.size
    problems, groups = solved.problems if every else solved.problems.take(left), None
    if engine.joins_equal:
        problems, groups = _joined(problems, left)
    if not engine.takes(problems.component, problems.size):
        return
    for start in range(0, problems.size, engine.batch):
        stop = min(start + engine.batch, problems.size)
        places = [left[start:stop]] if groups is None else groups[start:stop]
        yield _Batch(solved, problems.slice(start, stop), places)


def _joined(problems: Problems, left: Indices) -> tuple[Problems, list[Indices]]:
    """The different ones among some problems, and for each the positions of all its like."""
    first, which = problems.distinct()
    ends = np.cumsum(np.bincount(which, minlength=first.size))
    return problems.take(first), np.split(left[np.argsort(which, kind="stable")], ends[:-1])


def _write(batch: _Batch, solutions: Solutions, engine: int) -> int:
    """Put the solutions of a batch where they belong; how many rows are settled by them."""
    if len(batch.places) == batch.problems.size:
        solutions = solutions.take(np.repeat(np.arange(batch.problems.size), [place.size for place in batch.places]))
    places = np.concatenate(batch.places)
    batch.target.solutions.put(places, solutions)
    batch.target.engines[places] = engine
    return int((solutions.statuses != Status.UNKNOWN.code).sum())
