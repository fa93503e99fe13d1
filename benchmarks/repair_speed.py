"""How fast tables are repaired, how exact the result is, and how peers fare: three rule sets, four tables each.

Run: `make bench-repair`, or `python -m benchmarks.repair_speed`. It writes `benchmarks/results/repair_speed.json`, and
from that the page `docs/benchmarks/repair.md` with its picture; the page says what is measured and how. With `--quick`
it is a smoke run of small tables without peers, which prints the page's first table and writes nothing, unless `--out`
names a folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.repair.figures import TABLES, lines
from benchmarks.repair.measure import Plan, measure
from benchmarks.repair.page import page, summary, svg
from benchmarks.repair.rule_sets import RULE_SETS

ROOT = Path(__file__).parents[1]
RESULTS = "repair_speed.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure, and write what was asked for."""
    options = parsed(arguments)
    if options.page:
        write(json.loads((ROOT / "benchmarks" / "results" / RESULTS).read_text()), None)
        return 0
    plan = Plan(
        sets=tuple(options.sets),
        kinds=tuple(options.tables),
        seconds=options.seconds or (0.2 if options.quick else 8.0),
        threads=options.threads,
        seed=options.seed,
        cache=options.cache,
        peers=not (options.quick or options.no_peers),
        rows=options.rows or (2_000 if options.quick else None),
        patience=options.patience,
        cold=not options.quick,
    )
    results = measure(plan)
    print(summary(lines(results)))
    if options.out or not options.quick:
        write(results, options.out)
    return 0


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """The options."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="small tables, no peers, nothing written")
    options.add_argument("--no-peers", action="store_true", help="our engines alone")
    options.add_argument("--page", action="store_true", help="only make the page again from the results that are there")
    options.add_argument("--sets", nargs="+", choices=list(RULE_SETS), default=list(RULE_SETS))
    options.add_argument("--tables", nargs="+", choices=list(TABLES), default=list(TABLES))
    options.add_argument("--rows", type=int, help="rows of every table, in place of the rule set's own number")
    options.add_argument("--seconds", type=float, help="how long to measure each contestant on each table, about: 8")
    options.add_argument("--patience", type=float, default=900, help="seconds after which a contestant is ended")
    options.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--out", type=Path, help="a folder for results, page and picture, in place of their own")
    options.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "htdbu-repair-bench",
        help="where tables and the peers' environments are kept; in the folder for temporary files by default",
    )
    return options.parse_args(arguments)


def write(results: dict[str, object], out: Path | None) -> None:
    """The results, the page and the picture."""
    data, docs = (out, out) if out else (ROOT / "benchmarks" / "results", ROOT / "docs" / "benchmarks")
    for folder in (data, docs):
        folder.mkdir(parents=True, exist_ok=True)
    (data / RESULTS).write_text(json.dumps(results, indent=1) + "\n")
    (docs / "repair.md").write_text(page(results))
    (docs / "repair.svg").write_text(svg(results))


if __name__ == "__main__":
    sys.exit(main())
