"""What stands in for the compiled engine while there is no machine code: the same search, run by Python."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from htdbu.solver.compiled.tape import Tape
from htdbu.solver.components import Component
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Codes, Solutions

BOXES = 400
"""A row is left to the next engine once so many parts of its search were looked at: that is a call of it or two."""


class StandIn:
    """The compiled engine without its machine code, for a few rows.

    Args:
        tape: the block as data, if it can be had.
        statuses: the codes of `Status` for the numbers that the search ends with.
    """

    name = "compiled"
    rank = 20
    batch = 256
    joins_equal = True
    is_at_hand = True
    stand_in = None

    def __init__(self, tape: Callable[[Component], Tape | None], statuses: Codes) -> None:
        self._tape = tape
        self._statuses = statuses
        self._lock = threading.Lock()
        self._lists: dict[int, tuple[Component, list[int], list[int]]] = {}

    def takes(self, component: Component, n_rows: int) -> bool:
        """The blocks of the compiled engine."""
        return self._tape(component) is not None

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows; those that take too long stay `UNKNOWN`."""
        from htdbu.solver.compiled.interpreted import interpreted
        from htdbu.solver.compiled.search import solve_rows

        code, work = self._primed(problems.component)
        found = Solutions.none(len(problems.component.mutable), problems.size)
        endings, boxes = np.empty(problems.size, np.int64), np.zeros(problems.size, np.int64)
        search = interpreted(solve_rows)
        # Plain integers: those of numpy would go on into every sum.
        modes, values = problems.modes.astype(object), problems.values.astype(object)
        search(code, work, modes, values, BOXES, endings, found.prices, found.values, found.nulls, boxes)
        found.statuses[:] = self._statuses[endings]
        return found

    def _primed(self, component: Component) -> tuple[list[int], list[int]]:
        """The block as lists, with the rules applied to what all rows start from, and a place to work in."""
        from htdbu.solver.compiled.interpreted import interpreted
        from htdbu.solver.compiled.search import prime

        tape = self._tape(component)
        assert tape is not None
        with self._lock:
            if id(component) not in self._lists:
                code, work = tape.code.tolist(), tape.work.tolist()
                interpreted(prime)(code, work)
                self._lists[id(component)] = component, code, work
            _, code, work = self._lists[id(component)]
        return code, list(work)
