"""A fitted generator as one that draws the columns of a program, whose names, types and levels may be others.

The real rows tell which cells of the two belong together: a cell stands for what the first real row that has it has
under the other types. A cell that no real row has, such as a sum, is carried over by its value. What is no value of the
other type is missing there, as it is where a generator is fitted to the real rows under that type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from htdbu.compiler.program import Column, Program
from htdbu.errors import UsageError
from htdbu.generators.arrays import Ints
from htdbu.generators.base import Generator
from htdbu.generators.texture import texture_frame
from htdbu.generators.values import find, lookup_keys, symbol_ids
from htdbu.solver.reading import reader
from htdbu.solver.table import EncodedTable

_SECONDS = {"date": 86_400, "datetime": 1}
_MOST = 2.0**62


@dataclass(frozen=True, eq=False)
class Side:
    """A column of the real rows under one of the two types.

    Attributes:
        cells: one a row.
        first: for each different cell that is not missing the first row that has it, and `missing` likewise, or -1.
    """

    column: Column
    cells: pd.Series[Any]
    first: Ints
    missing: int

    @classmethod
    def of(cls, column: Column, cells: pd.Series[Any]) -> Side:
        """Read the cells."""
        ids = symbol_ids(cells)
        numbers, rows = np.unique(ids, return_index=True)
        gone = rows[numbers < 0]
        return cls(column, cells, rows[numbers >= 0].astype(np.int64), int(gone[0]) if gone.size else -1)

    def rows_of(self, cells: pd.Series[Any]) -> Ints:
        """For each cell a real row that has it, -1 where there is none."""
        places = find(lookup_keys(cells), lookup_keys(self.cells.iloc[self.first]))
        rows = np.where(places >= 0, self.first[places] if self.first.size else -1, -1)
        return np.where(cells.isna().to_numpy(dtype=bool), self.missing, rows)

    def carry(self, cells: pd.Series[Any], other: Side) -> pd.Series[Any]:
        """Cells under this type as cells under the other one."""
        ids = symbol_ids(cells)
        distinct = cells.iloc[np.unique(ids, return_index=True)[1]]
        places = ids - ids.min() if ids.size else ids
        rows = self.rows_of(distinct)
        known = other.cells.iloc[np.maximum(rows, 0)].reset_index(drop=True)
        if (rows >= 0).all():
            return known.iloc[places].reset_index(drop=True)
        made = other.made(distinct.reset_index(drop=True), self.column)
        if isinstance(made.dtype, pd.CategoricalDtype):
            known = known.cat.set_categories(made.cat.categories)
        return known.where(rows >= 0, made).iloc[places].reset_index(drop=True)

    def made(self, cells: pd.Series[Any], column: Column) -> pd.Series[Any]:
        """Cells of another column by their value; missing where this type has no such value."""
        if isinstance(self.cells.dtype, pd.CategoricalDtype):
            words = [None if gone else str(cell) for cell, gone in zip(cells, cells.isna(), strict=True)]
            levels = list(self.cells.cat.categories)
            new = sorted({word for word in words if word is not None} - set(levels))
            return pd.Series(pd.Categorical(words, categories=[*levels, *new], ordered=self.cells.cat.ordered))
        if isinstance(cells.dtype, pd.CategoricalDtype):
            values = self._read(cells)
        else:
            values = cells.to_numpy(dtype=np.float64, na_value=np.nan) * self._ratio(column, cells.dtype)
        values[~(np.abs(values) < _MOST)] = np.nan
        if self.cells.dtype == np.float64:
            return pd.Series(values)
        if self.column.type.kind in _SECONDS:
            values[values != np.round(values)] = np.nan
        whole = pd.Series(pd.array(np.round(np.nan_to_num(values)).astype(np.int64), dtype="Int64"))
        return whole.mask(np.isnan(values))

    def _read(self, cells: pd.Series[Any]) -> Any:
        """Levels read as values of this type."""
        read = reader(self.column)
        found = [None if gone else read(cell) for cell, gone in zip(cells, cells.isna(), strict=True)]
        steps = np.array([np.nan if each is None else float(each[0]) for each in found])
        return steps / 10**self.column.type.scale if self.cells.dtype == np.float64 else steps

    def _ratio(self, column: Column, dtype: Any) -> float:
        """What cells of another column are multiplied by; not a number where the two have nothing in common."""
        kinds = column.type.kind, self.column.type.kind
        if all(kind in _SECONDS for kind in kinds):
            return _SECONDS[kinds[0]] / _SECONDS[kinds[1]]
        if any(kind in _SECONDS for kind in kinds):
            return float("nan")
        return _steps(self.column, self.cells.dtype) / _steps(column, dtype)


def _steps(column: Column, dtype: Any) -> float:
    """How many units of a column's cells make 1: decimals too large for floats are counted in steps."""
    return 1.0 if dtype == np.float64 else 10.0**column.type.scale


