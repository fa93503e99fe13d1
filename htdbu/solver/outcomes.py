"""What every rule says of every row: fail, unknown or pass, in the order in which reports list the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from htdbu.compiler.expressions import Expr, columns_of
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.build import contains
from htdbu.compiler.normal import NormalProgram
from htdbu.compiler.program import Program
from htdbu.solver.beyond import beyond
from htdbu.solver.evaluate import Evaluator, all_inside, inside
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable, Indices

Mask = NDArray[np.bool_]

CHUNK = 65_536


@dataclass(frozen=True)
class Outcome:
    """A rule's verdict on rows: masks of `fail` and `unknown`, and of the rows whose premise is true (`fired`)."""

    name: str
    kind: str
    weight: float | None
    columns: tuple[int, ...]
    fail: Mask
    unknown: Mask
    fired: Mask


def row_outcomes(program: Program, table: EncodedTable) -> Iterator[Outcome]:
    """The verdicts of all rules that look at one row at a time: domains, nulls, derivations, then the stated rules."""
    normal = normalise(program)
    evaluator = Evaluator(normal, table, beyond(program))
    every, none = np.ones(table.n_rows, bool), np.zeros(table.n_rows, bool)
    for i, column in enumerate(normal.columns):
        if column.kind != "text":
            unknown = table.states[i] == NULL
            yield Outcome(
                f"{column.name}.domain", "domain", None, (i,), outside_domain(normal, table, i), unknown, every
            )
        if not column.nullable:
            yield Outcome(f"{column.name}.null", "null", None, (i,), table.states[i] == NULL, none, every)
        if column.definition is not None and table.present[i]:
            broken = table.states[i] == BROKEN
            yield Outcome(f"{column.name}.derived", "derived", None, (i,), differs(evaluator, table, i), broken, every)
    for rule, source in zip(normal.rules, program.rules, strict=True):
        true, false = evaluator.truth(rule.outcome)
        fired = every if rule.premise is None else evaluator.truth(rule.premise)[0]
        weight = None if rule.weight is None else float(rule.weight)
        yield Outcome(rule.name, rule.kind, weight, _read(program, source.outcome), false, ~(true | false), fired)


def _read(program: Program, expr: Expr) -> tuple[int, ...]:
    return tuple(sorted(program.column_index[name] for name in columns_of(expr)))


def outside_domain(normal: NormalProgram, table: EncodedTable, i: int) -> Mask:
    """Rows whose cell is no value of its type, or lies outside the column's domain."""
    domain = normal.columns[i].domain
    outside = np.zeros(table.n_rows, bool)
    if not all_inside(domain, table.values[i]):
        outside = ~inside(domain, table.values[i]) & (table.states[i] == VALUE)
    for (column, row), value in table.huge.items():
        if column == i:
            outside[row] = not contains(domain, value)
    result: Mask = outside | (table.states[i] == BROKEN)
    return result


def differs(evaluator: Evaluator, table: EncodedTable, i: int) -> Mask:
    """Rows whose derived cell is not what its definition gives; a cell that is no value of its type is not judged."""
    definition = evaluator.normal.columns[i].definition
    assert definition is not None
    values, known = evaluator.value(definition)
    huge = {row: value for (column, row), value in table.huge.items() if column == i}
    stored = table.values[i].astype(object) if huge else table.values[i]
    for row, value in huge.items():
        stored[row] = value
    same = np.where(table.states[i] == VALUE, known & (stored == values).astype(bool), ~known)
    result: Mask = ~same & (table.states[i] != BROKEN)
    return result


def hard_failures(program: Program, table: EncodedTable) -> Mask:
    """Rows that break a domain, a null, a derivation or a hard rule."""
    failed = np.zeros(table.n_rows, bool)
    for outcome in row_outcomes(program, table):
        if outcome.kind != "soft":
            failed |= outcome.fail
    return failed


