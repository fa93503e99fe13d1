"""What a repair does to one piece of a table, in the cells of that table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from htdbu.compiler.program import Column, Program
from htdbu.solver.changes import change_frame, new_cells
from htdbu.solver.components import Component
from htdbu.solver.decoding import Making, make_column
from htdbu.solver.encoding import encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.repair_report import unrepaired_frame
from htdbu.solver.rewriting import replaced
from htdbu.solver.streaming.beside import BesideAll
from htdbu.solver.streaming.compact import recode
from htdbu.solver.streaming.draft import Draft
from htdbu.solver.streaming.pieces import Piece
from htdbu.solver.streaming.several import Ledgers
from htdbu.solver.table import Indices


@dataclass(frozen=True)
class Spelling:
    """How the whole table spells its cells.

    Attributes:
        like: by header, short columns that are spelled as the long ones.
        types: by header, the types that columns with new cells end up with.
        making: by header, what decides the type of derived columns that the data lack.
    """

    like: Mapping[str, pd.Series]
    types: Mapping[str, Any]
    making: Mapping[str, Making]


@dataclass(frozen=True)
class Part:
    """The repair of one piece.

    Attributes:
        data: the piece as it was.
        cells: by header, the rows of the piece whose cells are new, ascending, and these cells; None is missing.
        made: the derived columns that the data lack.
        types: by header, the types of the columns that have new cells in any piece.
        changes: as in a `RepairResult`, rows numbered over the whole table, and likewise `unrepaired`.
    """

    data: Any = field(repr=False)
    cells: dict[str, tuple[Indices, list[Any]]] = field(repr=False)
    made: dict[str, pd.Series] = field(repr=False)
    types: Mapping[str, Any] = field(repr=False)
    unrepaired: pd.DataFrame = field(repr=False)
    _changes: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """One line a changed cell, made when it is asked for."""
        return self._changes()

    @property
    def frame(self) -> pd.DataFrame:
        """The repaired piece."""
        frame = to_pandas(self.data).copy()
        for header in self.types:
            frame[header] = self._repaired(frame[header])
        return frame.assign(**self.made)

    def series(self, header: str) -> pd.Series:
        """One of its columns."""
        if header in self.made:
            return self.made[header]
        data = self.data.select([header]) if isinstance(self.data, pa.Table) else self.data
        return self._repaired(to_pandas(data)[header])

    def _repaired(self, series: pd.Series) -> pd.Series:
        header = str(series.name)
        series = series.astype(self.types.get(header, series.dtype))
        return replaced(series, *self.cells[header]) if header in self.cells else series


@dataclass(frozen=True)
class Finish:
    """What is known of the whole table once all pieces are.

    Attributes:
        columns: the declared columns that the data hold.
        blocks: the blocks of columns that were repaired apart.
        after: what rules over several rows know of the repaired table.
    """

    program: Program
    nulls: Sequence[str]
    columns: Sequence[Column]
    blocks: tuple[Component, ...]
    spelling: Spelling
    after: Ledgers


def part_of(finish: Finish, piece: Piece, draft: Draft) -> Part:
    """The part of a piece whose draft is settled."""
    program, spelling = finish.program, finish.spelling
    cells = new_cells(program, draft.outcome, spelling.like)

    def changes() -> pd.DataFrame:
        outcome = replace(draft.outcome, blocks=finish.blocks)
        before = encode(program, piece.coded(finish.columns, draft.rows), finish.nulls)
        recode(program, before, outcome.table.texts)
        beside = BesideAll(program, finish.after, outcome.table)
        frame = piece.frame(list(cells), draft.rows)
        return placed(change_frame(program, frame, before, outcome, draft.found, spelling.like, beside))

    def placed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(row=draft.rows[frame["row"].to_numpy()] + piece.start)

    made = {
        program.columns[i].header: make_column(program.columns[i], table, 0, spelling.making[program.columns[i].header])
        for i, table in draft.made.items()
    }
    return Part(
        data=piece.data,
        cells={header: (draft.rows[rows], new) for header, (rows, new) in cells.items()},
        made=made,
        types=spelling.types,
        unrepaired=placed(unrepaired_frame(draft.outcome, draft.left)),
        _changes=changes,
    )
