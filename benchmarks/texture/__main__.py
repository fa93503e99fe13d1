"""How like the real ones synthetic rows are, and how well they obey: every target that the project sets itself.

Run: `make bench-texture`, or `python -m benchmarks.texture`. It keeps all runs in `benchmarks/results/texture.csv`, and
makes from that `benchmarks/results/texture.md` and the page `docs/benchmarks/texture.md`, which says what is measured
and how. Runs that are there are not repeated. With `--quick` it is a smoke run of few rows with one seed, which writes
nothing unless `-o` names a folder.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import htdbu
from benchmarks.bank_main import prepare
from benchmarks.runs import ROOT, Results, measure_all, places, write
from benchmarks.texture.page import listing, missed, page, verdicts
from benchmarks.texture.part import Part, Settings
from benchmarks.texture.parts import PARTS
from htdbu.generators.registry import DEFAULT

SEEDS = (42, 123, 2024)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when every bound holds, 1 when one is missed, 2 when it cannot run."""
    given = arguments(argv)
    parts = [PARTS[name] for name in given.parts]
    folders = places(given.output, given.quick)
    results = Results(folders[0] / "texture.csv" if folders else None)
    settings = Settings(
        data=given.data.resolve(),
        seeds=tuple(given.seeds or (SEEDS[:1] if given.quick else SEEDS)),
        generators=tuple(given.generators),
        quick=given.quick,
    )
    try:
        if not given.page:
            for part in parts:
                measure_all(results, part.tasks(settings), given.force, part.told)
        if folders:
            write(folders[0] / "texture.md", listing(results))
            write(folders[1] / ("texture.md" if folders[1] != folders[0] else "page.md"), tidy(page(results)))
    except (htdbu.HtdbuError, prepare().InputError, OSError) as error:
        print(f"texture: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("texture: interrupted; finished runs are kept", file=sys.stderr)
        return 130
    tell(results, parts)
    return int(missed(results, parts))


def tell(results: Results, parts: Sequence[Part]) -> None:
    """Say of every bound whether it holds."""
    for part in parts:
        print(f"\n{part.title}")
        for line in verdicts(part, results.of(part.name)):
            print(f"  {line.replace('**missed**', 'MISSED')}")


def tidy(text: str) -> str:
    """Markdown without runs of empty lines."""
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.texture", description=(__doc__ or "").splitlines()[0])
    # As in the tests, a relative HTDBU_DATA counts from the root of the repository.
    data = ROOT / os.environ.get("HTDBU_DATA", "../shared/data")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seeds", nargs="+", type=int, help="42 123 2024 by default")
    parser.add_argument("--generators", nargs="+", default=[DEFAULT], help=f"{DEFAULT} by default; `paper` has its own")
    parser.add_argument("--data", type=Path, default=data, help="folder of the real data (default: HTDBU_DATA)")
    parser.add_argument("--quick", action="store_true", help="one seed, few rows, nothing written")
    parser.add_argument("--force", action="store_true", help="repeat runs that are in the results already")
    parser.add_argument("--page", action="store_true", help="only make the pages again from the results that are there")
    parser.add_argument("-o", "--output", type=Path, help="a folder for results and page, in place of their own")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
