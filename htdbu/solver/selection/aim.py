"""What a target is to the selection: a few whole numbers per row, whose sums decide whether it is met."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering.build import conjunction, disjunction, negated
from htdbu.compiler.normal import Bool, Int, IsNull, NormalProgram, NormalTarget, Truth
from htdbu.compiler.program import Program, Target
from htdbu.solver.beyond import beyond
from htdbu.solver.evaluate import Evaluator, Mask
from htdbu.solver.selection.demands import Demand
from htdbu.solver.table import EncodedTable
from htdbu.solver.targets import target_bound

State = NDArray[np.int64]
"""Some whole numbers per row, shape (numbers, rows)."""
ANY: Bool = Truth(True)


@dataclass(frozen=True)
class Aim(ABC):
    """A target that is asked for.

    Every row has a *state*, and every target some sums over the states of all rows, which its demands speak of.
    """

    program: Program
    normal: NormalProgram
    target: Target
    lowered: NormalTarget

    @property
    def exact(self) -> bool:
        """Whether the classes hold all that a row can do for or against the target, so that nothing is missed."""
        return True

    @property
    def name(self) -> str:
        """The name of the target."""
        return self.target.name

    @property
    @abstractmethod
    def width(self) -> int:
        """How many lines a step has."""

    @abstractmethod
    def state(self, table: EncodedTable) -> State:
        """The state of every row."""

    @abstractmethod
    def demands(self, n_rows: int) -> list[Demand]:
        """What the target asks of its sums; only rows that count can meet it."""

    @abstractmethod
    def classes(self, totals: Sequence[int], n_rows: int) -> list[Bool]:
        """Conditions on a row, one for every state that is worth a candidate, given the present sums.

        A row belongs to a class where its condition is true, and not where it is unknown.
        """

    def totals(self, state: State) -> list[int]:
        """The sums over all rows: each line of the state is summed."""
        return [int(line.sum()) for line in state]

    def step(self, before: State, after: State) -> State:
        """What changes as rows go from one state to another; all 0 where nothing does."""
        return after - before

    def lines(self, step: State) -> State:
        """What steps are ranked within: those with equal columns do the same for the target, but for their size."""
        return step

    def effect(self, step: Sequence[int]) -> dict[int, int]:
        """What a step of one row adds to the sums, by their positions."""
        return {place: number for place, number in enumerate(step) if number}

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The bounds of the target in the units of the column: steps for numbers, days, seconds; shares as they are."""
        low, high = target_bound(self.target.low), target_bound(self.target.high)
        scale = 1
        if self.target.measure not in ("share", "dist"):
            kind = self.program.column(self.target.columns[0]).type
            scale = 10**kind.scale if kind.kind in ("int", "decimal") else 1
        return None if low is None else low * scale, None if high is None else high * scale

    def truth(self, table: EncodedTable, node: Bool | None) -> tuple[Mask, Mask]:
        """Where a condition of the target is true and where it is false; true everywhere without one."""
        if node is None:
            return np.ones(table.n_rows, bool), np.zeros(table.n_rows, bool)
        return Evaluator(self.normal, table, beyond(self.program)).truth(node)

    def counted_and(self, *conditions: Bool) -> Bool:
        """The condition that a row counts, and that others are true."""
        given = () if self.lowered.given is None else (self.lowered.given,)
        return conjunction((*given, *conditions))

    def left_out(self, *needed: Int | Bool) -> Bool:
        """The condition that a row does not count: it is not asked for, or something that is needed is unknown."""
        given = () if self.lowered.given is None else (negated(surely(self.lowered.given)),)
        return disjunction((*given, *(IsNull(node) for node in needed)))


def surely(node: Bool) -> Bool:
    """True where a condition is true, and false where it is false or unknown."""
    return conjunction((node, negated(IsNull(node))))
