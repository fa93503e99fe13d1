"""The solver's evaluator without its look at every cell: what is drawn here lies inside the columns' boxes."""

from __future__ import annotations

import numpy as np

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.table import NULL, VALUE, EncodedTable

_NO_COLUMNS = NormalProgram((), (), (), {})


def lean_evaluator(table: EncodedTable) -> Evaluator:
    """An evaluator of a table none of whose cells lies outside its column's box."""
    return Evaluator(_NO_COLUMNS, table)


def write_definition(normal: NormalProgram, table: EncodedTable, i: int) -> None:
    """Write one derived column of such a table."""
    definition = normal.columns[i].definition
    assert definition is not None
    values, known = lean_evaluator(table).value(definition)
    table.values[i] = np.where(known, values, 0)
    table.states[i] = np.where(known, VALUE, NULL)
