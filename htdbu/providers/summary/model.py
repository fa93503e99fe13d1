"""A summary as data: what a provider elsewhere is sent, and nothing beside it.

Counts of rows are multiples of `min_count` and never less; `few` stands for any smaller number above 0. Values are the
texts of literals, as rule files write them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from htdbu.compiler.program import Kind
from htdbu.providers.base import Granularity

Amount = int | Literal["few"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Part):
    """Rounded ends between which all rows lie, but for a few where `few_below` or `few_above` says so."""

    low: str
    high: str
    few_below: bool
    few_above: bool


class ValueCount(_Part):
    """A level or another value, and about how many rows hold it."""

    value: str
    rows: int


class Quantile(_Part):
    """About so large a share of the cells is not above the value."""

    share: float
    value: str


class ColumnSummary(_Part):
    """A column.

    Attributes:
        name: its name in rules; `header` is that of the data.
        scale: digits after the point, for decimals.
        nulls: how many rows have none; None where nothing is told of so few rows.
        range: for numbers, dates and moments.
        values: the levels, or the values that many rows hold, the most frequent first.
        others: how many more levels a category has.
        quantiles: for numbers, dates and moments, in a rich summary.
    """

    name: str
    header: str
    kind: Kind
    scale: int = 0
    nulls: Amount | None = None
    range: Range | None = None
    values: tuple[ValueCount, ...] = ()
    others: int = 0
    quantiles: tuple[Quantile, ...] = ()


class Determines(_Part):
    """Rows that agree on `left` agree on `right`, in all rows there are."""

    left: str
    right: str


class Association(_Part):
    """How strongly two columns go together: 0 not at all, 1 one gives the other (see `associations`)."""

    columns: tuple[str, str]
    strength: float


class CrossTable(_Part):
    """How many rows hold each two values of two columns; None where that is not told, be it for few rows or for none.

    Attributes:
        columns: the name of the column whose values are the lines, then of that whose values stand above.
        lines: the values, or ranges of them, of the first column; `heads` those of the second.
        rows: a line of counts for each of `lines`.
        totals: how many rows hold each of `heads`, whatever the first column is.
    """

    columns: tuple[str, str]
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[int | None, ...], ...]
    totals: tuple[int | None, ...]


class Summary(_Part):
    """What is told of a table.

    Attributes:
        rows: how many there are; `few` where nothing but names and types is told.
        target: the name of the column that is to be planned first.
        keys: columns, or two of them together, that no two rows share.
        determined: columns that follow from another.
        sentiment: the target by each column of sentiments.
        associations: the two columns that go together most, and so on.
        by_target: other columns by the target.
    """

    format: Literal["htdbu-summary/1"] = "htdbu-summary/1"
    table: str
    granularity: Granularity
    min_count: int
    rows: Amount
    target: str | None
    columns: tuple[ColumnSummary, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    determined: tuple[Determines, ...] = ()
    sentiment: tuple[CrossTable, ...] = ()
    associations: tuple[Association, ...] = ()
    by_target: tuple[CrossTable, ...] = ()

    def text(self) -> str:
        """The same for a language model or a person to read, some lines of text."""
        from htdbu.providers.summary.text import written

        return written(self)
