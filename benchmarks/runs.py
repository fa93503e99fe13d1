"""Runs and what they measured, in a CSV file of one figure a line: a benchmark that was stopped goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
Value = float | int | str
Figures = dict[str, Value]


@dataclass(frozen=True, order=True)
class Run:
    """One measurement: which part of a benchmark, which case of it, the generator, the seed, and how many rows."""

    part: str
    case: str
    generator: str
    seed: int
    rows: int

    def __str__(self) -> str:
        return f"{self.part} {self.case} {self.generator}, seed {self.seed}, {self.rows:,} rows"


TROUBLE = "trouble"
"""The figure of a run that could not be measured: why not, in words. Such a run is tried again."""
Task = tuple[Run, Callable[[], Figures]]
COLUMNS = [*Run.__dataclass_fields__, "figure", "value"]


class Results:
    """The figures of all runs so far, in the order in which they were measured; `path` None keeps no file."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.runs: dict[Run, Figures] = {}
        if path is not None and path.is_file():
            for *key, figure, value in pd.read_csv(path, dtype=str, keep_default_na=False)[COLUMNS].to_numpy():
                part, case, generator, seed, rows = key
                run = Run(part, case, generator, int(seed), int(rows))
                self.runs.setdefault(run, {})[figure] = parsed(value)

    def add(self, run: Run, figures: Figures) -> None:
        """Keep what a run measured, as it is read again; the file is written whole or not at all."""
        self.runs[run] = {name: parsed(written(value)) for name, value in figures.items()}
        if self.path is not None:
            lines = [{**asdict(key), "figure": name, "value": value} for key, name, value in self._lines()]
            text = pd.DataFrame(lines, columns=COLUMNS, dtype=object).to_csv(index=False, lineterminator="\n")
            write(self.path, text)

    def _lines(self) -> list[tuple[Run, str, str]]:
        return [(run, name, written(value)) for run, figures in self.runs.items() for name, value in figures.items()]

    def of(self, part: str) -> list[tuple[Run, Figures]]:
        """The runs of a part: cases and generators as they were first measured, the seeds of each together."""
        runs = [run for run in self.runs if run.part == part]
        places = {key: k for k, key in enumerate(dict.fromkeys((run.case, run.generator) for run in runs))}
        runs.sort(key=lambda run: (places[run.case, run.generator], run.rows, run.seed))
        return [(run, self.runs[run]) for run in runs]


def parsed(text: str) -> Value:
    """A value as `written` wrote it."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def written(value: Value) -> str:
    """A value as it stands in a file, six digits of a number with a fraction."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def measure_all(results: Results, tasks: Sequence[Task], force: bool, told: Callable[[Run, Figures], str]) -> None:
    """Measure what is not there yet, one line of progress a run.

    Args:
        force: measure what is there again.
        told: what the line says of a run that was measured.
    """
    for number, (run, measure) in enumerate(tasks, start=1):
        name = f"[{number}/{len(tasks)}] {run}"
        if TROUBLE not in results.runs.get(run, {TROUBLE: ""}) and not force:
            print(f"{name}: is there already", flush=True)
            continue
        started = time.perf_counter()
        figures = measure()
        results.add(run, figures)
        print(f"{name}: {time.perf_counter() - started:.1f} s in all; {told(run, figures)}", flush=True)


def show_progress(rows: int, total: int) -> None:
    """The progress of one synthesis, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r  {rows:,} of {total:,}", end="" if rows < total else "\r", file=sys.stderr, flush=True)


def means(runs: Sequence[tuple[Run, Figures]]) -> Mapping[tuple[str, str, int], Figures]:
    """The mean of every number over the seeds, by case, generator and rows; of texts the first."""
    groups: dict[tuple[str, str, int], list[Figures]] = {}
    for run, figures in runs:
        groups.setdefault((run.case, run.generator, run.rows), []).append(figures)
    return {
        key: {name: _mean([f[name] for f in group if name in f]) for name in group[0]} for key, group in groups.items()
    }


def _mean(values: Sequence[Value]) -> Value:
    numbers = [value for value in values if not isinstance(value, str)]
    return sum(numbers) / len(numbers) if len(numbers) == len(values) else values[0]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table whose first columns, `left` of them, are aligned to the left."""
    rule = ["---" if k < left else "---:" for k in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def places(output: Path | None, quick: bool) -> tuple[Path, Path] | None:
    """Where results and page go: to a folder that is named, else to their own; None where nothing is written."""
    if output is not None:
        return output, output
    return None if quick else (ROOT / "benchmarks" / "results", ROOT / "docs" / "benchmarks")
