"""A raw table as typed columns under the program's names: what generators and metrics read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from htdbu.compiler.program import Column, Program
from htdbu.solver.encoding import encode
from htdbu.solver.table import VALUE, EncodedTable


def typed_frame(program: Program, data: Any, nulls: Sequence[str] = ()) -> pd.DataFrame:
    """Every declared column under its name, typed by its kind.

    int: Int64; decimal: float64; bool: boolean; category: Categorical of the declared levels; date and datetime:
    datetime64[s]; text: object. A null, a cell that is no value of its type, and an int beyond 64 bits are missing.
    """
    return typed_from_table(program, encode(program, data, nulls))


def typed_from_table(program: Program, table: EncodedTable) -> pd.DataFrame:
    """The same of a table that is encoded already."""
    return pd.DataFrame({column.name: typed_column(column, table, i) for i, column in enumerate(program.columns)})


def typed_column(column: Column, table: EncodedTable, i: int) -> pd.Series:
    """One column of an encoded table, typed by its kind."""
    values, missing = table.values[i].copy(), table.states[i] != VALUE
    huge = {row: value for (place, row), value in table.huge.items() if place == i}
    match column.type.kind:
        case "int":
            for row, value in huge.items():
                fits = -(2**63) <= value < 2**63
                values[row], missing[row] = value if fits else 0, not fits
            return pd.Series(pd.arrays.IntegerArray(values, missing))
        case "decimal":
            floats = np.where(missing, np.nan, values / 10.0**column.type.scale)
            for row, value in huge.items():
                floats[row] = float(f"{value}e-{column.type.scale}")
            return pd.Series(floats)
        case "bool":
            return pd.Series(pd.arrays.BooleanArray(values == 1, missing.copy()))
        case "category":
            levels = pd.CategoricalDtype(list(column.type.levels), ordered=column.type.ordered)
            codes = np.where(missing, -1, values).astype(np.int64)
            return pd.Series(pd.Categorical.from_codes(codes, dtype=levels))
        case "date":
            return pd.Series(_moments(values, missing, "D"))
        case "datetime":
            return pd.Series(_moments(values, missing, "s"))
        case _:
            return pd.Series(table.column_texts(i), dtype=object)


def _moments(values: np.ndarray[Any, Any], missing: np.ndarray[Any, Any], unit: str) -> np.ndarray[Any, Any]:
    moments = values.astype(f"datetime64[{unit}]").astype("datetime64[s]")
    return np.where(missing, np.datetime64("NaT", "s"), moments)
