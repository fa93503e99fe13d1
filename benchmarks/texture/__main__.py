"""How like the real ones synthetic rows are, and how well they obey: every target that the project sets itself.

Run: `make bench-texture`, or `python -m benchmarks.texture`. It keeps all runs in `benchmarks/results/texture.csv`, and
makes from that `benchmarks/results/texture.md` and the page `docs/benchmarks/texture.md`, which says what is measured
and how. Runs that are there are not repeated. With `--quick` it is a smoke run of few rows with one seed, which writes
nothing unless `-o` names a folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.command import add_runs, ended, settings_of
from benchmarks.pages import tidy
from benchmarks.runs import Results, measure_all, places, write
from benchmarks.texture.page import listing, missed, page, verdicts
from benchmarks.texture.part import Part
from benchmarks.texture.parts import PARTS
from htdbu.generators.registry import DEFAULT


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when every bound holds, 1 when one is missed, 2 when it cannot run."""
    given = arguments(argv)
    return ended("texture", lambda: run(given))


def run(given: argparse.Namespace) -> int:
    """Measure what is missing, make the pages, and tell of every bound; 1 when one is missed."""
    parts = [PARTS[name] for name in given.parts]
    folders = places(given.output, given.quick)
    results = Results(folders[0] / "texture.csv" if folders else None)
    if not given.page:
        for part in parts:
            measure_all(results, part.tasks(settings_of(given)), given.force, part.told)
    if folders:
        write(folders[0] / "texture.md", listing(results))
        write(folders[1] / ("texture.md" if folders[1] != folders[0] else "page.md"), tidy(page(results)))
    tell(results, parts)
    return int(missed(results, parts))


def tell(results: Results, parts: Sequence[Part]) -> None:
    """Say of every bound whether it holds."""
    for part in parts:
        print(f"\n{part.title}")
        for line in verdicts(part, results.of(part.name)):
            print(f"  {line.replace('**missed**', 'MISSED')}")


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.texture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--generators", nargs="+", default=[DEFAULT], help=f"{DEFAULT} by default")
    add_runs(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
