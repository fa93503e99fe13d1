"""What a table breaks, row by row, in the form that a repair reports it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.beyond import beyond
from htdbu.solver.chunks import in_chunks
from htdbu.solver.components import reads
from htdbu.solver.outcomes import Outcome, row_outcomes, rules_over_rows, table_outcomes
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
    return [_fault(outcome) for outcome in table_outcomes(program, table)]


def table_faults_after(
    program: Program, table: EncodedTable, changed: NDArray[np.bool_], found: Sequence[Fault]
) -> list[Fault]:
    """The same of a table of which only some cells changed.

    Args:
        changed: these cells, but for derived ones that the data lacked.
        found: the faults of the rules over several rows as the cells were before.
    """
    read = {i for rule in rules_over_rows(program) for i in rule.columns}
    same = all(table.present[i] and not changed[i].any() for i in read)
    return list(found) if same else table_faults(program, table)


def row_faults(
    program: Program, table: EncodedTable, threads: int | None = 1, rows: Indices | None = None
) -> list[Fault]:
    """The same of the rules that look at one row at a time.

    Args:
        rows: the rows to look at, and what faults count them by; all by default.
    """
    n_rows = table.n_rows if rows is None else rows.size
    wider = {rule.name: reads(rule) for rule in normalise(program).rules}
    beyond(program)  # made once, before threads ask for it

    def judged(start: int, stop: int) -> list[Fault]:
        chunk = table.slice(start, stop) if rows is None else table.take(rows[start:stop])
        return [_fault(outcome, start) for outcome in row_outcomes(program, chunk)]

    chunks = in_chunks(judged, n_rows, threads) or [judged(0, 0)]
    merged = [
        replace(parts[0], rows=np.concatenate([part.rows for part in parts])) for parts in zip(*chunks, strict=True)
    ]
    return [
        Fault(fault.name, fault.kind, wider[fault.name], fault.rows) if fault.kind in ("hard", "soft") else fault
        for fault in merged
    ]


def tell_all(program: Program) -> bool:
    """Whether the faults of rows tell which of them need a repair.

    They do not where columns are derived, which a repair makes anew first, nor where rules divide: of a divisor out of
    its domain faults are told by other nodes than those that engines know.
    """
    return not beyond(program) and all(column.derived is None for column in program.columns)


def row_faults_after(
    program: Program, table: EncodedTable, rows: Indices, found: Sequence[Fault], threads: int | None = 1
) -> list[Fault]:
    """The same of a table of which only some rows changed.

    Args:
        rows: those that changed, ascending.
        found: the faults of rows as they were before.
    """
    anew = row_faults(program, table, threads, rows)
    kept = np.ones(table.n_rows, bool)
    kept[rows] = False
    return [
        replace(old, rows=united((old.rows[kept[old.rows]], rows[new.rows])))
        for old, new in zip(found, anew, strict=True)
    ]


def _fault(outcome: Outcome, start: int = 0) -> Fault:
    """What one rule says of a table, or of a chunk of it that begins at a row."""
    return Fault(outcome.name, outcome.kind, frozenset(outcome.columns), np.flatnonzero(outcome.fail) + start)


def violating(found: Iterable[Fault]) -> Indices:
    """Numbers of the rows that fail anything but a soft rule, ascending."""
    return united(fault.rows for fault in found if fault.kind != "soft")


def united(rows: Iterable[Indices]) -> Indices:
    """The numbers that some lists of rows hold, ascending; marked on a mask, which is faster than sorting."""
    lists = [each for each in rows if each.size]
    marked = np.zeros(max((int(each.max()) + 1 for each in lists), default=0), bool)
    for each in lists:
        marked[each] = True
    return np.flatnonzero(marked)


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
