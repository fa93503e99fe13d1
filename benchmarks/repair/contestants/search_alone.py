"""The search by itself: the problems of a table are gathered beforehand, and only the engine works, on one thread.

Every problem is a block of columns of one row that breaks a rule; equal ones count once, since they are solved once.
An engine that takes problems in another form than `Engine.solve` is to be called here in that form.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.repair.contestants.timing import timed
from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.solver.cells import Row
from htdbu.solver.components import Component, components
from htdbu.solver.encoding import encode
from htdbu.solver.engine import Solution, engine
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.problems import gather
from htdbu.solver.table_repair import EFFORT
from htdbu.solver.violations import needy

MOST_ROWS = 100_000


def search_alone(program: Program, frame: pd.DataFrame, engine_name: str, seconds: float) -> dict[str, Any]:
    """The figures of solving the problems of a table's first rows; `rows` counts problems here."""
    searching = engine(engine_name)
    problems = _problems(program, frame.head(MOST_ROWS))
    order = np.random.default_rng(0).permutation(len(problems))

    def run(count: int) -> list[Solution]:
        by_block: dict[int, tuple[Component, list[Row]]] = {}
        for k in order[:count].tolist():
            block, row = problems[k]
            by_block.setdefault(id(block), (block, []))[1].append(row)
        return [found for block, rows in by_block.values() for found in searching.solve(block, rows, EFFORT)]

    timing = timed(run, len(problems), seconds)
    return {**timing.to_dict(), "problems": len(problems), "table_rows": min(len(frame), MOST_ROWS)}


def _problems(program: Program, frame: pd.DataFrame) -> list[tuple[Component, Row]]:
    """The different problems of a table, block by block."""
    normal, table = normalise(program), encode(program, frame)
    evaluator = Evaluator(normal, table)
    found: list[tuple[Component, Row]] = []
    for block in components(normal, frozenset()):
        rows = np.flatnonzero(needy(block, table, table, evaluator))
        if rows.size:
            found += [(block, row) for row in gather(block, table, rows).unique]
    return found
