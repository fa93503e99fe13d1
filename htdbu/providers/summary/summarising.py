"""From a table to its summary, at one of three granularities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from htdbu.providers.base import Request
from htdbu.providers.declaration import name_of
from htdbu.providers.headers import check_header_line
from htdbu.providers.summary.associations import Strengths
from htdbu.providers.summary.candidates import determined, keys
from htdbu.providers.summary.counts import amount, rounded
from htdbu.providers.summary.cross import cross, is_sentiment, sentiments
from htdbu.providers.summary.model import ColumnSummary, CrossTable, Quantile, Range, Summary, ValueCount
from htdbu.providers.summary.table import Read, read

_MOST_VALUES = {"minimal": 0, "standard": 20, "rich": 50}
_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_MOST_BY_TARGET = 12


def summarise(request: Request) -> Summary:
    """What may be told of a table: no row, no text, and nothing that fewer than `min_count` rows hold.

    A `minimal` summary has names, types and nulls; a `standard` one ranges, the shares of levels, keys, and sentiments
    by the target too; a `rich` one quantiles, what goes together, and other columns by the target too. Headers are
    told as they are.

    Raises:
        DataError: the header line seems to be a row of the table, or a header stands twice.
    """
    check_header_line(request.frame)
    reads = read(request)
    rows, least, granularity = len(request.frame), request.min_count, request.granularity
    target = next((each for each in reads if each.column.header == request.target), None)
    more: dict[str, Any] = {}
    if granularity != "minimal" and rows >= least:
        more["keys"] = tuple(keys(reads, least))
        more["determined"] = tuple(determined(reads, least))
        more["sentiment"] = tuple(sentiments(reads, target))
    if granularity == "rich" and rows >= least:
        strengths = Strengths.of(reads, least)
        more["associations"] = tuple(strengths.pairs())
        more["by_target"] = () if target is None else tuple(_by_target(strengths.beside(target), target))
    return Summary(
        table=name_of(request.table),
        granularity=granularity,
        min_count=least,
        rows=amount(rows, least),
        target=None if target is None else target.column.name,
        columns=tuple(_column(each, request) for each in reads),
        **more,
    )


def _by_target(reads: Iterable[Read], target: Read) -> Iterator[CrossTable]:
    """The first of these columns that have something to show by the target, sentiments aside: they are told already."""
    tables = (table for each in reads if not is_sentiment(each) for table in cross(each, target))
    return islice(tables, _MOST_BY_TARGET)


def _column(read: Read, request: Request) -> ColumnSummary:
    kind, least = read.column.type, read.least
    told: dict[str, Any] = {}
    if len(read.known) >= least:
        told["nulls"] = amount(read.nulls, least)
        most = _MOST_VALUES[request.granularity]
        shown = read.shown[:most]
        if most:
            told["values"] = tuple(ValueCount(value=read.spell(v), rows=rounded(n, least)) for v, n in shown)
            told["others"] = read.others + len(read.shown) - len(shown) if kind.kind in ("category", "bool") else 0
            told["range"] = _range(read) if read.is_ordered else None
        if request.granularity == "rich" and read.is_ordered:
            told["quantiles"] = tuple(_quantiles(read))
    return ColumnSummary(name=read.column.name, header=read.column.header, kind=kind.kind, scale=kind.scale, **told)


def _range(read: Read) -> Range | None:
    ends = read.held.ends()
    if ends is None:
        return None
    low, high = ends
    below, above = read.held.below(low), read.held.rows - read.held.below(high + 1)
    return Range(low=read.spell(low), high=read.spell(high), few_below=below > 0, few_above=above > 0)


def _quantiles(read: Read) -> list[Quantile]:
    found = ((share, read.held.quantile(share)) for share in _SHARES)
    return [Quantile(share=share, value=read.spell(value)) for share, value in found if value is not None]
