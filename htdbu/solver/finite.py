"""Finite tables over many rows at once: every row's key is found in the sorted keys of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
Mask = NDArray[np.bool_]

_FEW = 4
"""A table of more than so many rows for every wanted one is not worth sorting."""
_INT64 = np.iinfo(np.int64)


def looked_up(rows: Mapping[tuple[int, ...], int], keys: Sequence[Numbers], known: Mask) -> tuple[Numbers, Mask]:
    """The value of a table at the key that every row has, and where there is one.

    Args:
        keys: for every part of the key its value in each row, int64 or Python integers.
        known: where the whole key is known.
    """
    dtype = keys[0].dtype
    if dtype.kind == "O" or len(rows) > _FEW * known.size:
        return _one_by_one(rows, keys, known)
    # A key beyond 64 bits is that of no row that lies inside its boxes.
    inside = [(key, value) for key, value in rows.items() if all(_INT64.min <= part <= _INT64.max for part in key)]
    if not inside:
        return np.zeros(known.size, dtype), np.zeros(known.size, dtype=bool)
    table = np.array([key for key, _ in inside], dtype=np.int64)
    values = np.array([value for _, value in inside], dtype=np.int64)
    ranks, wanted, found = _ranks(table, keys)
    order = np.argsort(ranks, kind="stable")
    place = np.minimum(np.searchsorted(ranks[order], wanted), len(order) - 1)
    found &= known & (ranks[order][place] == wanted)
    return np.where(found, values[order][place], 0), found


def _ranks(table: Numbers, keys: Sequence[Numbers]) -> tuple[Numbers, Numbers, Mask]:
    """One number for every key of a table, the same for the keys of rows, and which of these can be in the table.

    Numbers are made dense after every part, so that they stay below the square of the table's length.
    """
    codes: Numbers = np.zeros(len(table), np.int64)
    wanted: Numbers = np.zeros(keys[0].size, np.int64)
    found: Mask = np.ones(keys[0].size, dtype=bool)
    for part, key in zip(table.T, keys, strict=True):
        values, mine = np.unique(part, return_inverse=True)
        theirs, here = _positions(values, key)
        pairs, codes = np.unique(codes * len(values) + mine.reshape(-1), return_inverse=True)
        codes = codes.reshape(-1)
        wanted, there = _positions(pairs, wanted * len(values) + theirs)
        found &= here & there
    return codes, wanted, found


def _positions(ascending: Numbers, values: Numbers) -> tuple[Numbers, Mask]:
    """Where values stand among distinct ascending ones, and whether they do."""
    place = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return place, ascending[place] == values


def _one_by_one(rows: Mapping[tuple[int, ...], int], keys: Sequence[Numbers], known: Mask) -> tuple[Numbers, Mask]:
    values = np.zeros(known.size, keys[0].dtype)
    found = np.zeros(known.size, dtype=bool)
    for i in np.flatnonzero(known).tolist():
        value = rows.get(tuple(int(part[i]) for part in keys))
        if value is not None:
            values[i], found[i] = value, True
    return values, found
