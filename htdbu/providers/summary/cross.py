"""Two columns against each other: sentiments by the target, and other columns by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from htdbu.providers.summary.counts import rounded, shown_cells
from htdbu.providers.summary.model import CrossTable
from htdbu.providers.summary.table import Read

_MOST_VALUES = 12
_GOOD = {"positive", "pos", "very positive"}
_BAD = {"negative", "neg", "very negative"}
_BETWEEN = {"neutral", "neu", "mixed"}


def is_sentiment(read: Read) -> bool:
    """Whether the levels of a column are sentiments, or it is called so and has some."""
    words = {re.sub(r"[\W_]+", " ", read.spell(value)).strip().casefold() for value, _ in read.shown}
    if re.search(r"sentiment", read.column.name, re.IGNORECASE):
        return len(words) > 1
    return bool(words & _GOOD and words & _BAD) and words <= _GOOD | _BAD | _BETWEEN


def sentiments(reads: Iterable[Read], target: Read | None) -> Iterator[CrossTable]:
    """Each column of sentiments by the target."""
    for read in reads:
        if target is not None and read is not target and is_sentiment(read):
            yield from cross(read, target)


def cross(read: Read, target: Read) -> Iterator[CrossTable]:
    """A column by the target, where both have two values or more that may be shown, and something is left to show."""
    (lines, line), (heads, head) = (_most(*each.groups) for each in (read, target))
    if min(len(lines), len(heads)) < 2:
        return
    width = len(heads) + 1  # what has no value that is shown comes last
    places = (line % (len(lines) + 1)) * width + head % width
    every = np.bincount(places, minlength=(len(lines) + 1) * width).reshape(-1, width)
    counts, shown = every[:-1, :-1], shown_cells(every, read.least)
    rows = tuple(
        tuple(rounded(count, read.least) if seen else None for count, seen in zip(*pair, strict=True))
        for pair in zip(counts.tolist(), shown.tolist(), strict=True)
    )
    totals = every.sum(axis=0)[:-1].tolist()
    if shown.any():
        yield CrossTable(
            columns=(read.column.name, target.column.name),
            lines=tuple(lines),
            heads=tuple(heads),
            rows=rows,
            totals=tuple(rounded(total, read.least) if total >= read.least else None for total in totals),
        )


def _most(names: Sequence[str], codes: np.ndarray) -> tuple[Sequence[str], np.ndarray]:
    """The groups that most rows are in, in their order."""
    if len(names) <= _MOST_VALUES:
        return names, codes
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    kept = np.sort(np.argsort(-sizes, kind="stable")[:_MOST_VALUES])
    places = np.full(len(names) + 1, -1)
    places[kept] = np.arange(len(kept))
    return [names[place] for place in kept], places[codes]
