"""Examples of rows that break rules: for each broken rule the first such row, with the cells that the rule reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.program import Program
from htdbu.solver.check import CheckReport, RuleReport

Mask = NDArray[np.bool_]


def broken_rows(report: CheckReport, most: int) -> list[dict[str, Any]]:
    """One example a broken rule, of at most so many rules; see `examples_of`."""
    return examples_of(report.program, report.data, report.rules, most)


def examples_of(
    program: Program, data: pd.DataFrame, rules: Sequence[RuleReport], most: int, hidden: Mask | None = None
) -> list[dict[str, Any]]:
    """One example a broken rule: `rule`, `row` (its number from 0) and `cells`, texts by header, None where missing.

    Args:
        program: the rules.
        data: the table that was judged, under its headers.
        rules: how each rule fared there.
        most: so many rules at most; hard ones come before soft ones, then those that more rows break.
        hidden: rows that may not be shown.
    """
    shown = [(rule, rule.rows if hidden is None else rule.rows[~hidden[rule.rows]]) for rule in rules]
    broken = sorted((line for line in shown if line[1].size), key=lambda line: (line[0].kind == "soft", -line[0].fail))
    return [_example(program, data, rule, int(rows[0])) for rule, rows in broken[:most]]


def _example(program: Program, data: pd.DataFrame, rule: RuleReport, row: int) -> dict[str, Any]:
    headers = [program.columns[i].header for i in rule.columns]
    cells = {header: _text(data[header].iloc[row]) for header in headers if header in data.columns}
    return {"rule": rule.name, "row": row, "cells": cells}


def _text(value: Any) -> str | None:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    return f"{value:.15g}" if isinstance(value, float) else str(value)
