"""The columns that a fitted model learns, and their types: as rule files state them, or as the cells look.

A rule file may come later that declares other types; then cells are translated (see `translation`). So a type only has
to tell apart what should be told apart, and to know which cells are near to each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from htdbu.compiler.program import Column, ColumnType, Kind, Program
from htdbu.generators.texture import is_texture
from htdbu.solver.frames import check_headers
from htdbu.solver.reading import exact_number, level_text, reader

MOST_LEVELS = 250
"""Texts of more kinds than this are no category."""
_FEW_LEVELS = 50
SERIAL = "serial numbers"
"""What a column of numbers without repeats or gaps is told to be."""
_FINEST = 15
_LARGEST = 2**49
"""Steps of decimals stay below this, where a float is exact."""


def stated(programs: Sequence[Program], frame: pd.DataFrame) -> tuple[Column, ...]:
    """The columns that one of the programs draws, as the first of these declares them, in the order of the table.

    Raises:
        DataError: the table lacks a column of a program.
    """
    found: dict[str, Column] = {}
    for program in programs:
        check_headers(program, list(frame.columns))
        for column in program.columns:
            if is_texture(column):
                found.setdefault(column.header, column_of(column.header, column.type, column.format))
    return tuple(found[header] for header in frame.columns if header in found)


def inferred(frame: pd.DataFrame, nulls: Collection[str]) -> tuple[tuple[Column, ...], dict[str, str]]:
    """The columns of a table by what their cells are; and those that are left out, with the reason.

    Args:
        nulls: the texts that mean null.
    """
    columns, left_out = [], {}
    for header in frame.columns:
        kind = type_of(frame[header], nulls)
        if isinstance(kind, ColumnType):
            columns.append(column_of(header, kind))
        else:
            left_out[header] = kind
    return tuple(columns), left_out


def column_of(header: str, kind: ColumnType, form: str | None = None) -> Column:
    """A column of any value, named by its header."""
    return Column(name=header, header=header, type=kind, nullable=True, format=form)


def type_of(series: pd.Series, nulls: Collection[str]) -> ColumnType | str:
    """What the cells of a column are; a text that says why where they are nothing to learn from."""
    cells = distinct(series, nulls)
    if not cells:
        return "no cell holds anything"
    numbers = [exact_number(cell) for cell in cells]
    exact = [number for number in numbers if number is not None]
    if len(exact) == len(cells):
        return _number_type(exact, int(series.notna().sum()))
    for kind in ("date", "datetime"):
        if _all_read(cells, kind):
            return ColumnType(kind=kind)
    if len(cells) <= 2 and _all_read(cells, "bool"):
        return ColumnType(kind="bool")
    levels = sorted({level_text(cell) for cell in cells})
    if len(levels) > MOST_LEVELS or (len(levels) > _FEW_LEVELS and 2 * len(levels) > len(series)):
        return f"texts, {len(levels):,} different ones"
    return ColumnType(kind="category", levels=tuple(levels))


def distinct(series: pd.Series, nulls: Collection[str]) -> list[Any]:
    """The different cells that are not null."""
    present = series.dropna()
    try:
        cells = pd.unique(present).tolist()
    except TypeError:  # lists and the like
        cells = pd.unique(present.astype(str)).tolist()
    return [cell for cell in cells if not (isinstance(cell, str) and cell in nulls)]


def _number_type(numbers: Sequence[Fraction], rows: int) -> ColumnType | str:
    """Whole numbers, or decimals as fine as they are written, so far as that stays exact."""
    largest = max(abs(number) for number in numbers)
    if largest >= _LARGEST:
        return "numbers of more than 15 digits"
    scale = max(_digits(number.denominator) for number in numbers)
    if scale == 0:
        span = max(numbers) - min(numbers) + 1
        serial = len(numbers) == rows > _FEW_LEVELS and span <= 2 * rows
        return SERIAL if serial else ColumnType(kind="int")
    while scale and largest * 10**scale >= _LARGEST:
        scale -= 1
    return ColumnType(kind="decimal", scale=scale) if scale else ColumnType(kind="int")


def _digits(denominator: int) -> int:
    """How many digits after the point a fraction needs, as many as there may be."""
    return next((k for k in range(_FINEST) if 10**k % denominator == 0), _FINEST)


def _all_read(cells: Sequence[Any], kind: Kind) -> bool:
    """Whether all cells are values of a type, exactly."""
    read = reader(column_of("", ColumnType(kind=kind)))
    return all((found := read(cell)) is not None and not found[1] for cell in cells)
