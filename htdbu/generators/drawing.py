"""Sample given the plan; what breaks a rule is drawn again while that gets somewhere, then steered past the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.generators.base import Generator
from htdbu.generators.copies import UniqueRows
from htdbu.generators.draws import Buckets, ranks_within
from htdbu.generators.plan.cells import places_of
from htdbu.generators.steering import Steering
from htdbu.generators.steps import Steps
from htdbu.generators.texture import Texture
from htdbu.solver.derive import derive
from htdbu.solver.outcomes import hard_failures, row_outcomes
from htdbu.solver.table import EncodedTable

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]
Progress = Callable[[int, int], None]

_ROUNDS = 12
_MOST_COPIES = 16
"""A rejected row is drawn at most so many times in one round."""
_MOST_ROWS = 400_000
"""At most so many rows are drawn in one round."""
_TOO_FEW = 0.1
"""Rows are steered when fewer of the drawn ones than this obey the rules."""
_STEERED_AT_ONCE = 100_000
_STEERINGS = 3
_ABSENCE = 11
"""What tells the seed of missing texts from that of the other cells."""

REFUSED, SAMPLED, REDRAWN, STEERED, COMPLETED = range(5)
"""How a row came about: not yet, as first sampled, drawn again, steered past the rules, completed by the solver."""
WAYS = {"sampled": SAMPLED, "redrawn": REDRAWN, "steered": STEERED, "completed": COMPLETED}


class Drawing:
    """Rows under construction: at first more than are wanted, of which the best are kept.

    Attributes:
        models: what rows are drawn from, and `halves` says by row from which of them.
        table: all rows; refused ones hold their last sample.
        cells: the cell of the plan of every row.
        first: the first sample, before any rule was enforced.
        ways: how every row came about, `REFUSED` where it did not yet.
        pending: refused rows that are to be drawn again, or to be repaired.
        rounds: how often rows were redrawn.
        steps: what the rules say of the rows after each step.
        copies: real rows that no row may equal.
        spare: accepted rows that `keep` was told to set aside, as a drawing of their own.
    """

    def __init__(
        self,
        program: Program,
        texture: Texture,
        models: Sequence[Generator],
        cells: Indices,
        table: EncodedTable,
        copies: UniqueRows | None = None,
    ) -> None:
        self.program = program
        self.normal = normalise(program)
        self.texture = texture
        self.models = models
        self.cells = cells
        self.halves: Indices = ranks_within(cells) % len(models)
        self.table = table
        self.first = table
        self.pending: Indices = np.arange(len(cells))
        self.ways: NDArray[np.int8] = np.full(len(cells), REFUSED, np.int8)
        self.rounds = 0
        self.steps = Steps(program)
        self.copies = copies
        self.spare: Drawing | None = None

    @property
    def sound(self) -> Mask:
        """The rows that were accepted."""
        accepted: Mask = self.ways != REFUSED
        return accepted

    def run(self, wanted: Indices, seeds: Iterator[int], progress: Progress | None = None) -> None:
        """Draw every row once, then refused ones again until each cell has enough or hardly any is accepted.

        Args:
            wanted: how many sound rows are enough, by cell.
            progress: called with the sound rows so far and those that are wanted.
        """
        total = int(wanted.sum())
        rate = self._round(1, next(seeds), SAMPLED)
        self._give_up_spare(wanted)
        while self.pending.size and self.rounds < _ROUNDS and rate >= _TOO_FEW:
            if progress is not None:
                progress(total - len(self.pending), total)
            self.rounds += 1
            copies = min(_MOST_COPIES, int(np.ceil(1 / rate)), max(1, _MOST_ROWS // len(self.pending)))
            rate = self._round(copies, next(seeds), REDRAWN)
            self._give_up_spare(wanted)
        for _ in range(_STEERINGS if self.pending.size else 0):
            for start in range(0, self.pending.size, _STEERED_AT_ONCE):
                if progress is not None:
                    progress(total - len(self.pending), total)
                self._steer(self.pending[start : start + _STEERED_AT_ONCE], seeds)
            self.pending = self.pending[~self.sound[self.pending]]

    def _steer(self, rows: Indices, seeds: Iterator[int]) -> None:
        """Draw some rows column by column, past what the rules forbid."""
        for half, model in enumerate(self.models):
            own = rows[self.halves[rows] == half]
            if own.size:
                self._steer_by(model, own, seeds)

    def _steer_by(self, model: Generator, rows: Indices, seeds: Iterator[int]) -> None:
        steering = Steering(self.texture, model, model.threads)
        rows = rows[steering.leads_somewhere(self.table.take(rows), self.cells[rows])]
        if not rows.size:
            return
        table = self.table.take(rows)
        domains = (outcome for outcome in row_outcomes(self.program, table) if outcome.kind in ("domain", "null"))
        broken = [i for outcome in domains if outcome.fail.any() for i in outcome.columns if i in self.texture.columns]
        particles = steering.draw(table, self.cells[rows], broken, seeds)
        self.table.replace(rows, particles.table)
        sound = ~self.refused(particles.table, self.cells[rows])
        self.ways[rows[sound]] = np.where(particles.completed, COMPLETED, STEERED)[sound]

    def _give_up_spare(self, wanted: Indices) -> None:
        """Leave as many rows pending as their cells still lack."""
        lacking = wanted - np.bincount(self.cells[self.sound], minlength=wanted.size)
        cells = self.cells[self.pending]
        self.pending = self.pending[ranks_within(cells) < lacking[cells]]

    def keep(self, rows: Indices, aside: bool = False) -> None:
        """Forget all rows but these, or set accepted others `aside`; those that were refused are pending."""
        if aside:
            self.spare = copy(self)
            self.spare.keep(np.setdiff1d(np.flatnonzero(self.sound), rows, assume_unique=True))
        self.table, self.cells, self.halves = self.table.take(rows), self.cells[rows], self.halves[rows]
        self.ways = self.ways[rows]
        self.pending = np.flatnonzero(~self.sound)

    def redraw(self, seed: int) -> None:
        """Draw the pending rows once more, several copies of each."""
        self._round(min(_MOST_COPIES, max(1, _MOST_ROWS // max(1, len(self.pending)))), seed, REDRAWN)

    def _round(self, copies: int, seed: int, way: int) -> float:
        """Draw the pending rows so many times; the share of draws that obey the rules.

        Rows of one cell are alike: the first sound draws of a cell are theirs, and a draw counts for the cell that it
        is of, which may be another one where the model knows no condition of a target.
        """
        targets = np.repeat(self.pending, copies)
        if not targets.size:
            return 1.0
        drawn = self.draw(targets, seed)
        if way == SAMPLED:
            self.first = drawn
        obeys = ~self._broken(drawn)
        found = np.flatnonzero(obeys)
        cells = self._cells_of(drawn.take(found))
        found, cells = found[cells >= 0], cells[cells >= 0]
        waiting, ranks = Buckets.of(self.cells[self.pending], len(self.texture.plan.cells)), ranks_within(cells)
        taken = ranks < waiting.counts[cells]
        rows = self.pending[waiting.pick(cells[taken], ranks[taken])]
        named = [i for i, column in enumerate(self.program.columns) if column.is_name]
        self.table.replace(rows, drawn.take(found[taken]), keep=named)
        for i in self.texture.absence.trees:
            self.table.states[i, rows] = drawn.states[i, found[taken]]
        self.halves[rows] = self.halves[targets[found[taken]]]
        left = np.setdiff1d(self.pending, rows, assume_unique=True)
        last = np.searchsorted(targets, left, side="right") - 1
        self.table.replace(left, drawn.take(last))
        self.pending = left
        self.ways[rows] = way
        return float(obeys.mean())

    def draw(self, targets: Indices, seed: int) -> EncodedTable:
        """One new sample for each of the given rows (keys and texts as the table holds them)."""
        drawn = self.table.take(targets)
        for half, model in enumerate(self.models):
            rows = np.flatnonzero(self.halves[targets] == half)
            if not rows.size:
                continue
            given = self.texture.given(self.cells[targets[rows]])
            sample = model.sample(rows.size, given=given, random_state=(seed + half) % 2**32)
            self.texture.write(sample, drawn, rows)
        self.texture.absence.settle(drawn, [seed, _ABSENCE])
        derive(self.normal, drawn)
        return drawn

    def refused(self, table: EncodedTable, cells: Indices) -> Mask:
        """Rows that break a hard rule, or what their cell of the plan asks for, or copy a unique real row."""
        refused: Mask = self._broken(table) | (self._cells_of(table) != cells)
        return refused

    def _cells_of(self, table: EncodedTable) -> Indices:
        """The cell of the plan that each row is of; -1 where it is of none."""
        plan = self.texture.plan
        return places_of(table, self.normal, plan.columns, plan.conditions, plan.cells)

    def _broken(self, table: EncodedTable) -> Mask:
        """Rows that break a hard rule or copy a unique real row."""
        bad = hard_failures(self.program, table)
        if self.copies is not None:
            bad |= self.copies.copied(table)
        return bad
