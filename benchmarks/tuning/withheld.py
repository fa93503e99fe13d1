"""A generator that learns nothing of one column but its marginal: the column is shuffled before it learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import pandas as pd

from htdbu.generators import create
from htdbu.generators.base import Generator


class Withheld(Generator):
    """A registered generator to which one column is withheld.

    Args:
        inner: the name of the generator.
        column: the column that it cannot condition on, nor by.
        params: what goes to its constructor.
    """

    def __init__(
        self,
        *,
        inner: str,
        column: str,
        params: Mapping[str, Any] | None = None,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(random_state=random_state, threads=threads)
        self.inner, self.column, self.params = inner, column, dict(params or {})

    def fit(self, real: pd.DataFrame) -> Self:
        """Learn the table with the column shuffled."""
        order = np.random.default_rng(self.random_state).permutation(len(real))
        shuffled = real[self.column].iloc[order].set_axis(real.index)
        made = create(self.inner, random_state=self.random_state, threads=self.threads, **self.params)
        self.model_ = made.fit(real.assign(**{self.column: shuffled}))
        return self

    def sample(self, n: int, given: pd.DataFrame | None = None, random_state: int | None = None) -> pd.DataFrame:
        """Rows of the model."""
        return self.model_.sample(n, given, random_state)
