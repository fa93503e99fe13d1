"""The request that a contestant reads, and what it leaves in its folder; needs nothing but the standard library."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

REQUEST, ROWS, FIGURES = "request.json", "rows.parquet", "figures.json"
DRAWN = "drawn.parquet"
"""Rows as they were before any was rejected."""


@dataclass(frozen=True)
class Request:
    """What to do.

    Attributes:
        table: the Parquet file to repair, or to learn from.
        rules: the rule file.
        seconds: how long to measure, about.
        threads: how many threads may work.
        options: what this contestant alone needs.
    """

    table: str
    rules: str
    seconds: float
    threads: int
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Leave the request in a folder."""
        (folder / REQUEST).write_text(json.dumps(asdict(self)))


def read_request() -> tuple[Request, Path]:
    """The request, and the folder that it stands in, which is the only argument of the program."""
    folder = Path(sys.argv[1])
    return Request(**json.loads((folder / REQUEST).read_text())), folder


def write_figures(folder: Path, figures: dict[str, Any]) -> None:
    """Leave the figures in the folder."""
    (folder / FIGURES).write_text(json.dumps(figures))
