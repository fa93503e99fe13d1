"""Rows looked up in the table of their repairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htdbu.solver.nearest.axes import Numbers
from htdbu.solver.nearest.plan import NONE, Plan
from htdbu.solver.nearest.space import own_codes
from htdbu.solver.nearest.transform import cheapest
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Solutions, Status


@dataclass(frozen=True)
class Table:
    """The repairs of all rows of a block.

    Attributes:
        codes: for every row its repair's code, in the order of sources.
    """

    plan: Plan
    codes: Numbers

    @classmethod
    def of(cls, plan: Plan) -> Table:
        """The table of a block."""
        return cls(plan, cheapest(plan, own_codes(plan)))

    def solve(self, problems: Problems) -> Solutions:
        """The repairs of several rows."""
        codes = self.codes[self._rows(problems)]
        failing = codes >= NONE
        solutions = self._spelled(codes)
        if failing.any():
            solutions.statuses[failing] = Status.INFEASIBLE.code
            solutions.values[:, failing] = 0
            solutions.nulls[:, failing] = False
            solutions.prices[failing] = 0
        return solutions

    def _rows(self, problems: Problems) -> Numbers:
        """Where rows stand in the table."""
        found = np.zeros(problems.size, np.int64)
        for axis, modes, values in zip(self.plan.axes, problems.modes, problems.values, strict=True):
            found *= axis.sources
            found += axis.sources_of(modes, values)
        return found

    def _spelled(self, codes: Numbers) -> Solutions:
        """What codes of repairs say."""
        plan = self.plan
        found = Solutions.none(len(plan.free), codes.size)
        found.statuses[:] = Status.OPTIMAL.code
        # The price is the upper part rounded up, since less than a whole one was taken off for changed columns.
        found.prices[:] = -(-(codes >> plan.target_bits) >> len(plan.free))
        for axis, values, nulls in zip(plan.free, found.values, found.nulls, strict=True):
            targets = (codes >> plan.shifts[axis.position]) & ((1 << axis.target_bits) - 1)
            np.take(axis.cells, targets, out=values, mode="clip")
            if axis.nullable:
                np.equal(targets, 0, out=nulls)
        return found
