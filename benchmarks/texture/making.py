"""One synthesis, timed, its rows as another program would read them from a CSV file."""

from __future__ import annotations

import io
import os
import time
from dataclasses import dataclass
from typing import Any

import pandas as pd

import htdbu
from benchmarks.runs import Figures, show_progress
from htdbu.generators import Selection, SynthesisReport

PLAIN = Selection(factor=1)
"""As many rows are drawn as are wanted, so that there is nothing to choose."""


@dataclass(frozen=True)
class Made:
    """The rows, every cell as text; how they came about; and the seconds that took."""

    data: pd.DataFrame
    report: SynthesisReport
    seconds: float

    @property
    def figures(self) -> Figures:
        """The seconds, on how many cores, the share of raw rows that broke a rule, and how many rows came which way."""
        ways: Figures = {f"way {name}": count for name, count in self.report.ways.items()}
        cores = os.cpu_count() or 1
        return {"seconds": self.seconds, "cores": cores, "raw": self.report.raw_violations["violation_rate"], **ways}


def make(program: htdbu.Program, real: pd.DataFrame, rows: int, generator: str, seed: int, **options: Any) -> Made:
    """Synthesize; `options` are those of `htdbu.synthesize`.

    Raises:
        RuntimeError: there are more or fewer rows than were asked for.
    """
    started = time.perf_counter()
    made = htdbu.synthesize(
        program, real, rows, generator=generator, random_state=seed, progress=show_progress, **options
    )
    seconds = time.perf_counter() - started
    if len(made.data) != rows:
        raise RuntimeError(f"{generator}, seed {seed}: {len(made.data)} rows instead of {rows}")
    text = made.data.to_csv(index=False)
    return Made(pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False), made.report, seconds)
