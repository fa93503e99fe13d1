"""The large rule set: 100 columns and 150 random rules in 10 blocks that share no column.

Run: `python -m benchmarks.repair.make_big > benchmarks/repair/big.htr`; `--seed` for another one. The file is
committed, so that what is measured does not change with Python's generator. Every block has 15 rules of 15 forms, whose
columns and constants are drawn; constants are shares of the columns' ranges, so that many rows are valid.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

BLOCKS = 10
HIGHS = (100, 1_000, 10_000)
MOST = 50_000


def text(seed: int) -> str:
    """The whole file."""
    draw = random.Random(seed)
    highs = [draw.choice(HIGHS) for _ in range(BLOCKS)]
    columns = [line for block, high in enumerate(highs) for line in _columns(block, high)]
    rules = [line for block, high in enumerate(highs) for line in _rules(draw, block, high)]
    head = f"## The large rule set of the repair benchmark, made by make_big.py from seed {seed}.\ntable wide {{\n"
    return head + "\n".join(columns) + "\n}\n\n" + "\n".join(rules) + "\n"


def _columns(block: int, high: int) -> Iterator[str]:
    """The ten columns of a block: four of them are whole numbers up to `high`."""
    for name in _numbers(block):
        yield f"  {name} : int in 0..{high}"
    yield f"  m{block} : decimal(2) in 0..{MOST}"
    yield f'  c{block} : category {{ "p", "q", "r", "s" }}'
    yield f'  o{block} : category ordered {{ "low" < "mid" < "high" }} null'
    for name in _flags(block):
        yield f"  {name} : bool"


def _numbers(block: int) -> list[str]:
    return [f"n{block}_{i}" for i in range(4)]


def _flags(block: int) -> list[str]:
    return [f"f{block}_{i}" for i in range(3)]


def _rules(draw: random.Random, block: int, high: int) -> Iterator[str]:
    """The 15 rules of a block, over its columns in a drawn order."""
    a, b, d, e = draw.sample(_numbers(block), 4)
    f, g, h = draw.sample(_flags(block), 3)
    p, q, r, s = draw.sample(["p", "q", "r", "s"], 4)
    m, c, o = f"m{block}", f"c{block}", f"o{block}"

    def part(low: float, top: float, of: int = high) -> int:
        """A drawn share of a range, as a whole number."""
        return round(draw.uniform(low, top) * of)

    bodies = [
        f"{a} <= {b} + {part(0.2, 0.5)}",
        f'{c} == "{p}" => {d} >= {part(0.05, 0.2)}',
        f"{f} => {b} <= {part(0.4, 0.8)}",
        f"{a} + {b} + {d} <= {part(1.2, 1.9)}",
        f'{o} >= "mid" => {m} <= {part(0.3, 0.8, MOST)}',
        f"count({f}, {g}, {h}) <= 2",
        f"{g} <=> {m} > {part(0.3, 0.6, MOST)}",
        f"{m} <= {max(1, part(1.0, 2.5, MOST // high))} * {e} + {part(0.1, 0.3, MOST)}",
        f'not ({c} == "{q}" and {h})',
        f'{c} in {{ "{r}", "{s}" }} => {a} <= {part(0.4, 0.8)}',
        f"{e} <= case {{ {a} < {part(0.1, 0.3)} -> {part(0.5, 0.7)}; {a} < {part(0.4, 0.6)} -> "
        f"{part(0.7, 0.8)}; else -> {part(0.85, 0.95)} }}",
        f"{o} is null or {b} >= {part(0.02, 0.1)}",
        f'{f} and {h} => {o} == "high"',
        f"abs({b} - {d}) <= {part(0.3, 0.6)}",
        f"{h} => {a} <= {d}",
    ]
    for i, body in enumerate(bodies):
        yield f"hard r{block}_{i}: {body}"


def main() -> None:
    """Print the file."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=0)
    print(text(options.parse_args().seed), end="")


if __name__ == "__main__":
    main()
