"""Keys: columns, and pairs of columns, of which no two rows share a value though chance would have made many do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field, View

_LEAST_ROWS = 100
_MOST_PARTS = 40
"""Columns that may be part of a composite key, those with most values."""


def mine(view: View) -> Iterator[Finding]:
    """Keys of one column; where there is none, pairs that are unique."""
    keys = [field for field in view.fields if _is_key(field)]
    for field in keys:
        yield Finding("key", "key", "", (field.name,), field.n, expected=_shared(field), length=1)
    if not keys:
        yield from _pairs(view)


def _is_key(field: Field) -> bool:
    """Whether no two rows share a value.

    Numbers drawn from the range of these would have collided n^2 / (2 range) times (the birthday problem); texts
    without blanks are taken for codes.
    """
    if field.n < max(_LEAST_ROWS, field.there.size) or field.counted[0].size < field.n:
        return False
    if field.kind == "text":
        return True
    return field.kind == "int" and _shared(field) >= surprise.LEAST


def _shared(field: Field) -> float:
    if field.kind == "text":
        return 0.0
    width = float(field.present.max()) - float(field.present.min()) + 1
    return field.n * (field.n - 1) / 2 / width


def _pairs(view: View) -> Iterator[Finding]:
    """Pairs of columns whose independent values would often have met in two rows."""
    fields = [f for f in view.free() if f.n == view.n and f.counted[0].size >= 5 and view.n >= _LEAST_ROWS]
    fields = sorted(fields, key=lambda f: -f.counted[0].size)[:_MOST_PARTS]
    tried = len(fields) * (len(fields) - 1) // 2
    for one, other in combinations(fields, 2):
        meetings = view.n * (view.n - 1) / 2 * _agreement(one) * _agreement(other)
        if meetings < surprise.needed(tried):
            continue
        codes = _codes(one) * other.counted[0].size + _codes(other)
        if np.unique(codes).size == view.n:
            columns = tuple(f.name for f in view.fields if f in (one, other))
            names = words.listed(words.name(view.field(name)) for name in columns)
            yield Finding("key", "unique", f"unique ({names})", columns, view.n, expected=meetings)


def _agreement(field: Field) -> float:
    """The share of the pairs of rows that have the same value."""
    counts = field.counted[1].astype(np.float64)
    return float((counts * (counts - 1)).sum()) / (field.n * (field.n - 1))


def _codes(field: Field) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.searchsorted(field.counted[0], field.steps)
