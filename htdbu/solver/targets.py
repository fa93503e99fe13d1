"""Targets: properties of the whole table, measured and judged exactly.

A row counts where the condition after `given` is true and the measured cell or condition is known. Quantiles
interpolate linearly between the two nearest order statistics (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import day_number, second_number
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalTarget
from htdbu.compiler.program import Program, Target
from htdbu.compiler.shares import EVERY_VALUE, Parts, corner, share_box
from htdbu.solver.beyond import beyond
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import group_numbers
from htdbu.solver.table import VALUE, EncodedTable

Shares = dict[tuple[int, ...], Fraction]


@dataclass(frozen=True)
class TargetOutcome:
    """A target's value (None over no rows, or without the real rows that it needs), its bounds, and the verdict."""

    name: str
    value: float | str | None
    low: float | str | None
    high: float | str | None
    met: bool | None

    def to_dict(self) -> dict[str, Any]:
        """The contract's form."""
        return {"name": self.name, "value": self.value, "low": self.low, "high": self.high, "met": self.met}


def measure_targets(program: Program, table: EncodedTable, real: EncodedTable | None) -> list[TargetOutcome]:
    """Every target of the program, measured on a table."""
    normal = normalise(program)
    pairs = zip(program.targets, normal.targets, strict=True)
    return [_outcome(program, target, lowered, table, real) for target, lowered in pairs]


def _outcome(
    program: Program, target: Target, lowered: NormalTarget, table: EncodedTable, real: EncodedTable | None
) -> TargetOutcome:
    low, high = (target_bound(end) for end in (target.low, target.high))
    judged = not (target.real and real is None)
    value = measure(program, target, lowered, table, real) if judged else None
    met: bool | None = None
    if judged:
        met = value is not None and (low is None or value >= low) and (high is None or value <= high)
    kind = "number" if target.measure in ("share", "dist") else program.column(target.columns[0]).type.kind
    shown = [None if v is None else _shown(v, kind) for v in (value, low, high)]
    return TargetOutcome(target.name, shown[0], shown[1], shown[2], met)


def target_bound(end: Constant | None) -> Fraction | None:
    """A bound in the units that `measure` gives: numbers as they are, dates in days, datetimes in seconds."""
    if end is None:
        return None
    if end.type == "date":
        return Fraction(day_number(str(end.value)))
    return Fraction(second_number(str(end.value))) if end.type == "datetime" else Fraction(str(end.value))


def _shown(value: Fraction, kind: str) -> float | str:
    if kind == "date":
        return (date(1970, 1, 1) + timedelta(days=round(value))).isoformat()
    if kind == "datetime":
        return (datetime(1970, 1, 1) + timedelta(seconds=round(value))).isoformat()
    return float(value)


def measure(
    program: Program, target: Target, lowered: NormalTarget, table: EncodedTable, real: EncodedTable | None
) -> Fraction | None:
    """The exact value of a target on a table; None over no rows."""
    counted = given_rows(program, lowered, table)
    if target.measure == "share":
        assert lowered.condition is not None
        true, false = Evaluator(normalise(program), table, beyond(program)).truth(lowered.condition)
        total = int(((true | false) & counted).sum())
        return Fraction(int((true & counted).sum()), total) if total else None
    if target.measure == "dist":
        columns = [program.column(name) for name in target.columns]
        boxes = {share_box(share, columns): Fraction(share.share) for share in target.shares or ()}
        here = shares_of(program, target.columns, table, counted, Parts(boxes))
        wanted = {corner(box): share for box, share in boxes.items()}
        if target.real:
            assert real is not None
            wanted = shares_of(program, target.columns, real, given_rows(program, lowered, real)) or {}
        return None if not here or (target.real and not wanted) else variation(here, wanted)
    position = program.column_index[target.columns[0]]
    rows = np.flatnonzero(counted & (table.states[position] == VALUE))
    numbers = _exact_values(table, position, rows)
    column = program.columns[position]
    scale = 10**column.type.scale if column.type.kind in ("int", "decimal") else 1
    found = _aggregate(target, numbers)
    return None if found is None else found / scale


def given_rows(program: Program, lowered: NormalTarget, table: EncodedTable) -> NDArray[np.bool_]:
    """The rows that a target speaks of."""
    if lowered.given is None:
        return np.ones(table.n_rows, bool)
    return Evaluator(normalise(program), table, beyond(program)).truth(lowered.given)[0]


def _exact_values(table: EncodedTable, position: int, rows: NDArray[np.int64]) -> list[int]:
    values = table.values[position][rows].tolist()
    if not table.huge:
        return [int(value) for value in values]
    return [table.huge.get((position, row), value) for row, value in zip(rows.tolist(), values, strict=True)]


def _aggregate(target: Target, numbers: Sequence[int]) -> Fraction | None:
    if not numbers:
        return None
    match target.measure:
        case "mean":
            return Fraction(sum(numbers), len(numbers))
        case "sum":
            return Fraction(sum(numbers))
        case "min":
            return Fraction(min(numbers))
        case "max":
            return Fraction(max(numbers))
    ordered = sorted(numbers)
    place = Fraction(target.quantile or 0) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def shares_of(
    program: Program,
    columns: Sequence[str],
    table: EncodedTable,
    counted: NDArray[np.bool_],
    parts: Parts = EVERY_VALUE,
) -> Shares:
    """The shares of the parts of some columns' values among the counted rows that hold them; empty over none."""
    places = [program.column_index[name] for name in columns]
    rows = np.flatnonzero(counted & np.all([table.states[i] == VALUE for i in places], axis=0))
    numbers, first = group_numbers(table, places, rows)
    counts = np.bincount(numbers).tolist()
    tuples = (tuple(table.value(i, row) or 0 for i in places) for row in rows[first].tolist())
    shares: Shares = {}
    for key, count in zip(map(parts.of, tuples), counts, strict=True):
        shares[key] = shares.get(key, Fraction(0)) + Fraction(count, rows.size)
    return shares


def variation(left: Shares, right: Shares) -> Fraction:
    """Total variation distance: half the sum of absolute differences, 0 for equal shares and 1 for disjoint ones."""
    keys = left.keys() | right.keys()
    return sum((abs(left.get(key, Fraction(0)) - right.get(key, Fraction(0))) for key in keys), Fraction(0)) / 2
