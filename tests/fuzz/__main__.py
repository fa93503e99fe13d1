"""Fuzz the compiler: `python -m tests.fuzz COUNT [SEED] [json]`; writes the inputs that fail to `fuzz-failures/`.

With `json`, the inputs are mutated JSON forms of programs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.fuzz.inputs import Inputs
from tests.fuzz.json_inputs import JsonInputs
from tests.fuzz.judge import FuzzError, judge, judge_json


def main(count: int, seed: int, kind: str) -> int:
    """Try so many inputs; the exit code says whether one failed."""
    inputs = JsonInputs(seed) if kind == "json" else Inputs(seed)
    judged, failures, slowest = judge_json if kind == "json" else judge, 0, 0.0
    begun = time.monotonic()
    for i in range(count):
        text = inputs.next()
        before = time.process_time()
        try:
            judged(text)
        except FuzzError as failure:
            failures += 1
            folder = Path("fuzz-failures")
            folder.mkdir(exist_ok=True)
            (folder / f"{seed}-{i}.{kind}").write_bytes(text.encode("utf-8", "surrogatepass"))
            print(f"input {i}: {failure}", flush=True)
        slowest = max(slowest, time.process_time() - before)
    taken = time.monotonic() - begun
    rate = f"{count / taken:.0f} inputs a second"
    print(f"{count} inputs, seed {seed}: {failures} failures, slowest {slowest:.2f} s, {rate}")
    return 1 if failures else 0


if __name__ == "__main__":
    _, count, seed, kind = [*sys.argv, *("0", "htr")[len(sys.argv) - 2 :]]
    sys.exit(main(int(count), int(seed), kind))
