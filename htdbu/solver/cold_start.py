"""Whether to wait for a compiler: an engine whose machine code is not on disk yet is worth it for large tables only."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from htdbu.solver.engine import GENERAL, Engine
from htdbu.solver.problems import Problems

COMPILING = 25.0
"""Seconds that the compiler takes, about."""
FEW = 100
"""Fewer rows than that are never worth it."""
SAMPLE = 24
"""Rows that the general engine solves on trial, to see how long all of them would take it."""


def worthwhile(
    engines: Sequence[Engine], problems: Sequence[Problems], effort: float, threads: int, share: float = 1.0
) -> tuple[list[Engine], tuple[str, ...]]:
    """The engines to ask, and the names of those that are not worth making ready; no repair depends on which they are.

    A handful of rows is not worth a word either.

    Args:
        engines: those that could be asked, the general one among them.
        problems: all that there is to solve.
        share: what part of all that is, where more of the same is still to come.
    """
    cold = [engine for engine in engines if not engine.is_at_hand]
    quick = [engine for engine in engines if engine.is_at_hand and engine.name != GENERAL]
    left = [each for each in problems if not any(engine.takes(each.component, each.size) for engine in quick)]
    if not cold or not left or _is_worth_it(engines, left, effort, threads, share):
        return list(engines), ()
    told = tuple(engine.name for engine in cold if sum(each.size for each in left) >= FEW)
    return [engine for engine in engines if engine not in cold], told


def _is_worth_it(
    engines: Sequence[Engine], problems: Sequence[Problems], effort: float, threads: int, share: float
) -> bool:
    """Whether the general engine would take longer for everything than the compiler does."""
    (general,) = (engine for engine in engines if engine.name == GENERAL)
    first = [each.distinct()[0] for each in problems]
    total = sum(rows.size for rows in first)
    if total < FEW * share:
        return False
    seconds = 0.0
    for each, rows in zip(problems, first, strict=True):
        sample = rows[np.linspace(0, rows.size - 1, min(SAMPLE, rows.size)).astype(np.int64)]
        started = perf_counter()
        general.solve(each.take(sample), effort)
        seconds += (perf_counter() - started) / sample.size * rows.size
        if seconds > COMPILING * threads * share:
            return True
    return False
