"""Check of a table piece by piece: the same figures and rows as in one piece.

One reading is enough for the figures; a second one tells the rows that fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd

from htdbu.compiler.program import Column, Program
from htdbu.errors import DataError
from htdbu.solver.check import (
    CheckFigures,
    CheckReport,
    RuleCounts,
    RuleReport,
    in_report_order,
    row_reports,
    violating_rows,
)
from htdbu.solver.encoding import encode
from htdbu.solver.outcomes import SeveralRows
from htdbu.solver.streaming.ordered import MOST_THREADS, ordered
from htdbu.solver.streaming.pieces import Piece, Source, pieces_of, source_for
from htdbu.solver.streaming.several import Ledgers, RuleKeys, Verdict, failing_rows, rule_keys
from htdbu.solver.streaming.spill import Spill
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.targets import Targets

Progress = Callable[[int], None]


def check_pieces(
    program: Program,
    source: Source | Callable[[], Iterable[Any]],
    real: Source | Callable[[], Iterable[Any]] | None = None,
    nulls: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
    folder: Path | None = None,
) -> StreamedCheck:
    """Check a table that may be larger than memory; arguments and errors are those of `check`, but for these.

    Args:
        source: what gives the table piece by piece, as for `repair_pieces`; likewise `real`.
        threads: how many pieces are judged at a time, up to four; the result does not depend on it.
        progress: called with the number of rows done.
        folder: where temporary files lie; the system's folder for such by default.
    """
    table = source_for(program, source)
    targets = Targets(program, real is not None)
    if real is not None:
        against = source_for(program, real)
        held = _held(program, against)
        for piece in pieces_of(against, [column.header for column in held]):
            targets.add_real(encode(program, piece.coded(held), nulls))
    most = min(threads or os.cpu_count() or 1, MOST_THREADS)
    return StreamedCheck(program, nulls, table, targets, most, progress, folder)


def _held(program: Program, source: Source) -> list[Column]:
    return [column for column in program.columns if column.header in set(source.headers)]


@dataclass(frozen=True)
class _Judged:
    """A piece by all rules; of those over several rows the verdicts, as far as they are known by then."""

    start: int
    n_rows: int
    rules: list[RuleReport]
    several: list[Verdict]


@dataclass(frozen=True)
class CheckedPart:
    """The rows of a piece that fail a rule.

    Attributes:
        data: the piece itself.
        places: for each line of `rows` the place of its row in the piece.
        rows: one line for every failing row and rule, as in a `CheckReport`, rows numbered over the whole table.
    """

    data: Any = field(repr=False)
    places: Indices = field(repr=False)
    rows: pd.DataFrame = field(repr=False)


class StreamedCheck:
    """The verdicts on a table.

    Attributes:
        figures: those of a `CheckReport`.
    """

    def __init__(
        self,
        program: Program,
        nulls: Sequence[str],
        source: Source,
        targets: Targets,
        threads: int,
        progress: Progress | None,
        folder: Path | None,
    ) -> None:
        self._program, self._source, self._threads = program, source, threads
        self._held = _held(program, source)
        self._ledgers = Ledgers(program)
        self._pieces: Spill[_Judged] = Spill(folder)
        try:
            rounded = self._judge(nulls, targets, progress)
            self.figures = self._summed(targets, rounded)
        except BaseException:
            self.close()
            raise

    def _judge(self, nulls: Sequence[str], targets: Targets, progress: Progress | None) -> int:
        """Read all pieces; returns how many cells were rounded."""

        def work(piece: Piece) -> tuple[Piece, EncodedTable, list[RuleReport], list[RuleKeys]]:
            table = encode(self._program, piece.coded(self._held), nulls)
            keys = [rule_keys(self._program, table, ledger.rule) for ledger in self._ledgers.all]
            return piece, table, row_reports(self._program, table), keys

        rounded = 0
        pieces = pieces_of(self._source, [column.header for column in self._held])
        for piece, table, rules, keys in ordered(work, pieces, self._threads):
            verdicts = self._ledgers.add(keys, piece.n_rows)
            self._pieces.append(_Judged(piece.start, piece.n_rows, rules, verdicts))
            targets.add(table)
            rounded += table.rounded
            if progress is not None:
                progress(piece.start + piece.n_rows)
        return rounded

    def _settled(self) -> Iterator[tuple[_Judged, tuple[RuleReport, ...]]]:
        """The pieces, each with the verdicts of all rules in the order of reports."""
        kept = self._ledgers.kept()
        for piece in self._pieces:
            several = [
                _several(ledger.rule, verdict, failing_rows(verdict, pairs), piece.n_rows)
                for ledger, verdict, pairs in zip(self._ledgers.all, piece.several, kept, strict=True)
            ]
            yield piece, tuple(in_report_order([*piece.rules, *several]))

    def _summed(self, targets: Targets, rounded: int) -> CheckFigures:
        total: list[RuleCounts] = []
        n_rows = violations = 0
        for piece, rules in self._settled():
            n_rows += piece.n_rows
            violations += len(violating_rows(rules, piece.n_rows))
            total = [_sum(pair) for pair in zip(total, rules, strict=True)] if total else [_sum((r,)) for r in rules]
        return CheckFigures(n_rows, violations, tuple(total), targets.outcomes(), rounded)

    def parts(self) -> Iterator[CheckedPart]:
        """The rows that fail, piece by piece; each call reads the table anew.

        Raises:
            DataError: where the table is not the one that it was.
        """
        settled = self._settled()
        for piece in pieces_of(self._source, [column.header for column in self._held]):
            judged, rules = next(settled, (None, ()))
            if judged is None or (judged.start, judged.n_rows) != (piece.start, piece.n_rows):
                raise DataError("the table has changed while it was read", "start again")
            yield _part(self._program, piece, [column.header for column in self._held], rules)

    def close(self) -> None:
        """Remove the temporary files."""
        self._pieces.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _several(rule: SeveralRows, verdict: Verdict, rows: Indices, n_rows: int) -> RuleReport:
    """What a rule over several rows says of a piece."""
    passed, rate = verdict.known - rows.size, rows.size / n_rows if n_rows else 0.0
    unknown = n_rows - verdict.known
    return RuleReport(rule.name, rule.kind, None, passed, rows.size, unknown, n_rows, rate, rule.columns, rows)


def _sum(parts: Sequence[RuleCounts]) -> RuleCounts:
    """What a rule says of several pieces together."""
    first = parts[0]
    passed, fail, unknown, fired = (
        sum(getattr(part, name) for part in parts) for name in ("passed", "fail", "unknown", "fired")
    )
    total = passed + fail + unknown
    return RuleCounts(
        first.name, first.kind, first.weight, passed, fail, unknown, fired, fail / total if total else 0.0
    )


def _part(program: Program, piece: Piece, headers: Sequence[str], rules: Sequence[RuleReport]) -> CheckedPart:
    """The failing rows of a piece."""
    rows = np.unique(np.concatenate([np.zeros(0, np.int64), *(rule.rows for rule in rules)]))
    among = tuple(replace(rule, rows=np.searchsorted(rows, rule.rows)) for rule in rules)
    data = piece.frame(headers, rows)
    lines = CheckReport(piece.n_rows, rows, among, (), 0, program, data).rows
    places = rows[lines["row"].to_numpy(dtype=np.int64)]
    return CheckedPart(piece.data, places, lines.assign(row=places + piece.start))
