"""The table engine: of a small block every row there can be is repaired beforehand, tens of million rows a second."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from htdbu.solver.components import Component
from htdbu.solver.nearest.lookup import Table
from htdbu.solver.nearest.plan import Plan, plan_of
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Solutions

MOST = 2**20
"""A block that can tell more rows apart is never taken: its table leaves the processor's cache."""
ALWAYS = 2**14
"""A block that can tell no more rows apart is always taken: its table takes about a millisecond."""
FOR_EACH = 64
"""Between the two a table is made where it has at most so many entries for each row to be solved: about what the
compiled search could do instead, at 15 to 60 nanoseconds an entry and some microseconds a row."""


@dataclass
class _Block:
    """What is known of a block: its plan, and its table once a row has asked for it."""

    component: Component
    plan: Plan | None
    table: Table | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class TableEngine:
    """Makes one table for each block, when the first row of it is solved."""

    name = "table"
    rank = 10
    batch = 32_768
    joins_equal = False
    is_at_hand = True
    stand_in = None

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: dict[int, _Block] = {}

    def takes(self, component: Component, n_rows: int) -> bool:
        """Blocks with few possible rows, against those to be solved."""
        plan = self._block(component).plan
        return plan is not None and plan.n_sources <= max(ALWAYS, FOR_EACH * n_rows)

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows, all of them proved; every row stays `UNKNOWN` where the block is too large."""
        block = self._block(problems.component)
        if block.plan is None:
            return Solutions.none(len(problems.component.mutable), problems.size)
        with block.lock:
            if block.table is None:
                block.table = Table.of(block.plan)
        return block.table.solve(problems)

    def _block(self, component: Component) -> _Block:
        with self._lock:
            if id(component) not in self._blocks:
                self._blocks[id(component)] = _Block(component, plan_of(component, MOST))
            return self._blocks[id(component)]


ENGINE = TableEngine
