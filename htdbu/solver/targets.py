"""Targets: properties of the whole table, measured and judged exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from htdbu.compiler.expressions import Constant
from htdbu.compiler.literals import day_number, second_number
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalTarget
from htdbu.compiler.program import Program, Target
from htdbu.compiler.shares import Parts, corner, share_box
from htdbu.solver.table import EncodedTable
from htdbu.solver.tallies import DistTally, NumberTally, ShareTable, ShareTally, Tally


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


class Targets:
    """Every target of a program, measured on a table that comes piece by piece.

    Args:
        real: whether there is a real table, which targets with `~ real` compare with.
    """

    def __init__(self, program: Program, real: bool) -> None:
        self._program, self._real = program, real
        self._real_shares: list[ShareTable] = []
        pairs = zip(program.targets, normalise(program).targets, strict=True)
        self._tallies = [self._tally(target, lowered) for target, lowered in pairs]

    def _tally(self, target: Target, lowered: NormalTarget) -> Tally:
        program = self._program
        if target.measure == "share":
            return ShareTally(program, lowered)
        if target.measure != "dist":
            return NumberTally(program, target, lowered)
        if target.real:
            self._real_shares.append(ShareTable(program, target, lowered))
            return DistTally(ShareTable(program, target, lowered), self._real_shares[-1])
        columns = [program.column(name) for name in target.columns]
        boxes = {share_box(share, columns): Fraction(share.share) for share in target.shares or ()}
        wanted = {corner(box): share for box, share in boxes.items()}
        return DistTally(ShareTable(program, target, lowered, Parts(boxes)), wanted)

    def add(self, table: EncodedTable) -> None:
        """Take in the next piece of the table."""
        for tally in self._tallies:
            tally.add(table)

    def add_real(self, table: EncodedTable) -> None:
        """Take in the next piece of the real table."""
        for shares in self._real_shares:
            shares.add(table)

    def outcomes(self) -> tuple[TargetOutcome, ...]:
        """The verdicts."""
        pairs = zip(self._program.targets, self._tallies, strict=True)
        return tuple(self._outcome(target, tally) for target, tally in pairs)

    def _outcome(self, target: Target, tally: Tally) -> TargetOutcome:
        low, high = (target_bound(end) for end in (target.low, target.high))
        judged = self._real or not target.real
        value = tally.value if judged else None
        met: bool | None = None
        if judged:
            met = value is not None and (low is None or value >= low) and (high is None or value <= high)
        of_rows = target.measure in ("share", "dist")
        kind = "number" if of_rows else self._program.column(target.columns[0]).type.kind
        shown = [None if v is None else _shown(v, kind) for v in (value, low, high)]
        return TargetOutcome(target.name, shown[0], shown[1], shown[2], met)


def measure_targets(program: Program, table: EncodedTable, real: EncodedTable | None) -> tuple[TargetOutcome, ...]:
    """Every target of the program, measured on a whole table."""
    targets = Targets(program, real is not None)
    targets.add(table)
    if real is not None:
        targets.add_real(real)
    return targets.outcomes()


def target_bound(end: Constant | None) -> Fraction | None:
    """A bound in the units that tallies give: numbers as they are, dates in days, datetimes in seconds."""
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
