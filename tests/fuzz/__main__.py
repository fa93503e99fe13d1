"""Fuzz the compiler: `python -m tests.fuzz COUNT [SEED]`; writes the inputs that fail to `fuzz-failures/`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.fuzz.inputs import Inputs
from tests.fuzz.judge import FuzzError, judge


def main(count: int, seed: int) -> int:
    """Try so many inputs; the exit code says whether one failed."""
    inputs, failures, slowest = Inputs(seed), 0, 0.0
    begun = time.monotonic()
    for i in range(count):
        text = inputs.next()
        before = time.process_time()
        try:
            judge(text)
        except FuzzError as failure:
            failures += 1
            folder = Path("fuzz-failures")
            folder.mkdir(exist_ok=True)
            (folder / f"{seed}-{i}.htr").write_bytes(text.encode("utf-8", "surrogatepass"))
            print(f"input {i}: {failure}", flush=True)
        slowest = max(slowest, time.process_time() - before)
    taken = time.monotonic() - begun
    rate = f"{count / taken:.0f} inputs a second"
    print(f"{count} inputs, seed {seed}: {failures} failures, slowest {slowest:.2f} s, {rate}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
