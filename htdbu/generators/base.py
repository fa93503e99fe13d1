"""What every bottom-up generator is, and the frame the built-in ones share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Self
from zlib import crc32

import numpy as np
import pandas as pd

from htdbu.errors import DataError, UsageError
from htdbu.generators.arrays import Ranks
from htdbu.generators.draws import entropy, stream
from htdbu.generators.stored import State, Stored
from htdbu.generators.table import Table
from htdbu.generators.uniques import Substitutes, substitutes, substitutes_in


class Generator(ABC):
    """A model of a table's rows: learns them with `fit`, draws new ones with `sample`.

    Args:
        random_state: seed of everything the generator draws; None for a new one each time.
        threads: how many threads fitting and drawing may use, None for every core. Results never depend on it.
    """

    def __init__(self, *, random_state: int | None = None, threads: int | None = None) -> None:
        self.random_state = random_state
        self.threads = threads

    @abstractmethod
    def fit(self, real: pd.DataFrame) -> Self:
        """Learn from a table of any columns; nulls are part of what is learned.

        Raises:
            DataError: the table has no row or no column.
        """

    @abstractmethod
    def sample(self, n: int, given: pd.DataFrame | None = None, random_state: int | None = None) -> pd.DataFrame:
        """Draw `n` rows with the columns, dtypes and column order of the fitted table.

        Args:
            n: how many rows; 0 gives an empty frame.
            given: any subset of the columns, `n` rows; row i of the result agrees with row i of it. Its
                values may be new or null; a column whose dtype cannot hold them keeps the dtype of `given`.
            random_state: the seed of this draw; None for the generator's own.

        Raises:
            UsageError: not fitted, `n` negative, or `given` does not fit.
        """

    def sample_columns(
        self, columns: Sequence[str], n: int, given: pd.DataFrame | None = None, random_state: int | None = None
    ) -> pd.DataFrame:
        """Draw only some columns, none of them given, one after another in the generator's order; see `sample`."""
        return self.sample(n, given, random_state)[list(columns)]

    @property
    def trained(self) -> int:
        """How many models it has trained since it was fitted or restored, where a draw can ask for new ones."""
        return 0

    def prepare(  # noqa: B027 - most generators have nothing to prepare
        self, given: Iterable[Collection[str]], progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Train now what draws with these columns given will need, for each of several collections of columns.

        Args:
            progress: called with the models trained and those to be trained.
        """

    @property
    def savable(self) -> bool:
        """Whether generators of this kind can be saved, see `state`."""
        return type(self).state is not Generator.state

    def state(self) -> State:
        """What it has learned, as arrays of numbers; with its parameters and the table enough to `restore` it.

        Raises:
            UsageError: generators of this kind cannot be saved.
        """
        raise UsageError(f"a {type(self).__name__} cannot be saved", "synthesize from the real rows instead")

    def restore(self, real: pd.DataFrame, stored: Stored) -> Self:
        """Become the generator that was fitted to this table and had that state; see `state`.

        Raises:
            DataError: no such generator has that state.
            UsageError: generators of this kind cannot be saved.
        """
        raise UsageError(f"a {type(self).__name__} cannot be restored", "fit it anew")


class TableGenerator(Generator):
    """A generator that works on ranks (see `table`); subclasses learn from and fill in a matrix of them.

    Args:
        allow_unique: whether values may be drawn that one real row alone holds; others stand for them by default (see
            `uniques`).
        random_state: see `Generator`.
        threads: see `Generator`.
    """

    table_: Table
    entropy_: int
    digest_: int
    substitutes_: list[Substitutes | None]

    def __init__(
        self, *, allow_unique: bool = False, random_state: int | None = None, threads: int | None = None
    ) -> None:
        super().__init__(random_state=random_state, threads=threads)
        self.allow_unique = allow_unique

    def fit(self, real: pd.DataFrame) -> Self:
        """Learn from a table; see `Generator.fit`."""
        return self.learn(*Table.learn(real))

    def learn(self, table: Table, ranks: Ranks) -> Self:
        """Learn from a table that has been read."""
        self._take(table, ranks)
        self._learn(ranks)
        return self

    def _take(self, table: Table, ranks: Ranks) -> None:
        self.table_, self.entropy_, self.digest_ = table, entropy(self.random_state), crc32(ranks.tobytes())
        self.substitutes_ = [substitutes(column, self.allow_unique) for column in table.columns]

    def hide(self, whole: Table) -> None:
        """Draw from now on no value either that is unique in a larger table, of which the one learned is a part."""
        self.substitutes_ = [
            substitutes_in(whole.columns[at], column, self.allow_unique)
            for at, column in enumerate(self.table_.columns)
        ]

    @property
    def savable(self) -> bool:
        """See `Generator.savable`."""
        return type(self)._state is not TableGenerator._state

    def state(self) -> State:
        """What it has learned; see `Generator.state`."""
        return {"table": np.array([self.digest_], np.int64), "learned": self._state()}

    def restore(self, real: pd.DataFrame, stored: Stored) -> Self:
        """Become what it was; see `Generator.restore`."""
        return self.resume(*Table.learn(real), stored)

    def resume(self, table: Table, ranks: Ranks, stored: Stored) -> Self:
        """The same for a table that has been read."""
        self._take(table, ranks)
        if stored.ints("table", size=1)[0] != self.digest_:
            raise DataError("its rows are read otherwise than when it was fitted")
        self._restore(ranks, stored.part("learned"))
        return self

    def sample(self, n: int, given: pd.DataFrame | None = None, random_state: int | None = None) -> pd.DataFrame:
        """Draw rows; see `Generator.sample`."""
        return self._drawn(n, given, random_state, None)

    def sample_columns(
        self, columns: Sequence[str], n: int, given: pd.DataFrame | None = None, random_state: int | None = None
    ) -> pd.DataFrame:
        """Draw some columns; see `Generator.sample_columns`."""
        return self._drawn(n, given, random_state, columns)

    def _drawn(
        self, n: int, given: pd.DataFrame | None, random_state: int | None, columns: Sequence[str] | None
    ) -> pd.DataFrame:
        if not hasattr(self, "table_"):
            raise UsageError(f"this {type(self).__name__} is not fitted", "call fit(real) first")
        if n < 0:
            raise UsageError(f"n is {n}, but a table has no negative number of rows")
        known = self.table_.known(given, n)
        ranks = np.full((n, len(self.table_.columns)), np.nan)
        for at, series in known.items():
            ranks[:, at] = self.table_.columns[at].encode(series)
        seed = self.random_state if random_state is None else random_state
        wanted = list(range(ranks.shape[1])) if columns is None else [self.table_.place(name) for name in columns]
        asked = [at for at in wanted if at not in known]
        made = self.fill(ranks, known, entropy(seed), asked) if n else {}
        return self.table_.decode(ranks, known, made, wanted)

    @abstractmethod
    def _learn(self, ranks: Ranks) -> None:
        """Learn from the ranks of the real table, (rows, columns)."""

    def _state(self) -> State:
        """What `_learn` and later draws have learned."""
        return Generator.state(self)

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        """Do what `_learn` does, by taking it from a state."""
        Generator.restore(self, pd.DataFrame(), stored)

    @abstractmethod
    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw, in place, the wanted columns of `ranks`, and others as may be.

        Args:
            ranks: (rows, columns) with one row or more.
            known: the cells of the known columns.
            wanted: columns, none of them known.

        Returns:
            By column the cells that hold what no real row does, with the rows that they are in as their index.
        """

    def _substituted(self, ranks: Ranks, seed: int, drawn: Collection[int]) -> dict[int, pd.Series[Any]]:
        """What stands for the unique values in drawn columns, as `fill` returns it."""
        pairs = ((at, self.substitutes_[at]) for at in drawn)
        return {at: made.draw(ranks[:, at], stream(seed, 4, at)) for at, made in pairs if made is not None}
