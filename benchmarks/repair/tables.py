"""The tables to repair: valid rows, a share of them spoilt, and uniform noise; the same for the same seed.

Valid rows are the end of a random walk. It starts from a few repaired draws; in every step each block of columns draws
one or two of its cells anew from their own distributions, and keeps them where the block breaks no rule. So the rows
are spread as those distributions cut down to the valid rows are, not along the rules' edges as repaired rows would be.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.repair.rule_sets import RULE_SETS, SHAPE, RuleSet
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalColumn
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components, reads
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.ranges import bounded
from htdbu.solver.table import NULL, VALUE, EncodedTable
from htdbu.solver.table_repair import repair_table
from htdbu.solver.typed import typed_from_table
from htdbu.solver.violations import broken

SHARES = {"1": 0.01, "30": 0.3, "100": 1.0}
"""The tables with spoilt rows, and the share of them that violates a hard rule."""
KINDS = (*SHARES, "noise")
STARTS = 16
SWEEPS = 12
"""How often every column of a block is drawn anew."""
CHUNK = 50_000
TRIES = 10_000
PATIENCE = 100
NULLS = 0.25
"""The share of nulls among the cells drawn for a column that may be null."""

Rng = np.random.Generator
Cells = tuple[NDArray[np.int64], NDArray[np.int8]]
"""Step counts and states."""


def make(rule_set: RuleSet, kind: str, rows: int, seed: int = 0) -> pd.DataFrame:
    """A table of the kind `1`, `30` or `100` (per cent of the rows violate a hard rule), `noise` or `valid`."""
    program = rule_set.program
    if kind == "noise":
        return frame(program, noise(rule_set, rows, np.random.default_rng([seed, 2])))
    valid = _valid_rows(rule_set.name, rows, seed)
    table = valid.take(np.arange(rows))
    if kind != "valid":
        spoil(rule_set, table, round(SHARES[kind] * rows), np.random.default_rng([seed, 1]))
    return frame(program, table)


@lru_cache(maxsize=1)
def _valid_rows(name: str, rows: int, seed: int) -> EncodedTable:
    """The valid rows that all tables of a rule set start from; walking takes longer than everything else."""
    return valid_rows(RULE_SETS[name], rows, np.random.default_rng([seed, 0]))


def valid_rows(rule_set: RuleSet, rows: int, rng: Rng) -> EncodedTable:
    """Rows that break no rule at all, soft ones included."""
    normal = normalise(rule_set.program)
    drawn = drawn_rows(rule_set, STARTS, rng, _typical)
    starts = repair_table(normal, drawn, engine_name="cp-sat").table
    starts = starts.take(np.flatnonzero(_sound(rule_set, starts).all(axis=0)))
    table = starts.take(rng.integers(starts.n_rows, size=rows))
    for start in range(0, rows, CHUNK):
        _walk(rule_set, table.slice(start, min(start + CHUNK, rows)), rng)
    return table


def _walk(rule_set: RuleSet, table: EncodedTable, rng: Rng) -> None:
    """Walk from valid rows to valid rows, in place."""
    blocks = _blocks(rule_set)
    for step in range(SWEEPS * max(len(block.columns) for block in blocks)):
        proposal = table.take(np.arange(table.n_rows))
        for block in blocks:
            first = block.columns[step % len(block.columns)]
            _redraw(rule_set, proposal, first, np.arange(table.n_rows), rng)
            second = rng.choice(block.columns)
            _redraw(rule_set, proposal, second, np.flatnonzero(rng.random(table.n_rows) < 0.3), rng)
        rule_set.settle(rule_set.program, proposal)
        for block, sound in zip(blocks, _sound(rule_set, proposal), strict=True):
            where = np.ix_(block.columns, np.flatnonzero(sound))
            table.values[where], table.states[where] = proposal.values[where], proposal.states[where]


def _sound(rule_set: RuleSet, table: EncodedTable) -> NDArray[np.bool_]:
    """For each block the rows in which it breaks no rule, hard or soft."""
    evaluator = Evaluator(normalise(rule_set.program), table)
    blocks = _blocks(rule_set)
    found = np.array([~broken(block, table, table, evaluator) for block in blocks])
    for sound, block in zip(found, blocks, strict=True):
        for rule in block.soft:
            sound &= ~evaluator.truth(rule.outcome)[1]
    return found


def _blocks(rule_set: RuleSet) -> tuple[Component, ...]:
    return components(normalise(rule_set.program), frozenset())


def spoil(rule_set: RuleSet, table: EncodedTable, count: int, rng: Rng) -> None:
    """Make exactly so many rows violate a hard rule, in place.

    Each of them gets a rule, any hard one as likely as another, and one or two of the cells that this rule reads are
    drawn anew until the row violates a rule; after some tries in vain it gets another rule.
    """
    program = rule_set.program
    read = [sorted(reads(rule)) for rule in normalise(program).rules if rule.kind == "hard"]
    left = rng.choice(table.n_rows, size=count, replace=False)
    for attempt in range(TRIES):
        if attempt % PATIENCE == 0:
            rules = rng.integers(len(read), size=left.size)
        trial = table.take(left)
        first, second = (_one_of(read, rules, rng) for _ in range(2))
        second = np.where(rng.random(left.size) < 0.5, first, second)
        for i in range(len(program.columns)):
            _redraw(rule_set, trial, i, np.flatnonzero((first == i) | (second == i)), rng)
        fails = failing(program, trial)
        table.replace(left[fails], trial.take(np.flatnonzero(fails)))
        left, rules = left[~fails], rules[~fails]
        if not left.size:
            return
    raise RuntimeError(f"{left.size} rows could not be made to violate a rule")


def _one_of(read: list[list[int]], rules: NDArray[np.int64], rng: Rng) -> NDArray[np.int64]:
    """For each rule one of the columns that it reads."""
    counts = np.array([len(columns) for columns in read])
    padded = np.array([columns + [0] * (counts.max() - len(columns)) for columns in read])
    place: NDArray[np.int64] = padded[rules, rng.integers(counts[rules])]
    return place


def failing(program: Program, table: EncodedTable) -> NDArray[np.bool_]:
    """Rows that violate a hard rule, a domain or a null."""
    parts = [
        hard_failures(program, table.slice(k, min(k + CHUNK, table.n_rows))) for k in range(0, table.n_rows, CHUNK)
    ]
    return np.concatenate([np.zeros(0, bool), *parts])


def noise(rule_set: RuleSet, rows: int, rng: Rng) -> EncodedTable:
    """Rows whose cells are drawn uniformly from their domains, each by itself."""
    return drawn_rows(rule_set, rows, rng, lambda rule_set, i, rows, rng: _uniform(_column(rule_set, i), rows, rng))


def drawn_rows(rule_set: RuleSet, rows: int, rng: Rng, draw: Callable[[RuleSet, int, int, Rng], Cells]) -> EncodedTable:
    """Rows whose cells are drawn one by one, whether they agree or not."""
    table = EncodedTable.blank(normalise(rule_set.program), rows)
    for i in range(len(rule_set.program.columns)):
        table.values[i], table.states[i] = draw(rule_set, i, rows, rng)
    return table


def _redraw(rule_set: RuleSet, table: EncodedTable, i: int, rows: NDArray[np.int64], rng: Rng) -> None:
    table.values[i, rows], table.states[i, rows] = _typical(rule_set, i, rows.size, rng)


def _typical(rule_set: RuleSet, i: int, rows: int, rng: Rng) -> Cells:
    """Cells as real ones spread: numbers and dates over their range by a beta distribution, early levels more often."""
    column = _column(rule_set, i)
    ((low, high),) = bounded(column.box)
    if column.kind == "bool":
        values = (rng.random(rows) < 0.2).astype(np.int64)
    elif column.kind == "category":
        weights = 0.7 ** np.arange(high + 1)
        values = rng.choice(high + 1, size=rows, p=weights / weights.sum())
    else:
        part = rng.beta(*rule_set.shapes.get(column.name, SHAPE), size=rows)
        values = low + np.floor(part * (high - low + 1)).astype(np.int64)
    return _with_nulls(column, values, rng)


def _uniform(column: NormalColumn, rows: int, rng: Rng) -> Cells:
    ((low, high),) = bounded(column.box)
    return _with_nulls(column, rng.integers(low, high + 1, size=rows), rng)


def _with_nulls(column: NormalColumn, values: NDArray[np.int64], rng: Rng) -> Cells:
    null = (rng.random(values.size) < NULLS) & column.nullable
    return np.where(null, 0, values), np.where(null, NULL, VALUE).astype(np.int8)


def _column(rule_set: RuleSet, i: int) -> NormalColumn:
    return normalise(rule_set.program).columns[i]


def frame(program: Program, table: EncodedTable) -> pd.DataFrame:
    """The table as programs hold such data: whole numbers and truth values of machine types, decimals as floats."""
    made = typed_from_table(program, table)
    for column in program.columns:
        if column.type.kind in ("int", "bool") and not made[column.name].isna().any():
            made[column.name] = made[column.name].astype("int64" if column.type.kind == "int" else "bool")
    return made
