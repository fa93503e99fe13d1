"""The compiled engine: an exact search in machine code, hundreds of times faster than a call of a solver."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.compiled.tape import Tape, tape_of
from htdbu.solver.components import Component
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Solutions, Status
from htdbu.solver.stand_in import StandIn

BOXES = 10_000
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
        self._stand_in = StandIn(self._tape, _STATUSES)

    @property
    def is_at_hand(self) -> bool:
        """Whether the machine code lies ready."""
        from htdbu.solver.compiled.program import is_at_hand

        return is_at_hand()

    @property
    def stand_in(self) -> StandIn:
        """The same search, run by Python."""
        return self._stand_in

    def takes(self, component: Component, n_rows: int) -> bool:
        """Blocks of which it is proved that nothing in them leaves 64 bits."""
        return self._tape(component) is not None

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows; those that take too long stay `UNKNOWN`."""
        return self.solve_within(problems, BOXES)[0]

    def solve_within(self, problems: Problems, limit: int) -> tuple[Solutions, NDArray[np.int64]]:
        """The repairs of several rows, and how many parts of each search were looked at, up to a limit."""
        from htdbu.solver.compiled.search import solve_rows

        tape = self._primed_tape(problems.component)
        found = Solutions.none(len(problems.component.mutable), problems.size)
        boxes = np.zeros(problems.size, np.int64)
        if tape is not None:
            endings = np.empty(problems.size, np.int64)
            solve_rows(
                tape.code,
                self._work(tape),
                np.ascontiguousarray(problems.modes),
                np.ascontiguousarray(problems.values),
                limit,
                endings,
                found.prices,
                found.values,
                found.nulls,
                boxes,
            )
            found.statuses[:] = _STATUSES[endings]
        return found, boxes

    def _tape(self, component: Component) -> Tape | None:
        """The block as data, made once."""
        with self._lock:
            if id(component) not in self._tapes:
                self._tapes[id(component)] = component, tape_of(component)
            return self._tapes[id(component)][1]

    def _primed_tape(self, component: Component) -> Tape | None:
        """The same with the rules applied to the domains that all rows start from."""
        from htdbu.solver.compiled.program import load
        from htdbu.solver.compiled.search import prime

        tape = self._tape(component)
        with self._lock:
            if tape is not None and id(component) not in self._primed:
                load()
                prime(tape.code, tape.work)
                self._primed.add(id(component))
        return tape

    def _work(self, tape: Tape) -> NDArray[np.int64]:
        """A place to work in for this thread."""
        local = self._local
        if getattr(local, "tape", None) is not tape:
            local.tape, local.work = tape, tape.work.copy()
        work: NDArray[np.int64] = local.work
        return work


ENGINE = CompiledEngine
