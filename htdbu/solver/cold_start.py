"""Whether to wait for a compiler: an engine whose machine code is not on disk yet is worth it for large tables only."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from htdbu.solver.dispatch import dispatch
from htdbu.solver.engine import GENERAL, Engine
from htdbu.solver.problems import Problems

COMPILING = 25.0
"""Seconds that the compiler takes, about."""
FEW = 100
"""Fewer rows than that are never worth it."""
SAMPLE = 24
"""Rows that the other engines solve on trial, to see how long all of them would take."""


def worthwhile(
    engines: Sequence[Engine], problems: Sequence[Problems], effort: float, threads: int, share: float = 1.0
) -> tuple[list[Engine], tuple[str, ...]]:
    """The engines to ask, and the names of those that are not worth making ready; no repair depends on which they are.

    For those others stand in. A handful of rows is not worth a word either.

    Args:
        engines: those that could be asked, the general one among them.
        problems: all that there is to solve.
        share: what part of all that is, where more of the same is still to come.
    """
    cold = [engine for engine in engines if not engine.is_at_hand]
    quick = [engine for engine in engines if engine.is_at_hand and engine.name != GENERAL]
    left = [each for each in problems if not any(engine.takes(each.component, each.size) for engine in quick)]
    others = [other for engine in engines if (other := _at_hand(engine)) is not None]
    if not cold or not left or _is_worth_it(others, left, effort, threads, share):
        return list(engines), ()
    told = tuple(engine.name for engine in cold if sum(each.size for each in left) >= FEW)
    return others, told


def _at_hand(engine: Engine) -> Engine | None:
    """The engine, or what stands in for it."""
    return engine if engine.is_at_hand else engine.stand_in


def _is_worth_it(
    engines: Sequence[Engine], problems: Sequence[Problems], effort: float, threads: int, share: float
) -> bool:
    """Whether engines that are at hand would take longer for everything than the compiler does."""
    first = [each.distinct()[0] for each in problems]
    total = sum(rows.size for rows in first)
    if total < FEW * share:
        return False
    seconds = 0.0
    for each, rows in zip(problems, first, strict=True):
        sample = rows[np.linspace(0, rows.size - 1, min(SAMPLE, rows.size)).astype(np.int64)]
        asked = [engine for engine in engines if engine.takes(each.component, rows.size)]
        started = perf_counter()
        dispatch(asked, [each.take(sample)], effort, 1)
        # Only the general engine leaves Python's lock to other threads.
        at_once = threads if asked[0].name == GENERAL else 1
        seconds += (perf_counter() - started) / sample.size * rows.size / at_once
        if seconds > COMPILING * share:
            return True
    return False
