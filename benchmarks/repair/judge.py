"""The judge of all contestants: it sees a table before and after, and none of their own figures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.repair.rule_sets import RuleSet
from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.solver.encoding import encode
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_price import table_price
from htdbu.solver.violations import unlike

ENOUGH = 50


def violating(program: Program, frame: pd.DataFrame, rules: Collection[str] | None = None) -> int:
    """How many rows violate a hard rule, a domain or a null; or one of some rules."""
    report = program.check(frame)
    if rules is None:
        return report.hard_violations
    rows = [rule.rows for rule in report.rules if rule.name in rules]
    return len(np.unique(np.concatenate([np.zeros(0, np.int64), *rows])))


def on_the_edge(rule_set: RuleSet, frame: pd.DataFrame) -> int:
    """How many rows lie exactly on the rule set's boundary."""
    return next(rule.passed for rule in rule_set.edge.check(frame).rules if rule.name == "on_the_edge")


def judge(rule_set: RuleSet, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Any]:
    """What became of a table: the same rows before and after.

    `price` is the objective of the language reference, section 5, over all rows, summed exactly and rounded at the end.
    """
    program = rule_set.program
    held, made = encode(program, before), encode(program, after)
    price = table_price(normalise(program), held, made, np.arange(held.n_rows))
    return {
        "rows": len(before),
        "violating_before": violating(program, before),
        "violating_after": violating(program, after),
        "cells": int(_changes(program, held, made).sum()),
        "price": float(price),
        "edge_before": on_the_edge(rule_set, before),
        "edge_after": on_the_edge(rule_set, after),
    }


def unlike_rows(program: Program, one: pd.DataFrame, other: pd.DataFrame) -> int:
    """How many rows of two tables hold different cells."""
    return int(_changes(program, encode(program, one), encode(program, other)).any(axis=0).sum())


def _changes(program: Program, one: EncodedTable, other: EncodedTable) -> NDArray[np.bool_]:
    """Cells that differ, shape (columns, rows)."""
    return np.array([unlike(one, other, i) for i in range(len(program.columns))])


def thinned(program: Program, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Any]:
    """The level of a category, or a truth value, that lost the greatest part of its share of the rows.

    Levels that fewer than `ENOUGH` rows hold beforehand are left out.
    """
    worst: dict[str, Any] = {"level": "", "before": 1.0, "after": 1.0}
    for column in program.columns:
        if column.type.kind in ("category", "bool"):
            shares = after[column.header].value_counts(normalize=True)
            for level, share in before[column.header].value_counts(normalize=True).items():
                now = float(shares.get(level, 0.0))
                if share * len(before) >= ENOUGH and now / share < worst["after"] / worst["before"]:
                    worst = {"level": f"{column.name} {str(level).lower()}", "before": float(share), "after": now}
    return worst
