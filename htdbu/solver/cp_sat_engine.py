"""The general engine: every rule that the language can state, by CP-SAT, one small model for each row of a block."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from htdbu.solver.cells import Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat.lexicographic import repair
from htdbu.solver.cpsat.search import Search
from htdbu.solver.cpsat.template import Template
from htdbu.solver.engine import Solution, Status, fixed_cells_hold


class CpSatEngine:
    """Keeps one template for each block and thread, so that rows only edit it."""

    name = "cp-sat"

    def __init__(self) -> None:
        self._local = threading.local()

    def solve(self, component: Component, rows: Sequence[Row], effort: float) -> list[Solution]:
        """The repairs of several rows of a block, in their order."""
        template, search = self._tools(component)
        return [
            repair(template, search, row, effort) if fixed_cells_hold(component, row) else Solution(Status.INFEASIBLE)
            for row in rows
        ]

    def _tools(self, component: Component) -> tuple[Template, Search]:
        """The template of the block that was solved last on this thread, and the thread's solver."""
        local = self._local
        if getattr(local, "component", None) is not component:
            local.component, local.template = component, Template(component)
            local.search = Search()
        return local.template, local.search


ENGINE = CpSatEngine
