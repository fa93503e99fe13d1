"""How long all proofs about a rule file take: 25 columns with 23 rules, and 100 columns with 150 rules in 10 blocks.

Run: `python benchmarks/analysis_speed.py`. Figures are CPU seconds of one process, the reading of the file left out;
one solver worker is used. What must hold: under 2 s for the small files, under 20 s for the large ones, and the same
findings every time.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from htdbu.analyses import analyse
from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source

REPRESENTATIVE = (Path(__file__).parent / "repair" / "rep.htr").read_text()


def large(seed: int) -> str:
    """150 rules over 100 columns: 10 blocks of 10 columns with 15 rules each, of the same kinds."""
    draw = random.Random(seed)
    columns, rules = [], []
    for block in range(10):
        n = [f"n{block}_{i}" for i in range(4)]
        m, c, o, f = f"m{block}", f"c{block}", f"o{block}", [f"f{block}_{i}" for i in range(3)]
        columns += [f"  {name} : int in 0..{draw.choice((100, 1_000, 10_000))}" for name in n]
        columns += [f"  {m} : decimal(2) in 0..50_000", f'  {c} : category {{ "p", "q", "r", "s" }}']
        columns += [f'  {o} : category ordered {{ "low" < "mid" < "high" }} null', *(f"  {name} : bool" for name in f)]
        rules += _rules(draw, block, n, m, c, o, f)
    return "table wide {\n" + "\n".join(columns) + "\n}\n" + "\n".join(rules) + "\n"


def _rules(draw: random.Random, block: int, n: list[str], m: str, c: str, o: str, f: list[str]) -> list[str]:
    """15 rules that connect the columns of a block."""
    a, b, d, e = draw.sample(n, 4)
    k = [draw.randint(10, 90) for _ in range(12)]
    bodies = [
        f"{a} <= {b} + {k[0]}",
        f'{c} == "p" => {d} >= {k[1] // 3}',
        f"{f[0]} => {b} <= {k[2] + 10}",
        f"{a} + {b} + {d} <= {k[3] * 30}",
        f'{o} >= "mid" => {m} <= {k[4] * 500}',
        f"count({', '.join(f)}) <= 2",
        f"{f[1]} <=> {m} > {k[5] * 100}",
        f"{m} <= {k[6]} * {e} + 1_000",
        f'not ({c} == "q" and {f[2]})',
        f'{c} in {{ "r", "s" }} => {a} <= {k[7] + 5}',
        f"{e} <= case {{ {a} < {k[8]} -> {k[9] * 2}; {a} < {k[8] + 50} -> {k[9] * 5}; else -> 10_000 }}",
        f"{o} is null or {b} >= {k[10] // 10}",
        f'{f[0]} and {f[1]} => {o} == "high"',
        f"abs({b} - {d}) <= {k[11] * 20}",
        f"{f[2]} => {a} <= {d}",
    ]
    return [f"hard r{block}_{i}: {body}" for i, body in enumerate(bodies)]


def measure(name: str, text: str, limit: float) -> bool:
    """Analyse a file twice and tell the time and the findings; whether what must hold holds."""
    program = compile_source(Source("bench.htr", text)).checked()
    begun = time.process_time()
    findings = analyse(program)
    seconds = time.process_time() - begun
    again = [repr(finding) for finding in analyse(compile_source(Source("bench.htr", text)).checked())]
    same = [repr(finding) for finding in findings] == again
    codes = Counter(finding.code for finding in findings)
    head = f"{name:<28} {len(program.columns):>4} {len(program.rules):>5} {seconds:>7.2f} {limit:>6.0f}"
    print(f"{head}  {dict(sorted(codes.items()))}{'' if same else '  NOT THE SAME TWICE'}", flush=True)
    return same and seconds < limit


def main() -> int:
    """Measure all files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many large files")
    seeds = parser.parse_args().seeds
    print(f"{'file':<28} {'cols':>4} {'rules':>5} {'CPU s':>7} {'limit':>6}")
    held = [measure("representative", REPRESENTATIVE, 2)]
    held += [measure(f"large, seed {seed}", large(seed), 20) for seed in range(seeds)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
