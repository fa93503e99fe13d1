"""Bounds by class: a number, date or quotient that keeps within a bound in some rows, which others pass."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.providers.mined import surprise
from htdbu.providers.mined.classes import Classes, classes
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.terms import Term, of_field, of_ratio
from htdbu.providers.mined.view import Steps, View

_MOST_RATIOS = 40
_MOST_QUESTIONS = 60_000


def mine(view: View) -> Iterator[Finding]:
    """For each class the bounds that its rows keep, where chance would have made many pass them."""
    partitions = classes(view)
    both: tuple[bool, ...] = (False, True)
    terms = [(of_field(field, view), both) for field in (*view.numbers(), *view.moments())]
    parts = [tuple(map(view.field, names)) for names in view.parts[:_MOST_RATIOS]]
    terms += [(of_ratio(over, under, upper, view), (upper,)) for over, under in parts for upper in (False, True)]
    tried = 2 * sum(each.size for each in partitions) * max(len(terms), 1)
    for partition in partitions[: max(_MOST_QUESTIONS // max(len(terms), 1), 1)]:
        for term, sides in terms:
            if partition.field.name in term.columns or _decides(partition, term, view):
                continue
            for upper in sides:
                yield from _bounds(partition, term, upper, surprise.needed(tried), view)


def _decides(partition: Classes, term: Term, view: View) -> bool:
    return len(term.columns) == 1 and (partition.field.name, term.columns[0]) in view.dependent


def _bounds(partition: Classes, term: Term, upper: bool, least: float, view: View) -> Iterator[Finding]:
    sign = 1 if upper else -1
    there = term.there & (partition.codes >= 0)
    values, codes = sign * term.values[there], partition.codes[there]
    if not values.size:
        return
    counts = np.bincount(codes, minlength=partition.size)
    largest = np.full(partition.size, np.iinfo(np.int64).min)
    np.maximum.at(largest, codes, values)
    ordered = np.sort(values)
    above = values.size - np.searchsorted(ordered, largest, side="right")
    by_bound: dict[int, list[int]] = {}
    for i in np.flatnonzero((counts >= view.support) & (above * counts >= least * (values.size - counts))).tolist():
        own = sign * values[codes == i]
        if own.min() == own.max():  # an implication says it better
            continue
        limit = term.bounded(own, upper)
        beyond = values.size - int(np.searchsorted(ordered, sign * limit, side="right"))
        if counts[i] * beyond >= least * max(values.size - counts[i], 1):
            by_bound.setdefault(limit, []).append(i)
    for limit, chosen in by_bound.items():
        yield _finding(partition, term, upper, limit, chosen, (ordered, counts))


def _finding(
    partition: Classes, term: Term, upper: bool, limit: int, chosen: list[int], of: tuple[Steps, Steps]
) -> Finding:
    ordered, counts = of
    sign = 1 if upper else -1
    inside = int(counts[chosen].sum())
    beyond = ordered.size - int(np.searchsorted(ordered, sign * limit, side="right"))
    return Finding(
        "bound by class",
        "rule",
        f"{partition.within(chosen)} => {term.says(limit, upper)}",
        (*term.columns, partition.field.name),
        inside,
        expected=inside * beyond / max(ordered.size - inside, 1),
        length=1 + len(chosen) + len(term.columns),
        share=term.share(limit),
        is_conditional=True,
    )
