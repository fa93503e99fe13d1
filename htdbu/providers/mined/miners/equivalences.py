"""Equivalences: a class of one column and a class of another that the very same rows are in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from htdbu.providers.mined import surprise
from htdbu.providers.mined.classes import Classes, classes
from htdbu.providers.mined.contingency import contingency
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import View

_MOST = 2
"""Of columns that have more classes in common, a dependency says more."""


def mine(view: View) -> Iterator[Finding]:
    """Classes that go together; both have rows enough outside of them."""
    found = classes(view)
    tried = sum(one.size * other.size for one, other in combinations(found, 2))
    for one, other in combinations(found, 2):
        if one.field is not other.field:
            yield from _of_pair(one, other, view, surprise.needed(tried))


def _of_pair(one: Classes, other: Classes, view: View, least: float) -> Iterator[Finding]:
    counts = contingency(one, other)
    total, rows, columns = int(counts.sum()), counts.sum(axis=1), counts.sum(axis=0)
    if total < view.n or not total:
        return
    same = [(int(i), int(j)) for i, j in np.argwhere((counts == rows[:, None]) & (counts == columns) & (counts > 0))]
    if len(same) > _MOST and one.size > 2 and other.size > 2:
        return
    for i, j in same[:1] if one.size == 2 or other.size == 2 else same:
        held = int(rows[i])
        expected = 2 * held * (total - held) / total
        if min(held, total - held) >= view.support and expected >= least:
            text = f"{one.within([i])} <=> {other.within([j])}"
            yield Finding("equivalence", "rule", text, (one.field.name, other.field.name), total, expected=expected)
