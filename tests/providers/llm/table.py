"""A table of a few hundred rows and rule files for it, as a model may write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from htdbu.providers.base import Request

ROWS = 400
SECRET = "swordfish"
"""A level of one row, which nobody may be told of."""

GOOD = """\
## Savings of a bank's clients.
table clients {
  age   : int in 0..120
  job   : category { "clerk", "nurse", "smith" } as "job.type"
  saved : int in 0..100_000
  twice : int in 0..200_000
}

## Only adults save.
hard adult: age >= 18
## What is saved doubles.
hard doubled: twice == 2 * saved
"""
FENCED = f"```htr\n{GOOD}```\n"
BROKEN = FENCED.replace("age >= 18", "agee >= 18")
HALF_BROKEN = GOOD.replace("age >= 18", "age >= 60")
"""Compiles, but most rows break the first rule."""


def frame() -> pd.DataFrame:
    """Ages 18 to 80; one row in ten has a saving that is not doubled in no case; one row has a rare job."""
    draws = np.random.default_rng(5)
    saved = draws.integers(0, 50_000, ROWS)
    job = draws.choice(["clerk", "nurse", "smith"], ROWS).astype(object)
    job[7] = SECRET
    cells = {"age": draws.integers(18, 81, ROWS), "job.type": job, "saved": saved, "twice": 2 * saved}
    return pd.DataFrame(cells).astype(str)


def request(**more: Any) -> Request:
    return Request(frame(), table="clients", **more)
