"""Random rule sets with wide numbers, and rows of any kind, on which all engines must find the same repairs.

`python -m tests.solver.differential PAIRS SEED` compares so many pairs of a rule set and a row.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import htdbu
from htdbu.compiler.lowering import normalise
from htdbu.errors import CompileError
from htdbu.solver.components import Component, components
from htdbu.solver.engine import GENERAL, Engine, engine, names
from htdbu.solver.problems import Problems, gather
from htdbu.solver.ranges import bounded
from htdbu.solver.solutions import Status
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable

ROWS = 10
"""Rows for each rule set."""
EFFORT = 0.1
"""Deterministic time for CP-SAT; what it leaves open is not compared."""


@dataclass(frozen=True)
class Difference:
    """Two engines that do not agree."""

    rules: str
    engine: str
    row: str
    found: str
    expected: str


def rule_set(rng: random.Random) -> str:
    """A random rule file over up to nine columns of all kinds."""
    wide = rng.choice([9, 60, 1_000, 250_000])
    tail = {name: _tail(rng) for name in "abcdefgokt"}
    lines = [
        "table t {",
        f"  a : int in 0..{wide}{tail['a']}",
        f"  b : int in -{wide}..{2 * wide}{tail['b']}",
        f"  c : decimal(2) in 0..{wide}{tail['c']}",
        f"  d : int in {{ 1, 2, 3, 4, 5, 8, {wide + 10}, {wide + 11}, {wide + 12} }}{tail['d']}",
        f"  e : bool{tail['e']}",
        f"  f : bool{tail['f']}",
        f"  g : bool{tail['g']}",
        f'  o : category ordered {{ "u" < "v" < "w" < "x" }}{tail["o"]}',
        f'  k : category {{ "p", "q", "r" }}{tail["k"]}',
        f"  t : date in 2020-01-01..2026-12-31{tail['t']}",
    ]
    if rng.random() < 0.3:
        lines.append(f"  s : int in -{9 * wide}..{9 * wide} null = a + 2 * b")
    lines += ["}", 'lookup rate(l -> v) { "p" -> 3; "q" -> 7 }']
    for i in range(rng.randint(1, 6)):
        head = f"hard r{i}" if rng.random() < 0.75 else f"soft({rng.choice(['0.5', '1', '2', '3'])}) r{i}"
        lines.append(f"{head}: {_condition(rng, wide, 2)}")
    return "\n".join(lines) + "\n"


def _tail(rng: random.Random) -> str:
    null = " null" if rng.random() < 0.3 else ""
    fixed = " fixed" if rng.random() < 0.08 else ""
    return null + fixed + rng.choice(["", "", "", " cost 2", " cost 0.5", " cost 1.25"])


def _number(rng: random.Random, wide: int, depth: int) -> str:
    if depth == 0 or rng.random() < 0.4:
        return rng.choice(["a", "b", "c", "d", "a", "b", str(rng.randint(0, wide)), f"{rng.randint(1, 9)}"])
    one, two = _number(rng, wide, depth - 1), _number(rng, wide, depth - 1)
    return rng.choice(
        [
            f"({one} + {two})", f"({one} - {two})", f"({rng.randint(2, 9)} * {one})", f"0.4 * {one}",
            f"(case {{ o <= \"v\" -> {one}; e -> {two}; else -> {wide} }})", f"abs({one})", f"max({one}, {two})",
            f"min({one}, {two})", f"floor({one} / 3)", f"round({one} / 7)", "rate(k)", f"coalesce({one}, {two})",
            f"({one} * d)", f"(if {_atom(rng, wide)} then {one} else {two})", "year(t)", f"({one} / d)",
        ]
    )  # fmt: skip


def _atom(rng: random.Random, wide: int) -> str:
    value = rng.randint(0, wide)
    return rng.choice(
        [
            "e", "not f", "g", 'o >= "w"', 'k == "p"', 'k in { "q", "r" }', f"a > {value}", f"b <= {value}",
            f"c >= {value}", f"a in {value // 2}..{value}", "t >= 2023-05-01", "month(t) in 3..5", "d in { 2, 8 }",
            "a is null", "t is not null", 'o != "u"',
        ]
    )  # fmt: skip


def _condition(rng: random.Random, wide: int, depth: int) -> str:
    if depth == 0 or rng.random() < 0.15:
        return _atom(rng, wide)
    number = _number(rng, wide, rng.randint(0, 2))
    other = _number(rng, wide, rng.randint(0, 2))
    sides = _condition(rng, wide, depth - 1), _condition(rng, wide, depth - 1)
    return rng.choice(
        [
            f"{number} <= {other}", f"{number} >= {other}", "a + b == d", "c == a + 2", "a <= b", "10 * c <= 4 * b",
            f"({sides[0]}) => ({sides[1]})", f"({sides[0]}) => ({number} <= {other})", f"({sides[0]}) or ({sides[1]})",
            f"({sides[0]}) <=> ({sides[1]})", "count(e, f, g) <= 1", f"not ({sides[0]})",
            f"({sides[0]}) and ({sides[1]})",
            "c <= case { a < 5 -> 3; a < 50 -> 40; else -> 500 }", f"a + b + c <= {wide}", "e <=> (t is not null)",
        ]
    )  # fmt: skip


def blocks(text: str) -> list[Component] | None:
    """The blocks of a rule file that the compiler takes."""
    try:
        normal = normalise(htdbu.compile_text(text))
    except CompileError:
        return None
    fixed = frozenset(i for i, column in enumerate(normal.columns) if column.fixed)
    return list(components(normal, fixed))


def noise(block: Component, rng: random.Random, rows: int) -> Problems:
    """Rows of any values inside and outside of their domains, nulls, and cells that are no values."""
    table = EncodedTable.blank(block.program, rows)
    for i in block.cells:
        box = bounded(block.column(i).box) or ((0, 0),)
        low, high = box[0][0], box[-1][1]
        margin = 3 if rng.random() < 0.2 and block.column(i).kind in ("int", "decimal", "date") else 0
        for row in range(rows):
            state = rng.choices([VALUE, NULL, BROKEN], [30, 3, 1])[0]
            table.states[i, row] = state
            if state == VALUE:
                table.values[i, row] = rng.randint(low - margin, high + margin)
    return gather(block, table, np.arange(rows))


def others() -> Iterator[tuple[str, Engine]]:
    """All engines but the general one, and what stands in for them."""
    for name in names():
        if name != GENERAL:
            yield name, (made := engine(name))
            if made.stand_in is not None:
                yield f"{name}, interpreted,", made.stand_in


def differences(text: str, rng: random.Random, rows: int, counts: Counter[str]) -> list[Difference]:
    """Where engines do not agree on some random rows of a rule file."""
    found: list[Difference] = []
    for block in blocks(text) or []:
        if not (block.hard or block.soft) or not block.cells:
            continue
        problems = noise(block, rng, rows)
        general = engine(GENERAL).solve(problems, EFFORT)
        for name, other in others():
            if not other.takes(block, rows):
                continue
            answer = other.solve(problems, EFFORT)
            for k in range(rows):
                mine, theirs = answer.one(k), general.one(k)
                counts[f"{name} {mine.status.value}"] += 1
                if mine.status is Status.UNKNOWN or theirs.status in (Status.UNKNOWN, Status.FEASIBLE):
                    continue
                counts[name] += 1
                if mine != theirs:
                    found.append(Difference(text, name, str(problems.row(k)), str(mine), str(theirs)))
    return found


def compare(pairs: int, seed: int, counts: Counter[str]) -> Difference | None:
    """Compare so many pairs, up to the first difference."""
    rng = random.Random(seed)
    while sum(counts[name] for name in names()) < pairs:
        text = rule_set(rng)
        found = differences(text, rng, ROWS, counts)
        if found:
            return found[0]
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=int)
    parser.add_argument("seed", type=int)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    started = time.time()
    found = compare(arguments.pairs, arguments.seed, counts)
    print(dict(counts), f"{time.time() - started:.0f} s")
    if found is not None:
        print(found.rules, found.engine, found.row, found.found, found.expected, sep="\n")
    return int(found is not None)


if __name__ == "__main__":
    sys.exit(main())
