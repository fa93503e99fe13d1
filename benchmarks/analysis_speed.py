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

from htdbu.analyses import analyse
from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source

REPRESENTATIVE = """\
table accounts {
  age          : int in 16..95
  job          : category { "student", "employed", "self-employed", "unemployed", "retired" }
  income       : decimal(2) in 0..500_000
  bonus        : decimal(2) in 0..100_000
  total        : decimal(2) in 0..600_000
  credit_limit : decimal(2) in 0..300_000
  drawn        : decimal(2) in 0..300_000
  share        : decimal(4) in 0..1
  rating       : category ordered { "D" < "C" < "B" < "A" }
  opened       : date in 2005-01-01..2026-06-30
  closed       : date in 2005-01-01..2036-06-30 null
  defaulted    : bool
  secured      : bool
  collateral   : decimal(2) in 0..1_000_000 null
  rooms        : int in 0..12
  area         : int in 0..1_000
  region       : category { "north", "east", "south", "west" }
  channel      : category { "branch", "web", "phone" }
  flag_late    : bool
  flag_fraud   : bool
  flag_dormant : bool
  flag_vip     : bool
  children     : int in 0..10
  months       : int in 0..360
  payment      : decimal(2) in 0..20_000
}
def ceiling(a) = case { a < 25 -> 60_000; a < 40 -> 200_000; else -> 500_000 }
hard adult:          age >= 18
hard income_ceiling: income <= ceiling(age)
hard worker_income:  job in { "employed", "self-employed" } => income >= 1
hard student_income: job == "student" => income <= 20_000
forbid young_retired: job == "retired" and age < 50
hard total_adds_up:  total == income + bonus
hard limit_ceiling:  credit_limit <= 0.4 * total
hard drawn_in_limit: drawn <= credit_limit
hard share_of_limit: drawn <= share * 300_000
hard bad_rating:     defaulted => rating <= "C"
hard vip_rating:     flag_vip => rating >= "B"
hard closes_later:   closed is null or closed >= opened
hard secured_value:  secured <=> collateral is not null
hard covered:        secured => collateral >= 0.5 * credit_limit
hard few_flags:      count([flag_*]) <= 2
hard rooms_fit:      rooms * 8 <= area
hard web_only:       channel == "web" => age <= 80
hard regions:        region == "north" => months <= 240
hard children_age:   children >= 1 => age >= 20
hard payment_total:  payment * months <= 2_000_000
hard long_runs:      months > 120 => rating >= "C"
hard dormant:        flag_dormant => drawn == 0
soft(2) modest:      drawn <= 0.8 * credit_limit
"""


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
