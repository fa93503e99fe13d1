"""Bounds by cut: a number or date whose bound depends on how large another one is, as a ceiling depends on the age.

The rows are cut in two where that surprises most: where most rows of one part would pass the bound of that part if they
were like those of the other. Each part is cut again, as long as a cut surprises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from htdbu.providers.mined import surprise, words
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.rounding import WIDE, bound
from htdbu.providers.mined.screen import Pair, pairs
from htdbu.providers.mined.view import Field, Steps, View

_MOST_CUTS = 100
_MOST_PARTS = 4
_MOST_PAIRS = 150


@dataclass(frozen=True)
class _Rows:
    """The rows of a pair in the order of the column that is cut, and where that may be cut.

    Values are negated for lower bounds. Each part has `support` rows, at least.
    """

    at: Steps
    values: Steps
    cuts: Steps
    support: int


@dataclass(frozen=True)
class _Part:
    """Rows from `start` up to `stop`, and their bound; `expected` of them would pass it if they were as the others."""

    start: int
    stop: int
    limit: int
    expected: float


def mine(view: View) -> Iterator[Finding]:
    """The ceilings and floors of pairs with an empty corner of which nothing simpler is known."""
    found = [pair for pair in pairs(view) if not _known(pair, view)][:_MOST_PAIRS]
    tried = 4 * _MOST_CUTS * max(len(found), 1)
    for pair in found:
        for cut, of, high_cut, high_of in _questions(pair):
            if pair.corners[(high_cut, high_of) if cut is pair.one else (high_of, high_cut)]:
                yield from _bounds(cut, of, high_of, surprise.needed(tried), view)


def _known(pair: Pair, view: View) -> bool:
    names = (pair.one.name, pair.other.name)
    return names in view.related or names in view.dependent or names[::-1] in view.dependent


def _questions(pair: Pair) -> Iterator[tuple[Field, Field, bool, bool]]:
    """Each corner, as a bound of the column with more values that depends on the one with fewer."""
    few = min((pair.one, pair.other), key=lambda field: field.counted[0].size)
    many = pair.other if few is pair.one else pair.one
    yield from ((few, many, high_few, high_many) for high_few in (False, True) for high_many in (False, True))


def _bounds(cut: Field, of: Field, upper: bool, least: float, view: View) -> Iterator[Finding]:
    there = cut.there & of.there
    order = np.argsort(cut.steps[there], kind="stable")
    at = cut.steps[there][order]
    rows = _Rows(at, (1 if upper else -1) * of.steps[there][order], cut_points(cut, view), view.support)
    ends = _split(rows, 0, rows.at.size, least, _MOST_PARTS)
    if not ends:
        return
    parts = [
        _part(rows, start, stop, of, upper, view) for start, stop in zip([0, *ends], [*ends, rows.at.size], strict=True)
    ]
    if any(part.expected >= least for part in parts):
        yield _finding(cut, of, upper, rows, parts, least, view)


def _split(rows: _Rows, start: int, stop: int, least: float, most: int) -> list[int]:
    """Where to cut the rows, ascending."""
    if most < 2:
        return []
    best, at = 0.0, 0
    for place in _places(rows, start, stop):
        for own, others in (((start, place), (place, stop)), ((place, stop), (start, place))):
            expected = _expected(rows, own, others)
            if expected > best:
                best, at = expected, place
    if best < least:
        return []
    left = _split(rows, start, at, least, most - 1)
    right = _split(rows, at, stop, least, most - 1 - len(left))
    return [*left, at, *right]


def _places(rows: _Rows, start: int, stop: int) -> list[int]:
    """The first rows of the parts that the cuts make."""
    places = np.unique(start + np.searchsorted(rows.at[start:stop], rows.cuts, side="left"))
    return [int(place) for place in places if start + rows.support <= place <= stop - rows.support]


def _cut_before(rows: _Rows, place: int) -> int:
    """The least cut that parts the rows before a place from the others."""
    return int(rows.cuts[np.searchsorted(rows.cuts, rows.at[place - 1], side="right")])


def cut_points(field: Field, view: View) -> Steps:
    """Where a column may be cut: at values that enough rows hold, or at round numbers and first days of years."""
    values, counts = field.counted
    if values.size <= _MOST_CUTS:
        return np.asarray(values[counts >= view.min_count])
    if field.is_moment:
        first, last = (values[[0, -1]] // field.unit).astype("datetime64[D]").astype("datetime64[Y]")
        years = np.arange(first, last + 1)[:_MOST_CUTS].astype("datetime64[D]")
        return np.asarray(years.astype(np.int64) * field.unit)
    low, high = np.quantile(field.present, (0.02, 0.98))
    step = 10 ** len(str(int(max(high - low, 1)) // _MOST_CUTS))
    return np.asarray(np.arange(int(low) // step, int(high) // step + 2)[:_MOST_CUTS] * step)


def _expected(rows: _Rows, own: tuple[int, int], others: tuple[int, int]) -> float:
    """How many of a part's rows would lie beyond all of them if they were as the others are."""
    values, rest = rows.values[slice(*own)], rows.values[slice(*others)]
    return float(values.size * np.count_nonzero(rest > values.max()) / rest.size)


def _part(rows: _Rows, start: int, stop: int, of: Field, upper: bool, view: View) -> _Part:
    sign = 1 if upper else -1
    limit = bound(of, sign * rows.values[start:stop], upper, view.min_count)
    rest = np.concatenate([rows.values[:start], rows.values[stop:]])
    beyond = np.count_nonzero(rest > sign * limit) / max(rest.size, 1)
    return _Part(start, stop, limit, float((stop - start) * beyond))


def _finding(cut: Field, of: Field, upper: bool, rows: _Rows, parts: list[_Part], least: float, view: View) -> Finding:
    """One end of the cut column has a bound of its own, or there are several parts to tell apart."""
    told = [part for part in parts if part.expected >= least]
    sign = f"{words.name(of)} {'<=' if upper else '>='}"
    if len(told) == 1 and told[0] in (parts[0], parts[-1]):
        support = told[0].stop - told[0].start
        text = f"{_premise(cut, rows, told[0])} => {sign} {words.literal(of, told[0].limit)}"
    else:
        # Parts without a bound of their own have the loosest one, that of the column.
        whole = bound(of, of.present, upper, view.min_count, WIDE)
        limits = [part.limit if part in told else whole for part in parts]
        support, text = rows.at.size, f"{sign} {_cases(cut, of, rows, parts, limits)}"
    expected = sum(part.expected for part in told)
    return Finding("bound by cut", "rule", text, (of.name, cut.name), support, expected=expected, length=2 + len(parts))


def _premise(cut: Field, rows: _Rows, part: _Part) -> str:
    """That a row is in the first part, or in the last one."""
    sign, place = ("<", part.stop) if part.start == 0 else (">=", part.start)
    return f"{words.name(cut)} {sign} {words.literal(cut, _cut_before(rows, place))}"


def _cases(cut: Field, of: Field, rows: _Rows, parts: list[_Part], limits: list[int]) -> str:
    ends = zip(parts[:-1], limits[:-1], limits[1:], strict=True)
    arms = "; ".join(
        f"{words.name(cut)} < {words.literal(cut, _cut_before(rows, part.stop))} -> {words.literal(of, limit)}"
        for part, limit, following in ends
        if limit != following
    )
    return f"case {{ {arms}; else -> {words.literal(of, limits[-1])} }}"
