"""Boosted quantile-tree bits: the walk of `xgboost`, learned from all rows and all columns, with sums kept."""

from __future__ import annotations

from htdbu.generators.xgboost import XGBoostGenerator


class BitsGenerator(XGBoostGenerator):
    """`XGBoostGenerator` as it is best for likeness: up to 50,000 rows, 30 conditioning columns, sums of columns kept.

    Args:
        trees: see `XGBoostGenerator`; more come nearer to the real rows, in both senses.
        depth: see `XGBoostGenerator`.
        learning_rate: see `XGBoostGenerator`.
        levels: see `XGBoostGenerator`.
        max_rows: see `SequentialGenerator`.
        max_conditioning: see `SequentialGenerator`.
        identities: see `SequentialGenerator`.
        random_state: see `Generator`.
        threads: see `SequentialGenerator`.
    """

    def __init__(
        self,
        *,
        trees: int = 80,
        depth: int = 5,
        learning_rate: float = 0.1,
        levels: int = 7,
        max_rows: int | None = 50_000,
        max_conditioning: int = 30,
        identities: bool = True,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            trees=trees,
            depth=depth,
            learning_rate=learning_rate,
            levels=levels,
            max_rows=max_rows,
            max_conditioning=max_conditioning,
            identities=identities,
            random_state=random_state,
            threads=threads,
        )
