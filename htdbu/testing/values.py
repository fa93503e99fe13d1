"""Cells between steps and Python values, and the draws of single cells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from htdbu.compiler.literals import SECONDS
from htdbu.compiler.program import Column, Program
from htdbu.solver.encoding import NULL_TEXTS
from htdbu.solver.ranges import Ranges
from htdbu.solver.table import EncodedTable

Value = int | Decimal | bool | str | date | datetime | None
"""A cell as Python has it."""
Row = dict[str, Value]
"""A row: the cells by the headers that files use."""

_EPOCH = date(1970, 1, 1)
_START = datetime(1970, 1, 1)
_SIMPLE_DAY = (date(2000, 1, 1) - _EPOCH).days
_WIDE, _PARTS = 2**20, 1024
"""A range of so many steps is divided into so many parts; each is small enough to be drawn from evenly."""
_CHOSEN = st.integers(0, 2 * _PARTS)
_LETTERS = "abcdefghijklmnopqrstuvwxyzäéøß ABCXYZ0189.,;:'\"-_/\\&<>%#"


def simplest(column: Column) -> int:
    """The step count that draws shrink to where the domain holds it: 0, the first level, false, 2000-01-01."""
    if column.type.kind == "date":
        return _SIMPLE_DAY
    return _SIMPLE_DAY * SECONDS if column.type.kind == "datetime" else 0


def draw_step(draw: st.DrawFn, column: Column, low: int, high: int) -> int:
    """A step count from `low` to `high`, the simplest first.

    Hypothesis draws from a wide range mostly small numbers, so half of the draws come from an even part of it. Part 0
    is the whole, so that a number that was found in a part shrinks freely.
    """
    width, origin = high - low, simplest(column)
    part = draw(_CHOSEN) if width >= _WIDE else 0
    if 0 < part <= _PARTS:
        low, high = low + width * (part - 1) // _PARTS, low + width * part // _PARTS
    return origin + draw(st.integers(low - origin, high - origin))


def draw_step_of(draw: st.DrawFn, column: Column, box: Ranges) -> int:
    """A step count of a union of ranges, those next to the simplest first."""
    if len(box) == 1:
        return draw_step(draw, column, *box[0])
    near = sorted(box, key=lambda ends: max(ends[0] - simplest(column), simplest(column) - ends[1], 0))
    return draw_step(draw, column, *near[draw(st.integers(0, len(near) - 1))])


def texts(literals: tuple[str, ...], forbidden: frozenset[str] = NULL_TEXTS) -> st.SearchStrategy[str]:
    """Texts that are no nulls, those that rules name among them."""
    free = st.text(_LETTERS, min_size=1, max_size=20).filter(lambda text: text not in forbidden)
    named = [text for text in literals if text not in forbidden]
    return st.one_of(free, st.sampled_from(named)) if named else free


def python_value(column: Column, table: EncodedTable, i: int, row: int = 0) -> Value:
    """A cell of a table as a Python value; numbers exactly, with all digits of their scale."""
    step = table.value(i, row)
    if step is None:
        return None
    match column.type.kind:
        case "int":
            return step
        case "decimal":
            return Decimal(step).scaleb(-column.type.scale)
        case "bool":
            return bool(step)
        case "category":
            return column.type.levels[step]
        case "date":
            return _EPOCH + timedelta(days=step)
        case "datetime":
            return _START + timedelta(seconds=step)
        case _:
            return table.texts.text(step)


def python_row(program: Program, table: EncodedTable, row: int = 0) -> Row:
    """A row of a table as Python values."""
    return {column.header: python_value(column, table, i, row) for i, column in enumerate(program.columns)}
