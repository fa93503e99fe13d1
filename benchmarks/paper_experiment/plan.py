"""The runs in the order in which they are made: what says most comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from benchmarks.paper_experiment.contestants import ABLATION, MAIN, NEEDS, POOLED, Contestant
from benchmarks.paper_experiment.measuring import measure
from benchmarks.paper_experiment.readings import READINGS
from benchmarks.runs import Run, Task
from benchmarks.texture.part import Settings

ROWS = 12_000
WITH, WITHOUT = "with S", "without S"
TABLE, GRID = "table", "ablation"
PARTS = (TABLE, GRID)
COMPARED = ("manual", "strict")
"""The readings that the paper has figures for."""
Job = tuple[Run, str, bool, Contestant]


def case(reading: str, skeleton: bool) -> str:
    """What a run is called in the results."""
    return f"{reading} {WITH if skeleton else WITHOUT}"


def jobs(settings: Settings, parts: Collection[str], readings: Collection[str]) -> list[Job]:
    """The runs that are asked for; of each model first its own rows, then those under S."""
    found = [*_jobs(settings, parts, readings)]
    return sorted(found, key=lambda job: _place(settings, job))


def _jobs(settings: Settings, parts: Collection[str], readings: Collection[str]) -> Iterator[Job]:
    rows = settings.rows(ROWS)
    for reading in (name for name in READINGS if name in readings):
        main = [MAIN[name] for name in settings.generators] if TABLE in parts else []
        grid = [*ABLATION.values()] if GRID in parts and reading in COMPARED else []
        grid = [grid[0], grid[-1]] if settings.quick and grid else grid
        for part, contestant in (*((TABLE, each) for each in main), *((GRID, each) for each in grid)):
            for seed in settings.seeds:
                for skeleton in (False, True)[: 1 if contestant.name == POOLED else 2]:
                    run = Run(part, case(reading, skeleton), contestant.name, seed, rows)
                    yield run, reading, skeleton, contestant


def _place(settings: Settings, job: Job) -> tuple[int, ...]:
    """Slow networks last; before them the compared readings, one seed first, the ablation, and the other readings."""
    run, reading, _, contestant = job
    stage = 1 if run.part == GRID else 0 if reading in COMPARED else 2
    return contestant.base in NEEDS, stage, settings.seeds.index(run.seed)


def tasks(settings: Settings, found: Collection[Job]) -> list[Task]:
    """The runs with what measures each."""
    return [
        (run, partial(measure, settings, reading, skeleton, contestant, run.seed, run.rows))
        for run, reading, skeleton, contestant in found
    ]
