"""The compiled engine: an exact search in machine code, a thousand times faster than a call of a solver."""

from __future__ import annotations

import threading

import numpy as np

from htdbu.solver.compiled.tape import Tape, tape_of
from htdbu.solver.components import Component
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Solutions, Status

BOXES = 1_000
"""A row is left to the next engine once so many parts of its search were looked at."""
_STATUSES = np.array([Status.OPTIMAL.code, Status.INFEASIBLE.code, Status.UNKNOWN.code], np.int8)


class CompiledEngine:
    """Branch and bound over boxes, with every rule of the language as data."""

    name = "compiled"
    rank = 20
    batch = 4_096
    joins_equal = False

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        self._tapes: dict[int, tuple[Component, Tape | None]] = {}
        self._primed: set[int] = set()

    def takes(self, component: Component, n_rows: int) -> bool:
        """Blocks of which it is proved that nothing in them leaves 64 bits."""
        return self._tape(component) is not None

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows; those that take too long stay `UNKNOWN`."""
        from htdbu.solver.compiled.search import solve_rows

        tape = self._tape(problems.component, primed=True)
        found = Solutions.none(len(problems.component.mutable), problems.size)
        if tape is not None:
            endings = np.empty(problems.size, np.int64)
            solve_rows(
                tape.code,
                self._work(tape),
                problems.modes,
                problems.values,
                BOXES,
                endings,
                found.prices,
                found.values,
                found.nulls,
                self.boxes(problems.size),
            )
            found.statuses[:] = _STATUSES[endings]
        return found

    def _tape(self, component: Component, primed: bool = False) -> Tape | None:
        """The block as data, made once; `primed` with its rules applied to the domains that all rows start from."""
        with self._lock:
            if id(component) not in self._tapes:
                self._tapes[id(component)] = component, tape_of(component)
            tape = self._tapes[id(component)][1]
            if primed and tape is not None and id(component) not in self._primed:
                from htdbu.solver.compiled.search import prime

                prime(tape.code, tape.work)
                self._primed.add(id(component))
            return tape

    def boxes(self, n):
        self.seen = np.zeros(n, np.int64)
        return self.seen

    def _work(self, tape: Tape) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """A place to work in for this thread."""
        local = self._local
        if getattr(local, "tape", None) is not tape:
            local.tape, local.work = tape, tape.work.copy()
        work: np.ndarray[tuple[int], np.dtype[np.int64]] = local.work
        return work


ENGINE = CompiledEngine
