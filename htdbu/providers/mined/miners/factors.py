"""Factors: the column that is to be planned first, its shares, and how another one depends on it.

Asked for by the request's target alone. Shares are those of all rows, in tenths of a percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.writing.leaves import write_share
from htdbu.providers.cramer import cramers_v
from htdbu.providers.mined import words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field, View

MOST_LEVELS = 12
_PARTS = 1_000
_SENTIMENTS = frozenset({"negative", "neutral", "positive"})
_WEAK = 0.1
"""Columns that go together less than this, by Cramér's V, say nothing of each other."""


def mine(view: View, target: str) -> Iterator[Finding]:
    """The factor of a column of few values, by its name in rules; nothing where it has many, or nulls."""
    field = view.field(target)
    values = _values(field, view)
    if not 2 <= len(values) <= MOST_LEVELS:
        return
    dist = ", ".join(f"{words.literal(field, v)}: {_percent(part)}" for v, part in _shares(field.steps, values))
    other = _dependent(field, values, view)
    branches = [] if other is None else list(_branches(field, values, other, view))
    body = "\n".join(branches)
    text = f"factor {words.name(field)} ~ {{ {dist} }} {{\n{body}\n}}"
    columns = (field.name,) if other is None else (field.name, other.name)
    if branches:
        doc = f"Planned first: {words.name(field)} as often as in all {words.rows(view.n)}."
        yield Finding("factor", "factor", text, columns, view.n, doc=doc)


def _values(field: Field, view: View) -> list[int]:
    """The values that make up a column without nulls; none where too few rows have one of them."""
    values, counts = field.counted
    known = field.kind in ("category", "bool") and field.n == view.n and bool((counts >= view.min_count).all())
    return [int(v) for v in values] if known else []


def _shares(steps: NDArray[np.int64], values: list[int]) -> list[tuple[int, int]]:
    """The values that occur, with their shares in thousandths, which add up (largest remainders)."""
    counts = np.array([np.count_nonzero(steps == v) for v in values])
    exact = counts * _PARTS / counts.sum()
    parts = np.maximum(np.floor(exact), counts > 0).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    for i in range(int(_PARTS - parts.sum())):
        parts[order[i % order.size]] += 1
    parts[np.argmax(parts)] -= parts.sum() - _PARTS
    return [(v, int(part)) for v, part, count in zip(values, parts, counts, strict=True) if count]


def _percent(part: int) -> str:
    return write_share(Decimal(part) / _PARTS)


def _dependent(field: Field, values: list[int], view: View) -> Field | None:
    """The column of moods, or else the category that depends most on the factor."""
    found = [
        (_is_mood(other), _association(field, values, other), other)
        for other in view.free()
        if other is not field and 2 <= len(_values(other, view)) <= MOST_LEVELS
    ]
    best = max(found, key=lambda each: each[:2], default=None)
    return None if best is None or best[1] < _WEAK else best[2]


def _is_mood(field: Field) -> bool:
    return field.kind == "category" and len(_SENTIMENTS.intersection(field.column.type.levels)) > 1


def _association(field: Field, values: list[int], other: Field) -> float:
    """Cramér's V of two columns."""
    levels = other.counted[0]
    codes = np.searchsorted(values, field.steps) * levels.size + np.searchsorted(levels, other.steps)
    counts = np.bincount(codes, minlength=len(values) * levels.size).reshape(len(values), levels.size)
    return cramers_v(counts)


def _branches(field: Field, values: list[int], other: Field, view: View) -> Iterator[str]:
    """The shares of the other column given each value; levels that few rows of it have are in no share of their own."""
    levels = _values(other, view)
    for value in values:
        own = other.steps[field.steps == value]
        counts = [int(np.count_nonzero(own == level)) for level in levels]
        if any(0 < count < view.min_count for count in counts):
            continue
        shares = ", ".join(f"{words.literal(other, v)}: {_percent(part)}" for v, part in _shares(own, levels))
        yield f"{words.literal(field, value)} -> {words.name(other)} ~ {{ {shares} }}"
