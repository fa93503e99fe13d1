"""The obvious way to CP-SAT: a new model for every row, over all columns and all rules, by the solver's own settings.

Rules are lowered and priced as ours are, so the objective is the same; but nothing breaks ties between repairs of equal
price. The table is encoded, checked and written as ours is, and sound rows are left alone. Now and then the solver's
own settings find no proof for minutes: after `LIMIT` seconds a row gets the best repair so far, and is counted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

import htdbu
from benchmarks.repair.contestants.requests import ROWS, read_request, write_figures
from benchmarks.repair.contestants.timing import timed
from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalProgram
from htdbu.solver.cells import Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat.model import FALSE
from htdbu.solver.cpsat.template import Template
from htdbu.solver.decoding import write_cells
from htdbu.solver.encoding import encode
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.problems import gather
from htdbu.solver.restoring import Restorer
from htdbu.solver.solutions import Solution, Solutions, Status
from htdbu.solver.violations import needy, unlike

LIMIT = 5.0


@dataclass(frozen=True)
class _Holder:
    """What `CpSolver.solve` reads of a model."""

    proto: Any


def main() -> None:
    """Repair the table row by row."""
    request, folder = read_request()
    begun = time.perf_counter()
    program = htdbu.compile(request.rules)
    whole = whole_table(normalise(program))
    setup = time.perf_counter() - begun
    frame = pd.read_parquet(request.table)
    timing = timed(lambda rows: repair(program, whole, frame.head(rows)), len(frame), request.seconds)
    repaired, unproved = timing.result
    repaired.to_parquet(folder / ROWS, index=False)
    write_figures(folder, {**timing.to_dict(), "setup_seconds": setup, "unproved": unproved})


def whole_table(normal: NormalProgram) -> Component:
    """All columns and rules as one block."""
    every = tuple(range(len(normal.columns)))
    hard, soft = (tuple(rule for rule in normal.rules if rule.kind == kind) for kind in ("hard", "soft"))
    return Component(columns=every, mutable=every, fixed=(), derived=(), hard=hard, soft=soft, program=normal)


def repair(program: Program, whole: Component, frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The table with every row that breaks a rule solved by itself, and how many of them lack a proof."""
    before, after = encode(program, frame), encode(program, frame)
    evaluator = Evaluator(whole.program, before)
    rows = np.flatnonzero(needy(whole, before, before, evaluator))
    problems, unproved = gather(whole, before, rows), 0
    found = Solutions.none(len(whole.mutable), rows.size)
    for k in range(rows.size):
        values, proved = solve(whole, problems.row(k))
        unproved += not proved
        if values is not None:
            found.set(k, Solution(Status.FEASIBLE, values))
    solved = np.flatnonzero(found.solved)
    Restorer(after).put(whole, rows[solved], found.take(solved))
    changed = {i: np.flatnonzero(unlike(before, after, i)) for i in whole.columns}
    return write_cells(program, frame, after, changed), unproved


def solve(whole: Component, row: Row) -> tuple[tuple[int | None, ...] | None, bool]:
    """The repair of one row, by a model of its own, and whether it is proved cheapest; None where none is found."""
    template = Template(whole)
    template.load(row)
    proto = template.model.proto
    proto.objective.vars.extend([variable for variable, _ in template.price])
    proto.objective.coeffs.extend([price for _, price in template.price])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = LIMIT
    status = solver.solve(_Holder(proto))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, status == cp_model.INFEASIBLE
    found = list(solver.response_proto.solution)
    columns = (parts.columns for parts in template.mutable.values())
    values = tuple(None if c.null != FALSE and found[c.null] else found[c.offset] + c.low for c in columns)
    return values, status == cp_model.OPTIMAL


if __name__ == "__main__":
    main()
