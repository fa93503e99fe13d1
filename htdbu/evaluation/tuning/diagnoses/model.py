"""The model: raw samples, which know no rule and no plan, against samples of a better recipe.

Even a sound model lies a little above the floor of real rows against real rows, so that alone is no fault. It is one
only where something can be done: another recipe, learned from the same rows, comes nearer to the rows that judge by
more than two tables of real rows differ by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.evidence import REPEATS, Evidence
from htdbu.evaluation.tuning.likeness import STATISTICS, Likeness
from htdbu.evaluation.tuning.recipe import Recipe, challengers
from htdbu.evaluation.tuning.setup import Retrain, Setup

NAMED = 2
"""So many columns at most are named as those that the model lacks."""


def diagnose(setup: Setup, evidence: Evidence, found: Sequence[Cause]) -> list[Cause]:
    """The model, where a challenger beats it."""
    own, others = evidence.raw(setup.recipe), list(challengers(setup.recipe))
    tests = len(STATISTICS) * len(others)
    if all(own.values[name] <= evidence.noise(name).limit(tests) for name in STATISTICS):
        return []
    for other in others:
        better = evidence.raw(other)
        beaten = [name for name in STATISTICS if _gap(own, better, name) > evidence.noise(name).gap(REPEATS, tests)]
        worse = [name for name in STATISTICS if -_gap(own, better, name) > evidence.noise(name).gap(REPEATS, tests)]
        if beaten and not worse:
            told = _told(setup.recipe, other, own, better, beaten, evidence)
            return [Cause("model", setup.recipe.name, told, Retrain(other, f"retrain as {other.said}"))]
    return []


def _gap(own: Likeness, other: Likeness, statistic: str) -> float:
    return own.values[statistic] - other.values[statistic]


def _told(
    recipe: Recipe, other: Recipe, own: Likeness, better: Likeness, beaten: Sequence[str], evidence: Evidence
) -> str:
    """The figures of both, and the columns that the model lacks most."""
    tests = len(STATISTICS) * len(list(challengers(recipe)))
    figures = ", ".join(
        f"{name} {own.values[name]:.4f} and {better.values[name]:.4f} (by chance they differ by up to "
        f"{evidence.noise(name).gap(REPEATS, tests):.4f})"
        for name in beaten
    )
    lacking = _lacking(own, better, evidence)
    columns = f"; farthest off in pairs with {' and '.join(f'`{name}`' for name in lacking)}" if lacking else ""
    return f"raw samples of {recipe.said} and of {other.said} score {figures}{columns}"


def _lacking(own: Likeness, better: Likeness, evidence: Evidence) -> list[str]:
    """The columns whose pairs stand out: beyond chance, and by twice as much as those of the column in the middle."""
    gaps = {name: own.pairs[name] - better.pairs[name] for name in own.pairs}
    if not gaps:
        return []
    middle = sorted(gaps.values())[len(gaps) // 2]
    beyond = [
        name
        for name, gap in gaps.items()
        if gap > max(evidence.rows.pair_noise(name).gap(REPEATS, len(gaps)), 2 * middle)
    ]
    return sorted(beyond, key=lambda name: -gaps[name])[:NAMED]
