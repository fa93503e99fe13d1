"""What one piece gives, and what several give: they must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import pyarrow as pa

from htdbu.compiler.program import Program
from htdbu.solver import repair
from htdbu.solver.streaming import repair_pieces


def cut(table: Any, size: int) -> Callable[[], Iterable[Any]]:
    """A frame or Arrow table in pieces of so many rows, rows of each numbered from 0."""

    def pieces() -> Iterable[Any]:
        for start in range(0, max(len(table), 1), size):
            yield table.slice(start, size) if isinstance(table, pa.Table) else table.iloc[start : start + size]

    return pieces


def assert_same_repair(program: Program, table: Any, size: int, **options: Any) -> None:
    """Repair a table whole and in pieces, and compare all that comes out."""
    whole = repair(program, table, **options)
    with repair_pieces(program, cut(table, size), **options) as streamed:
        parts = list(streamed.parts())
        reports = [{**report.to_dict(), "seconds": 0.0} for report in (whole.report, streamed.report)]
    assert reports[0] == reports[1]
    assert list(reports[0]["columns"].items()) == list(reports[1]["columns"].items())
    for expected, actual in (
        (whole.data, [part.frame for part in parts]),
        (whole.changes, [part.changes for part in parts]),
        (whole.unrepaired, [part.unrepaired for part in parts]),
    ):
        pd.testing.assert_frame_equal(expected, pd.concat(actual, ignore_index=True))
