"""What every metric is computed from."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from htdbu.compiler.program import Program


@dataclass
class Context:
    """Typed tables under the program's names, and what to measure on them.

    Attributes:
        real: the rows that the generator learned from.
        synthetic: the rows to judge.
        test: real rows that no generator saw, or None.
        target: the column that a model learns to predict.
        sentiment: the columns beside the target in XModal, or ().
        notes: what could not be measured, and why.
    """

    program: Program
    real: pd.DataFrame
    synthetic: pd.DataFrame
    test: pd.DataFrame | None
    target: str
    sentiment: tuple[str, ...]
    random_state: int
    notes: list[str] = field(default_factory=list)

    @property
    def features(self) -> list[str]:
        """Columns that a model may learn from: no text, no key, not the target."""
        return [
            column.name
            for column in self.program.columns
            if column.type.kind != "text" and not column.key and column.name != self.target
        ]

    @property
    def compared(self) -> list[str]:
        """Columns whose distributions are compared: no text, no key."""
        return [c.name for c in self.program.columns if c.type.kind != "text" and not c.key]


def is_label(series: pd.Series) -> bool:
    """Whether a typed column holds labels (categories, bools) rather than amounts (numbers, dates)."""
    return isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(series.dtype)


def amounts(series: pd.Series) -> pd.Series:
    """A column of numbers or dates as floats, missing ones as NaN; dates in days."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        days = (series - pd.Timestamp(0)) / pd.Timedelta(days=1)
        return days.astype("float64")
    plain = series.astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    return pd.Series(plain, index=series.index)


def labels(series: pd.Series) -> pd.Series:
    """A column of labels as texts, missing ones as the text `(missing)`."""
    return series.astype("object").where(series.notna(), "(missing)").astype(str)
