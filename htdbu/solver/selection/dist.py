"""`dist(columns given c)`: how many rows hold each part of the columns' values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from htdbu.compiler.lowering.build import conjunction, disjunction, negated, within
from htdbu.compiler.normal import Bool, IsNull, Var
from htdbu.compiler.program import Target
from htdbu.compiler.shares import Box, share_box
from htdbu.solver.evaluate import Mask
from htdbu.solver.selection.aim import Aim, State
from htdbu.solver.selection.demands import Demand, distance, some
from htdbu.solver.table import HUGE, VALUE, EncodedTable
from htdbu.solver.tallies import ShareTable

MANY = 12
"""With more parts than that, only those that lack rows are worth a candidate."""


@dataclass(frozen=True)
class DistAim(Aim):
    """The sums: rows of every part that has a share, and last rows that hold any other values.

    Values without a share are one part: each adds its own share to the distance, and so does their sum.
    """

    shares: tuple[tuple[Box, Fraction], ...] = ()

    @property
    def width(self) -> int:
        """Two lines."""
        return 2

    def state(self, table: EncodedTable) -> State:
        """One line: the number of the part that a row counts in, from 1; 0 where it does not count."""
        places = [self.program.column_index[name] for name in self.target.columns]
        known = np.all([table.states[i] == VALUE for i in places], axis=0)
        counted = known & self.truth(table, self.lowered.given)[0]
        parts = np.where(counted, len(self.shares) + 1, 0)
        for number, (box, _) in enumerate(self.shares, start=1):
            parts[counted & _inside(table, places, box)] = number
        for column, row in table.huge:
            if column in places and counted[row]:
                parts[row] = len(self.shares) + 1
        return parts.astype(np.int64)[np.newaxis]

    def totals(self, state: State) -> list[int]:
        """Rows of each part, and of the rest."""
        counts: list[int] = np.bincount(state[0], minlength=len(self.shares) + 2)[1:].tolist()
        return counts

    def step(self, before: State, after: State) -> State:
        """Two lines: the part that a row leaves and the one that it enters."""
        moved = before != after
        return np.concatenate([np.where(moved, before, 0), np.where(moved, after, 0)])

    def effect(self, step: Sequence[int]) -> dict[int, int]:
        """One row less in a part, and one more in another."""
        left, entered = step
        return ({left - 1: -1} if left else {}) | ({entered - 1: 1} if entered else {})

    def demands(self, n_rows: int) -> list[Demand]:
        """The distance within its bound, over one row at least."""
        high = self.bounds[1]
        shares = (*(share for _, share in self.shares), Fraction(0))
        return [some(range(len(shares))), distance(shares, Fraction(0) if high is None else high)]

    def classes(self, totals: Sequence[int], n_rows: int) -> list[Bool]:
        """A class a part, other values, and left out; where there are many parts, those alone that lack rows."""
        terms = [Var(self.program.column_index[name]) for name in self.target.columns]
        here = [conjunction(within(t, (side,)) for t, side in zip(terms, box, strict=True)) for box, _ in self.shares]
        reachable = [all(abs(end) < HUGE for side in box for end in side) for box, _ in self.shares]
        if len(self.shares) > MANY:
            lacking = [share * sum(totals) > count for (_, share), count in zip(self.shares, totals, strict=False)]
            pairs = zip(here, reachable, lacking, strict=True)
            return [self.counted_and(part) for part, fine, lacks in pairs if fine and lacks]
        other = self.counted_and(negated(disjunction(here)), *(negated(IsNull(term)) for term in terms))
        return [
            *(self.counted_and(part) for part, fine in zip(here, reachable, strict=True) if fine),
            other,
            self.left_out(*terms),
        ]

    @property
    def exact(self) -> bool:
        """Only where every part is a class."""
        return len(self.shares) <= MANY


def _inside(table: EncodedTable, places: Sequence[int], box: Box) -> Mask:
    """Rows whose cells lie in a box."""
    sides = ((table.values[i] >= low) & (table.values[i] <= high) for i, (low, high) in zip(places, box, strict=True))
    return np.asarray(np.logical_and.reduce(list(sides)), dtype=bool)


def wanted_shares(aim: Aim, real: EncodedTable | None) -> tuple[tuple[Box, Fraction], ...]:
    """The parts of a `dist` target and their shares: stated, or those of the real rows; () where there are none."""
    target: Target = aim.target
    if not target.real:
        columns = [aim.program.column(name) for name in target.columns]
        return tuple({share_box(share, columns): Fraction(share.share) for share in target.shares or ()}.items())
    assert real is not None
    held = ShareTable(aim.program, target, aim.lowered)
    held.add(real)
    return tuple((tuple((value, value) for value in key), share) for key, share in sorted(held.shares.items()))
