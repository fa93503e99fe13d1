"""How every contestant is timed; needs nothing but the standard library, since peers have environments of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

FIRST = 10
"""Rows of the first call, which pays for whatever is made only once."""
PILOT = 200
RUNS = 3

T = TypeVar("T")


@dataclass
class Timing(Generic[T]):
    """What was measured.

    Attributes:
        rows: rows of every timed run.
        first: wall seconds of the first call, on `FIRST` rows.
        wall, cpu: seconds of the runs; CPU seconds are those of the process, all its threads together.
        result: what the last run returned.
    """

    rows: int
    first: float
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    result: T | None = None

    def to_dict(self) -> dict[str, object]:
        """The figures of the fastest run, which other work on the machine has slowed down the least; and all runs."""
        best = self.wall.index(min(self.wall))
        return {
            "rows": self.rows,
            "first_call_seconds": self.first,
            "seconds": self.wall[best],
            "cpu_seconds": self.cpu[best],
            "runs": self.wall,
        }


def timed(run: Callable[[int], T], most: int, seconds: float) -> Timing[T]:
    """Time a run over the first `n` rows of a table, `n` as large as some seconds allow, at most `most`.

    Runs grow until one takes an eighth of the seconds or covers the table; then `n` is what should take all of the
    seconds. Up to three runs over these rows count, as many as the seconds allow, but at least one.
    """
    begun = time.perf_counter()
    run(min(FIRST, most))
    timing: Timing[T] = Timing(min(PILOT, most), time.perf_counter() - begun)
    _measure(timing, run)
    while timing.rows < most and timing.wall[-1] < seconds / 8:
        _restart(timing, min(most, timing.rows * 8))
        _measure(timing, run)
    wanted = min(most, int(timing.rows * seconds / timing.wall[-1]))
    if wanted > timing.rows * 1.5:
        _restart(timing, wanted)
        _measure(timing, run)
    while len(timing.wall) < RUNS and sum(timing.wall) < 0.7 * seconds:
        _measure(timing, run)
    return timing


def _restart(timing: Timing[T], rows: int) -> None:
    timing.rows, timing.wall, timing.cpu = rows, [], []


def _measure(timing: Timing[T], run: Callable[[int], T]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    timing.result = run(timing.rows)
    timing.wall.append(time.perf_counter() - wall)
    timing.cpu.append(time.process_time() - cpu)
