"""Realistic rows that break just one rule: fresh rows with one or two cells changed.

Of the columns that a rule reads, or those that its derived columns are made from, one or two cells of a fresh row are
replaced, by one of five ways at random: the cell of another fresh row; the cell itself, moved by 0.1 % to 1,000 % of
itself (dates by one day to ten years); any value of the domain; any value up to half a domain's width beyond it, or a
level that does not exist; an empty cell. Derived columns follow, unless it is their own rule that is to be broken. A
changed row counts where the true rules find it to break that one rule and no other hard rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import variables
from htdbu.compiler.program import Column
from htdbu.solver.derive import derive
from htdbu.solver.encoding import encode
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable

WANTED, ROUND, ROUNDS = 400, 1_200, 4
"""Rows that are wanted for each rule; rows changed at a time, and how often."""
_WAYS = ("other", "moved", "inside", "beyond", "empty")
_ODDS = (0.35, 0.35, 0.15, 0.1, 0.05)
_DAYS = 3_650


def breakers(
    program: Program, fresh: pd.DataFrame, rules: Sequence[str], rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """For each rule up to `WANTED` rows that break it alone, cells as objects; fewer where these are hard to find."""
    cells = encode(program, fresh)
    found: dict[str, list[pd.DataFrame]] = {rule: [] for rule in rules}
    for _ in range(ROUNDS):
        rows = rng.integers(0, cells.n_rows, ROUND * len(rules))
        table = cells.take(rows)
        for k, rule in enumerate(rules):
            _change(program, table, slice(k * ROUND, (k + 1) * ROUND), rule, cells, rng)
        alone = _alone(program, table)
        for k, rule in enumerate(rules):
            own = np.flatnonzero((alone == k) & (np.arange(table.n_rows) // ROUND == k))
            found[rule].append(_decoded(program, table.take(own)))
    return {rule: pd.concat(parts, ignore_index=True).head(WANTED) for rule, parts in found.items()}


def _alone(program: Program, table: EncodedTable) -> NDArray[np.int64]:
    """The position among the outcomes of the one that each row fails alone; -1 where there is none or are several."""
    found = np.full(table.n_rows, -1)
    fails = np.zeros(table.n_rows, np.int64)
    hard = [outcome for outcome in row_outcomes(program, table) if outcome.kind != "soft"]
    for k, outcome in enumerate(hard):
        fails += outcome.fail
        found[outcome.fail] = k
    return np.where(fails == 1, found, -1)


def row_rules(program: Program, fresh: pd.DataFrame) -> list[tuple[str, str]]:
    """Names and kinds of the hard rules that look at one row at a time, as `breakers` takes them."""
    outcomes = row_outcomes(program, encode(program, fresh.head(1)))
    return [(outcome.name, outcome.kind) for outcome in outcomes if outcome.kind != "soft"]


def columns_of(program: Program, rule: str) -> list[Column]:
    """The columns whose cells decide a rule; for derived ones those that they are made from."""
    column, _, part = rule.rpartition(".")
    if part in ("domain", "null", "derived") and column in program.column_index:
        return [program.column(column)]
    reads = next(each.reads for each in program.rules if each.name == rule)
    found: set[str] = set()
    for name in reads:
        definition = normalise(program).columns[program.column_index[name]].definition
        found |= {name} if definition is None else {program.columns[i].name for i in variables(definition)}
    return [each for each in program.columns if each.name in found]


def _change(
    program: Program, table: EncodedTable, part: slice, rule: str, cells: EncodedTable, rng: np.random.Generator
) -> None:
    columns = columns_of(program, rule)
    n = part.stop - part.start
    order = rng.random((n, len(columns))).argsort(axis=1).argsort(axis=1)
    width = np.where(rng.random(n) < 0.7, 1, 2)
    for k, column in enumerate(columns):
        i = program.column_index[column.name]
        chosen = np.flatnonzero(order[:, k] < width) + part.start
        table.values[i, chosen], table.states[i, chosen] = _cells(program, i, table, chosen, cells, rng)
    if all(column.derived is None for column in columns):
        own = table.take(np.arange(part.start, part.stop))
        derive(normalise(program), own)
        table.values[:, part], table.states[:, part] = own.values, own.states


def _cells(
    program: Program,
    i: int,
    table: EncodedTable,
    chosen: NDArray[np.int64],
    cells: EncodedTable,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """New cells for the chosen rows of a column."""
    kind, n = program.columns[i].type.kind, chosen.size
    donors = rng.integers(0, cells.n_rows, n)
    values, states = cells.values[i, donors], cells.states[i, donors].copy()
    ways = rng.choice(_WAYS, n, p=_ODDS)
    if kind in ("category", "bool", "text"):
        size = max(len(program.columns[i].type.levels), 2)
        values = np.where(np.isin(ways, ("moved", "inside")) & (kind != "text"), rng.integers(0, size, n), values)
        states[(ways == "beyond") & (kind != "text")] = BROKEN
    else:
        low, high = _ends(program, i, cells)
        moved = _moved(kind, table.values[i, chosen], rng)
        share = np.where(ways == "beyond", rng.choice([-1, 1], n) * rng.uniform(0, 0.5, n), rng.uniform(0, 1, n))
        share += (ways == "beyond") & (share > 0)
        drawn = (low + share * (high - low)).astype(np.int64)
        values = np.where(ways == "moved", moved, np.where(ways == "other", values, drawn))
        states = np.where(ways == "other", states, VALUE).astype(np.int8)
    states[ways == "empty"] = NULL
    return np.where(states == VALUE, values, 0), states


def _ends(program: Program, i: int, cells: EncodedTable) -> tuple[int, int]:
    domain = normalise(program).columns[i].domain
    ends = [end for piece in domain or () for end in piece if end is not None]
    held = cells.values[i][cells.states[i] == VALUE]
    return (min(ends), max(ends)) if len(ends) >= 2 else (int(held.min()), int(held.max()))


def _moved(kind: str, values: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    sign = rng.choice([-1, 1], values.size)
    if kind == "date":
        return values + sign * np.exp(rng.uniform(0, np.log(_DAYS), values.size)).astype(np.int64)
    by = np.abs(values) * np.exp(rng.uniform(np.log(1e-3), np.log(10), values.size))
    by = np.where(values == 0, np.exp(rng.uniform(0, np.log(100_000), values.size)), by)
    return values + sign * np.maximum(by, 1).astype(np.int64)


def _decoded(program: Program, table: EncodedTable) -> pd.DataFrame:
    """The rows as a frame of objects."""
    columns = {column.header: _objects(column, table, i) for i, column in enumerate(program.columns)}
    return pd.DataFrame({header: pd.Series(cells, dtype=object) for header, cells in columns.items()})


def _objects(column: Column, table: EncodedTable, i: int) -> list[object]:
    spelled = {
        "category": lambda v: column.type.levels[v],
        "bool": lambda v: bool(v),
        "text": table.texts.text,
        "date": lambda v: str(np.datetime64(v, "D")),
        "int": int,
    }.get(column.type.kind, lambda v: v / 10**column.type.scale)
    pairs = zip(table.values[i].tolist(), table.states[i].tolist(), strict=True)
    return [None if s == NULL else "no such level" if s == BROKEN else spelled(v) for v, s in pairs]
