"""Pools of texts: which texts stand under which label, from a table of `text,label` or from the data themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htdbu.compiler.program import Column, Program
from htdbu.errors import DataError, UsageError
from htdbu.solver.frames import to_pandas
from htdbu.solver.reading import reader
from htdbu.solver.spelling import text_speller
from htdbu.solver.table import VALUE, EncodedTable

Pool = Mapping[str | None, Sequence[str]]
"""The distinct texts of every label, labels as the rules spell them; None is the label of rows without one."""


def pool_of(labels: Sequence[str | None], texts: Sequence[str | None]) -> dict[str | None, list[str]]:
    """The distinct texts of every label, in the order in which they are first met."""
    pool: dict[str | None, dict[str, None]] = {}
    for label, text in zip(labels, texts, strict=True):
        if text is not None:
            pool.setdefault(label, {})[text] = None
    return {label: list(found) for label, found in pool.items()}


def labels_of(program: Program, table: EncodedTable, column: Column) -> list[str | None]:
    """The label that stands beside every cell of a pool's column."""
    position = program.column_index[str(column.pool_by)]
    spell = text_speller(program.columns[position], None)
    known = (table.states[position] == VALUE).tolist()
    return [str(spell(table.value(position, row) or 0)) if k else None for row, k in enumerate(known)]


def own_pool(program: Program, table: EncodedTable, column: Column) -> Pool:
    """The pool that the rows of a table make themselves."""
    return pool_of(labels_of(program, table, column), table.column_texts(program.column_index[column.name]))


def given_pools(program: Program, pools: Mapping[str, Any] | None) -> dict[str, Pool]:
    """The pools that a caller gives, by their names.

    Args:
        pools: tables with the columns `text` and `label`; labels that the label's column cannot hold are left out.

    Raises:
        DataError: where a table lacks a column, or holds no label of its column.
        UsageError: where the rules name no such pool.
    """
    named = {str(column.pool): column for column in program.columns if column.pool is not None}
    return {name: _given(program, name, named, table) for name, table in (pools or {}).items()}


def _given(program: Program, name: str, named: Mapping[str, Column], table: Any) -> Pool:
    if name not in named:
        known = ", ".join(f"`{pool}`" for pool in named) or "none"
        raise UsageError(f"the rules have no pool `{name}`", f"their pools: {known}")
    frame = to_pandas(table)
    missing = [header for header in ("text", "label") if header not in frame.columns]
    if missing:
        raise DataError(f"the pool `{name}` has no column `{missing[0]}`", "a pool has the columns text and label")
    label = program.column(str(named[name].pool_by))
    spell, read = text_speller(label, None), reader(label)
    words: dict[str, str | None] = {}
    for cell in frame["label"].dropna().astype(str).unique().tolist():
        found = read(cell)
        words[cell] = None if found is None else str(spell(found[0]))
    rows = frame.dropna(subset=["text", "label"]).astype({"text": str, "label": str})
    pairs = [(words[cell], text) for cell, text in zip(rows["label"], rows["text"], strict=True) if words[cell]]
    if not pairs:
        raise DataError(f"no label of the pool `{name}` is a value of `{label.name}`", "its column `label` holds them")
    return pool_of([pair[0] for pair in pairs], [pair[1] for pair in pairs])
