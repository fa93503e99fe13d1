"""What a piece cannot tell of a column: how its cells are spelled is seen in the first of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from htdbu.compiler.program import Column
from htdbu.errors import DataError
from htdbu.solver.spelling import is_bool_word, is_textual
from htdbu.solver.streaming.pieces import Piece

FIRST = 100
"""As many cells as `spelling` ever looks at, but for the first word of a bool."""


class Sample:
    """A short column that is spelled as a long one, of which it has seen all pieces."""

    def __init__(self, column: Column) -> None:
        self._header = column.header
        self._dtype: Any = None
        self._cells: list[Any] = []
        self._word: list[Any] = []
        self._odd: list[Any] = []
        self._wants_word = column.type.kind == "bool"

    def add(self, piece: Piece) -> None:
        """See the next piece.

        Raises:
            DataError: where the column is of another type than in the pieces before.
        """
        first = piece.first(self._header, FIRST - len(self._cells))
        if isinstance(first.dtype, pd.CategoricalDtype):
            self._take_type(self._whole(piece).dtype)
            return
        self._take_type(first.dtype)
        self._cells += first.tolist()
        if first.dtype == object and not piece.uniform and not self._odd:
            self._odd = [cell for cell in self._whole(piece).dropna() if not isinstance(cell, str)][:1]
        if self._wants_word and is_textual(first):
            self._word = [cell for cell in self._whole(piece).dropna().unique().tolist() if is_bool_word(cell)][:1]
            self._wants_word = not self._word

    def _whole(self, piece: Piece) -> pd.Series:
        series: pd.Series = piece.frame([self._header])[self._header]
        return series

    def _take_type(self, dtype: Any) -> None:
        if self._dtype is None:
            self._dtype = dtype
        elif isinstance(dtype, pd.CategoricalDtype) and isinstance(self._dtype, pd.CategoricalDtype):
            added = [level for level in dtype.categories if level not in self._dtype.categories]
            if added:
                self._dtype = pd.CategoricalDtype([*self._dtype.categories, *added], self._dtype.ordered)
        elif dtype != self._dtype:
            message = f"the column `{self._header}` is of type {self._dtype} in one piece and {dtype} in another"
            raise DataError(message, "give every piece the same types")

    @property
    def series(self) -> pd.Series:
        """The short column."""
        short: pd.Series = pd.Series([*self._word, *self._cells, *self._odd], dtype=self._dtype)
        return short
