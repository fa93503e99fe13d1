"""Multiples: whole numbers and amounts that are always a multiple of a round number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import View

_FEW_VALUES = 10


def mine(view: View) -> Iterator[Finding]:
    """The greatest common divisor of a column's values; by chance one in so many values would be its multiple."""
    numbers = view.numbers()
    for field in numbers:
        if field.counted[0].size < _FEW_VALUES:
            continue
        step = int(np.gcd.reduce(field.present))
        expected = field.n * (1 - 1 / step) if step > 1 else 0.0
        if step > 1 and expected >= surprise.needed(len(numbers)):
            text = f"mod({words.name(field)}, {words.number(step, field.column.type.scale)}) == 0"
            yield Finding("multiple", "rule", text, (field.name,), field.n, expected=expected, length=1)
