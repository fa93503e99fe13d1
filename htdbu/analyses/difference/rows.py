"""Rows of the union: as each file reads them, and what each file says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from htdbu.analyses.difference.merge import Merged, Which
from htdbu.analyses.witness.found import Witness, blank_row
from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import BROKEN, EncodedTable, Texts

Steps = Mapping[int, int | None]
"""Cells of the union in steps, by position; None is null."""


@dataclass(frozen=True)
class UnionRow:
    """A row of the union, texts by their codes in `texts`."""

    merged: Merged
    files: Mapping[Which, Program]
    steps: Steps
    texts: Texts

    @cached_property
    def shown(self) -> Witness:
        """The row as it is shown."""
        columns = tuple(Column(name=c.name, header=c.name, type=c.type, nullable=True) for c in self.merged.union)
        program = Program(columns=columns)
        table = EncodedTable.blank(normalise(program), 1, self.texts)
        for i, value in self.steps.items():
            table.put(i, [value])
        return Witness(program, table)

    def fails(self, which: Which) -> set[str]:
        """The names, soft rules too, that the row fails in a file."""
        return {outcome.name for outcome in self._outcomes(which) if outcome.fail[0]}

    def rejected_by(self, which: Which) -> list[str]:
        """The names of what makes a file reject the row; a value that the file does not know breaks its domain."""
        return [outcome.name for outcome in self._outcomes(which) if outcome.fail[0] and outcome.kind != "soft"]

    def _outcomes(self, which: Which) -> Any:
        program = self.files[which]
        table = blank_row(program)
        for place, column in enumerate(self.merged.union):
            side = column.old if which == "old" else column.new
            value = self.steps[place]
            if side is None or value is None:
                continue
            own = self._own(value, place, which, table)
            table.put(side.position, [own])
            if own is None:
                table.states[side.position, 0] = BROKEN
        return row_outcomes(program, table)

    def _own(self, value: int, place: int, which: Which, table: EncodedTable) -> int | None:
        """A value in the file's steps; None where it is none of the file's."""
        column = self.merged.union[place]
        side = column.old if which == "old" else column.new
        assert side is not None
        if column.type.kind == "text":
            return table.texts.code(self.texts.text(value))
        if column.type.kind == "category":
            return column.levels(side).get(value)
        own, rest = divmod(value, column.factor(side))
        return own if rest == 0 else None
