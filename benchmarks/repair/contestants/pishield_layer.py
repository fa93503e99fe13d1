"""PiShield's layer for linear requirements, in an environment of its own; it never sees htdbu.

The layer gets the table's numbers as one float32 tensor, in batches, as it would inside of a network. Its output is
rounded to the digits of the columns, since a table of money has cents.
"""

from __future__ import annotations

import contextlib
import io
import time

import numpy as np
import pandas as pd
import torch
from pishield.linear_requirements.shield_layer import ShieldLayer

from benchmarks.repair.contestants.requests import ROWS, read_request, write_figures
from benchmarks.repair.contestants.timing import timed

BATCH = 10_000


def main() -> None:
    """Repair the table's numbers, and write the table."""
    request, folder = read_request()
    torch.set_num_threads(request.threads)
    frame = pd.read_parquet(request.table)
    columns, scales = request.options["columns"], request.options["scales"]
    requirements = folder / "requirements.txt"
    requirements.write_text(request.options["requirements"])
    begun = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        layer = ShieldLayer(len(columns), str(requirements))
    setup = time.perf_counter() - begun

    def run(rows: int) -> pd.DataFrame:
        repaired = frame.head(rows).copy()
        numbers = torch.from_numpy(repaired[columns].to_numpy(dtype=np.float32, copy=True))
        with torch.no_grad():
            moved = torch.cat([layer(part) for part in numbers.split(BATCH)]).numpy()
        for k, (column, scale) in enumerate(zip(columns, scales, strict=True)):
            steps = np.rint(moved[:, k].astype(np.float64) * 10**scale)
            repaired[column] = (steps / 10**scale).astype(frame[column].dtype)
        return repaired

    timing = timed(run, len(frame), request.seconds)
    timing.result.to_parquet(folder / ROWS, index=False)
    write_figures(folder, {**timing.to_dict(), "setup_seconds": setup})


if __name__ == "__main__":
    main()
