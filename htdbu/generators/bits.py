"""Boosted quantile-tree bits: the walk of `xgboost`, learned from all rows and all columns, with sums kept."""

from __future__ import annotations

from typing import Any

from htdbu.generators.xgboost import XGBoostGenerator


class BitsGenerator(XGBoostGenerator):
    """`XGBoostGenerator` as it is best for likeness: up to 50,000 rows, 30 conditioning columns, sums of columns kept.

    Args:
        depth: see `XGBoostGenerator`; deeper trees come nearer to the real rows, in both senses.
        max_rows: see `SequentialGenerator`.
        max_conditioning: see `SequentialGenerator`.
        identities: see `SequentialGenerator`.
        others: see `XGBoostGenerator`.
    """

    def __init__(
        self,
        *,
        depth: int = 5,
        max_rows: int | None = 50_000,
        max_conditioning: int = 30,
        identities: bool = True,
        **others: Any,
    ) -> None:
        super().__init__(
            depth=depth, max_rows=max_rows, max_conditioning=max_conditioning, identities=identities, **others
        )
