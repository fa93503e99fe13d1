"""Functional dependencies: rows that agree in one column agree in another one, in far more pairs than by chance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field, View

_MOST_COLUMNS = 80
_LEAST_AGREEING = 500
"""So many rows have to have a left side that an earlier row has: what rests on fewer breaks with more rows."""


def mine(view: View) -> Iterator[Finding]:
    """For every left side the columns that it decides.

    By chance each further row of a group would agree with the first one with probability sum(p^2), p being the shares
    of the values on the right; so `expected` rows would break it.
    """
    fields = [f for f in view.free() if f.n == view.n and not f.column.key]
    if len(fields) > _MOST_COLUMNS:
        fields = sorted(sorted(fields, key=lambda f: f.counted[0].size)[:_MOST_COLUMNS], key=view.fields.index)
    tried = len(fields) ** 2
    for left in fields:
        if left.counted[0].size < 3 or _repeated(left) < _LEAST_AGREEING:
            continue
        decided = list(_decided(left, fields, view, surprise.needed(tried)))
        view.dependent.update((left.name, right.name) for right, _ in decided)
        yield from (_finding(left, right, view.n, expected) for right, expected in decided)


def _repeated(left: Field) -> int:
    """How many rows have a value that an earlier row has, the most frequent value aside.

    What is said of that one alone is an implication and no dependency.
    """
    counts = np.sort(left.counted[1])[:-1]
    return int((counts - 1).sum())


def _decided(left: Field, fields: list[Field], view: View, least: float) -> Iterator[tuple[Field, float]]:
    groups = np.searchsorted(left.counted[0], left.steps)
    first = np.zeros(left.counted[0].size, np.int64)
    first[groups[::-1]] = np.arange(view.n)[::-1]
    for right in fields:
        if right is left or right.counted[0].size > first.size or (right.name, left.name) in view.dependent:
            continue
        shares = right.counted[1] / view.n
        expected = _repeated(left) * (1 - float((shares**2).sum()))
        if expected >= least and bool((right.steps[first[groups]] == right.steps).all()):
            yield right, expected


def _finding(left: Field, right: Field, support: int, expected: float) -> Finding:
    text = f"fd {words.name(left)} -> {words.name(right)}"
    return Finding("dependency", "fd", text, (left.name, right.name), support, expected=expected)
