"""Check: every row judged by every rule, and the table by its targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.encoding import encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.outcomes import CHUNK, Outcome, row_outcomes, table_outcomes
from htdbu.solver.table import EncodedTable
from htdbu.solver.targets import TargetOutcome, measure_targets

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RuleCounts:
    """How a rule fared: counts of rows that pass, fail, or where it is unknown, and of rows whose premise is true."""

    name: str
    kind: str
    weight: float | None
    passed: int
    fail: int
    unknown: int
    fired: int
    rate: float

    def to_dict(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "name": self.name,
            "kind": self.kind,
            "weight": self.weight,
            "pass": self.passed,
            "fail": self.fail,
            "unknown": self.unknown,
            "fired": self.fired,
            "rate": self.rate,
        }


Rule = TypeVar("Rule", bound=RuleCounts)


@dataclass(frozen=True)
class RuleReport(RuleCounts):
    """The same with the numbers of the rows that fail, and of the columns that the rule reads."""

    columns: tuple[int, ...] = field(repr=False)
    rows: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True)
class CheckFigures:
    """The verdicts on a table, in numbers.

    Attributes:
        n_rows: rows judged; `hard_violations` of them fail anything but a soft rule.
        rules: one entry a rule; `targets` one a target.
        rounded: cells that were finer than their column's scale.
    """

    n_rows: int
    hard_violations: int
    rules: tuple[RuleCounts, ...]
    targets: tuple[TargetOutcome, ...]
    rounded: int

    @property
    def violation_rate(self) -> float:
        """The share of violating rows; 0 for no rows."""
        return self.hard_violations / self.n_rows if self.n_rows else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The contract's `check --format json`."""
        return {
            "rows": self.n_rows,
            "violating_rows": self.hard_violations,
            "violation_rate": self.violation_rate,
            "rules": [rule.to_dict() for rule in self.rules],
            "targets": [target.to_dict() for target in self.targets],
            "rounded": self.rounded,
        }


@dataclass(frozen=True)
class CheckReport:
    """The verdicts on a table.

    Attributes:
        n_rows: rows judged.
        violating: numbers of the rows that fail anything but a soft rule, ascending.
        rules: one entry a rule; `targets` one a target.
        rounded: cells that were finer than their column's scale.
    """

    n_rows: int
    violating: NDArray[np.int64]
    rules: tuple[RuleReport, ...]
    targets: tuple[TargetOutcome, ...]
    rounded: int
    program: Program = field(repr=False)
    data: pd.DataFrame = field(repr=False)

    @cached_property
    def figures(self) -> CheckFigures:
        """The same without rows."""
        return CheckFigures(self.n_rows, len(self.violating), self.rules, self.targets, self.rounded)

    @property
    def hard_violations(self) -> int:
        """How many rows fail anything but a soft rule."""
        return len(self.violating)

    @property
    def violation_rate(self) -> float:
        """Their share of all rows; 0 for no rows."""
        return self.figures.violation_rate

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One line for every failing row and rule: `row`, `rule`, and `cells`, the columns the rule reads, as read."""
        row = np.concatenate([np.zeros(0, np.int64), *(rule.rows for rule in self.rules)])
        which = np.repeat(np.arange(len(self.rules)), [len(rule.rows) for rule in self.rules])
        cells = [text for rule in self.rules for text in self._cells(rule)]
        order = np.lexsort((which, row))
        return pd.DataFrame(
            {
                "row": row[order],
                "rule": pd.Series([self.rules[k].name for k in which[order].tolist()], dtype="object"),
                "cells": pd.Series([cells[k] for k in order.tolist()], dtype="object"),
            }
        )

    def _cells(self, rule: RuleReport) -> list[str]:
        """For every row that fails a rule the cells that it reads; a derived column that the data lack has none."""
        headers = [self.program.columns[i].header for i in rule.columns]
        held = [header for header in headers if header in self.data.columns]
        values = (self.data[header].iloc[rule.rows].tolist() for header in held)
        shown = ([f"{header}={value}" for value in cells] for header, cells in zip(held, values, strict=True))
        return [", ".join(parts) for parts in zip(*shown, strict=True)] if held else [""] * len(rule.rows)

    def to_dict(self) -> dict[str, Any]:
        """The contract's `check --format json`."""
        return self.figures.to_dict()


