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
from htdbu.providers.mined.rounding import bound
from htdbu.providers.mined.screen import Pair, pairs
from htdbu.providers.mined.view import Field, Steps, View

_MOST_CUTS = 100
_MOST_PARTS = 4
_MOST_PAIRS = 150


@dataclass(frozen=True)
class _Rows:
    """The rows of a pair in the order of the column that is cut; values are negated for lower bounds."""

    at: Steps
    values: Steps


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
    for cut, of in ((pair.one, pair.other), (pair.other, pair.one)):
        yield from ((cut, of, high_cut, high_of) for high_cut in (False, True) for high_of in (False, True))


def _bounds(cut: Field, of: Field, upper: bool, least: float, view: View) -> Iterator[Finding]:
    there = cut.there & of.there
    order = np.argsort(cut.steps[there], kind="stable")
    rows = _Rows(cut.steps[there][order], (1 if upper else -1) * of.steps[there][order])
    ends = _split(rows, 0, rows.at.size, least, view.support, _MOST_PARTS)
    if not ends:
        return
    parts = [_part(rows, start, stop, of, upper, view) for start, stop in zip([0, *ends], [*ends, rows.at.size], strict=True)]
    told = [part for part in parts if part.expected >= least]
    if told:
        yield _finding(cut, of, upper, rows, parts, least, view)


def _split(rows: _Rows, start: int, stop: int, least: float, support: int, most: int) -> list[int]:
    """Where to cut the rows, ascending."""
    if most < 2:
        return []
    best, at = 0.0, 0
    for place in _places(rows, start, stop, support):
        for own, others in (((start, place), (place, stop)), ((place, stop), (start, place))):
            expected = _expected(rows, own, others)
            if expected > best:
                best, at = expected, place
    if best < least:
        return []
    left = _split(rows, start, at, least, support, most - 1)
    right = _split(rows, at, stop, least, support, most - 1 - len(left))
    return [*left, at, *right]


def _places(rows: _Rows, start: int, stop: int, support: int) -> list[int]:
    """The places between different values, about evenly spread where there are many."""
    inside = rows.at[start:stop]
    changes = np.flatnonzero(np.diff(inside)) + 1 + start
    changes = changes[(changes >= start + support) & (changes <= stop - support)]
    if changes.size > _MOST_CUTS:
        changes = changes[np.linspace(0, changes.size - 1, _MOST_CUTS).astype(np.int64)]
    return [int(place) for place in changes]


def _expected(rows: _Rows, own: tuple[int, int], others: tuple[int, int], limit: int | None = None) -> float:
    values, rest = rows.values[slice(*own)], rows.values[slice(*others)]
    highest = int(values.max()) if limit is None else limit
    return float(values.size * np.count_nonzero(rest > highest) / rest.size)


def _part(rows: _Rows, start: int, stop: int, of: Field, upper: bool, view: View) -> _Part:
    sign = 1 if upper else -1
    limit = bound(of, sign * rows.values[start:stop], upper, view.min_count)
    rest = np.concatenate([rows.values[:start], rows.values[stop:]])
    beyond = np.count_nonzero(rest > sign * limit) / max(rest.size, 1)
    return _Part(start, stop, limit, float((stop - start) * beyond))


def _finding(
    cut: Field, of: Field, upper: bool, rows: _Rows, parts: list[_Part], least: float, view: View
) -> Finding:
    sign, name = ("<=" if upper else ">="), words.name(cut)
    told = [part for part in parts if part.expected >= least]
    first, last = told[0], told[-1]
    if len(told) == 1 and (first is parts[0] or first is parts[-1]):
        below = first is parts[0]
        place = rows.at[first.stop if below else first.start]
        premise = f"{name} {'<' if below else '>='} {words.literal(cut, int(place))}"
        text = f"{premise} => {words.name(of)} {sign} {words.literal(of, first.limit)}"
        support = first.stop - first.start
    else:
        # Parts without a bound of their own have the loosest one.
        whole = bound(of, of.present, upper, view.min_count)
        limits = [part.limit if part in told else whole for part in parts]
        arms = "; ".join(
            f"{name} < {words.literal(cut, int(rows.at[part.stop]))} -> {words.literal(of, limit)}"
            for part, limit in zip(parts[:-1], limits[:-1], strict=True)
        )
        text = f"{words.name(of)} {sign} case {{ {arms}; else -> {words.literal(of, limits[-1])} }}"
        support = rows.at.size
    expected = sum(part.expected for part in told)
    del last
    return Finding("bound by cut", "rule", text, (of.name, cut.name), support, expected=expected, length=2 + len(parts))
