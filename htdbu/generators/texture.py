"""The table that a generator learns from, and the way back: numbers, counts of days or seconds for dates, levels.

Keys, texts and derived columns are no texture: they are made when the row is finished, but for which texts are missing
(`absence`). Conditions of targets that the planned columns do not decide go in as further columns, so that rows can be
sampled given them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, ColumnType, Program
from htdbu.generators.absence import Absence
from htdbu.generators.plan import Plan
from htdbu.generators.plan.cells import NULL_CODE, table_of, truth_codes
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.table import NULL, VALUE, EncodedTable

_TRUTHS = ["false", "true"]
_EXACT = 2**49
"""Decimals of fewer steps are floats, which sums of columns of any scale can be looked for in."""


def is_texture(column: Column) -> bool:
    """Whether a generator learns and draws the column."""
    return not column.is_name and column.derived is None


class Texture:
    """Frames for the generator.

    Args:
        conditions: whether the conditions of targets are columns, too.

    Attributes:
        real: one row for every real row.
        planned: one row for every cell of the plan, to be given when sampling.
        absence: tells which texts are missing.
    """

    def __init__(self, program: Program, table: EncodedTable, plan: Plan, conditions: bool = True) -> None:
        self.program = program
        self.normal = normalise(program)
        self.columns = [i for i, column in enumerate(program.columns) if is_texture(column)]
        self.plan = plan
        self.conditions = plan.conditions if conditions else ()
        self.real = self.frame(table, self.columns)
        evaluator = Evaluator(self.normal, table)
        for k, node in enumerate(self.conditions):
            self.real[self._condition_name(k)] = _truth_column(truth_codes(evaluator, node))
        self.planned = self._planned(table)
        self.absence = Absence.of(program, table, self.columns)

    def _condition_name(self, k: int) -> str:
        return f"condition {k} of the targets"

    def frame(self, table: EncodedTable, columns: Sequence[int]) -> pd.DataFrame:
        """Some columns of a table, none of them text, by their names."""
        return texture_frame(self.program, table, columns)

    def _planned(self, like: EncodedTable) -> pd.DataFrame:
        plan = self.plan
        frame = self.frame(table_of(plan.cells, plan.columns, like), plan.columns)
        for k in range(len(self.conditions)):
            place = len(plan.columns) + k
            codes = [NULL_CODE if cell[place] is None else cell[place] for cell in plan.cells]
            frame[self._condition_name(k)] = _truth_column(np.array(codes, dtype=np.int64))
        return frame

    def given(
        self, cells: NDArray[np.int64], table: EncodedTable | None = None, columns: Sequence[int] = ()
    ) -> pd.DataFrame | None:
        """What to condition on for rows of these cells of the plan; None where that is nothing.

        Args:
            table: the rows, where they are given in part.
            columns: those of its columns that are given, none of them planned.
        """
        parts = [self.planned.iloc[cells].reset_index(drop=True)] if self.planned.shape[1] else []
        parts += [self.frame(table, columns)] if table is not None and columns else []
        return pd.concat(parts, axis=1) if parts else None

    def write(self, sample: pd.DataFrame, table: EncodedTable, rows: NDArray[np.int64] | None = None) -> None:
        """Put sampled rows, or some columns of them, into the texture columns of a table: of all rows, or of some."""
        places = slice(None) if rows is None else rows
        for i in self.columns:
            if self.program.columns[i].name not in sample:
                continue
            series = sample[self.program.columns[i].name]
            missing = series.isna().to_numpy(dtype=bool)
            if isinstance(series.dtype, pd.CategoricalDtype):
                values = series.cat.codes.to_numpy(dtype=np.int64)
            elif series.dtype == np.float64:
                steps = np.round(series.fillna(0).to_numpy() * 10 ** self.program.columns[i].type.scale)
                values = steps.astype(np.int64)
            else:
                values = series.fillna(0).to_numpy(dtype=np.int64)
            table.values[i, places] = np.where(missing, 0, values)
            table.states[i, places] = np.where(missing, NULL, VALUE)


def texture_frame(program: Program, table: EncodedTable, columns: Sequence[int]) -> pd.DataFrame:
    """Some columns of a table, none of them text, by their names: numbers, counts, levels."""
    return pd.DataFrame({program.columns[i].name: _column(program.columns[i].type, table, i) for i in columns})


def _column(kind: ColumnType, table: EncodedTable, i: int) -> pd.Series:
    missing = table.states[i] != VALUE
    if kind.kind in ("bool", "category"):
        codes = np.where(missing, -1, table.values[i]).astype(np.int64)
        levels = list(kind.levels) if kind.kind == "category" else _TRUTHS
        dtype = pd.CategoricalDtype(levels, ordered=kind.ordered)
        return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype))
    if kind.scale and np.abs(table.values[i]).max(initial=0) < _EXACT:
        return pd.Series(np.where(missing, np.nan, table.values[i] / 10**kind.scale))
    return pd.Series(pd.array(table.values[i], dtype="Int64")).mask(missing)


def _truth_column(codes: NDArray[np.int64]) -> pd.Series:
    words = np.where(codes == 1, "true", np.where(codes == 0, "false", "unknown"))
    return pd.Series(pd.Categorical(words, categories=["false", "true", "unknown"]))
