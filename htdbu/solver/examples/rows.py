"""Example rows as an encoded table: the cells that they give, null where they give none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.compiler.literals import steps
from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Example, ExampleCell, Program
from htdbu.solver.beyond import beyond
from htdbu.solver.derive import derived_order, write_derived
from htdbu.solver.table import BROKEN, HUGE, NULL, VALUE, EncodedTable


def example_table(program: Program, examples: Sequence[Example]) -> EncodedTable:
    """One row for every example; a text that is no level of its category is a broken cell."""
    table = EncodedTable.blank(normalise(program), len(examples))
    for row, example in enumerate(examples):
        for cell in example.cells:
            _put(table, program, row, cell)
    return table


def completed(program: Program, table: EncodedTable, examples: Sequence[Example]) -> EncodedTable:
    """The same rows with the derived cells that no example gives computed from the others, given ones among them."""
    normal, full = normalise(program), table.take(np.arange(table.n_rows))
    for position in derived_order(normal):
        write_derived(normal, full, position, beyond(program))
        for row, example in enumerate(examples):
            for cell in example.cells:
                if program.column_index[cell.column] == position:
                    _put(full, program, row, cell)
    return full


def completed_row(program: Program, table: EncodedTable, example: Example) -> EncodedTable:
    """A table of one row, whose free cells were filled, with the derived cells that the example does not give."""
    return completed(program, table, [example])


def given(program: Program, example: Example) -> frozenset[int]:
    """The positions of the columns that an example gives."""
    return frozenset(program.column_index[cell.column] for cell in example.cells)


def _put(table: EncodedTable, program: Program, row: int, cell: ExampleCell) -> None:
    position = program.column_index[cell.column]
    value = _value(table, program.columns[position], cell)
    table.huge.pop((position, row), None)
    table.states[position, row] = NULL if cell.value.type == "null" else BROKEN if value is None else VALUE
    table.values[position, row] = 0 if value is None or abs(value) >= HUGE else value
    if value is not None and abs(value) >= HUGE:
        table.huge[position, row] = value


def _value(table: EncodedTable, column: Column, cell: ExampleCell) -> int | None:
    """The cell in steps; None where it is null or no value of its type."""
    if cell.value.type == "null":
        return None
    text = str(cell.value.value).lower() if cell.value.type == "bool" else str(cell.value.value)
    if column.type.kind == "text":
        return table.texts.code(text)
    if column.type.kind == "category" and text not in column.type.levels:
        return None
    return int(steps(text, column.type))
