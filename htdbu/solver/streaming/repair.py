"""Repair of a table piece by piece: the same cells, changes and figures as in one piece.

The table is read twice. The first time every piece is repaired by itself, and only the rows that change or fail are put
aside. Then it is settled what depends on several pieces: rules over several rows, the names of made-up texts, the
spelling and the types of columns. The second time the changes are put into the pieces. (Where texts are drawn from the
data themselves, these are read once more, first of all.) Where rules over several rows are broken, the columns that
these tie together are read and mended in memory, and every piece is repaired once more with that in mind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.errors import DataError
from htdbu.solver.engine import AUTO
from htdbu.solver.pools import given_pools
from htdbu.solver.repair import check_arguments
from htdbu.solver.streaming.book import Book
from htdbu.solver.streaming.collecting import Collected
from htdbu.solver.streaming.draft import Draft, Settings, Sketch, sketch
from htdbu.solver.streaming.ordered import MOST_THREADS, Halt, ordered
from htdbu.solver.streaming.own_pools import OwnPools
from htdbu.solver.streaming.parts import Finish, Part, part_of
from htdbu.solver.streaming.pieces import Piece, Source, pieces_of, source_for
from htdbu.solver.streaming.reports import report_of
from htdbu.solver.streaming.stage import Stage

Progress = Callable[[int], None]


def repair_pieces(
    program: Program,
    source: Source | Callable[[], Iterable[Any]],
    engine: str = AUTO,
    effort: float | None = None,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
    random_state: int = 0,
    pools: Mapping[str, Any] | None = None,
    folder: Path | None = None,
) -> StreamedRepair:
    """Repair a table that may be larger than memory; arguments and errors are those of `repair`, but for these.

    Args:
        source: what gives the table piece by piece, each time that it is called: pandas, polars or Arrow tables of the
            same columns and types. Where the table is cut makes no difference to the result.
        threads: how many threads work; the result does not depend on it.
        progress: called with the number of rows done.
        folder: where temporary files lie; the system's folder for such by default.
    """
    check_arguments(engine, effort, threads)
    given = given_pools(program, pools)
    table = source_for(program, source)
    normalise(program)
    own = OwnPools(program, table, nulls, given, folder)
    try:
        settings = Settings(program, engine, effort, tuple(nulls), random_state, given, own.pools)
        return StreamedRepair(settings, table, threads or os.cpu_count() or 1, progress, folder)
    finally:
        own.close()


class StreamedRepair:
    """What a repair makes of a table, to be taken piece by piece.

    Attributes:
        report: its figures, those of a `RepairResult`.
        types: by header, the types of columns with new cells.
        made: the headers of the derived columns that the data lack, in order.
    """

    def __init__(
        self, settings: Settings, source: Source, threads: int, progress: Progress | None, folder: Path | None
    ) -> None:
        started = perf_counter()
        self._program, self._source = settings.program, source
        self._pieces = min(threads, MOST_THREADS)
        self._book, self._folder = Book(self._program, folder), folder
        try:
            self._collect(settings, threads, progress)
            self._mend(settings, threads, progress)
            spelling = self._collected.spelling(self._source)
            blocks, after = self._collected.blocks, self._book.after
            self._finish = Finish(self._program, settings.nulls, self._collected.held, blocks, spelling, after)
            self.types, self.made = spelling.types, list(spelling.making)
            self.report = report_of(self._program, self._book.settled(), perf_counter() - started)
        except BaseException:
            self._book.close()
            raise

    def _mend(self, settings: Settings, threads: int, progress: Progress | None) -> None:
        """Where rows break a rule over several rows, mend them, and begin anew with what that changes."""
        if not self._book.is_broken:
            return
        stage = Stage(self._program, self._collected.blocks, self._collected.rows)
        headers, drafts = stage.headers(self._source.headers), iter(self._book.drafts)
        for piece in pieces_of(self._source, headers):
            stage.add(piece, _draft_of(piece, next(drafts, None)), settings.nulls)
        mending = stage.mended(settings.effort, threads)
        del stage
        self._book.close()
        self._book = Book(self._program, self._folder, mending.marks)
        self._collect(replace(settings, mending=mending), threads, progress)

    def _collect(self, settings: Settings, threads: int, progress: Progress | None) -> None:
        self._collected = Collected(self._program, self._source.headers, self._book)
        halt, held, each = Halt(), self._collected.held, -(-threads // self._pieces)

        def work(piece: Piece) -> tuple[Piece, Sketch]:
            share = piece.n_rows / max(piece.n_rows, self._source.expected_rows(), 1)
            return piece, sketch(settings, piece, held, each, share, halt.check)

        pieces = pieces_of(self._source, self._collected.needed)
        with closing(ordered(work, pieces, self._pieces, halt)) as sketches:
            for piece, made in sketches:
                self._collected.add(piece, made)
                if progress is not None:
                    progress(self._collected.rows)

    def parts(self, changes: bool = False) -> Iterator[Part]:
        """The pieces as they come out; each call reads the table anew.

        Args:
            changes: whether the changes will be asked for; threads make them meanwhile.

        Raises:
            DataError: where the table is not the one that it was.
        """

        def work(pair: tuple[Piece, Draft]) -> Part:
            part = part_of(self._finish, *pair)
            if changes:
                part.changes  # noqa: B018 - it is kept
            return part

        yield from ordered(work, self._pairs(), self._pieces)

    def new_cells(self, header: str) -> Iterator[list[Any]]:
        """The new cells of a column, piece by piece, without the table being read; None is missing."""
        (i,) = (i for i, column in enumerate(self._program.columns) if column.header == header)
        return self._collected.new_cells(i, self._finish.spelling.like[header])

    def _pairs(self) -> Iterator[tuple[Piece, Draft]]:
        drafts = self._book.settled()
        for piece in pieces_of(self._source, self._source.headers):
            yield piece, _draft_of(piece, next(drafts, None))

    def close(self) -> None:
        """Remove the temporary files."""
        self._book.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _draft_of(piece: Piece, draft: Draft | None) -> Draft:
    """The draft of a piece.

    Raises:
        DataError: where it is not one of that piece.
    """
    if draft is None or (draft.start, draft.n_rows) != (piece.start, piece.n_rows):
        raise DataError("the table has changed while it was read", "start again")
    return draft
