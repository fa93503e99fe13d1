"""The experiment of the H-TDBU paper, run anew, and its figures beside ours.

Run: `make bench-paper`, or `python -m benchmarks.paper`. Every finished run is one line of
`benchmarks/results/paper.csv`, from which the page `docs/benchmarks/paper.md` is made, which says what is measured and
what can be compared. Runs that are there are not repeated, so a run that was stopped goes on; CTGAN and TVAE are left
out where SDV is not installed, and filled in by the same command where it is (`make bench-paper-neural`). Several
processes may work on one file.
With `--quick` it is a smoke run of few rows with one seed, which writes nothing unless `-o` names a folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.appended import AppendedResults
from benchmarks.command import add_runs, ended, settings_of, teller
from benchmarks.pages import tidy
from benchmarks.paper_experiment.checks import checks, missed
from benchmarks.paper_experiment.contestants import MAIN
from benchmarks.paper_experiment.measuring import FIGURES
from benchmarks.paper_experiment.page import page
from benchmarks.paper_experiment.plan import PARTS, Job, jobs, tasks
from benchmarks.paper_experiment.readings import READINGS
from benchmarks.runs import measure_all, places, write

TOLD = ("raw", "violations", "lr_accuracy", "lr_f1", "lr_auroc", "xmodal", "xgb_auc", "trend", "nearest")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when every bound holds, 1 when one does not, 2 when it cannot run."""
    given = arguments(argv)
    return ended("paper", lambda: run(given))


def run(given: argparse.Namespace) -> int:
    """Measure what is missing, make the page, and tell of every bound; 1 when one does not hold."""
    settings, folders = settings_of(given), places(given.output, given.quick)
    results = AppendedResults(folders[0] / "paper.csv" if folders else None, FIGURES)
    if not given.page:
        able = installed(jobs(settings, given.parts, given.readings))
        measure_all(results, tasks(settings, able), given.force, teller(TOLD))
    if folders:
        write(folders[1] / "paper.md", tidy(page(results)))
    found = checks(results)
    for check in found:
        state = check.state if check.asked else f"({check.state})"
        print(f"{state:>15}: {check.says}{f' ({check.detail})' if check.detail else ''}")
    return int(missed(found))


def installed(found: Sequence[Job]) -> list[Job]:
    """The runs whose generator is installed; of the others it is said what they need."""
    needed: dict[str, set[str]] = {}
    for _, _, _, contestant in found:
        if contestant.needs is not None:
            needed.setdefault(contestant.needs, set()).add(contestant.name)
    for package, names in needed.items():
        print(
            f"skipped: {', '.join(sorted(names))}, as {package} is not installed here; the same command fills them in "
            f"where it is (make bench-paper-neural)",
            flush=True,
        )
    return [job for job in found if job[3].needs is None]


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.paper", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--readings", nargs="+", choices=list(READINGS), default=list(READINGS))
    parser.add_argument("--generators", nargs="+", choices=list(MAIN), default=list(MAIN), help="of the main table")
    add_runs(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
