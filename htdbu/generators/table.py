"""Tables as matrices of ranks: what every bottom-up generator learns from and draws into.

Each column becomes a list of *symbols*: its distinct values, then one more for "missing" where it occurs.
Numbers, dates and ordered categories are sorted by value, all others by falling frequency. A cell is the
rank of its symbol, a float: a whole number for a known symbol, a half (i - 0.5) for a number never seen
that falls between two known ones, NaN for any other unknown value. Symbols are cells of the real column,
so names, dtypes and order come back exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Literal

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from htdbu.errors import DataError, UsageError
from htdbu.generators.arrays import Ints, Ranks
from htdbu.generators.values import cast_to, find, is_ordered, lookup_keys, positions, symbol_ids

GROUP_LIMIT = 64  # levels of a category that models tell apart; the rest are one group
GROUP_COUNT = 5  # and no level with fewer cells than this stands alone


@dataclass(frozen=True, eq=False)
class Column:
    """One column, learned.

    Attributes:
        kind: "number" when its symbols have an order that matters, else "category".
        symbols: one cell of the real column per symbol, "missing" last.
        counts: how many cells each symbol has.
        has_missing: whether the last symbol is "missing".
        groups: per symbol the class that models tell apart, rising; rare levels of a category share one.
    """

    kind: Literal["number", "category"]
    symbols: pd.Series[Any]
    counts: Ints
    has_missing: bool
    groups: Ints

    @classmethod
    def learn(cls, series: pd.Series[Any]) -> tuple[Column, Ranks]:
        """Read a column of at least one row; returns it with the rank of each cell."""
        ids = symbol_ids(series)
        present = int(ids.max()) + 1
        has_missing = bool((ids < 0).any())
        ids[ids < 0] = present
        first = np.unique(ids, return_index=True)[1]
        counts: Ints = np.bincount(ids)
        values = series.iloc[first[:present]]
        ordered = present > 0 and is_ordered(values)
        order = values.array.argsort(kind="stable") if ordered else np.argsort(-counts[:present], kind="stable")
        order = np.append(order, present) if has_missing else order
        rank = np.empty(len(order))
        rank[order] = np.arange(len(order))
        column = cls(
            kind="number" if ordered else "category",
            symbols=series.iloc[first[order]].reset_index(drop=True),
            counts=counts[order],
            has_missing=has_missing,
            groups=_groups(counts[order], ordered, has_missing),
        )
        ranks: Ranks = rank[ids]
        return column, ranks

    @property
    def present(self) -> int:
        """How many symbols are values, not "missing"."""
        return len(self.counts) - self.has_missing

    @property
    def is_flat(self) -> bool:
        """Whether all symbols are one group: the column tells nothing, and nothing is known to shape it."""
        return bool(self.groups[-1] == 0)

    @property
    def group_counts(self) -> Ints:
        """Cells per group."""
        return np.bincount(self.groups, weights=self.counts).astype(np.int64)

    @property
    def ends(self) -> Ranks:
        """Where each symbol ends on the unit interval, in rank order: the cumulated shares, the last 1."""
        total = np.cumsum(self.counts)
        ends: Ranks = total / total[-1]
        return ends

    @property
    def shares(self) -> Ranks:
        """The middle of each symbol's part of the unit interval."""
        middles: Ranks = self.ends - self.counts / (2 * self.counts.sum())
        return middles

    def encode(self, series: pd.Series[Any]) -> Ranks:
        """Ranks of other cells of this column, seen or unseen."""
        known = self.symbols.iloc[: self.present]
        missing = series.isna().to_numpy(dtype=bool)
        found = find(lookup_keys(series), lookup_keys(known))
        hits = (found >= 0) & ~missing
        ranks = np.where(hits, found, np.nan)
        if self.has_missing:
            ranks[missing] = self.present
        unseen = ~hits & ~missing
        if self.kind == "number" and unseen.any():
            ranks[unseen] = self._between(known, series[unseen])
        return ranks

    def _between(self, known: pd.Series[Any], series: pd.Series[Any]) -> Ranks:
        """Half ranks of unseen numbers; NaN where they are not of this column's kind."""
        scale, places = positions(known), positions(series)
        if scale is None or places is None:
            return np.full(len(series), np.nan)
        return np.searchsorted(scale, places).astype(np.float64) - 0.5

    def decode(self, ranks: Ranks) -> pd.Series[Any]:
        """Cells of ranks (of half ones those below), with the column's own dtype and a fresh index."""
        places = np.maximum(np.floor(ranks), 0).astype(np.int64)
        cells: pd.Series[Any] = self.symbols.iloc[places].reset_index(drop=True)
        return cells

    def group_of(self, ranks: Ranks) -> Ranks:
        """What a model sees of these cells: the group of a symbol, half a step between two numbers.

        An unknown value counts as rare where the column has a rare group, else as its commonest group.
        """
        unknown = np.isnan(ranks)
        if self.kind == "number":
            return np.where(unknown, np.argmax(self.counts), ranks)
        groups = self.groups[np.where(unknown, 0, ranks).astype(np.int64)]
        return np.where(unknown, self._fallback, groups).astype(np.float64)

    def within(self, parts: Ints, chosen: Ints, uniforms: Ranks) -> Ranks:
        """For each row a rank drawn within its part of the groups, as often as the symbols occur.

        Args:
            parts: (groups,) the part of each group; parts are runs of neighbouring groups.
            chosen: (rows,) the part to draw from.
            uniforms: (rows,) numbers in [0, 1).
        """
        part = parts[self.groups]  # rising, since groups are
        ends = np.concatenate([[0], np.cumsum(self.counts)])
        low = np.searchsorted(part, chosen, side="left")
        high = np.searchsorted(part, chosen, side="right")
        places = np.searchsorted(ends, ends[low] + uniforms * (ends[high] - ends[low]), side="right") - 1
        ranks: Ranks = np.clip(places, low, high - 1).astype(np.float64)
        return ranks

    @property
    def _fallback(self) -> int:
        members = np.bincount(self.groups)
        return int(np.argmax(members)) if members.max() > 1 else int(np.argmax(self.group_counts))


