"""Cells of several columns as one key of 128 bits, which is the same in every piece of a table.

A single number, date, truth value or level is its own key. Texts, numbers beyond 64 bits and tuples are hashed; that
two different ones among n share a key has a chance below n * n / 2**129, for 10**9 rows about 10**-21.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.mixing import Words, mixed
from htdbu.solver.table import VALUE, EncodedTable, Indices

_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)
_SIPHASH_KEYS = ("htdbu: high half", "htdbu: low half.")


@dataclass(frozen=True)
class Keys:
    """The keys of the rows that hold a value in each of some columns.

    Attributes:
        rows: their numbers, ascending.
        high: the first half of their keys, and `low` the second.
    """

    rows: Indices
    high: Words
    low: Words

    def take(self, which: Indices) -> Keys:
        """Some of them."""
        return Keys(self.rows[which], self.high[which], self.low[which])


def tuple_keys(program: Program, table: EncodedTable, columns: Sequence[int]) -> Keys:
    """The keys of a table's rows over some columns."""
    rows = np.flatnonzero(np.all([table.states[i] == VALUE for i in columns], axis=0))
    parts = [_column(program, table, i, rows) for i in columns]
    if len(parts) == 1:
        return Keys(rows, *parts[0])
    high, low = np.zeros((2, rows.size), np.uint64)
    for one, other in parts:  # both halves of a part go into both of the tuple: a number has only one
        high = mixed(high * _FACTORS[0] + mixed(one) + other)
        low = mixed(low * _FACTORS[1] + mixed(one ^ _FACTORS[1]) + mixed(other))
    return Keys(rows, high, low)


def _column(program: Program, table: EncodedTable, i: int, rows: Indices) -> tuple[Words, Words]:
    if program.columns[i].type.kind == "text":
        return _texts(table, i, rows)
    high = table.values[i, rows].view(np.uint64)
    low = np.zeros(rows.size, np.uint64)
    huge = {row: value for (column, row), value in table.huge.items() if column == i}
    if huge:
        places = {row: place for place, row in enumerate(rows.tolist()) if row in huge}
        for row, place in places.items():
            high[place], low[place] = _digest(str(huge[row]))
    return high, low


def _texts(table: EncodedTable, i: int, rows: Indices) -> tuple[Words, Words]:
    codes, which = np.unique(table.values[i, rows], return_inverse=True)
    words = np.array([table.texts.text(code) for code in codes.tolist()], dtype=object)
    high, low = (pd.util.hash_array(words, hash_key=key, categorize=False) for key in _SIPHASH_KEYS)
    return high[which.reshape(-1)], low[which.reshape(-1)]


def _digest(text: str) -> tuple[int, int]:
    digest = blake2b(text.encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")
