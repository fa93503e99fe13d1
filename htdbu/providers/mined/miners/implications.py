"""Implications: classes of one column in whose rows another column never has some of its values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from htdbu.generators.arrays import Floats, Mask
from htdbu.providers.mined import surprise
from htdbu.providers.mined.classes import Classes, classes
from htdbu.providers.mined.contingency import contingency
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import View

_LOW = 0.05
"""A value is all but excluded where so few of the rows have it that chance would give it."""
_SOFT_FACTOR = 3
"""So many times more rows have to be expected where a few have the value than where none has."""
_MOST_PATTERNS = 6
"""More rules about two columns are no rule that a reader would see."""


def mine(view: View) -> Iterator[Finding]:
    """What the classes of each pair of columns exclude, and all but exclude."""
    found = classes(view)
    tried = sum(one.size * other.size for one, other in combinations(found, 2))
    least = surprise.needed(tried)
    for one, other in combinations(found, 2):
        if one.field is other.field:
            continue
        counts = contingency(one, other)
        expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(int(counts.sum()), 1)
        never = (counts == 0) & (expected >= least)
        rows = np.maximum(counts.sum(axis=1)[:, None], 1)
        few = (counts > 0) & (counts <= np.minimum(_LOW * expected, view.tolerance * rows))
        seldom = few & (expected >= _SOFT_FACTOR * least)
        yield from _rules(one, other, counts, expected, never)
        yield from _rules(one, other, counts, expected, seldom)


def _rules(
    one: Classes, other: Classes, counts: NDArray[np.int64], expected: Floats, excluded: Mask
) -> Iterator[Finding]:
    """The excluded cells as rules, from the side that needs fewer of them, or has the rarer premise."""
    if not excluded.any():
        return
    sides = [(one, other, counts, expected, excluded), (other, one, counts.T, expected.T, excluded.T)]
    patterns = [_patterns(side[4]) for side in sides]
    sizes = [sum(int(side[2][list(p)].sum()) for p in found) for side, found in zip(sides, patterns, strict=True)]
    best = min((0, 1), key=lambda k: (len(patterns[k]), sizes[k]))
    if len(patterns[best]) <= _MOST_PATTERNS:
        yield from (_rule(*sides[best], premise) for premise in patterns[best])


def _patterns(excluded: Mask) -> list[tuple[int, ...]]:
    """The classes that exclude anything, those together that exclude the same."""
    found: dict[bytes, list[int]] = {}
    for i in np.flatnonzero(excluded.any(axis=1)).tolist():
        found.setdefault(excluded[i].tobytes(), []).append(i)
    return [tuple(each) for each in found.values()]


def _rule(
    one: Classes, other: Classes, counts: NDArray[np.int64], expected: Floats, excluded: Mask, premise: tuple[int, ...]
) -> Finding:
    gone = np.flatnonzero(excluded[premise[0]]).tolist()
    kept = [j for j in range(other.size) if j not in gone]
    cells = np.ix_(premise, gone)
    text = f"{one.within(premise)} => {other.within(kept)}"
    return Finding(
        "implication",
        "rule",
        text,
        (other.field.name, one.field.name),
        int(counts[list(premise)].sum()),
        int(counts[cells].sum()),
        float(expected[cells].sum()),
        length=1 + len(premise) + min(len(kept), len(gone)),
    )
