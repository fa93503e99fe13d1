"""Sample given the plan, drop what breaks a rule, and redraw it under the same plan while that gets anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.generators.base import Generator
from htdbu.generators.cells import NULL_CODE, truth_codes
from htdbu.generators.draws import ranks_within
from htdbu.generators.steps import Steps
from htdbu.generators.texture import Texture
from htdbu.solver.derive import derive
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.table import EncodedTable

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
Progress = Callable[[int, int], None]

_ROUNDS = 12
_MOST_COPIES = 16
"""A rejected row is drawn at most so many times in one round."""
_MOST_ROWS = 400_000
"""At most so many rows are drawn in one round."""
_HOPELESS = 0.002
"""Redrawing stops when fewer of the drawn rows than this obey the rules."""


class Drawing:
    """Rows under construction: at first more than are wanted, of which the best are kept.

    Attributes:
        table: all rows; refused ones hold their last sample.
        cells: the cell of the plan of every row.
        first: the first sample, before any rule was enforced.
        sound: the rows that were accepted, and `again` those of them that were drawn more than once.
        pending: refused rows that are to be drawn again, or to be repaired.
        rounds: how often rows were redrawn.
        steps: what the rules say of the rows after each step.
    """

    def __init__(
        self, program: Program, texture: Texture, model: Generator, cells: Indices, table: EncodedTable
    ) -> None:
        self.program = program
        self.normal = normalise(program)
        self.texture = texture
        self.model = model
        self.cells = cells
        self.table = table
        self.first = table
        self.pending: Indices = np.arange(len(cells))
        self.sound: Mask = np.zeros(len(cells), bool)
        self.again: Mask = np.zeros(len(cells), bool)
        self.rounds = 0
        self.steps = Steps(program)

    def run(self, wanted: Indices, seeds: Iterator[int], progress: Progress | None = None) -> None:
        """Draw every row once, then refused ones again until each cell has enough or hardly any is accepted.

        Args:
            wanted: how many sound rows are enough, by cell.
            progress: called with the sound rows so far and those that are wanted.
        """
        rate = self._round(1, next(seeds))
        self.first = self.table.take(np.arange(self.table.n_rows))
        self._give_up_spare(wanted)
        while self.pending.size and self.rounds < _ROUNDS and rate >= _HOPELESS:
            if progress is not None:
                total = int(wanted.sum())
                progress(total - len(self.pending), total)
            self.rounds += 1
            copies = min(_MOST_COPIES, int(np.ceil(1 / rate)), max(1, _MOST_ROWS // len(self.pending)))
            before = self.sound.copy()
            rate = self._round(copies, next(seeds))
            self.again |= self.sound & ~before
            self._give_up_spare(wanted)

    def _give_up_spare(self, wanted: Indices) -> None:
        """Leave as many rows pending as their cells still lack."""
        lacking = wanted - np.bincount(self.cells[self.sound], minlength=wanted.size)
        cells = self.cells[self.pending]
        self.pending = self.pending[ranks_within(cells) < lacking[cells]]

    def keep(self, rows: Indices) -> None:
        """Forget all rows but these; those that were refused are pending."""
        self.table, self.cells = self.table.take(rows), self.cells[rows]
        self.sound, self.again = self.sound[rows], self.again[rows]
        self.pending = np.flatnonzero(~self.sound)

    def redraw(self, seed: int) -> None:
        """Draw the pending rows once more, several copies of each."""
        self._round(min(_MOST_COPIES, max(1, _MOST_ROWS // max(1, len(self.pending)))), seed)

    def _round(self, copies: int, seed: int) -> float:
        """Draw the pending rows so many times and keep the first sound draw of each; the share of sound draws."""
        targets = np.repeat(self.pending, copies)
        if not targets.size:
            return 1.0
        drawn = self.draw(targets, seed)
        sound = ~self.refused(drawn, self.cells[targets])
        rows, where = np.unique(targets[sound], return_index=True)
        self.table.replace(rows, drawn.take(np.flatnonzero(sound)[where]))
        left = np.setdiff1d(self.pending, rows, assume_unique=True)
        last = np.searchsorted(targets, left, side="right") - 1
        self.table.replace(left, drawn.take(last))
        self.pending = left
        self.sound[rows] = True
        return float(sound.mean())

    def draw(self, targets: Indices, seed: int) -> EncodedTable:
        """One new sample for each of the given rows (keys and texts as the table holds them)."""
        drawn = self.table.take(targets)
        given = self.texture.given(self.cells[targets])
        sample = self.model.sample(len(targets), given=given, random_state=seed)
        self.texture.write(sample, drawn)
        derive(self.normal, drawn)
        return drawn

    def refused(self, table: EncodedTable, cells: Indices) -> Mask:
        """Rows that break a hard rule, or a condition that their cell of the plan asks for."""
        bad = hard_failures(self.program, table)
        evaluator = Evaluator(self.normal, table)
        plan = self.texture.plan
        for k, node in enumerate(plan.conditions):
            asked = np.array([cell[len(plan.columns) + k] for cell in plan.cells], dtype=object)
            codes = np.array([NULL_CODE if value is None else value for value in asked], dtype=np.int64)
            bad |= truth_codes(evaluator, node) != codes[cells]
        return bad
