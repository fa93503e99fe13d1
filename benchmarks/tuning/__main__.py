"""Whether the feedback loop names the right cause: 60 seeded faults and 20 healthy set-ups.

Run: `make bench-tuning`, or `python -m benchmarks.tuning`. Every case is a row of `benchmarks/results/tuning.csv`;
cases that are there are not run again. The page `docs/benchmarks/tuning.md` is made from it. With `--develop` the rows
that the algorithm was developed on are used, and nothing is written but to the file that `-o` names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.command import add_data, ended
from benchmarks.runs import ROOT, write
from benchmarks.tuning.bases import TABLES
from benchmarks.tuning.case import DEVELOPED, REPORTED, Row, cases
from benchmarks.tuning.faults import FAULTS
from benchmarks.tuning.page import page, verdict

RESULTS = ROOT / "benchmarks" / "results" / "tuning.csv"
PAGE = ROOT / "docs" / "benchmarks" / "tuning.md"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when every bound holds, 1 when one is missed, 2 when it cannot run."""
    given = arguments(argv)
    return ended("tuning", lambda: run(given), kept="cases")


def run(given: argparse.Namespace) -> int:
    """Run the cases that are missing, make the page, and tell of every bound; 1 when one is missed."""
    path = given.output or (None if given.develop else RESULTS)
    rows: list[Row] = [] if path is None or not path.is_file() else pd.read_csv(path).to_dict("records")
    for case in [] if given.page else cases(DEVELOPED if given.develop else REPORTED, given.faults):
        if case.table not in given.tables or any(row["case"] == case.name for row in rows):
            continue
        row = case.row(given.data.resolve())
        rows.append(row)
        told = f"{row['wanted']} -> {row['named']}" if not row["right"] else f"right: {row['named']}"
        print(f"{case.name} on {case.table} ({case.seed}): {told}; {row['seconds']} s", flush=True)
        if path is not None:
            write(path, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"))
    if path == RESULTS:
        write(PAGE, page(rows))
    lines, missed = verdict(rows)
    print("\n".join(lines))
    return int(missed)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.tuning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--faults", nargs="+", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add_data(parser)
    parser.add_argument("--develop", action="store_true", help="on the rows of development, for changing the algorithm")
    parser.add_argument("--page", action="store_true", help="only make the page again from the results that are there")
    parser.add_argument("-o", "--output", type=Path, help="another file for the results")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
