"""Rules over several rows mended in a table of pieces: only the columns that they tie together are held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from htdbu.compiler.lowering import normalise, projected
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components
from htdbu.solver.encoding import encode
from htdbu.solver.engine import GENERAL
from htdbu.solver.faults import violating
from htdbu.solver.groups import mend_groups
from htdbu.solver.groups.scene import scenes
from htdbu.solver.solutions import UNTOUCHED
from htdbu.solver.streaming.compact import recode
from htdbu.solver.streaming.draft import Draft
from htdbu.solver.streaming.invented import mark_all
from htdbu.solver.streaming.mending import Mending
from htdbu.solver.streaming.pieces import Piece
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair

Progress = Callable[[int, int], None]


class Stage:
    """The columns of all scenes, as a table and a program of their own.

    Args:
        blocks: the blocks of columns that were repaired apart.
        n_rows: how many rows the table has.
    """

    def __init__(self, program: Program, blocks: Sequence[Component], n_rows: int) -> None:
        fixed = frozenset(i for block in blocks for i in block.fixed)
        joined = [scene.block for scene in scenes(program, fixed)]
        self._columns = tuple(sorted(i for block in joined for i in block.columns))
        self._mutable = frozenset(i for block in joined for i in block.mutable)
        self._program = projected(program, self._columns)
        normal = normalise(self._program)
        self._before = EncodedTable.blank(normal, n_rows)
        untouched = np.full(n_rows, UNTOUCHED, np.int8)
        changed = np.zeros(self._before.states.shape, bool)
        own = components(normal, frozenset(k for k, i in enumerate(self._columns) if i in fixed))
        self._repair = TableRepair(self._before.copy(), changed, untouched, untouched.copy(), (GENERAL,), (), own)
        self._failing: list[Indices] = []

    def headers(self, held: Iterable[str]) -> list[str]:
        """The headers of its columns, of those that the data hold."""
        return [column.header for column in self._program.columns if column.header in set(held)]

    def add(self, piece: Piece, draft: Draft, nulls: Sequence[str]) -> None:
        """Enter the next piece, with what its repair row by row makes of it."""
        held = [column for column in self._program.columns if column.header in piece.headers]
        before = encode(self._program, piece.coded(held), nulls)
        recode(self._program, before, self._before.texts)
        after = before.copy()
        made = {k: draft.made[i] for k, i in enumerate(self._columns) if i in draft.made}
        for k, table in made.items():
            after.values[k], after.states[k] = table.values[0], table.states[0]
        outcome = draft.outcome if draft.undrawn is None else draft.undrawn
        after.replace(draft.rows, self._own_columns(outcome.table), keep=made)
        self._enter(draft, outcome, before, after)

    def _own_columns(self, table: EncodedTable) -> EncodedTable:
        """The columns of a table that are on the stage."""
        chosen = list(self._columns)
        places = {i: k for k, i in enumerate(chosen)}
        huge = {(places[i], row): value for (i, row), value in table.huge.items() if i in places}
        own = EncodedTable(table.values[chosen], table.states[chosen], table.texts, (True,) * len(chosen), huge)
        recode(self._program, own, self._before.texts)
        return own

    def _enter(self, draft: Draft, outcome: TableRepair, before: EncodedTable, after: EncodedTable) -> None:
        """Put a piece, and what its draft says of it, to where it belongs."""
        repair, rows = self._repair, np.arange(draft.start, draft.start + draft.n_rows)
        for whole, part in ((self._before, before), (repair.table, after)):
            whole.replace(rows, part)
            whole.present = part.present
        touched = rows[draft.rows]
        repair.changed[:, touched] = outcome.changed[list(self._columns)]
        repair.statuses[touched] = outcome.statuses
        failures = (replace(failure, row=int(touched[failure.row])) for failure in outcome.failures)
        self._repair = replace(repair, failures=(*repair.failures, *failures))
        self._failing.append(touched[violating(draft.found)])

    def mended(self, effort: float | None, threads: int, progress: Progress | None = None) -> Mending:
        """What becomes of the rows, see `mend_groups`."""
        old, texts = self._repair, self._before.texts
        known, failing = len(texts.words), np.concatenate(self._failing)
        new = mend_groups(self._program, self._before, old, effort, threads, progress, failing=failing)
        asked, failures = new.engines != UNTOUCHED, {failure.row: failure for failure in new.failures}
        gone = [failure.row for failure in old.failures if failure.row not in failures]
        rows = np.union1d(np.flatnonzero(asked | (new.statuses != old.statuses)), np.array(gone, dtype=np.int64))
        own = {row: failures[row] for row in rows.tolist() if row in failures}
        return Mending(
            rows,
            self._program,
            self._columns,
            self._mutable,
            new.table.take(rows),
            new.statuses[rows],
            asked[rows],
            own,
            mark_all(texts, known, -1),
        )
