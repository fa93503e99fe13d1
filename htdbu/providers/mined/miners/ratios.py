"""Ratios: an amount that is at most some share of another one, or at least."""

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
    for over, under, upper in candidates(view):
        yield from _ratio(of_ratio(over, under, upper, view), over, under, upper, view, surprise.needed(tried))


def candidates(view: View) -> Iterator[tuple[Field, Field, bool]]:
    """Pairs of amounts that may have an upper bound of their quotient, or a lower one."""
    for pair in pairs(view):
        if not (_is_amount(pair.one) and _is_amount(pair.other)):
            continue
        for over, under, corner in ((pair.one, pair.other, (True, False)), (pair.other, pair.one, (False, True))):
            if pair.corners[corner]:
                yield over, under, True
                yield under, over, False


def _is_amount(field: Field) -> bool:
    return field.is_number and int(field.present.min()) >= 0 and field.counted[0].size >= _FEW_VALUES


def _ratio(
    term: Term, over: Field, under: Field, upper: bool, view: View, least: float
) -> Iterator[Finding]:
    values = term.values[term.there]
    if values.size < view.support:
        return
    limit = term.bounded(values, upper)
    one = 10**RATIO_DIGITS
    # From below only a share of the larger amount is said: its mirror image is the same rule from above.
    if limit <= 0 or (upper and limit > _ORDER * one) or (not upper and limit > _ORDER * one):
        return
    expected = _by_chance(over, under, limit / one, upper, view)
    if expected < least:
        return
    view.related.update({(over.name, under.name), (under.name, over.name)})
    yield Finding(
        "ratio", "rule", term.says(limit, upper), (over.name, under.name), values.size, expected=expected, length=3
    )


def _by_chance(over: Field, under: Field, limit: float, upper: bool, view: View) -> float:
    there = over.there & under.there
    one, other = over.steps[there] / over.unit, under.steps[there] / under.unit
    orders = surprise.shuffles(one.size, view.seed)
    broken = [(one > limit * other[mixed]) if upper else (one < limit * other[mixed]) for mixed in orders]
    return float(np.mean([each.sum() for each in broken]))
