"""Generators that are neural networks, learned through SDV (`pip install 'htdbu[neural]'`).

SDV is no part of htdbu: it brings PyTorch, is under the Business Source License 1.1, and needs pandas before 3.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from htdbu.errors import UsageError
from htdbu.generators.arrays import Floats, Ints, Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.dependence import COMPARED_ROWS, dependence
from htdbu.generators.draws import stream
from htdbu.generators.matching import match
from htdbu.generators.neural_frame import NeuralFrame
from htdbu.generators.settings import whole
from htdbu.generators.stored import State, Stored

WAY_OUT = "pip install 'htdbu[neural]' brings it (SDV is under the Business Source License 1.1)"
CHUNK = 50_000  # rows drawn at once
POOL = 2, 1_000, 200_000  # rows drawn for each one with given cells; in all at least and at most
_TABLE = "rows"


class NeuralGenerator(TableGenerator):
    """Learns and draws all columns at once by one of SDV's single-table synthesizers, on the processor.

    Given cells are met from a pool: rows are drawn freely, and each given row takes the other cells of one that
    agrees with it (see `matching`), so any values can be given and the time is bounded.

    Args:
        epochs: how often the training goes through all rows; 50 are the paper's. All else is as SDV has it.
        new_numbers: whether numbers may be drawn that no real row holds, between the least and the greatest real one
            and on their steps; else the nearest real one stands for them.
        allow_unique: see `TableGenerator`.
        random_state: see `Generator`.
        threads: taken for the sake of the others; one is used, since the sums of a network depend on how many.

    Raises:
        UsageError: SDV is not installed, or `epochs` is below 1.
    """

    frame_: NeuralFrame
    dependence_: Floats
    model_: Any

    def __init__(
        self,
        *,
        epochs: int = 50,
        new_numbers: bool = True,
        allow_unique: bool = False,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(allow_unique=allow_unique, random_state=random_state, threads=threads)
        if find_spec("sdv") is None:
            model = type(self).__name__.removesuffix("Generator")
            raise UsageError(f"{model} needs the package sdv, which is not installed", WAY_OUT)
        self.epochs = whole("epochs", epochs)
        self.new_numbers = new_numbers

    @abstractmethod
    def _synthesizer(self, metadata: Any, epochs: int) -> Any:
        """A new SDV synthesizer of a table."""

    @abstractmethod
    def _drawing(self, network: Any) -> Any:
        """The part of a trained network that draws, a PyTorch module."""

    @abstractmethod
    def _transformer(self, network: Any) -> Any:
        """What a trained network reads its rows by."""

    def _learn(self, ranks: Ranks) -> None:
        self._fit(ranks, self.epochs)

    def _state(self) -> State:
        """The weights, and the mixtures of numbers (see `mixtures`).

        The running means of the networks are not kept: neither reads them when it draws.
        """
        if self.model_ is None:
            return {}
        with _sdv(0):
            from htdbu.generators.mixtures import mixtures_of

            weights = {name: each.detach().numpy().copy() for name, each in self._weights()}
            return {"weights": weights, "mixtures": mixtures_of(self._transformer(self.model_._model))}

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        """What SDV makes of the rows before it trains is made anew; the training comes from the state."""
        with _sdv(0):
            from torch import from_numpy, no_grad

            from htdbu.generators.mixtures import kept

            with kept(stored.part("mixtures"), len(ranks)):
                self._fit(ranks, 0)
            with no_grad():
                for name, weights in [] if self.model_ is None else self._weights():
                    weights.copy_(from_numpy(stored.part("weights").floats(name, tuple(weights.shape))))

    def _weights(self) -> list[tuple[str, Any]]:
        return list(self._drawing(self.model_._model).named_parameters())

    def _fit(self, ranks: Ranks, epochs: int) -> None:
        columns = self.table_.columns
        compared = ranks[stream(self.entropy_, 0).permutation(len(ranks))[:COMPARED_ROWS]]
        groups = [column.group_of(cells) for column, cells in zip(columns, compared.T, strict=True)]
        self.dependence_ = dependence(columns, np.column_stack(groups))
        self.frame_ = NeuralFrame.of(self.table_, self.new_numbers)
        self.model_ = self._trained(self.frame_.shown(ranks), epochs) if self.frame_.kinds else None

    def _trained(self, shown: pd.DataFrame, epochs: int) -> Any:
        with _sdv(int(stream(self.entropy_, 1).integers(2**31))):
            from sdv.metadata import Metadata

            kinds = {name: {"sdtype": kind} for name, kind in self.frame_.kinds.items()}
            model = self._synthesizer(Metadata.load_from_dict({"tables": {_TABLE: {"columns": kinds}}}), epochs)
            model.fit({_TABLE: shown})
            return model

    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw rows, or take them from a pool that is drawn; see `TableGenerator.fill`."""
        open_ = [at for at in range(ranks.shape[1]) if at not in known]
        if not open_:
            return {}
        n = len(ranks)
        pool, points = self.frame_.read(self._rows(_pool_size(n) if known else n, seed), seed)
        rows = self._matched(pool, ranks, open_, list(known), seed) if known else np.arange(n)
        ranks[:, open_] = pool[rows][:, open_]
        made = {at: self.frame_.made(at, ranks[:, at], points[at][rows]) for at in open_ if at in points}
        for at, cells in self._substituted(np.floor(ranks), seed, open_).items():
            new = made.get(at, cells.iloc[:0])
            made[at] = pd.concat([new, cells[~cells.index.isin(new.index)]])
        return made

    def _matched(self, pool: Ranks, ranks: Ranks, open_: list[int], given: list[int], seed: int) -> Ints:
        """The row of the pool that each row takes its open cells from."""
        told = self.dependence_[:, open_].sum(axis=1)
        order = sorted((at for at in given if not self.table_.columns[at].is_flat), key=lambda at: (-told[at], at))
        columns = [self.table_.columns[at] for at in order]
        return match(columns, pool[:, order], ranks[:, order], stream(seed, 2))

    def _rows(self, n: int, seed: int) -> pd.DataFrame:
        """Rows as SDV draws them."""
        if self.model_ is None:
            return pd.DataFrame(index=range(n))
        number = int(stream(seed, 0).integers(2**31))
        with _sdv(number):
            # Left to itself, SDV draws the same rows after every fit; it has no public way to seed a draw.
            self.model_.reset_sampling()
            self.model_._model.set_device("cpu")
            self.model_._set_random_state(number)
            parts: list[pd.DataFrame] = [self.model_.sample(min(CHUNK, n - low))[_TABLE] for low in range(0, n, CHUNK)]
        return pd.concat(parts, ignore_index=True)


def _pool_size(n: int) -> int:
    times, least, most = POOL
    return min(max(times * n, least), most)


@contextmanager
def _sdv(seed: int) -> Iterator[None]:
    """What every use of SDV runs in; see `quiet_and_seeded`.

    Raises:
        UsageError: SDV, or what it stands on, cannot be loaded.
    """
    try:
        from htdbu.generators.quiet import quiet_and_seeded
    except ImportError as error:
        raise UsageError(f"the package sdv cannot be used: {error}", WAY_OUT) from error
    with quiet_and_seeded(seed):
        yield
