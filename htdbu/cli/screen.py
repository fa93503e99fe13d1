"""Results shown: calm text and tables for people, JSON for programs."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# Wide enough that no table breaks when its text goes to a file or another program.
PIPE_WIDTH = 10_000


class Screen:
    """Where a command shows its results: standard output, or standard error while data go to standard output."""

    def __init__(self, *, errors: bool = False) -> None:
        self.stream = sys.stderr if errors else sys.stdout

    @cached_property
    def console(self) -> Console:
        """A rich console: colours and a width on a terminal, plain text elsewhere and under NO_COLOR."""
        from rich.console import Console

        width = None if self.stream.isatty() else PIPE_WIDTH
        return Console(file=self.stream, width=width, highlight=False, emoji=False, markup=False)

    @property
    def color(self) -> bool:
        """Whether colours are wanted: on a terminal, unless NO_COLOR is set."""
        return self.stream.isatty() and "NO_COLOR" not in os.environ

    def raw(self, text: str) -> None:
        """Write text as it stands."""
        self.stream.write(text)

    def say(self, text: str = "", style: str | None = None) -> None:
        """Write a line of text."""
        self.console.print(text, style=style, soft_wrap=True)

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; a header that begins with `>` stands over a column of numbers."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for header in headers:
            table.add_column(header.removeprefix(">"), justify="right" if header.startswith(">") else "left")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        with self.console.capture() as capture:
            self.console.print(table)
        self.raw("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))

    def json(self, data: Mapping[str, Any]) -> None:
        """Write a result as JSON."""
        self.stream.write(json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def plain(value: Any) -> Any:
    """A value with nothing in it but what JSON knows; what is no number becomes null, the rest text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy's scalars and arrays
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)


def count(number: int, noun: str = "", plural: str | None = None) -> str:
    """A number with its thousands apart, and what it counts: `1 row`, `12,000 rows`."""
    name = noun if number == 1 else plural or f"{noun}s" if noun else ""
    return f"{number:,} {name}".rstrip()


def percent(share: float | None) -> str:
    """A share in percent; none where there is nothing to take a share of."""
    return "-" if share is None or not math.isfinite(share) else f"{100 * share:.2f} %"


def figure(value: float | None) -> str:
    """A measured number with four digits after the point; a dash where it was not measured."""
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
