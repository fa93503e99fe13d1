"""What the commands of the benchmarks share: which runs are wanted, on which data, and how a command ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import htdbu
from benchmarks.bank_main import SEEDS, prepare
from benchmarks.runs import ROOT, TROUBLE, Figures, Run
from benchmarks.texture.part import Settings


def add_data(parser: argparse.ArgumentParser) -> None:
    """The option for the folder of the real data."""
    # As in the tests, a relative HTDBU_DATA counts from the root of the repository.
    data = ROOT / os.environ.get("HTDBU_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=data, help="folder of the real data (default: HTDBU_DATA)")


def add_runs(parser: argparse.ArgumentParser) -> None:
    """The options of a benchmark whose runs are kept and make a page."""
    parser.add_argument("--seeds", nargs="+", type=int, help=f"{' '.join(map(str, SEEDS))} by default")
    add_data(parser)
    parser.add_argument("--quick", action="store_true", help="one seed, few rows, nothing written")
    parser.add_argument("--force", action="store_true", help="repeat runs that are in the results already")
    parser.add_argument("--page", action="store_true", help="only make the page again from the results that are there")
    parser.add_argument("-o", "--output", type=Path, help="a folder for results and page, in place of their own")


def settings_of(given: argparse.Namespace) -> Settings:
    """What is measured, by the options of `add_runs` and the generators."""
    return Settings(
        data=given.data.resolve(),
        seeds=tuple(given.seeds or (SEEDS[:1] if given.quick else SEEDS)),
        generators=tuple(given.generators),
        quick=given.quick,
    )


def teller(names: Sequence[str]) -> Callable[[Run, Figures], str]:
    """What the line that reports a run says: some of its figures, or why there are none."""

    def told(run: Run, figures: Figures) -> str:
        if TROUBLE in figures:
            return str(figures[TROUBLE])
        return ", ".join(f"{name} {float(figures[name]):.4g}" for name in names if name in figures)

    return told


def ended(name: str, work: Callable[[], int], kept: str = "runs") -> int:
    """The exit code of the work; 2 where it cannot be done, 130 where it was interrupted, with a line that says so."""
    try:
        return work()
    except (htdbu.HtdbuError, prepare().InputError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{name}: interrupted; finished {kept} are kept", file=sys.stderr)
        return 130
