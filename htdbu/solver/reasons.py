"""Which rules asked for a changed cell: those that fail once it is put back.

One cell is put back to what it was, all other cells stay as the repair left them, and derived columns follow. The
rules that then fail, and do not fail in the repaired row, are the ones that ask for the change. A repair is cheapest,
so there is one, but for these cells:

- A derived cell: of its own column's domain, null and derivation, those that fail with the cell as it was.
- A text that was drawn anew for its label: the rules that asked for the label.
- A row that is valid but not proved nearest: the rules that it failed before and that read the cell; where there are
  none, those that read a column of its block.

Rules over several rows ask for a cell where the row then agrees with another one that it must not agree with. Where
nothing else asks for a cell, it was changed for the targets of the table, if these were asked for, or it made room for
other rows: then the rules over several rows that read it asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import variables
from htdbu.compiler.program import Program
from htdbu.solver.beside import newly_failing
from htdbu.solver.beyond import beyond
from htdbu.solver.components import Component, reads
from htdbu.solver.derive import derive, derived_order
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.faults import Fault, by_row, named, of_columns
from htdbu.solver.outcomes import CHUNK, Mask, differs, outside_domain, rules_over_rows
from htdbu.solver.table import NULL, EncodedTable, Indices

Names = NDArray[np.object_]
"""For each of some rows the names of rules, as reports join them."""
Beside = Callable[[EncodedTable, Indices, frozenset[int]], Iterator[tuple[str, Mask]]]
"""Tells by rule which rows break it as they are in a trial, of which some columns moved; see `beside.newly_failing`."""


class Reasons:
    """The rules that asked for changed cells.

    Args:
        before, after: the table as it was and as it is; nothing of `after` may be repaired later on.
        changed: the cells that changed, shape (columns, rows).
        found: what every row failed before.
        blocks: the blocks of columns that were repaired apart.
        beside: the rules over several rows that rows come to break in a trial; by default those of `after` alone.
        targets: the names of the targets that rows were changed for.
    """

    def __init__(
        self,
        program: Program,
        before: EncodedTable,
        after: EncodedTable,
        changed: NDArray[np.bool_],
        found: Sequence[Fault],
        blocks: Iterable[Component],
        beside: Beside | None = None,
        targets: Iterable[str] = (),
    ) -> None:
        self.program, self.normal = program, normalise(program)
        self.before, self.after, self.changed = before, after, changed
        self._found = found
        self._blocks = {i: frozenset(block.columns) for block in blocks for i in block.columns}
        self._targets = list(targets)
        self._beyond = beyond(program)
        self._rules = [(rule, reads(rule)) for rule in self.normal.rules]
        self._beside = beside or partial(newly_failing, tuple(rules_over_rows(program)), after)

    def of(self, position: int, rows: Indices) -> Names:
        """The rules that asked for the cells of a column in some rows, all of which changed; never none."""
        names: Names = np.full(rows.size, "", dtype=object)
        for start in range(0, rows.size, CHUNK):
            part = slice(start, start + CHUNK)
            names[part] = joined(self._failing(position, rows[part]), rows[part].size)
        self._fill(names, rows, self._labels(position, rows, names == ""))
        self._fill(names, rows, self._surroundings(position, rows[names == ""]))
        several = [rule.name for rule in rules_over_rows(self.program) if position in rule.columns]
        names[names == ""] = ", ".join(self._targets or several)
        return names

    # The cell put back ---------------------------------------------------------------------------------------------

    def _failing(self, position: int, rows: Indices) -> Iterator[tuple[str, Mask]]:
        """The rules that some rows fail only with the cell put back, in the order of reports."""
        trial = self._put_back(position, rows)
        derived = self.normal.columns[position].definition is not None
        moved = {position} if derived else {position, *self._followers[position]}
        if not derived:
            derive(self.normal, trial, moved - {position} - self._held, self._beyond)
        evaluator = Evaluator(self.normal, trial, self._beyond)
        for i in sorted(moved):
            yield from self._own(i, trial, evaluator)
        if not derived:
            yield from self._stated(frozenset(moved), rows, evaluator)
            yield from self._beside(trial, rows, frozenset(moved))

    def _own(self, i: int, trial: EncodedTable, evaluator: Evaluator) -> Iterator[tuple[str, Mask]]:
        """What a column's declaration says of its cells."""
        column = self.normal.columns[i]
        if column.kind != "text":
            yield f"{column.name}.domain", outside_domain(self.normal, trial, i)
        if not column.nullable:
            yield f"{column.name}.null", trial.states[i] == NULL
        if column.definition is not None and trial.present[i]:
            yield f"{column.name}.derived", differs(evaluator, trial, i)

    def _stated(self, moved: frozenset[int], rows: Indices, evaluator: Evaluator) -> Iterator[tuple[str, Mask]]:
        """The stated rules that read a column that moved. What the repaired row fails already asked for nothing."""
        kept: Evaluator | None = None
        for rule, columns in self._rules:
            if moved.isdisjoint(columns):
                continue
            fails = evaluator.truth(rule.outcome)[1]
            if rule.kind == "soft" and fails.any():
                kept = kept or Evaluator(self.normal, self.after.take(rows), self._beyond)
                fails = fails & ~kept.truth(rule.outcome)[1]
            yield rule.name, fails

    def _put_back(self, position: int, rows: Indices) -> EncodedTable:
        """The repaired rows with one column as it was."""
        trial = self.after.take(rows)
        trial.values[position] = self.before.values[position, rows]
        trial.states[position] = self.before.states[position, rows]
        trial.huge = {place: value for place, value in trial.huge.items() if place[0] != position}
        far = {row: value for (i, row), value in self.before.huge.items() if i == position}
        if far:
            trial.huge |= {(position, k): far[row] for k, row in enumerate(rows.tolist()) if row in far}
        return trial

    @cached_property
    def _held(self) -> frozenset[int]:
        """Derived columns that keep their cells, so that their definitions have to give them."""
        columns = enumerate(self.normal.columns)
        return frozenset(i for i, c in columns if c.definition is not None and c.fixed and self.before.present[i])

    @cached_property
    def _followers(self) -> list[frozenset[int]]:
        """For each column the derived ones that are computed from it, by way of others too."""
        sources: dict[int, frozenset[int]] = {}
        for i in derived_order(self.normal):
            definition = self.normal.columns[i].definition
            assert definition is not None
            read = variables(definition)
            sources[i] = read.union(*(sources.get(j, frozenset()) for j in read))
        return [frozenset(i for i, read in sources.items() if k in read) for k in range(len(self.normal.columns))]

    # Cells that follow, and the rest -------------------------------------------------------------------------------

    def _fill(self, names: Names, rows: Indices, reasons: dict[int, str]) -> None:
        """Write reasons, by row, where there is none yet."""
        for k in np.flatnonzero(names == "").tolist() if reasons else ():
            names[k] = reasons.get(int(rows[k]), "")

    def _labels(self, position: int, rows: Indices, lacking: Mask) -> dict[int, str]:
        """The rules that asked for the label that a text hangs on."""
        label = self.program.columns[position].pool_by
        if label is None:
            return {}
        i = self.program.column_index[label]
        moved = rows[lacking & self.changed[i, rows]]
        return dict(zip(moved.tolist(), self.of(i, moved), strict=True))

    def _surroundings(self, position: int, rows: Indices) -> dict[int, str]:
        """What rows failed before, as near to the cell as there is anything."""
        failed = by_row(self._found, rows) if rows.size else {}
        return {row: self._nearest(position, faults) for row, faults in failed.items()}

    def _nearest(self, position: int, faults: Sequence[Fault]) -> str:
        """The names of those of some faults that read the column or, where there are none, one of its block."""
        own = named(of_columns(faults, frozenset((position,))))
        return own or named(of_columns(faults, self._blocks[position]))


def joined(found: Iterable[tuple[str, Mask]], n_rows: int) -> Names:
    """For each row the names whose masks hold there, joined; every distinct set of names is joined once."""
    some = [(name, mask) for name, mask in found if mask.any()]
    if not some:
        return np.full(n_rows, "", dtype=object)
    masks = np.array([mask for _, mask in some])
    codes = np.zeros(n_rows, dtype=np.int64)
    for line in np.packbits(masks, axis=0):
        codes = pd.factorize(codes * 256 + line)[0]  # at most as many codes as rows, so that nothing overflows
    _, first = np.unique(codes, return_index=True)
    texts = [", ".join(name for (name, _), holds in zip(some, masks[:, k], strict=True) if holds) for k in first]
    return np.array(texts, dtype=object)[codes]
