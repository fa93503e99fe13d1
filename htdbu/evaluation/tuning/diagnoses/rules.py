"""The rules: real rows under each of them, and real rows repaired under the sound ones with and without a suspect.

A rule is a suspect where real rows break it at a rate that a few dirty rows do not explain: of the rows that it speaks
of, those whose premise holds, surely more than `DIRT`. A suspect is wrong where obeying it would move the data: of the
rows that it speaks of, repaired under all sound rules and the suspect, a greater share differs from the same rows
repaired under the sound rules alone than resampling moves of any column. (That share is the total variation distance
that the rule makes between whole rows; of single columns it may be small where a rule is about how they go together.)
Suspects are added one by one, so that two that break in the same rows cannot hide one another, as they would were they
left out one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.evaluation.metrics.shape import column_distance
from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.evidence import MOST_REPAIRED, Evidence
from htdbu.evaluation.tuning.noise import DIRT, Noise, surely_above
from htdbu.evaluation.tuning.proposals import propose
from htdbu.evaluation.tuning.reduced import planned_by, without
from htdbu.evaluation.tuning.setup import Setup
from htdbu.generators.arrays import Mask
from htdbu.solver.outcomes import Outcome

RESAMPLED = 40
_OF_SEVERAL = ("unique", "fd", "key")


@dataclass(frozen=True)
class Moved:
    """The share of rows that obeying a rule changes, how much of a column resampling changes, the column it moves."""

    share: float
    floor: float
    column: str


def diagnose(setup: Setup, evidence: Evidence, found: Sequence[Cause]) -> list[Cause]:
    """Every wrong rule, with the smallest change that the data support."""
    outcomes = evidence.outcomes(setup)
    planned = planned_by(setup.program)
    judged = [each for each in outcomes if each.name not in setup.keep and each.name not in planned]
    suspects = [outcome for outcome in judged if _suspicious(outcome, len(judged))]
    causes = []
    for suspect in suspects:
        moved = evidence.once(
            ("moved", setup.source.text, suspect.name),
            f"real rows repaired with and without {suspect.name}",
            lambda suspect=suspect: _moved(setup, evidence, suspect, suspects),  # type: ignore[misc]
        )
        if moved.share > moved.floor:
            told = _told(suspect, moved)
            causes.append(Cause("rule", suspect.name, told, propose(setup, evidence, suspect, told)))
    return causes


def _suspicious(outcome: Outcome, tests: int) -> bool:
    fired, failed = int(outcome.fired.sum()), int((outcome.fail & outcome.fired).sum())
    return surely_above(failed, fired, tests) > DIRT


def _told(suspect: Outcome, moved: Moved) -> str:
    fired, failed = int(suspect.fired.sum()), int((suspect.fail & suspect.fired).sum())
    of = "real rows" if fired == len(suspect.fired) else "real rows that it speaks of"
    return (
        f"{failed:,} of {fired:,} {of} break it ({failed / fired:.1%}), and obeying it would change {moved.share:.1%} "
        f"of them{moved.column}; resampling alone moves up to {moved.floor:.1%} of a column"
    )


def _moved(setup: Setup, evidence: Evidence, suspect: Outcome, suspects: Sequence[Outcome]) -> Moved:
    spoken = np.flatnonzero(suspect.fired)
    frame = evidence.rows.texture(setup.program, evidence.table(setup)).iloc[spoken]
    floor = _floor(evidence, frame)
    if suspect.kind in _OF_SEVERAL:  # one row says nothing of it, so what fails is what would change
        return Moved(float(suspect.fail.mean()), floor, "")
    some = evidence.rows.rng(2).permutation(spoken)[:MOST_REPAIRED]
    sound = without(setup.program, [each.name for each in suspects])
    doubted = without(setup.program, [each.name for each in suspects if each.name != suspect.name])
    before = frame.loc[some].reset_index(drop=True)
    alone, both = (evidence.mended(program, some) for program in (sound, doubted))
    gaps = {
        str(name): column_distance(before[name], both.frame[name]) - column_distance(before[name], alone.frame[name])
        for name in before
    }
    column = max(gaps, key=lambda name: gaps[name])
    changed = _differ(alone.frame, both.frame) | (both.left & ~alone.left)
    return Moved(float(changed.mean()), floor, f", `{column}` by {gaps[column]:.3f}" if gaps[column] > 0 else "")


def _differ(one: pd.DataFrame, other: pd.DataFrame) -> Mask:
    """The rows in which two tables with the same columns differ."""
    differ = np.zeros(len(one), bool)
    for name in one:
        sides = [side[name].astype(object).where(side[name].notna(), None).to_numpy() for side in (one, other)]
        differ |= np.not_equal(*sides).astype(bool)
    return differ


def _floor(evidence: Evidence, frame: pd.DataFrame) -> float:
    """How far the column that strays most strays in tables of as many rows that are drawn from these."""
    drawn = []
    for k in range(RESAMPLED):
        rows = evidence.rows.rng(3, k).integers(len(frame), size=len(frame))
        again = frame.iloc[rows]
        drawn.append(max(column_distance(frame[name], again[name]) for name in frame))
    return Noise.of(drawn).limit()
