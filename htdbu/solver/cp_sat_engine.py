"""The general engine: every rule that the language can state, by CP-SAT, one small model for each row of a block."""

from __future__ import annotations

import threading

from htdbu.solver.components import Component
from htdbu.solver.cpsat.lexicographic import repair
from htdbu.solver.cpsat.search import Search
from htdbu.solver.cpsat.template import Template
from htdbu.solver.problems import Problems, fixed_cells_hold
from htdbu.solver.solutions import Solution, Solutions, Status


class CpSatEngine:
    """Keeps one template for each block and thread, so that rows only edit it."""

    name = "cp-sat"
    rank = 100
    batch = 16
    joins_equal = True
    is_at_hand = True
    stand_in = None

    def __init__(self) -> None:
        self._local = threading.local()

    def takes(self, component: Component, n_rows: int) -> bool:
        """Every block."""
        return True

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows of a block, in their order."""
        component = problems.component
        template, search = self._tools(component)
        found = Solutions.none(len(component.mutable), problems.size)
        for k, sound in enumerate(fixed_cells_hold(problems).tolist()):
            row = repair(template, search, problems.row(k), effort) if sound else Solution(Status.INFEASIBLE)
            found.set(k, row)
        return found

    def _tools(self, component: Component) -> tuple[Template, Search]:
        """The template of the block that was solved last on this thread, and the thread's solver."""
        local = self._local
        if getattr(local, "component", None) is not component:
            local.component, local.template = component, Template(component)
            local.search = Search()
        return local.template, local.search


ENGINE = CpSatEngine
