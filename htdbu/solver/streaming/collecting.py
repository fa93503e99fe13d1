"""The first reading: every piece repaired by itself, and what the whole table says of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.components import Component
from htdbu.solver.decoding import Making, all_textual, spell
from htdbu.solver.streaming.book import Book
from htdbu.solver.streaming.draft import Sketch
from htdbu.solver.streaming.final_types import Extent, final_type
from htdbu.solver.streaming.parts import Spelling
from htdbu.solver.streaming.pieces import Piece, Source, pieces_of
from htdbu.solver.streaming.samples import Sample


class Collected:
    """What has been seen of a table so far; its pieces are added in order.

    Attributes:
        rows: how many rows there are.
        blocks: the blocks of columns that are repaired apart.
        held: the declared columns that the data hold.
    """

    def __init__(self, program: Program, headers: Sequence[str], book: Book) -> None:
        self.rows = 0
        self.blocks: tuple[Component, ...] = ()
        self.held = [column for column in program.columns if column.header in set(headers)]
        self._program, self._headers, self._book = program, headers, book
        self._samples = {column.header: Sample(column) for column in self.held}
        self._extents: dict[int, Extent] = {}
        self._making: dict[int, Making] = {}

    @property
    def needed(self) -> Sequence[str]:
        """The headers to read: all, where columns have to be made that look like the others."""
        every = len(self.held) == len(self._program.columns)
        return [column.header for column in self.held] if every else self._headers

    def add(self, piece: Piece, sketch: Sketch) -> None:
        """Enter the next piece."""
        draft = sketch.draft
        self.rows += piece.n_rows
        self.blocks = self.blocks or sketch.blocks
        for sample in self._samples.values():
            sample.add(piece)
        for i in np.flatnonzero(draft.outcome.changed.any(axis=1)).tolist():
            rows = np.flatnonzero(draft.outcome.changed[i])
            self._extents.setdefault(i, Extent()).add(draft.outcome.table, i, rows)
        if draft.made:
            textual = all_textual(piece.frame(self._headers))
            for i, table in draft.made.items():
                making = Making.of(table, 0, textual)
                self._making[i] = self._making[i].join(making) if i in self._making else making
        self._book.add(sketch)

    def spelling(self, source: Source) -> Spelling:
        """How cells of the whole table are written; `source` is only read where new cells do not fit their column."""
        like = {header: sample.series for header, sample in self._samples.items()}
        types = {self._program.columns[i].header: self._type(i, like, source) for i in sorted(self._extents)}
        making = {self._program.columns[i].header: each for i, each in self._making.items()}
        return Spelling(like, types, making)

    def _type(self, i: int, like: Mapping[str, pd.Series], source: Source) -> Any:
        column = self._program.columns[i]
        model = like[column.header]

        def cells() -> Iterator[list[Any]]:
            return self.new_cells(i, model)

        def held() -> Iterable[pd.Series]:
            return (piece.frame([column.header])[column.header] for piece in pieces_of(source, [column.header]))

        return final_type(column, model, self._extents[i], cells, held)

    def new_cells(self, i: int, like: pd.Series) -> Iterator[list[Any]]:
        """The new cells of a column, piece by piece; None is missing."""
        for draft in self._book.settled():
            rows = np.flatnonzero(draft.outcome.changed[i]).tolist()
            yield spell(self._program.columns[i], like, draft.outcome.table, i, rows)
