"""One of our engines, by the public interface: from a frame in memory to a frame in memory.

The option `alone` measures the search by itself instead, see `search_alone`; the option `first` only the first call.
"""

from __future__ import annotations

import time

import pandas as pd

import htdbu
from benchmarks.repair.contestants.requests import ROWS, read_request, write_figures
from benchmarks.repair.contestants.search_alone import search_alone
from benchmarks.repair.contestants.timing import FIRST, timed
from htdbu.solver import RepairResult


def main() -> None:
    """Repair the table with the engine of the request."""
    request, folder = read_request()
    engine = request.options["engine"]
    begun = time.perf_counter()
    program = htdbu.compile(request.rules)
    setup = time.perf_counter() - begun
    frame = pd.read_parquet(request.table)
    if request.options.get("alone"):
        write_figures(folder, search_alone(program, frame, engine, request.seconds))
        return

    def run(rows: int) -> RepairResult:
        return program.repair(frame.head(rows), engine=engine, threads=request.threads)

    if request.options.get("first"):
        first = timed(run, FIRST, 0.0)
        write_figures(folder, {"rows": FIRST, "first_call_seconds": first.first, "setup_seconds": setup})
        return
    timing = timed(run, len(frame), request.seconds)
    timing.result.data.to_parquet(folder / ROWS, index=False)
    report = timing.result.report.to_dict()
    write_figures(folder, {**timing.to_dict(), "setup_seconds": setup, "report": report})


if __name__ == "__main__":
    main()
