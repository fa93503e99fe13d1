"""Memory and time of `htdbu repair` on a Parquet or CSV file that is larger than what it may hold at a time.

The file has 25 columns, and rows that obey all rules but for a share of them, in each of which one or two cells are
drawn anew. The command runs in a process of its own; its peak memory is that of the operating system's account.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

RULES = """\
table accounts {
  id           : int in 1..1_000_000_000 key
  age          : int in 16..95
  job          : category { "student", "employed", "self-employed", "unemployed", "retired" }
  income       : decimal(2) in 0..500_000
  bonus        : decimal(2) in 0..100_000
  total        : decimal(2) in 0..600_000
  credit_limit : decimal(2) in 0..300_000
  drawn        : decimal(2) in 0..300_000
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
  flag_vip     : bool
  children     : int in 0..10
  months       : int in 0..360
  payment      : decimal(2) in 0..20_000
  note         : text null
}
def ceiling(a) = case { a < 25 -> 60_000; a < 40 -> 200_000; else -> 500_000 }
hard adult:           age >= 18
hard income_ceiling:  income <= ceiling(age)
hard student_income:  job == "student" => income <= 20_000
forbid young_retired: job == "retired" and age < 50
hard total_adds_up:   total == income + bonus
hard limit_ceiling:   credit_limit <= 0.4 * total
hard drawn_in_limit:  drawn <= credit_limit
hard bad_rating:      defaulted => rating <= "C"
hard vip_rating:      flag_vip => rating >= "B"
hard closes_later:    closed is null or closed >= opened
hard secured_value:   secured <=> collateral is not null
hard covered:         secured => collateral >= 0.5 * credit_limit
hard few_flags:       count([flag_*]) <= 2
hard rooms_fit:       rooms * 8 <= area
hard web_only:        channel == "web" => age <= 80
hard regions:         region == "north" => months <= 240
hard children_age:    children >= 1 => age >= 20
hard long_runs:       months > 120 => rating >= "C"
soft(2) modest:       drawn <= 0.8 * credit_limit
"""
CHUNK = 500_000
JOBS = np.array(["student", "employed", "self-employed", "unemployed", "retired"])


def rows(first: int, n: int, share: float, rng: np.random.Generator) -> pa.Table:
    """Some rows, of which a share is broken."""
    age = rng.integers(20, 81, n)
    job = np.where(age < 30, rng.integers(0, 3, n), np.where(age < 50, rng.integers(1, 4, n), rng.integers(1, 5, n)))
    ceiling = np.select([age < 25, age < 40], [60_000, 200_000], 500_000)
    income = (np.where(job == 0, 20_000, ceiling) * rng.beta(1.5, 6, n) * 100).astype(np.int64)
    bonus = np.where(rng.random(n) < 0.7, 0, (rng.beta(1, 8, n) * 10_000_000).astype(np.int64))
    limit = ((income + bonus) * 0.4 * rng.beta(2, 2, n)).astype(np.int64)
    drawn = (limit * 0.8 * rng.beta(1, 2, n)).astype(np.int64)
    rating = rng.integers(0, 4, n)
    opened = rng.integers(12_784, 20_634, n)
    closed = np.where(rng.random(n) < 0.7, np.iinfo(np.int32).min, opened + rng.integers(0, 3_600, n))
    secured = rng.random(n) < 0.3
    collateral = limit // 2 + 1 + (rng.random(n) * 10_000_000).astype(np.int64)
    rooms = rng.integers(0, 13, n)
    region, months = rng.integers(0, 4, n), rng.integers(0, 241, n)
    months = np.where(rating == 0, months // 2, months)
    broken = rng.random(n) < share
    which = rng.integers(0, 3, n)
    drawn = np.where(broken & (which == 0), limit + 1 + rng.integers(0, 100_000, n), drawn)
    age = np.where(broken & (which == 1), 17, age)
    income = np.where(broken & (which == 2), income + 5, income)
    total = np.where(broken & (which == 2), income - 5, income) + bonus
    return pa.table(
        {
            "id": pa.array(np.arange(first + 1, first + n + 1)),
            "age": pa.array(age, pa.int32()),
            "job": pa.array(JOBS[job]),
            **{
                name: pa.array(cents / 100)
                for name, cents in (
                    ("income", income),
                    ("bonus", bonus),
                    ("total", total),
                    ("credit_limit", limit),
                    ("drawn", drawn),
                )
            },
            "rating": pa.array(np.array(["D", "C", "B", "A"])[rating]),
            "opened": pa.array(opened.astype(np.int32), pa.int32()).cast(pa.date32()),
            "closed": pa.array(closed.astype(np.int32), pa.int32(), mask=closed < 0).cast(pa.date32()),
            "defaulted": pa.array((rng.random(n) < 0.02) & (rating <= 1)),
            "secured": pa.array(secured),
            "collateral": pa.array(collateral / 100, mask=~secured),
            "rooms": pa.array(rooms, pa.int8()),
            "area": pa.array(rooms * 8 + rng.integers(0, 500, n), pa.int16()),
            "region": pa.array(np.array(["north", "east", "south", "west"])[region]),
            "channel": pa.array(np.array(["branch", "web", "phone"])[rng.integers(0, 3, n)]),
            "flag_late": pa.array(rng.random(n) < 0.1),
            "flag_fraud": pa.array(rng.random(n) < 0.01),
            "flag_vip": pa.array(np.zeros(n, bool)),
            "children": pa.array(rng.integers(0, 4, n), pa.int8()),
            "months": pa.array(months, pa.int16()),
            "payment": pa.array(rng.integers(0, 2_000_000, n) / 100),
            "note": pa.array(np.char.add("note ", rng.integers(0, 5_000, n).astype(str))),
        }
    )


def make(path: Path, n: int, share: float, seed: int) -> None:
    """Write the file."""
    rng = np.random.default_rng(seed)
    chunks = (rows(first, min(CHUNK, n - first), share, rng) for first in range(0, n, CHUNK))
    head = next(chunks)
    csv = path.suffix == ".csv"
    with pa.csv.CSVWriter(path, head.schema) if csv else pa.parquet.ParquetWriter(path, head.schema) as writer:
        writer.write_table(head)
        for chunk in chunks:
            writer.write_table(chunk)


def measure(arguments: list[str]) -> dict[str, float]:
    """Run a command; its seconds, those of its processors, and its peak memory in GB."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "htdbu", *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    report = json.loads(out) if out else {}
    return {
        "exit code": process.returncode,
        "seconds": time.perf_counter() - started,
        "CPU seconds": usage.ru_utime + usage.ru_stime,
        "peak GB": usage.ru_maxrss / 2**20,
        **{key: report.get(key, -1) for key in ("rows", "violating_rows_before", "repaired", "unrepaired")},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--share", type=float, default=0.05, help="of the rows that violate a rule")
    parser.add_argument("--kind", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=4.0, help="GB of memory that must do")
    parser.add_argument("--folder", type=Path, help="where the files lie, and stay; a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        rules, data = folder / "accounts.htr", folder / f"accounts-{options.rows}-{options.share}.{options.kind}"
        rules.write_text(RULES)
        if not data.exists():
            make(data, options.rows, options.share, seed=0)
        out = folder / f"repaired.{options.kind}"
        command = ["repair", str(rules), str(data), "-o", str(out), "--format", "json"]
        found = measure([*command, "--threads", str(options.threads)])
    for name, value in found.items():
        print(f"{name:24} {value:,.2f}" if isinstance(value, float) else f"{name:24} {value:,}")
    print(f"{'rows a second':24} {options.rows / found['seconds']:,.0f}")
    return int(found["exit code"] > 0 or found["peak GB"] > options.limit)


if __name__ == "__main__":
    raise SystemExit(main())
