"""Derived columns: sums and differences of other columns in every row, exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from htdbu.generators.identities import Identity
from htdbu.generators.relations import sums
from htdbu.providers.mined import words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field, Steps, View


def mine(view: View) -> Iterator[Finding]:
    """Each column that an identity decides, the last of its columns since what is computed comes after its parts."""
    fields = [field for field in view.numbers() if field.n == view.n]
    if len(fields) < 2 or view.n < view.support:
        return
    frame = pd.DataFrame({field.name: field.steps / field.unit for field in fields})
    for identity in sums(frame):
        if identity.always:
            yield from _derived(view, fields, identity)


def _derived(view: View, fields: list[Field], identity: Identity) -> Iterator[Finding]:
    of = [fields[at] for at in identity.columns]
    if any(field.name in view.derived for field in of):
        return
    unit = max(field.unit for field in of)
    scaled = [sign * field.steps * (unit // field.unit) for sign, field in zip(identity.signs, of, strict=True)]
    total = sum(scaled[1:], scaled[0])
    if not bool((total == total[0]).all()) or of[-1].unit < unit:
        return
    target, sign = of[-1], identity.signs[-1]
    view.derived.add(target.name)
    text = _sum([(-sign * s, f) for s, f in zip(identity.signs[:-1], of[:-1], strict=True)], sign * int(total[0]), unit)
    expected = _by_chance(total, scaled[-1], view)
    yield Finding("sum", "derived", text, (target.name, *(f.name for f in of[:-1])), view.n, expected=expected)


def _sum(terms: list[tuple[int, Field]], constant: int, unit: int) -> str:
    terms = sorted(terms, key=lambda term: -term[0])
    text = "".join(f" {'+' if sign > 0 else '-'} {words.name(field)}" for sign, field in terms)
    text = text.removeprefix(" + ") if terms[0][0] > 0 else f"-{text.removeprefix(' - ')}"
    scale = len(str(unit)) - 1
    return text if not constant else f"{text} {'+' if constant > 0 else '-'} {words.number(abs(constant), scale)}"


def _by_chance(total: Steps, last: Steps, view: View) -> float:
    """How many rows would break the sum if the last column's cells were dealt anew."""
    mixed = np.random.default_rng(view.seed).permutation(last)
    return float((total - last + mixed != total).sum())
