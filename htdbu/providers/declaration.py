"""The table statement that a frame suggests: every column with a name for rules and a type, and nothing else yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import pandas as pd

from htdbu.compiler.program import Column, ColumnType, Program
from htdbu.compiler.writing.leaves import is_plain
from htdbu.generators.schema import SERIAL, type_of

_OTHER = re.compile(r"\W+", re.ASCII)


def declare(frame: pd.DataFrame, nulls: Collection[str], table: str = "data") -> Program:
    """A program of columns alone, in the order of the frame; none has a domain, and each may be null.

    Cells that are neither numbers, dates, truth values nor texts of few kinds make a text column.

    Args:
        nulls: all texts that mean null.
    """
    headers = [str(header) for header in frame.columns]
    types = (_type(frame[header], nulls) for header in frame.columns)
    columns = (
        Column(name=name, header=header, type=kind, nullable=True)
        for name, header, kind in zip(names(headers), headers, types, strict=True)
    )
    return Program(name=name_of(table), columns=tuple(columns))


def names(headers: Iterable[str]) -> Iterator[str]:
    """A name for each header that needs no back-ticks, each another one: `emp.var.rate` is `emp_var_rate`."""
    taken: set[str] = set()
    for header in headers:
        name = plain = name_of(header)
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        yield name


def name_of(text: str) -> str:
    """The text itself where it is a plain name, else the nearest one."""
    if is_plain_name(text):
        return text
    plain = _OTHER.sub("_", text).strip("_") or "column"
    if is_plain_name(plain):
        return plain
    return f"c_{plain}" if plain[0].isdigit() else f"{plain}_"


def is_plain_name(text: str) -> bool:
    """Whether a name can stand in a file as it is."""
    return bool(text) and "`" not in text and "\n" not in text and is_plain(text)


def _type(series: pd.Series, nulls: Collection[str]) -> ColumnType:
    found = type_of(series, nulls)
    if isinstance(found, ColumnType):
        return found
    return ColumnType(kind="int" if found == SERIAL else "text")
