"""Ratios: an amount that is at most some share of another one of the same type, or at least."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.screen import pairs
from htdbu.providers.mined.terms import RATIO_DIGITS, Term, of_ratio
from htdbu.providers.mined.view import Field, View

_FEW_VALUES = 30
"""Quotients of numbers with fewer values say little."""
_ORDER = 0.98
"""A larger share is better said as an order."""


def mine(view: View) -> Iterator[Finding]:
    """The ratios of amounts of which a corner is empty."""
    tried = 2 * len(view.numbers()) ** 2
    for pair in pairs(view):
        for over, under, corner in ((pair.one, pair.other, (True, False)), (pair.other, pair.one, (False, True))):
            if pair.corners[corner] and over.column.type == under.column.type and _are_amounts(over, under):
                yield from _of_pair(over, under, surprise.needed(tried), view)


def _of_pair(over: Field, under: Field, least: float, view: View) -> Iterator[Finding]:
    """One of `over <= share * under` and, where that share is more than 1, `under >= share * over`."""
    for one, other, upper in ((over, under, True), (under, over, False)):
        yield from _ratio(of_ratio(one, other, upper, view), one, other, upper, view, least)
    if (over.name, under.name) in view.related and (over.name, under.name) not in view.parts:
        view.parts.append((over.name, under.name))


def _are_amounts(*fields: Field) -> bool:
    return all(f.is_number and int(f.present.min()) >= 0 and f.counted[0].size >= _FEW_VALUES for f in fields)


def _ratio(term: Term, over: Field, under: Field, upper: bool, view: View, least: float) -> Iterator[Finding]:
    values = term.values[term.there]
    if values.size < view.support:
        return
    limit = term.bounded(values, upper)
    one = 10**RATIO_DIGITS
    if not 0 < limit <= _ORDER * one:
        return
    expected = _by_chance(over, under, limit / one, upper, view)
    if expected < least:
        return
    view.related.update({(over.name, under.name), (under.name, over.name)})
    yield Finding(
        "ratio",
        "rule",
        term.says(limit, upper),
        (over.name, under.name),
        values.size,
        expected=expected,
        length=3,
        share=term.share(limit),
    )


def _by_chance(over: Field, under: Field, limit: float, upper: bool, view: View) -> float:
    there = over.there & under.there
    one, other = over.steps[there] / over.unit, under.steps[there] / under.unit
    orders = surprise.shuffles(one.size, view.seed)
    broken = [(one > limit * other[mixed]) if upper else (one < limit * other[mixed]) for mixed in orders]
    return float(np.mean([each.sum() for each in broken]))
