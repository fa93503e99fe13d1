"""The search by itself: the problems of a table are gathered beforehand, and only the engine works, on one thread.

Every problem is a block of columns of one row that breaks a rule; equal ones count once. Only blocks count that the
engine takes: the others are not its work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.repair.contestants.timing import timed
from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.solver.components import components
from htdbu.solver.encoding import encode
from htdbu.solver.engine import Engine, engine
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.problems import Problems, gather
from htdbu.solver.table_repair import EFFORT
from htdbu.solver.violations import needy

MOST_ROWS = 100_000


def search_alone(program: Program, frame: pd.DataFrame, engine_name: str, seconds: float) -> dict[str, Any]:
    """The figures of solving the problems of a table's first rows; `rows` counts problems here."""
    searching = engine(engine_name)
    problems = _problems(program, frame.head(MOST_ROWS), searching)
    total = sum(each.size for each in problems)

    def run(count: int) -> None:
        for each in problems:
            part = -(-count * each.size // total)
            searching.solve(each.take(np.arange(min(part, each.size))), EFFORT)

    timing = timed(run, total, seconds)
    return {**timing.to_dict(), "problems": total, "table_rows": min(len(frame), MOST_ROWS)}


def _problems(program: Program, frame: pd.DataFrame, searching: Engine) -> list[Problems]:
    """The different problems of a table, block by block, each block's in random order."""
    normal, table = normalise(program), encode(program, frame)
    evaluator, rng = Evaluator(normal, table), np.random.default_rng(0)
    found: list[Problems] = []
    for block in components(normal, frozenset()):
        rows = np.flatnonzero(needy(block, table, table, evaluator))
        if rows.size and searching.takes(block, rows.size):
            problems = gather(block, table, rows)
            found.append(problems.take(rng.permutation(problems.distinct()[0])))
    return found
