"""A row that was made up as a table for a file, spelled as the rules say that files spell it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from htdbu.cli.layout import kind_of

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.analyses.witness import Witness
    from htdbu.compiler.program import Column


def one_row(found: Witness, path: str) -> DataFrame:
    """The row under the headers of the file: texts for CSV, machine values for Parquet and Feather."""
    import pandas as pd

    textual = kind_of(path) in (None, "csv")
    cells = {
        column.header: pd.Series([_cell(found, i, column, textual)], dtype=object)
        for i, column in enumerate(found.program.columns)
    }
    return pd.DataFrame(cells)


def _cell(found: Witness, i: int, column: Column, textual: bool) -> Any:
    """A cell as the file holds it."""
    from htdbu.analyses.witness.found import no_value
    from htdbu.solver.spelling import null_text, text_speller
    from htdbu.solver.table import BROKEN

    value = found.table.value(i, 0)
    if found.table.states[i, 0] == BROKEN:
        return no_value(column)
    if value is None:
        return null_text(column) if textual else None
    if column.type.kind == "text":
        return found.table.texts.text(value)
    text = str(text_speller(column, None)(value))
    if textual or column.type.kind in ("category", "date", "datetime"):
        return text
    return text == "true" if column.type.kind == "bool" else Decimal(text) if column.type.scale else int(text)
