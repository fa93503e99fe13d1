"""The real rows of a tuning, cut once: a half to learn from, and a half to judge by that nothing is trained on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.errors import DataError
from htdbu.evaluation.tuning.likeness import Likeness, likeness
from htdbu.evaluation.tuning.noise import Noise
from htdbu.generators.texture import is_texture, texture_frame
from htdbu.solver.encoding import encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.table import EncodedTable

FEWEST = 40
MOST_JUDGED = 5_000
"""Rows of either half that are compared; more cost time and change no verdict."""
SPLITS = 12


class RealRows:
    """The rows and what is known of their noise.

    Args:
        program: the rules, of which only the columns matter here.
        data: the real rows (pandas, polars or Arrow).
        nulls: further texts that mean null.
        seed: of the cut, and of all resampling.

    Attributes:
        table: all rows, encoded.
        frame: all rows as generators see them: no keys, no texts, no derived columns.
        train, judge: the same of either half; `train_raw` holds the rows to learn from as they were given.

    Raises:
        DataError: there are too few rows to be cut.
    """

    def __init__(self, program: Program, data: Any, nulls: Sequence[str], seed: int) -> None:
        self.raw, self.nulls, self.seed = to_pandas(data), tuple(nulls), seed
        self.table = encode(program, self.raw, self.nulls)
        if self.table.n_rows < FEWEST:
            message = f"{self.table.n_rows} real rows are too few to learn from one half and judge by the other"
            raise DataError(message, f"give at least {FEWEST}")
        self.frame = self.texture(program, self.table)
        order = self.rng(0).permutation(self.table.n_rows)
        first, second = order[: len(order) // 2], order[len(order) // 2 :]
        self.train_raw = self.raw.iloc[np.sort(first)].reset_index(drop=True)
        self.train = self.frame.iloc[np.sort(first)].reset_index(drop=True)
        self.judge = self.frame.iloc[second[:MOST_JUDGED]].reset_index(drop=True)

    def rng(self, *purpose: int) -> np.random.Generator:
        """Random numbers of their own for each purpose."""
        return np.random.default_rng([self.seed, *purpose])

    def texture(self, program: Program, table: EncodedTable) -> pd.DataFrame:
        """A table of the program as generators see it."""
        return texture_frame(program, table, [i for i, column in enumerate(program.columns) if is_texture(column)])

    @property
    def compared(self) -> int:
        """How many rows are judged."""
        return len(self.judge)

    @cached_property
    def splits(self) -> list[Likeness]:
        """What a half of the real rows scores against the other half, cut anew each time.

        Rows are not drawn twice: a detector knows a row again that it has learned.
        """
        found = []
        for k in range(SPLITS):
            order = self.rng(1, k).permutation(len(self.frame))
            one, other = order[: self.compared], order[len(order) - self.compared :]
            found.append(likeness(self.frame.iloc[one], self.frame.iloc[other], k))
        return found

    def noise(self, statistic: str) -> Noise:
        """The noise of one of the `STATISTICS`."""
        return Noise.of([split.values[statistic] for split in self.splits])

    def pair_noise(self, column: str) -> Noise:
        """The noise of a column's mean distance in pairs."""
        return Noise.of([split.pairs[column] for split in self.splits])
