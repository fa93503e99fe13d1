"""Putting the story of one row together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import variables
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.solver.encoding import encode
from htdbu.solver.engine import AUTO
from htdbu.solver.explain.among import Among
from htdbu.solver.explain.spelled import Speller
from htdbu.solver.explain.story import Broken, Cell, Change, Kept, Member, RowStory
from htdbu.solver.explain.texts import Texts
from htdbu.solver.explain.versions import ROW, Versions, status_of
from htdbu.solver.faults import faults
from htdbu.solver.frames import to_pandas
from htdbu.solver.outcomes import row_outcomes, rules_over_rows, table_outcomes
from htdbu.solver.pools import given_pools
from htdbu.solver.reasons import Reasons
from htdbu.solver.redraw import lack_warnings, redraw_texts
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import TableRepair


def explain_row(
    program: Program,
    data: Any,
    row: int,
    engine: str = AUTO,
    effort: float | None = None,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    random_state: int = 0,
    pools: Mapping[str, Any] | None = None,
) -> RowStory:
    """What one row breaks, what a repair changes and why, and what other repairs would cost; nothing is written.

    Args:
        data: the whole table; the other rows matter for texts that are drawn anew and for rules over several rows.
        row: the number of the row, from 0.
        engine, effort, threads, nulls, random_state, pools: as for `htdbu.solver.repair`.

    Raises:
        DataError: where declared columns are missing.
        UsageError: where there is no such row, or another argument is out of range.
    """
    frame = to_pandas(data)
    _check(row, len(frame), effort)
    given = given_pools(program, pools)
    table = encode(program, frame, nulls)
    one = table.take(np.array([row]))
    speller = Speller(program, frame, row, one)
    versions = Versions(normalise(program), one, speller, engine, effort, threads)
    among = Among(program, table, row, engine, effort, threads) if any(rules_over_rows(program)) else None
    alone = versions.repaired()
    outcome = alone if among is None else among.outcome
    moved = among is not None and among.differs(alone)
    price = versions.price(outcome.table) if status_of(outcome).solved else None
    costly = np.flatnonzero(outcome.changed[:, 0]).tolist()
    warnings = _redraw(program, table, row, outcome, random_state, given)
    texts = Texts(program)
    plain = [i for i in costly if program.columns[i].derived is None]
    return RowStory(
        row=row,
        cells={c.header: speller.old(i) for i, c in enumerate(program.columns) if table.present[i]},
        status=status_of(outcome).value,
        breaks=(*_breaks(program, one, speller, texts), *_clashes(program, table, row, speller, texts)),
        changes=tuple(_changes(program, versions, outcome, frozenset(plain), among)),
        pays=versions.pays(outcome.table) if price is not None else (),
        price=price,
        kept=tuple(
            Kept(speller.header(i), speller.old(i), versions.keeping(i))
            for i in plain
            if not moved or alone.changed[i, 0]
        ),
        conflict=tuple(_members(program, versions, outcome, texts, moved)),
        notes=(*warnings, *(among.notes() if among is not None else ())),
    )


def _check(row: int, n_rows: int, effort: float | None) -> None:
    """Raise a UsageError where there is no such row or no effort."""
    if effort is not None and effort <= 0:
        raise UsageError(f"effort is {effort}", "give a number above 0")
    if not n_rows:
        raise UsageError(f"there is no row {row}: the table has no rows")
    if not 0 <= row < n_rows:
        raise UsageError(f"there is no row {row}", f"rows are numbered from 0: give 0 to {n_rows - 1}")


def _redraw(
    program: Program, table: EncodedTable, row: int, outcome: TableRepair, seed: int, given: Mapping[str, Any]
) -> tuple[str, ...]:
    """Draw the texts of the row anew as a repair of the whole table would, by the number of the row."""
    if not any(column.pool_by is not None for column in program.columns):
        return ()
    everything = table.take(np.arange(table.n_rows))
    everything.replace(np.array([row]), outcome.table)
    changed = np.zeros(everything.values.shape, dtype=bool)
    changed[:, row] = outcome.changed[:, 0]
    lacking = redraw_texts(program, table, everything, changed, seed, given)
    outcome.table.replace(ROW, everything.take(np.array([row])))
    outcome.changed[:, 0] = changed[:, row]
    return lack_warnings(program, lacking)


def _breaks(program: Program, one: EncodedTable, speller: Speller, texts: Texts) -> Iterator[Broken]:
    """What the row fails as it is, rules over one row only."""
    definitions = {i: column.definition for i, column in enumerate(normalise(program).columns)}
    for outcome in row_outcomes(program, one):
        if outcome.fail[0]:
            definition = definitions[outcome.columns[0]] if outcome.kind == "derived" else None
            columns = [*outcome.columns, *(() if definition is None else sorted(variables(definition)))]
            reads: dict[str, Cell] = {speller.header(i): speller.old(i) for i in columns}
            yield Broken(outcome.name, outcome.kind, outcome.weight, texts.of(outcome.name), reads)


def _clashes(program: Program, table: EncodedTable, row: int, speller: Speller, texts: Texts) -> Iterator[Broken]:
    """What the row fails beside other rows."""
    for outcome in table_outcomes(program, table):
        if outcome.fail[row]:
            reads: dict[str, Cell] = {speller.header(i): speller.old(i) for i in outcome.columns}
            yield Broken(outcome.name, outcome.kind, None, texts.of(outcome.name), reads)


def _changes(
    program: Program, versions: Versions, outcome: TableRepair, plain: frozenset[int], among: Among | None
) -> Iterator[Change]:
    """The changed cells with their reasons; those that are not `plain` follow others."""
    reasons, rows = (among.reasons, np.array([among.row])) if among is not None else (None, ROW)
    if reasons is None:
        found = faults(program, versions.one)
        reasons = Reasons(program, versions.one, outcome.table, outcome.changed, found, outcome.blocks)
    speller, changed = versions.speller, outcome.changed[:, 0]
    for i in np.flatnonzero(changed).tolist():
        column, definition = program.columns[i], versions.normal.columns[i].definition
        sources: set[int] = set()
        if definition is not None:
            sources = {j for j in variables(definition) if changed[j]}
        elif column.pool_by is not None and changed[program.column_index[column.pool_by]]:
            sources = {program.column_index[column.pool_by]}
        yield Change(
            speller.header(i),
            speller.old(i),
            speller.new(i, outcome.table, 0),
            versions.cost(i, outcome.table) if i in plain else Fraction(0),
            tuple(str(reasons.of(i, rows)[0]).split(", ")),
            tuple(speller.header(j) for j in sorted(sources)),
        )


def _members(program: Program, versions: Versions, outcome: TableRepair, texts: Texts, moved: bool) -> Iterator[Member]:
    """The members of the conflict of an infeasible row, each with the repair that leaves it out.

    Args:
        moved: whether other rows are part of the conflict, so that none is told.
    """
    rules = {rule.name for rule in program.rules}
    fixed = {f"{column.name} fixed": i for i, column in enumerate(program.columns)}
    for failure in outcome.failures:
        for name in failure.rules:
            i = fixed.get(name) if name not in rules else None
            cell: dict[str, Cell] = {} if i is None else {versions.speller.header(i): versions.speller.old(i)}
            if moved:
                yield Member(name, texts.of(name), cell, None)
                continue
            without = versions.without_rule(name) if name in rules else None if i is None else versions.released(i)
            yield Member(name, texts.of(name), cell, without)
