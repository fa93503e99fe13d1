"""Who writes the rules, and what that changes: rule files of many origins through the same models and measures.

Run: `make bench-providers`, or `python -m benchmarks.providers`. Every finished run is one line of
`benchmarks/results/providers.csv`, from which the page `docs/benchmarks/providers.md` is made, which says what is
measured. Runs that are there are not repeated, unless the text of their rules has changed since, so a run that was
stopped goes on. `--rules` and `--transcripts` add subjects. With `--quick` it is a smoke run of few rows with one seed,
which writes nothing unless `-o` names a folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.appended import AppendedResults
from benchmarks.bank_main import SEEDS
from benchmarks.command import add_runs, ended, settings_of, teller
from benchmarks.pages import tidy
from benchmarks.paper_experiment.contestants import MAIN
from benchmarks.providers_study.measuring import FIGURES
from benchmarks.providers_study.page import page
from benchmarks.providers_study.plan import PARTS, READINGS, changed, jobs
from benchmarks.providers_study.pool import MODELS
from benchmarks.providers_study.subjects import Subject, given, shipped, unique
from benchmarks.runs import measure_all, places, write
from benchmarks.texture.part import Settings
from htdbu.errors import UsageError

ROWS = 12_000
TOLD = ("alarm", "rejected_raw", "own", "reference", "lr_f1", "lr_auroc", "xmodal", "trend", "xgb_auc")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the study; 0 when all that was asked for is measured, 2 when it cannot run."""
    wanted = arguments(argv)
    return ended("providers", lambda: study(wanted))


def study(wanted: argparse.Namespace) -> int:
    """Measure what is missing, and make the page."""
    folders = places(wanted.output, wanted.quick)
    results = AppendedResults(folders[0] / "providers.csv" if folders else None, FIGURES)
    if not wanted.page:
        run(results, settings_of(wanted), wanted)
    if folders:
        write(folders[1] / "providers.md", tidy(page(results)))
    return 0


def run(results: AppendedResults, settings: Settings, wanted: argparse.Namespace) -> None:
    """Measure what is missing, and first what was measured of rules that have changed since."""
    told, found = teller(TOLD), jobs(settings, subjects(wanted), wanted.readings, wanted.rows, wanted.parts)
    stale = changed(results, settings, found)
    if stale and not wanted.force:
        names = ", ".join(dict.fromkeys(run.case for run, _ in stale))
        print(f"measured again, as the rules have changed: {names}", flush=True)
        measure_all(results, stale, True, told)
    measure_all(results, [task for task, _, _ in found], wanted.force, told)


def subjects(wanted: argparse.Namespace) -> list[Subject]:
    """The shipped subjects and those that the person names, or the chosen ones of them."""
    known = unique([*shipped(), *given(wanted.rules, wanted.transcripts, (READINGS[0], SEEDS[0]))])
    unknown = [name for name in wanted.subjects or () if name not in known]
    if unknown:
        raise UsageError(f"there is no subject {unknown[0]!r}", f"the subjects are {', '.join(known)}")
    return [known[name] for name in wanted.subjects or known]


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.providers",
        description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m benchmarks.providers --rules 'mine:person:by hand:=mine.htr' --subjects mine strict",
    )
    form = "NAME=FILE or NAME:PROVIDER:PROMPT:GRANULARITY=FILE"
    parser.add_argument(
        "--rules", nargs="+", action="extend", default=[], metavar="NAME=FILE", help=f"more .htr files: {form}"
    )
    parser.add_argument(
        "--transcripts",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=FILE",
        help=f"transcripts of htdbu draft --provider llm, replayed: {form}",
    )
    parser.add_argument("--subjects", nargs="+", metavar="NAME", help="only these of all subjects")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="verdicts on a pool, and rows")
    parser.add_argument("--readings", nargs="+", choices=READINGS, default=list(READINGS), help="how rows were paired")
    parser.add_argument(
        "--generators", nargs="+", choices=list(MAIN), default=list(MODELS), help=f"{MODELS} by default"
    )
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows that a model draws ({ROWS:,})")
    add_runs(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
