"""The plan: stated shares and targets against the real rows.

A statement is at fault where the real rows do not meet it, by more than real rows drawn anew stray from the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Factor, Interval, Share, Target
from htdbu.compiler.shares import share_box
from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.noise import Noise
from htdbu.evaluation.tuning.replan import move_bounds, restate
from htdbu.evaluation.tuning.setup import Setup
from htdbu.generators.arrays import Ints, Mask
from htdbu.solver.table import VALUE, EncodedTable
from htdbu.solver.tallies import given_rows
from htdbu.solver.targets import measure_targets

RESAMPLED = 100
FEWEST = 20
"""Of fewer rows no share is judged."""


def diagnose(setup: Setup, evidence: Evidence, found: Sequence[Cause]) -> list[Cause]:
    """Every statement about shares that the real rows contradict."""
    tests = len(setup.program.targets) + sum(1 + len(factor.branches) for factor in setup.program.factors)
    causes = [*_factors(setup, evidence, tests), *_targets(setup, evidence, tests)]
    return [cause for cause in causes if cause.name not in setup.keep]


def _factors(setup: Setup, evidence: Evidence, tests: int) -> list[Cause]:
    causes = []
    table = evidence.table(setup)
    for factor in setup.program.factors:
        for shares, name, rows in _stated(setup, factor, table):
            column = setup.program.column(name)
            told = _against(shares, column, setup, table, rows, evidence, tests)
            if told is not None:
                said, real = told
                cause = Cause("plan", factor.column, f"`{name}`: {said}", restate(setup, factor, shares, real, said))
                causes.append(cause)
                break  # the other shares of the factor wait for the next round
    return causes


def _stated(setup: Setup, factor: Factor, table: EncodedTable) -> Iterator[tuple[tuple[Share, ...], str, Mask]]:
    """All shares that a factor states, of which column, and the rows that they speak of."""
    if factor.shares is not None:
        yield factor.shares, factor.column, np.ones(table.n_rows, bool)
    for branch in factor.branches:
        rows = _inside(setup, table, factor.column, branch.values)
        yield from ((a.shares, a.column, rows) for a in branch.attributes if a.shares is not None)


def _inside(setup: Setup, table: EncodedTable, column: str, values: Interval) -> Mask:
    """The rows whose cell lies in a range."""
    place = setup.program.column_index[column]
    one = Share(values=(values,), share=Decimal(0))
    ((low, high),) = share_box(one, [setup.program.columns[place]])
    cells = table.values[place]
    inside: Mask = (table.states[place] == VALUE) & (cells >= low) & (cells <= high)
    return inside


def _against(
    shares: Sequence[Share],
    column: Column,
    setup: Setup,
    table: EncodedTable,
    rows: Mask,
    evidence: Evidence,
    tests: int,
) -> tuple[str, list[Fraction]] | None:
    """What is wrong with the shares, and the real ones; None where nothing is."""
    counts = np.array([(rows & _inside(setup, table, column.name, share.values[0])).sum() for share in shares])
    total = int(counts.sum())
    if total < FEWEST:
        return None
    wanted = np.array([float(share.share) for share in shares])
    real = counts / total
    distance = float(np.abs(wanted - real).sum() / 2)
    drawn: Ints = evidence.rows.rng(4).multinomial(total, real, size=RESAMPLED)
    noise = Noise.of((np.abs(drawn / total - real).sum(axis=1) / 2).tolist())
    if distance <= noise.limit(tests):
        return None
    most = int(np.abs(wanted - real).argmax())
    said = (
        f"stated {wanted[most]:.2%} where {real[most]:.2%} of {total:,} real rows are; the stated shares lie "
        f"{distance:.4f} from the real ones, and drawn rows up to {noise.limit(tests):.4f}"
    )
    return said, [Fraction(int(count), total) for count in counts]


def _targets(setup: Setup, evidence: Evidence, tests: int) -> list[Cause]:
    """The targets that real rows miss by more than chance; those with `~ real` cannot be missed."""
    table = evidence.table(setup)
    missed = [
        (target, outcome)
        for target, outcome in zip(setup.program.targets, measure_targets(setup.program, table, None), strict=True)
        if outcome.met is False and isinstance(outcome.value, float) and _many(setup, target, table)
    ]
    if not missed:
        return []
    drawn: dict[str, list[float]] = {target.name: [] for target, _ in missed}
    for k in range(RESAMPLED):
        again = table.take(evidence.rows.rng(5, k).integers(table.n_rows, size=table.n_rows))
        for outcome in measure_targets(setup.program, again, None):
            if outcome.name in drawn and isinstance(outcome.value, float):
                drawn[outcome.name].append(outcome.value)
    causes = []
    for target, outcome in missed:
        value = outcome.value
        assert isinstance(value, float)
        low, high = (end if isinstance(end, float) else None for end in (outcome.low, outcome.high))
        width = Noise.of(drawn[target.name]).width(tests)
        beyond = max((low - value) if low is not None else 0.0, (value - high) if high is not None else 0.0)
        if beyond > width:
            bounds = f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
            said = f"the real rows have {value:.4g} where {bounds} is asked for; drawn rows stray by up to {width:.3g}"
            causes.append(Cause("plan", target.name, said, move_bounds(setup, target, value, width, said)))
    return causes


def _many(setup: Setup, target: Target, table: EncodedTable) -> bool:
    """Whether enough real rows are those that a target speaks of."""
    lowered = normalise(setup.program).targets[list(setup.program.targets).index(target)]
    return int(given_rows(setup.program, lowered, table).sum()) >= FEWEST
