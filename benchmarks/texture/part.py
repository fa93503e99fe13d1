"""What a part of the benchmark is: runs, the figures that are shown of them, and the bounds that must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from benchmarks.runs import Figures, Run, Task, Value

QUICK_ROWS = 1_000


@dataclass(frozen=True)
class Settings:
    """What is measured: on which data, with which seeds, by which generators where a part does not name its own.

    Attributes:
        quick: whether to make `QUICK_ROWS` rows at most from twice as many, to see that everything runs.
    """

    data: Path
    seeds: tuple[int, ...]
    generators: tuple[str, ...]
    quick: bool = False

    def rows(self, wanted: int) -> int:
        """How many rows to make where so many are wanted."""
        return min(wanted, QUICK_ROWS) if self.quick else wanted

    def thin(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that serve as real ones."""
        few = self.quick and len(frame) > 2 * QUICK_ROWS
        return frame.sample(2 * QUICK_ROWS, random_state=0).reset_index(drop=True) if few else frame


def everywhere(run: Run, figures: Figures) -> bool:
    """A bound of every run."""
    return True


@dataclass(frozen=True)
class Bound:
    """What must hold of a figure.

    Attributes:
        says: what is bounded, in words.
        applies: the runs that must keep it, where they have the figure.
    """

    figure: str
    how: Literal["at most", "below", "exactly"]
    limit: float
    says: str
    applies: Callable[[Run, Figures], bool] = everywhere

    @property
    def wanted(self) -> str:
        """The bound in words."""
        return f"{self.how} {self.limit:g}"

    def holds(self, value: Value) -> bool:
        """Whether a value keeps it; what is no number keeps none."""
        number = float(value)
        kept = {"at most": number <= self.limit, "below": number < self.limit, "exactly": number == self.limit}
        return kept[self.how]

    def judged(self, runs: Sequence[tuple[Run, Figures]]) -> list[tuple[Run, float]]:
        """The runs that it speaks of, with their values, the worst first."""
        values = [(run, float(f[self.figure])) for run, f in runs if self.figure in f and self.applies(run, f)]
        return sorted(values, key=lambda pair: -abs(pair[1] - self.limit if self.how == "exactly" else 0) or -pair[1])


@dataclass(frozen=True)
class Shown:
    """A column of a part's table: the figure, its heading, how it is written, and what it is multiplied by."""

    figure: str
    head: str
    form: str = ".3f"
    times: float = 1

    def cell(self, figures: Figures) -> str:
        """The figure as it is shown; nothing where it was not measured."""
        value = figures.get(self.figure, "")
        return value if isinstance(value, str) else f"{self.times * value:{self.form}}"


@dataclass(frozen=True)
class Ways(Shown):
    """The column that says how many rows came which way."""

    def cell(self, figures: Figures) -> str:
        """The ways that any row came."""
        counts = {name.removeprefix("way "): value for name, value in figures.items() if name.startswith("way ")}
        return ", ".join(f"{float(count):,.0f} {way}" for way, count in counts.items() if count)


WAYS = Ways("way sampled", "ways of the rows")


@dataclass(frozen=True)
class Part:
    """A part of the benchmark.

    Attributes:
        wanted: what must hold, as the project has set it itself.
        says: how it is measured.
        tasks: the runs, each with what measures it.
    """

    name: str
    title: str
    wanted: str
    says: str
    shown: tuple[Shown, ...]
    bounds: tuple[Bound, ...]
    tasks: Callable[[Settings], list[Task]]

    def told(self, run: Run, figures: Figures) -> str:
        """The figures of one run, each bounded one with its bound and whether it holds."""
        return "; ".join(self._told(run, figures))

    def _told(self, run: Run, figures: Figures) -> Iterator[str]:
        bounds = {bound.figure: bound for bound in self.bounds if bound.applies(run, figures)}
        for shown in self.shown:
            if shown.figure in figures and shown.figure not in bounds:
                yield f"{shown.head} {shown.cell(figures)}"
        for name, bound in bounds.items():
            if name in figures:
                value = figures[name]
                yield f"{bound.says} {value:.4g} ({bound.wanted}: {'holds' if bound.holds(value) else 'MISSED'})"