class Translated(Generator):
    """A fitted generator that takes and gives the columns of a program.

    Args:
        model: the generator.
        own: the table that it was fitted on; its columns are called by their headers.
        columns: what they are, by header.
        program: whose columns to draw.
        table: the same rows under the types of the program.
        drawn: the positions of the columns that are drawn.

    Raises:
        UsageError: the model lacks one of them.
    """

    def __init__(
        self,
        model: Generator,
        own: pd.DataFrame,
        columns: dict[str, Column],
        program: Program,
        table: EncodedTable,
        drawn: Sequence[int],
    ) -> None:
        super().__init__(random_state=model.random_state, threads=model.threads)
        lacking = [program.columns[i].header for i in drawn if program.columns[i].header not in columns]
        if lacking:
            names = ", ".join(f'"{header}"' for header in lacking)
            hint = "fit it again and name this rule file: htdbu fit REAL -o MODEL --rules RULES"
            raise UsageError(f"the model has not learned {names}, which the rules have drawn", hint)
        self.model = model
        self.sides = {
            program.columns[i].name: (
                Side.of(columns[header := program.columns[i].header], own[header]),
                Side.of(program.columns[i], _real_cells(program, table, i)),
            )
            for i in drawn
        }

    @property
    def trained(self) -> int:
        """See `Generator.trained`."""
        return self.model.trained

    def fit(self, real: pd.DataFrame) -> Self:
        """Nothing: the model has been fitted."""
        return self

    def sample(self, n: int, given: pd.DataFrame | None = None, random_state: int | None = None) -> pd.DataFrame:
        """Draw rows of the program's columns; see `Generator.sample`."""
        rows = self.model.sample(n, self._inward(given), random_state)
        known = {} if given is None else {str(name): given[name].reset_index(drop=True) for name in given.columns}
        return self._outward(rows, list(self.sides), known)

    def sample_columns(
        self, columns: Sequence[str], n: int, given: pd.DataFrame | None = None, random_state: int | None = None
    ) -> pd.DataFrame:
        """Draw some columns; see `Generator.sample_columns`."""
        headers = [self.sides[name][0].column.header for name in columns]
        return self._outward(self.model.sample_columns(headers, n, self._inward(given), random_state), columns, {})

    def _inward(self, given: pd.DataFrame | None) -> pd.DataFrame | None:
        """What is given, as the model knows it."""
        if given is None:
            return None
        pairs = [(*self.sides[str(name)], given[name]) for name in given.columns]
        return pd.DataFrame({own.column.header: other.carry(cells, own) for own, other, cells in pairs})

    def _outward(self, rows: pd.DataFrame, names: Sequence[str], known: dict[str, pd.Series[Any]]) -> pd.DataFrame:
        """Columns that the model drew, as the program knows them; known ones as they are."""
        drawn = {}
        for name in names:
            own, other = self.sides[name]
            cells = known[name] if name in known else own.carry(rows[own.column.header], other)
            if isinstance(cells.dtype, pd.CategoricalDtype):
                cells = cells.cat.set_categories(other.cells.cat.categories)
            drawn[name] = cells
        return pd.DataFrame(drawn)


def _real_cells(program: Program, table: EncodedTable, i: int) -> pd.Series[Any]:
    """The cells of the real rows in one column; what is no value of its type, or far too large, is missing."""
    cells: pd.Series[Any] = texture_frame(program, table, [i])[program.columns[i].name]
    return cells.mask(np.isin(np.arange(len(cells)), [row for at, row in table.huge if at == i]))
