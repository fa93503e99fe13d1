"""Rules over several rows that rows come to break once some of their cells are other than in their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.outcomes import Mask, SeveralRows, group_numbers
from htdbu.solver.table import VALUE, EncodedTable, Indices


def newly_failing(
    rules: Sequence[SeveralRows], table: EncodedTable, trial: EncodedTable, rows: Indices, moved: frozenset[int]
) -> Iterator[tuple[str, Mask]]:
    """The rules that some rows break with the rest of the table as they are in `trial`, and not as they are in it.

    Args:
        trial: the rows with other cells in the columns `moved`, each to be judged by itself.
        rows: which rows of the table they are.
    """
    for rule in rules:
        if not moved.isdisjoint(rule.columns):
            yield rule.name, _clashes(table, trial, rows, rule.left, rule.right)


def _clashes(
    table: EncodedTable, trial: EncodedTable, rows: Indices, left: Sequence[int], right: Sequence[int]
) -> Mask:
    """Rows that agree with another row of the table on the left but not on the right, since they were changed."""
    stacked = _stacked(table, trial, (*left, *right))
    sides = range(len(left)), range(len(left) + len(right))
    near = _others(stacked, sides[0], table.n_rows, rows, sides[1])
    same = _others(stacked, sides[1], table.n_rows, rows, sides[1]) if right else [np.zeros_like(near[0])] * 2
    after, before = (n > s for n, s in zip(near, same, strict=True))
    return after & ~before


def _others(
    stacked: EncodedTable, columns: Sequence[int], n_rows: int, rows: Indices, needed: Sequence[int]
) -> list[NDArray[np.int64]]:
    """How many other rows of the table agree with rows on some columns: with their trials, and as they are in it.

    Args:
        stacked: the table, and below it the trials.
        needed: rows without a value in one of these columns agree with none.
    """
    known = np.all(stacked.states[list(needed)] == VALUE, axis=0)
    numbers = np.full(known.size, -1, dtype=np.int64)
    numbers[known], _ = group_numbers(stacked, columns, np.flatnonzero(known))
    kept, tried = numbers[:n_rows], numbers[n_rows:]
    sizes = np.append(np.bincount(kept[kept >= 0], minlength=int(numbers.max(initial=-1)) + 1), 0)
    own = kept[rows]
    return [
        np.where(tried < 0, 0, sizes[tried] - (own == tried)),
        np.where(own < 0, 0, sizes[own] - 1),
    ]


def _stacked(table: EncodedTable, below: EncodedTable, columns: Sequence[int]) -> EncodedTable:
    """Some columns of two tables, one below the other."""
    chosen = list(columns)
    places = {i: k for k, i in enumerate(chosen)}
    huge = {(places[i], row): v for (i, row), v in table.huge.items() if i in places}
    huge |= {(places[i], row + table.n_rows): v for (i, row), v in below.huge.items() if i in places}
    values = np.hstack([table.values[chosen], below.values[chosen]])
    states = np.hstack([table.states[chosen], below.states[chosen]])
    return EncodedTable(values, states, table.texts, (True,) * len(chosen), huge)