def check(
    program: Program,
    data: Any,
    real: Any = None,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
) -> CheckReport:
    """Judge every row of a table by every rule, and the table by its targets.

    Args:
        program: the rules.
        data: a pandas, polars or Arrow table, its cells typed or as texts.
        real: the real table that targets with `~ real` compare with; without it they are not judged.
        nulls: further texts that mean null.
        progress: called with the rows done and all rows.

    Raises:
        DataError: where declared columns are missing.
    """
    frame = to_pandas(data)
    table = encode(program, frame, nulls)
    against = None if real is None else encode(program, to_pandas(real), nulls)
    rules = tuple(_reports(program, table, row_reports(program, table, progress)))
    targets = measure_targets(program, table, against)
    return CheckReport(table.n_rows, violating_rows(rules, table.n_rows), rules, targets, table.rounded, program, frame)


def judge(
    program: Program,
    table: EncodedTable,
    real: EncodedTable | None = None,
    by_row: Sequence[RuleReport] | None = None,
) -> CheckFigures:
    """The verdicts on a table that is encoded already.

    Args:
        real: what targets with `~ real` compare with.
        by_row: what `row_reports` said of the table, where that is known.
    """
    rules = tuple(_reports(program, table, row_reports(program, table) if by_row is None else by_row))
    violating = violating_rows(rules, table.n_rows)
    return CheckFigures(table.n_rows, len(violating), rules, measure_targets(program, table, real), table.rounded)


def _reports(program: Program, table: EncodedTable, by_row: Sequence[RuleReport]) -> list[RuleReport]:
    """What was found row by row, with the rules over several rows, judged at once."""
    several = (_merged([outcome]) for outcome in table_outcomes(program, table))
    return in_report_order([*by_row, *several])


def row_reports(program: Program, table: EncodedTable, progress: Progress | None = None) -> list[RuleReport]:
    """How the rules fare that look at one row at a time, judged chunk by chunk."""
    chunks: list[list[Outcome]] = []
    for start in range(0, max(table.n_rows, 1), CHUNK):
        stop = min(start + CHUNK, table.n_rows)
        chunks.append(list(row_outcomes(program, table.slice(start, stop))))
        if progress is not None:
            progress(stop, table.n_rows)
    return [_merged(parts) for parts in zip(*chunks, strict=True)]


def violating_rows(rules: Iterable[RuleReport], n_rows: int) -> NDArray[np.int64]:
    """The rows that fail anything but a soft rule, ascending."""
    fails = np.zeros(n_rows, bool)
    for rule in rules:
        fails[rule.rows] |= rule.kind != "soft"
    return np.flatnonzero(fails)


def in_report_order(rules: Iterable[Rule]) -> list[Rule]:
    """Rules as reports list them: what columns say of themselves, keys among it, then what is stated."""
    return sorted(rules, key=lambda rule: _PLACES[rule.kind])


_PLACES = {"domain": 0, "null": 0, "derived": 0, "key": 1, "hard": 2, "soft": 2, "unique": 3, "fd": 3}


def _merged(parts: Sequence[Outcome]) -> RuleReport:
    first = parts[0]
    rows = np.concatenate([np.flatnonzero(part.fail) + k * CHUNK for k, part in enumerate(parts)])
    total = sum(part.fail.size for part in parts)
    unknown = sum(int(part.unknown.sum()) for part in parts)
    return RuleReport(
        name=first.name,
        kind=first.kind,
        weight=first.weight,
        passed=total - rows.size - unknown,
        fail=rows.size,
        unknown=unknown,
        fired=sum(int(part.fired.sum()) for part in parts),
        rate=rows.size / total if total else 0.0,
        columns=first.columns,
        rows=rows.astype(np.int64),
    )
