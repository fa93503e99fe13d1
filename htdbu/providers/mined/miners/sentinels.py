"""Sentinel codes: a value such as -1 or 999 that stands far apart from all others and means something else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import words
from htdbu.providers.mined.classes import spikes
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.rounding import bound
from htdbu.providers.mined.view import Field, View

_GAP = 3.0
"""A code lies so many times further from the next value than the bound of the others, at least."""


def mine(view: View) -> Iterator[Finding]:
    """What the codes of each number are, and what values lie between them and the others."""
    for field in view.numbers():
        for code in codes(field, view):
            yield _note(field, code)
            yield from _gap(field, code, view)


def codes(field: Field, view: View) -> list[int]:
    """The outermost values that many rows share and that look like no amount: -1 beside amounts, or only nines."""
    values, _ = field.counted
    ends = {int(values[0]), int(values[-1])}
    return [value for value in spikes(field, view) if value in ends and values.size > 2 and _is_odd(field, value)]


def _is_odd(field: Field, value: int) -> bool:
    values, _ = field.counted
    others = values[values != value]
    whole = str(abs(value) // field.unit)
    if value < 0:
        return int(others[0]) >= 0
    nines = set(whole) == {"9"} and len(whole) > 1
    return nines and value == int(values[-1]) and value - int(others[-1]) > _GAP * field.unit


def _held(field: Field, code: int) -> int:
    return int(np.count_nonzero(field.present == code))


def _note(field: Field, code: int) -> Finding:
    held = words.literal(field, code)
    doc = f"{held} stands apart from all other values: probably a code for a missing one."
    return Finding("sentinel", "note", "", (field.name,), _held(field, code), doc=doc, length=1)


def _gap(field: Field, code: int, view: View) -> Iterator[Finding]:
    """The values between a code and the others are no values either."""
    others = field.present[field.present != code]
    if others.size < view.support:
        return
    above = code > int(others.max())
    limit = bound(field, others, above, view.min_count)
    if not (limit < code - field.unit if above else limit > code + field.unit):
        return
    text = f"{words.name(field)} == {words.literal(field, code)} or {words.name(field)} "
    text += f"{'<=' if above else '>='} {words.literal(field, limit)}"
    share = abs(code - limit) / max(abs(code - int(others.min() if above else others.max())), 1)
    yield Finding("sentinel", "rule", text, (field.name,), field.n, expected=others.size * share, length=2)