@dataclass(frozen=True)
class SeveralRows:
    """A rule over several rows: no two share their `left` cells or, with a `right`, rows that do share that as well.

    Attributes:
        left: positions of columns, and `right`, which is empty for `key` and `unique`.
    """

    name: str
    kind: str
    left: tuple[int, ...]
    right: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[int, ...]:
        """All columns that it reads."""
        return (*self.left, *self.right)


def rules_over_rows(program: Program) -> Iterator[SeveralRows]:
    """The rules over several rows: keys, unique and fd."""
    for i, column in enumerate(program.columns):
        if column.key:
            yield SeveralRows(f"key({column.name})", "key", (i,))
    places = program.column_index
    for unique in program.uniques:
        yield SeveralRows(unique.name, "unique", tuple(places[name] for name in unique.columns))
    for dependency in program.dependencies:
        left, right = (tuple(places[name] for name in side) for side in (dependency.left, dependency.right))
        yield SeveralRows(dependency.name, "fd", left, right)


def table_outcomes(program: Program, table: EncodedTable) -> Iterator[Outcome]:
    """The verdicts of the rules over several rows."""
    every = np.ones(table.n_rows, bool)
    for rule in rules_over_rows(program):
        fail, unknown = dependent(table, rule.left, rule.right) if rule.right else repeated(table, rule.left)
        yield Outcome(rule.name, rule.kind, None, rule.columns, fail, unknown, every)


def repeated(table: EncodedTable, columns: Sequence[int]) -> tuple[Mask, Mask]:
    """Rows whose tuple an earlier row holds; and rows that are left out, since a cell of theirs holds no value."""
    known = np.all([table.states[i] == VALUE for i in columns], axis=0)
    rows = np.flatnonzero(known)
    _, first = group_numbers(table, columns, rows)
    fail = known.copy()
    fail[rows[first]] = False
    return fail, ~known


def dependent(table: EncodedTable, left: Sequence[int], right: Sequence[int]) -> tuple[Mask, Mask]:
    """Rows that differ from their group's most frequent right side (ties: the first seen); and rows left out."""
    known = np.all([table.states[i] == VALUE for i in (*left, *right)], axis=0)
    rows = np.flatnonzero(known)
    fail = np.zeros(table.n_rows, bool)
    groups, _ = group_numbers(table, left, rows)
    pairs, first = group_numbers(table, (*left, *right), rows)
    fail[rows] = ~most_frequent(groups[first], np.bincount(pairs))[pairs]
    return fail, ~known


def most_frequent(owner: Indices, size: Indices) -> Mask:
    """Which pairs are the largest of all that have their owner; of equal ones the first.

    Args:
        owner: for each pair, in the order in which pairs are first seen, the number of its left side.
        size: how many rows hold it.
    """
    order = np.lexsort((-size, owner))
    _, best = np.unique(owner[order], return_index=True)
    kept = np.zeros(owner.size, bool)
    kept[order[best]] = True
    return kept


def group_numbers(
    table: EncodedTable, columns: Sequence[int], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for every given row's tuple of cells, counted up as tuples are met, and where each is first met."""
    numbers = np.zeros(rows.size, np.int64)
    for i in columns:
        codes, distinct = pd.factorize(exact_codes(table, i)[rows])
        # Both factors are at most the number of rows, so that the product fits.
        numbers, _ = pd.factorize(numbers * len(distinct) + codes)
    newest = np.maximum.accumulate(numbers) if rows.size else numbers
    return numbers, np.flatnonzero(np.diff(newest, prepend=-1))


def exact_codes(table: EncodedTable, i: int) -> NDArray[np.int64]:
    """The values of a column, huge ones by numbers that no other value of the column has."""
    huge = {row: value for (column, row), value in table.huge.items() if column == i}
    codes: NDArray[np.int64] = table.values[i]
    if not huge:
        return codes
    codes = codes.copy()
    numbers = {value: -(2**62) - 1 - k for k, value in enumerate(sorted(set(huge.values())))}
    for row, value in huge.items():
        codes[row] = numbers[value]
    return codes
