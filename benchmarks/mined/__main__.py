"""What the provider that mines rules finds, how much of it is true, and what it takes.

Run: `python -m benchmarks.mined --data FOLDER`; `--seeds` and `--only` for less, `--first` for other seeds of the
loans. The figures are written to `benchmarks/results/mined.md`. Exit 1 where a bound is missed: nine of ten true rules
of the loans are found, nine of ten mined ones are true, no rule is broken by more than 1 % of the other half of a real
table, every documented fact is found, 45,000 rows of 17 columns take less than 60 s of CPU.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.mined import edges, loans, noise, real
from benchmarks.runs import write

RESULTS = Path(__file__).parents[1] / "results" / "mined.md"
LEAST, MOST_SECONDS = 0.9, 60.0
PARTS = ("loans", "real", "noise", "edges", "cpu")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; 0 where every bound holds."""
    parser = argparse.ArgumentParser(prog="benchmarks.mined", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="first seed of the loans")
    parser.add_argument("--tables", type=int, default=40, help="tables of noise")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    given = parser.parse_args(argv)
    lines: list[str] = []
    missed = False
    for part in given.only:
        for line, holds in _PARTS[part](given):
            print(line, flush=True)
            lines.append(line)
            missed |= not holds
    if set(given.only) == set(PARTS):
        write(RESULTS, "\n".join(["# Mined rules", "", *lines]) + "\n")
    return int(missed)


def _loans(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    yield (
        "| loans, seed | true rules found | stated ones alone | with those that others imply | mined hard rules true "
        "| stated ones alone |",
        True,
    )
    yield "|---|---|---|---|---|---|", True
    for seed in range(given.first, given.first + given.seeds):
        yield from _loan_book(seed)
    yield "", True


def _loan_book(seed: int) -> Iterator[tuple[str, bool]]:
    program = loans.mined(seed)
    true, every = list(loans.precision(program, seed)), [rule for rule in loans.recall(program, seed) if rule.rows]
    judged = [rule for rule in every if rule.is_judged]
    found = [_share(rule.is_found for rule in rules) for rules in (judged, filter(loans.is_stated, judged), every)]
    kept = [_share(not rule.broken for rule in rules) for rules in (true, filter(loans.is_stated, true))]
    told = " | ".join(f"{count} of {total}" for count, total in (*found, *kept))
    yield f"| {seed} | {told} |", all(count >= LEAST * total for count, total in (found[0], found[2], kept[0]))
    missing = _listed(f"`{rule.name}` ({rule.caught:.0%})" for rule in every if not rule.is_found)
    unproved = _listed(f"`{name}`" for name in loans.unproved(every))
    broken = _listed(f"`{rule.name}` ({rule.broken} rows)" for rule in true if rule.broken)
    yield f"| | not found: {missing} | | not judged, nor proved to be implied: {unproved} | untrue: {broken} | |", True


def _share(marks: Iterable[bool]) -> tuple[int, int]:
    known = list(marks)
    return sum(known), len(known)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _real(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    yield "| half of, seed | rules | worst broken by the other half | documented facts found |", True
    yield "|---|---|---|---|", True
    for table in real.FACTS:
        for seed in range(given.seeds):
            found = real.halves(given.data, table, seed)
            holds = found.worst <= real.MOST_BROKEN and found.found == found.facts
            yield f"| {table}, {seed} | {found.rules} | {found.worst:.2%} | {found.found} of {found.facts} |", holds
    yield "", True


def _noise(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    count = noise.invented(given.tables)
    yield f"Rules invented in {given.tables} tables of independent columns: {count}.", count <= given.tables / 10
    tables = max(given.tables // 4, 3)
    for source, name in noise.SOURCES.items():
        broken = noise.broken(source, tables)
        yield f"Hard rules invented in {tables} tables of {name}: {len(broken)}{_passed(broken)}.", True
    yield "", True


def _passed(broken: Sequence[float]) -> str:
    if not broken:
        return ""
    middle, worst = f"{np.median(broken):.1%}", f"{max(broken):.1%}"
    return f"; fresh rows break {sum(rate > 0 for rate in broken)} of them, {middle} in the middle and {worst} at worst"


def _edges(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    sizes = " | ".join(f"{size:,} values" for size in edges.SIZES)
    yield f"| bounds passed by ten times as many values | {sizes} |", True
    yield f"|---|{'---|' * len(edges.SIZES)}", True
    yield from ((line, True) for line in edges.table())
    yield "", True


def _cpu(given: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    bank = noise.cpu_of(real.read(given.data, "bank-full"))
    yield f"CPU for 45,211 rows of 17 columns: {bank:.1f} s.", bank < MOST_SECONDS
    wide = noise.cpu_of(noise.noise(99, *noise.WIDE))
    yield f"CPU for {noise.WIDE[0]:,} rows of {noise.WIDE[1]} columns: {wide:.1f} s.", True


_PARTS = {"loans": _loans, "real": _real, "noise": _noise, "edges": _edges, "cpu": _cpu}

if __name__ == "__main__":
    sys.exit(main())
