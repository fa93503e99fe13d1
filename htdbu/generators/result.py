"""What a synthesis gives back: the rows, and a report of how they came about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class SynthesisReport:
    """How the rows came about.

    Attributes:
        rows: how many were asked for and made.
        plan: per planned cell its values, its rows in the plan (`planned`) and in the result (`got`), real share.
        ways: how many rows were accepted as first `sampled`, `redrawn` under the plan, `steered` past the rules column
            by column, `completed` by the solver where no drawn value could be, `repaired`, or `copied` from another.
        rounds: how often rows were redrawn.
        relations: sums and orders of columns that real rows keep, with their shares of real and of new rows.
        raw_violations: the check of the first sample, before any rule was enforced.
        raw_examples: a row of it for each of the rules that most rows broke: `rule`, `row` and the `cells` that the
            rule reads. None equals a real row that is the only one of its kind.
        violations: the check of the result.
        steps: what the rules say of all rows there are after each step: `sampled` (more than are asked for, where some
            are to be chosen), `redrawn` (the same with refused rows drawn again where rows are lacking), `chosen`,
            `repaired` and `finished`; see `Steps`.
        real_violations: the check of the real rows; those that break a rule are learned from all the same.
        generator, seed: what made them.
        trained: how many models of single columns were trained for them.
        seconds: wall-clock time.
        privacy: where something was asked for: the share of rows nearer to what they were learned from than to unseen
            rows (`dcr_share`), its `limit`, and how many rows equal a real one that no other real one equals
            (`copied_rows`).
        warnings: what a user should know before relying on the rows.
    """

    rows: int
    plan: list[dict[str, Any]]
    ways: dict[str, int]
    rounds: int
    raw_violations: dict[str, Any]
    violations: dict[str, Any]
    real_violations: dict[str, Any]
    generator: str
    seed: int | None
    seconds: float
    trained: int = 0
    steps: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    privacy: dict[str, Any] | None = None
    raw_examples: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class SynthesisResult:
    """Synthetic rows (`data`, with the headers of the real file) and their `report`."""

    data: pd.DataFrame
    report: SynthesisReport
