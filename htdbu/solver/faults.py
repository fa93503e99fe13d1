"""What a table breaks, row by row, in the form that a repair reports it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.beyond import beyond
from htdbu.solver.components import reads
from htdbu.solver.outcomes import CHUNK, Outcome, row_outcomes, table_outcomes
from htdbu.solver.table import EncodedTable, Indices

SEVERAL_ROWS = ("key", "unique", "fd")
"""Kinds of rules over several rows."""


@dataclass(frozen=True)
class Fault:
    """A rule that some rows fail; `columns` holds every column that it reads, derived ones and their operands both."""

    name: str
    kind: str
    columns: frozenset[int]
    rows: Indices


def faults(program: Program, table: EncodedTable) -> list[Fault]:
    """Every rule of any kind, with the rows that fail it, in the order of reports."""
    return [*row_faults(program, table), *table_faults(program, table)]


def table_faults(program: Program, table: EncodedTable) -> list[Fault]:
    """The same of the rules over several rows."""
    return [_merged([outcome]) for outcome in table_outcomes(program, table)]


def row_faults(program: Program, table: EncodedTable, threads: int | None = 1) -> list[Fault]:
    """The same of the rules that look at one row at a time."""
    wider = {rule.name: reads(rule) for rule in normalise(program).rules}
    beyond(program)  # made once, before threads ask for it

    def judged(start: int) -> list[Outcome]:
        return list(row_outcomes(program, table.slice(start, min(start + CHUNK, table.n_rows))))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="htdbu-check") as pool:
        chunks = list(pool.map(judged, range(0, max(table.n_rows, 1), CHUNK)))
    merged = [_merged(parts) for parts in zip(*chunks, strict=True)]
    return [
        Fault(fault.name, fault.kind, wider[fault.name], fault.rows) if fault.kind in ("hard", "soft") else fault
        for fault in merged
    ]


def row_faults_after(program: Program, table: EncodedTable, rows: Indices, found: Sequence[Fault]) -> list[Fault]:
    """The same of a table of which only some rows changed.

    Args:
        rows: those that changed, ascending.
        found: the faults of rows as they were before.
    """
    anew = row_faults(program, table.take(rows))
    return [
        replace(old, rows=np.union1d(np.setdiff1d(old.rows, rows, assume_unique=True), rows[new.rows]))
        for old, new in zip(found, anew, strict=True)
    ]


def _merged(parts: Iterable[Outcome]) -> Fault:
    """One rule over all chunks."""
    outcomes = list(parts)
    rows = [np.flatnonzero(outcome.fail) + k * CHUNK for k, outcome in enumerate(outcomes)]
    first = outcomes[0]
    return Fault(first.name, first.kind, frozenset(first.columns), np.concatenate(rows))


def violating(found: Iterable[Fault]) -> Indices:
    """Numbers of the rows that fail anything but a soft rule, ascending."""
    rows = [fault.rows for fault in found if fault.kind != "soft"]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *rows]))


def by_row(found: Iterable[Fault], rows: Indices) -> dict[int, list[Fault]]:
    """The faults of each of some rows; rows without one are left out."""
    wanted: dict[int, list[Fault]] = {}
    for fault in found:
        for row in np.intersect1d(fault.rows, rows, assume_unique=True).tolist():
            wanted.setdefault(row, []).append(fault)
    return wanted


def named(found: Iterable[Fault]) -> str:
    """The names of faults as reports show them."""
    return ", ".join(dict.fromkeys(fault.name for fault in found))


def of_columns(found: Iterable[Fault], columns: frozenset[int]) -> Iterator[Fault]:
    """The faults that read one of the columns."""
    return (fault for fault in found if fault.columns & columns)
