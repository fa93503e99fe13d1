"""Realistic rows that break just one rule: fresh rows with one or two cells changed.

Of the columns that a rule reads, or those that its derived columns are made from, one or two cells of a fresh row are
replaced, by one of five ways at random: the cell of another fresh row; the cell itself, moved by 0.1 % to 1,000 % of
itself (dates by one day to ten years); any value of the domain; any value up to half a domain's width beyond it, or a
level that does not exist; an empty cell. Derived columns follow, unless it is their own rule that is to be broken. A
changed row counts where the true rules find it to break that one rule and no other hard rule. Where there is none, rows
count that break the rule and as few others as any changed row does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.analyses.witness.find import witness
from htdbu.analyses.witness.found import Witness
from htdbu.api import Program
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import variables
from htdbu.compiler.program import Column
from htdbu.solver.derive import derive
from htdbu.solver.encoding import encode
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable

WANTED, ROUND, ROUNDS = 400, 1_200, 16
"""Rows that are wanted for each rule; rows changed at a time, and how often at most."""
_WAYS = ("other", "moved", "inside", "beyond", "empty")
_ODDS = (0.35, 0.35, 0.15, 0.1, 0.05)
_DAYS = 3_650


@dataclass
class Breaking:
    """Rows that break a rule, cells as objects, and how many other hard rules each of them breaks: as few as can be."""

    others: int = 10**6
    parts: list[pd.DataFrame] = field(default_factory=list)

    @property
    def rows(self) -> pd.DataFrame:
        """Up to `WANTED` rows."""
        return pd.concat(self.parts, ignore_index=True).head(WANTED) if self.parts else pd.DataFrame()

    @property
    def is_enough(self) -> bool:
        """Whether there are as many rows as are wanted that break the rule alone."""
        return self.others == 0 and sum(map(len, self.parts)) >= WANTED

    def add(self, program: Program, table: EncodedTable, others: NDArray[np.int64]) -> None:
        """Take over those rows of a table, all of which break the rule, that break the fewest others."""
        fewest = int(others.min(initial=self.others))
        if fewest < self.others:
            self.others, self.parts = fewest, []
        chosen = np.flatnonzero(others == fewest)
        self.parts.append(_decoded(program, table.take(chosen[:WANTED])))


def breakers(
    program: Program, fresh: pd.DataFrame, rules: Sequence[str], rng: np.random.Generator
) -> dict[str, Breaking]:
    """Rows that break each rule, alone if any changed row does."""
    cells = encode(program, fresh)
    found = {rule: Breaking() for rule in rules}
    for _ in range(ROUNDS):
        short = [rule for rule in rules if not found[rule].is_enough]
        table = cells.take(rng.integers(0, cells.n_rows, ROUND * len(short)))
        for k, rule in enumerate(short):
            _change(program, table, slice(k * ROUND, (k + 1) * ROUND), rule, cells, rng)
        fails = {each.name: each.fail for each in row_outcomes(program, table) if each.kind != "soft"}
        total = np.sum(list(fails.values()), axis=0)
        for k, rule in enumerate(short):
            own = k * ROUND + np.flatnonzero(fails[rule][k * ROUND : (k + 1) * ROUND])
            found[rule].add(program, table.take(own), total[own] - 1)
    return found


def is_implied(program: Program, rule: str) -> bool:
    """Whether the solver proves that no row breaks a rule alone, unless by a cell that is no value of its type."""
    found = witness(program, rule)
    if isinstance(found, Witness):
        return bool((found.table.states == BROKEN).any())
    return not found.undecided


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
