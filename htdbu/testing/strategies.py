"""The strategies that users call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.testing.invalid import InvalidSampler
from htdbu.testing.sampler import Sampler
from htdbu.testing.tables import draw_table, frame
from htdbu.testing.values import Row, python_row

if TYPE_CHECKING:
    import pandas as pd


def rows(program: Program) -> st.SearchStrategy[Row]:
    """Rows that satisfy every domain and hard rule, derived columns computed.

    A row is a dict from headers to `int`, `Decimal`, `bool`, `str`, `date`, `datetime` or None. It shrinks towards
    nulls, zeros, first levels and 2000-01-01. Keys are not made unique: that is about tables, see `tables`.

    Raises:
        InfeasibleError: where no row satisfies the rules.
    """
    return _rows(program, Sampler(_compiled(program), normalise(program)))


def invalid_rows(program: Program, rule: str) -> st.SearchStrategy[Row]:
    """Rows that fail one rule and satisfy every other domain and hard rule.

    Where no row fails the rule alone, as few others fail as can be. `rule` is any name that `check` reports of single
    rows: a hard or soft rule, `COLUMN.domain`, `COLUMN.null`, `COLUMN.derived`. Where every value of its type lies in
    a column's domain, the cell holds "?" ("??" where "?" is a level, and so on), which is none.

    Raises:
        UsageError: where there is no such rule, it is one over several rows, or no row breaks it.
    """
    return _invalid_rows(program, InvalidSampler(_compiled(program), rule))


def tables(program: Program, min_size: int = 0, max_size: int = 10) -> st.SearchStrategy[pd.DataFrame]:
    """Frames of rows that satisfy every domain and hard rule, and keys, `unique` and `fd` too.

    Whole numbers are Int64, decimals `Decimal` objects, conditions boolean, dates and datetimes datetime64[s].

    Args:
        min_size, max_size: how many rows. A test is told by Hypothesis where too few different rows exist.

    Raises:
        InfeasibleError: where no row satisfies the rules.
        UsageError: where the sizes do not fit together.
    """
    if not 0 <= min_size <= max_size:
        raise UsageError(f"no table has {min_size} to {max_size} rows", "0 <= min_size <= max_size")
    return _tables(program, Sampler(_compiled(program), normalise(program)), min_size, max_size)


def _compiled(program: object) -> Program:
    """The program, where it is one."""
    if not isinstance(program, Program):
        message = f"strategies are made of a program, not of {type(program).__name__}"
        raise UsageError(message, "compile the rules first: htdbu.compile(PATH)")
    return program


@st.composite
def _rows(draw: st.DrawFn, program: Program, sampler: Sampler) -> Row:
    return python_row(program, sampler.draw(draw))


@st.composite
def _invalid_rows(draw: st.DrawFn, program: Program, sampler: InvalidSampler) -> Row:
    row = python_row(program, sampler.draw(draw))
    if sampler.foreign is not None:
        row[program.columns[sampler.foreign].header] = sampler.foreign_text
    return row


@st.composite
def _tables(draw: st.DrawFn, program: Program, sampler: Sampler, least: int, most: int) -> pd.DataFrame:
    drawn = draw_table(draw, program, sampler, least, most)
    return frame(program, drawn)
