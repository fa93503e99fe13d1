"""Results as a CSV file of one line a run, which is only ever appended to: several processes can fill in one table."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from benchmarks.runs import Figures, Results, Run, parsed, written
from htdbu.errors import DataError

try:
    import fcntl
except ImportError:  # Windows, where nothing keeps two processes apart
    fcntl = None  # type: ignore[assignment]

KEY = list(Run.__dataclass_fields__)


class AppendedResults(Results):
    """What runs measured; a run that was measured twice counts as it was the last time.

    Args:
        path: the file, None for none.
        figures: the names of all figures that a run may have; each is a column, empty where a run has none.

    Raises:
        DataError: the file has other columns.
    """

    def __init__(self, path: Path | None, figures: Sequence[str]) -> None:
        super().__init__(None)
        self.path = path
        self.columns = [*KEY, *figures]
        self.refresh()

    def refresh(self) -> None:
        """Take in what other processes have added; a line that was cut off while it was written is no run."""
        if self.path is None or not self.path.is_file():
            return
        whole = self.path.read_bytes()
        text = whole[: whole.rfind(b"\n") + 1].decode("utf-8")
        if not text:
            return
        header, *lines = csv.reader(io.StringIO(text))
        if header != self.columns:
            raise DataError(f"{self.path} has other columns than this benchmark", "move it away, or use -o")
        for part, case, generator, seed, rows, *values in lines:
            run = Run(part, case, generator, int(seed), int(rows))
            named = zip(self.columns[len(KEY) :], values, strict=True)
            self.runs[run] = {name: parsed(value) for name, value in named if value != ""}

    def add(self, run: Run, figures: Figures) -> None:
        """Keep what a run measured; on the disk when this returns."""
        unknown = sorted(figures.keys() - set(self.columns))
        if unknown:
            raise ValueError(f"no column for {', '.join(unknown)}")
        self.runs[run] = figures
        if self.path is None:
            return
        values = asdict(run) | {name: written(value) for name, value in figures.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            self._append(file, [values.get(column, "") for column in self.columns])
        self.refresh()

    def _append(self, file: BinaryIO, values: Sequence[Any]) -> None:
        """One line after the last whole one, and before it the heading where there is none."""
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerows([values] if whole else [self.columns, values])
        file.write(text.getvalue().encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
