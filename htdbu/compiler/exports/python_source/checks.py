"""The helpers of exported pandera schemas; copied like those of `prelude`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pandera.pandas as pa

from htdbu.compiler.exports.python_source.frames import depends, holds, is_derived, is_unique, make
from htdbu.compiler.exports.python_source.reading import read_column


def domain(column: str, test: Callable[..., bool], *allowed: Any) -> pa.Check:
    """The check that every cell of a column passes a test."""
    return pa.Check(lambda cell: test(cell, *allowed), element_wise=True, name=f"{column}.domain")


def rule(name: str, passes: Callable[..., bool | None], *columns: str) -> pa.Check:
    """The check that no row breaks a rule over some columns."""
    return pa.Check(lambda frame: holds(frame, passes, columns), name=name, ignore_na=False)


def derived(name: str, header: str, definition: Callable[..., Any], *columns: str) -> pa.Check:
    """The check that a derived column holds what its definition gives."""
    return pa.Check(
        lambda frame: is_derived(frame, header, definition, columns), name=f"{name}.derived", ignore_na=False
    )


def read_frame(
    frame: pd.DataFrame, readers: dict[str, tuple[Any, ...]], definitions: dict[str, tuple[Any, ...]]
) -> pd.DataFrame:
    """The frame with exact cells, and with the derived columns that it lacks; other columns stay as they are."""
    exact_frame = frame.copy()
    for column, (reader, *options) in readers.items():
        if column in frame:
            exact_frame[column] = read_column(frame[column], reader, *options)
    for column, (definition, operands, *writer) in definitions.items():
        if column not in frame and all(operand in exact_frame for operand in operands):
            exact_frame[column] = make(exact_frame, definition, operands, *writer)
    return exact_frame


def unique(name: str, *columns: str) -> pa.Check:
    """The check that no two rows share a tuple."""
    return pa.Check(lambda frame: is_unique(frame, columns), name=name, ignore_na=False)


def dependency(name: str, left: tuple[str, ...], right: tuple[str, ...]) -> pa.Check:
    """The check that rows which agree on the left agree on the right."""
    return pa.Check(lambda frame: depends(frame, left, right), name=name, ignore_na=False)