def _groups(counts: Ints, ordered: bool, has_missing: bool) -> Ints:
    """The group of each symbol: its own, but one for all rare levels of a category."""
    groups = np.arange(len(counts))
    if ordered:
        return groups
    present = len(counts) - has_missing
    alone = min(int((counts[:present] >= GROUP_COUNT).sum()), GROUP_LIMIT)
    groups[alone:present] = alone
    groups[present:] = min(alone + 1, present)
    return groups


@dataclass(frozen=True, eq=False)
class Table:
    """The columns of a real table, learned; `labels` is its column index, names and all."""

    columns: tuple[Column, ...]
    labels: pd.Index[Any]

    @classmethod
    def learn(cls, frame: Any) -> tuple[Table, Ranks]:
        """Read a table; returns it with its ranks, (rows, columns).

        Raises:
            DataError: the table has no row, no column, or two columns of one name.
        """
        real = as_pandas(frame)
        if real.shape[1] == 0 or len(real) == 0:
            what = "columns" if real.shape[1] == 0 else "rows"
            raise DataError(f"the real table has no {what}", "a generator learns from one row or more")
        if not real.columns.is_unique:
            twice = real.columns[real.columns.duplicated()][0]
            raise DataError(f"the real table has two columns named {twice!r}", "give each its own name")
        learned = [Column.learn(real.iloc[:, at]) for at in range(real.shape[1])]
        return cls(tuple(column for column, _ in learned), real.columns), np.column_stack(
            [ranks for _, ranks in learned]
        )

    def place(self, name: Any) -> int:
        """The position of a column by its label."""
        return int(np.flatnonzero([label == name for label in self.labels])[0])

    def known(self, given: Any, n: int) -> dict[int, pd.Series[Any]]:
        """The columns of `given` by position, in the fitted dtype wherever that holds their values.

        Raises:
            UsageError: `given` has another number of rows, or a column that was not fitted.
        """
        if given is None:
            return {}
        frame = as_pandas(given)
        if len(frame) != n:
            raise UsageError(f"given has {len(frame)} rows, but n is {n}", "n must be len(given)")
        if not frame.columns.is_unique:
            raise UsageError(f"given has two columns named {frame.columns[frame.columns.duplicated()][0]!r}")
        found = self.labels.get_indexer(frame.columns)
        for name in frame.columns[found < 0]:
            close = get_close_matches(str(name), [str(label) for label in self.labels], n=1)
            hint = f"did you mean {close[0]!r}?" if close else "give only columns of the fitted table"
            raise UsageError(f"given has the column {name!r}, which was not fitted", hint)
        return {
            int(at): cast_to(frame.iloc[:, i].reset_index(drop=True), self.columns[at].symbols.dtype)
            for i, at in enumerate(found)
        }

    def decode(
        self,
        ranks: Ranks,
        known: Mapping[int, pd.Series[Any]],
        made: Mapping[int, pd.Series[Any]] = MappingProxyType({}),
        wanted: Sequence[int] | None = None,
    ) -> pd.DataFrame:
        """Ranks back to a frame; the known columns are taken as they are, and so are made cells, by their rows.

        Args:
            wanted: the columns of the frame; all by default.
        """
        places = list(range(len(self.columns)) if wanted is None else wanted)
        cells = {at: known[at] if at in known else self.columns[at].decode(ranks[:, at]) for at in places}
        for at, new in made.items():
            if at in cells:
                cells[at].iloc[new.index.to_numpy()] = new.array
        frame = pd.concat(cells.values(), axis=1) if cells else pd.DataFrame(index=range(len(ranks)))
        frame.columns = self.labels[places]
        return frame


def as_pandas(frame: Any) -> pd.DataFrame:
    """A pandas frame of any eager frame that narwhals knows (polars, pyarrow); pandas passes through.

    Raises:
        UsageError: it is no table.
    """
    if isinstance(frame, pd.DataFrame):
        return frame
    try:
        converted: pd.DataFrame = nw.from_native(frame, eager_only=True).to_pandas()
    except TypeError as error:
        raise UsageError(
            f"a generator needs a table, but got {type(frame).__name__}", "pass a pandas DataFrame"
        ) from error
    return converted
