"""The runs in the order in which they are made: of one seed first the rule files, then model by model their rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from benchmarks.providers_study.measuring import measure_rows, measure_rules, or_trouble
from benchmarks.providers_study.pool import ROWS as POOL_ROWS
from benchmarks.providers_study.subjects import Subject, digest
from benchmarks.runs import Results, Run, Task
from benchmarks.texture.part import Settings

READINGS = ("strict", "manual")
"""How the real rows were paired with news; the rule file of that name is the reference."""
RULES, ROWS = "rules", "rows"
PARTS = (RULES, ROWS)
"""What is measured: the verdicts of the rule files on a pool, and the rows that are drawn under them."""
POOL = "pool"
Job = tuple[Task, Subject, str]


def rules_part(reading: str) -> str:
    """What the runs are called that judge a pool by the rule files."""
    return f"{reading} {RULES}"


def rows_part(reading: str) -> str:
    """What the runs are called that draw rows under the rule files."""
    return f"{reading} {ROWS}"


def jobs(
    settings: Settings,
    subjects: Collection[Subject],
    readings: Sequence[str],
    rows: int,
    parts: Collection[str] = PARTS,
) -> list[Job]:
    """The runs that are asked for, each with what measures it, its subject and its reading."""
    found: list[Job] = []
    for seed in settings.seeds:
        for reading in readings:
            if RULES in parts:
                found += _of_rules(settings, subjects, reading, seed)
            if ROWS in parts:
                found += _of_rows(settings, subjects, reading, seed, settings.rows(rows))
    return found


def _of_rules(settings: Settings, subjects: Collection[Subject], reading: str, seed: int) -> Iterator[Job]:
    rows = settings.rows(POOL_ROWS)
    for subject in subjects:
        run = Run(rules_part(reading), subject.name, POOL, seed, rows)
        yield (run, partial(measure_rules, settings, reading, subject, seed, rows)), subject, reading


def _of_rows(settings: Settings, subjects: Collection[Subject], reading: str, seed: int, rows: int) -> Iterator[Job]:
    for generator in settings.generators:
        for subject in subjects:
            run = Run(rows_part(reading), subject.name, generator, seed, rows)
            measure = partial(measure_rows, settings, reading, subject, generator, seed, rows)
            yield (run, partial(or_trouble, measure)), subject, reading


def changed(results: Results, settings: Settings, found: Sequence[Job]) -> list[Task]:
    """The runs that are there, but of another text of the rules; drafts are not made anew to find out."""
    stale = []
    for task, subject, reading in found:
        known = results.runs.get(task[0], {}).get("digest")
        if known is None or not subject.is_cheap:
            continue
        if known != digest(subject.text(settings, reading, task[0].seed)):
            stale.append(task)
    return stale
