"""Orders: a number or date that is nowhere greater than another one, or than another one and a constant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.rounding import number_bound
from htdbu.providers.mined.screen import pairs
from htdbu.providers.mined.view import Field, Steps, View


def mine(view: View) -> Iterator[Finding]:
    """The orders of pairs whose upper left corner is empty, and of those that few rows break."""
    tried = len(view.free()) ** 2
    for pair in pairs(view):
        for small, large, corner in ((pair.one, pair.other, (True, False)), (pair.other, pair.one, (False, True))):
            if pair.corners[corner] and small.is_moment == large.is_moment and _comparable(small, large):
                yield from _order(small, large, view, surprise.needed(tried))


def _comparable(small: Field, large: Field) -> bool:
    return small.is_number or small.kind == large.kind


def _order(small: Field, large: Field, view: View, least: float) -> Iterator[Finding]:
    there = small.there & large.there
    if there.sum() < view.support:
        return
    unit = max(small.unit, large.unit)
    one, other = (field.steps[there] * (unit // field.unit) for field in (small, large))
    shift = _shift(one - other, small, view)
    if shift is None:
        return
    expected = float(np.mean([(one > other[mixed] + shift).sum() for mixed in surprise.shuffles(one.size, view.seed)]))
    broken = int((one > other + shift).sum())
    if expected < least or broken > 0.05 * expected:
        return
    view.related.update({(small.name, large.name), (large.name, small.name)})
    amounts = not shift and small.is_number and min(one.min(), other.min()) >= 0
    share = (small.name, large.name, 1.0) if amounts else None
    text, columns = _text(small, large, shift, unit), (small.name, large.name)
    yield Finding("order", "rule", text, columns, one.size, broken, expected, share=share)


def _shift(differences: Steps, small: Field, view: View) -> int | None:
    """By how much the smaller one may be greater; None where nothing can be said."""
    if small.kind == "datetime" or (small.is_number and small.unit > 1):
        return 0 if (differences > 0).mean() <= view.tolerance else None
    found = number_bound(differences, True, view.min_count)
    if small.is_moment:
        return found if found <= 0 or (differences > 0).mean() > view.tolerance else 0
    piled = int((differences == found).sum()) >= view.support
    if piled:
        return found
    return 0 if (differences > 0).mean() <= view.tolerance else None


def _text(small: Field, large: Field, shift: int, unit: int) -> str:
    # A date that comes later is said first: `closed >= opened + 30`.
    if small.is_moment:
        more = "" if not shift else f" {'+' if shift < 0 else '-'} {abs(shift)}"
        return f"{words.name(large)} >= {words.name(small)}{more}"
    more = "" if not shift else f" {'+' if shift > 0 else '-'} {words.number(abs(shift), len(str(unit)) - 1)}"
    return f"{words.name(small)} <= {words.name(large)}{more}"
