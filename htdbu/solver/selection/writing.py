"""Chosen moves made: the rows in question repaired once more in their class, and put in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.normal import Bool
from htdbu.solver.selection.candidates import Search
from htdbu.solver.selection.choice import Choice
from htdbu.solver.solutions import UNTOUCHED
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import TableRepair
from htdbu.solver.violations import unlike


def written(search: Search, choice: Choice, conditions: Sequence[Bool]) -> TableRepair:
    """The repair with the chosen rows as their candidates.

    Candidates are made again rather than kept: the same problem has the same solution, and few are ever chosen.
    """
    base, moves = search.base, choice.task.moves
    if not choice.chosen.size:
        return base
    table = base.table.take(np.arange(base.table.n_rows))
    table.rounded = base.table.rounded
    statuses, engines, names = base.statuses.copy(), base.engines.copy(), list(base.engine_names)
    numbers = moves.classes[choice.chosen]
    for number in np.unique(numbers).tolist():
        rows = moves.rows[choice.chosen[numbers == number]]
        found = search.repaired(rows, conditions[number])
        table.replace(rows, found.table)
        statuses[rows] = found.statuses
        names += [name for name in found.engine_names if name not in names]
        places = np.array([names.index(name) for name in found.engine_names], np.int8)
        engines[rows] = np.where(found.engines == UNTOUCHED, UNTOUCHED, places[found.engines])
    changed = _changed(search.before, table)
    return replace(base, table=table, changed=changed, statuses=statuses, engines=engines, engine_names=tuple(names))


def _changed(before: EncodedTable, after: EncodedTable) -> NDArray[np.bool_]:
    """Cells that differ, but for derived ones that the data lacked."""
    lines = [unlike(before, after, i) & present for i, present in enumerate(before.present)]
    return np.array(lines, dtype=bool).reshape(len(lines), after.n_rows)
