"""The repair of one piece of a table, as far as the piece alone decides it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.solver.components import Component
from htdbu.solver.encoding import encode
from htdbu.solver.faults import Fault, row_faults, row_faults_after, tell_all, violating
from htdbu.solver.outcomes import SeveralRows, rules_over_rows
from htdbu.solver.pools import Pool
from htdbu.solver.redraw import Lacking, redraw_texts
from htdbu.solver.streaming.compact import compact_table, made_columns
from htdbu.solver.streaming.invented import Marks, mark_invented, taken_numbers
from htdbu.solver.streaming.mending import Mending
from htdbu.solver.streaming.pieces import Piece
from htdbu.solver.streaming.several import RuleKeys, Verdict, rule_keys
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_price import table_price
from htdbu.solver.table_repair import Reasons, TableRepair, repair_table


@dataclass(frozen=True)
class Settings:
    """What the repair of every piece is told; see `repair`.

    Attributes:
        own: the pools that the data make, by the names of columns.
        told: why rows are infeasible, as far as that is known; all pieces add to it.
        mending: what mending rules over several rows changes, once that is known.
    """

    program: Program
    engine: str
    effort: float | None
    nulls: Sequence[str]
    seed: int
    given: Mapping[str, Pool]
    own: Mapping[str, Pool]
    told: Reasons = field(default_factory=dict)
    mending: Mending | None = None


@dataclass(frozen=True)
class Draft:
    """What a repair does to a piece; of its rows only those are kept that it changes or that break something.

    Attributes:
        rows: the numbers of these rows in the piece, ascending; `outcome` and all faults count from 0 among them.
        outcome: their repair; without blocks, which are the same for all pieces.
        found: what they broke before, and `left` what they break after.
        marks: what stands for the texts that were made up; they get their names when all pieces are known.
        made: the derived columns that the data lack, of all rows, each as a table of its own.
        undrawn: the repair before texts were drawn from pools, where rules over several rows could tell the difference.
        before: the verdicts of the rules over several rows on the piece as it was, and `after` on the repaired one.
    """

    start: int
    n_rows: int
    rows: Indices
    outcome: TableRepair
    found: list[Fault]
    left: list[Fault]
    price: Fraction
    lacking: Lacking
    marks: Marks
    made: dict[int, EncodedTable]
    undrawn: TableRepair | None = None
    before: list[Verdict] = field(default_factory=list)
    after: list[Verdict] = field(default_factory=list)


@dataclass(frozen=True)
class Sketch:
    """A draft, and what other pieces have to be compared with.

    Attributes:
        before: the keys of the rules over several rows, `after` the same once repaired where they differ.
        taken: the numbers that texts of the data take.
        blocks: the blocks of columns that were repaired apart.
    """

    draft: Draft
    before: list[RuleKeys]
    after: list[RuleKeys] | None
    taken: NDArray[np.int64]
    blocks: tuple[Component, ...]


def sketch(
    settings: Settings,
    piece: Piece,
    columns: Sequence[Column],
    threads: int,
    share: float,
    progress: Callable[[int, int], None],
) -> Sketch:
    """Repair the rows of a piece.

    Args:
        columns: the declared columns that the data hold.
        threads: how many threads search.
        share: what part of the table the piece is, about.
        progress: called now and then; what it raises ends the work.
    """
    program, normal = settings.program, normalise(settings.program)
    before = encode(program, piece.coded(columns), settings.nulls)
    taken, known = taken_numbers(before.texts), len(before.texts.words)
    found = row_faults(program, before)
    outcome = repair_table(
        normal,
        before,
        engine_name=settings.engine,
        effort=settings.effort,
        threads=threads,
        share=share,
        told=settings.told,
        found=found if tell_all(program) else None,
        progress=progress,
    )
    marks = mark_invented(outcome, known, piece.start)
    if settings.mending is not None:
        outcome = settings.mending.apply(program, before, outcome, piece.start)
    rules = list(rules_over_rows(program))
    untold = rules and settings.mending is None and any(column.pool_by for column in program.columns)
    undrawn = _copied(outcome) if untold else None
    price = table_price(normal, before, outcome.table, np.flatnonzero(outcome.changed.any(axis=0)))
    lacking = redraw_texts(
        program, before, outcome.table, outcome.changed, settings.seed, settings.given, settings.own, piece.start
    )
    left = row_faults_after(program, outcome.table, np.flatnonzero(outcome.changed.any(axis=0)), found)
    rows = np.union1d(np.union1d(_touched(outcome), violating(found)), violating(left))
    if undrawn is not None:
        rows = np.union1d(rows, _touched(undrawn))
    draft = Draft(
        start=piece.start,
        n_rows=piece.n_rows,
        rows=rows,
        outcome=_restricted(program, outcome, rows),
        found=_among(found, rows),
        left=_among(left, rows),
        price=price,
        lacking=lacking,
        marks=marks,
        made=made_columns(program, outcome.table),
        undrawn=None if undrawn is None else _restricted(program, undrawn, rows),
    )
    keys = [rule_keys(program, before, rule) for rule in rules]
    return Sketch(draft, keys, _keys_after(program, outcome, rules), taken, outcome.blocks)


def _touched(outcome: TableRepair) -> Indices:
    failed = np.array([failure.row for failure in outcome.failures], dtype=np.int64)
    return np.union1d(np.flatnonzero(outcome.changed.any(axis=0)), failed)


def _copied(outcome: TableRepair) -> TableRepair:
    return replace(outcome, table=outcome.table.copy(), changed=outcome.changed.copy())


def _restricted(program: Program, outcome: TableRepair, rows: Indices) -> TableRepair:
    """A repair cut down to some of its rows, among them all that failed."""
    places = dict(zip(rows.tolist(), range(rows.size), strict=True))
    return TableRepair(
        compact_table(program, outcome.table, rows),
        outcome.changed[:, rows],
        outcome.statuses[rows],
        outcome.engines[rows],
        outcome.engine_names,
        tuple(replace(failure, row=places[failure.row]) for failure in outcome.failures),
        (),
        outcome.cold,
    )


def _among(faults: Sequence[Fault], rows: Indices) -> list[Fault]:
    """Faults of some rows, counted among them."""
    return [
        replace(fault, rows=np.searchsorted(rows, np.intersect1d(fault.rows, rows, assume_unique=True)))
        for fault in faults
    ]


def _keys_after(program: Program, outcome: TableRepair, rules: Sequence[SeveralRows]) -> list[RuleKeys] | None:
    """The keys of a repaired piece; None where no rule over several rows reads a changed cell."""
    read: Collection[int] = {i for rule in rules for i in rule.columns}
    if not any(outcome.changed[i].any() for i in read):
        return None
    return [rule_keys(program, outcome.table, rule) for rule in rules]


def widened(draft: Draft, rows: Indices) -> Draft:
    """A draft that speaks of some more rows, which no repair touched."""
    every = np.union1d(draft.rows, rows)
    if every.size == draft.rows.size:
        return draft
    places = np.searchsorted(every, draft.rows)
    old = draft.outcome
    table = old.table.empty(every.size)
    table.present = old.table.present
    table.values[:, places], table.states[:, places] = old.table.values, old.table.states
    table.huge = {(i, int(places[row])): value for (i, row), value in old.table.huge.items()}
    changed = np.zeros((len(old.changed), every.size), bool)
    changed[:, places] = old.changed
    statuses, engines = np.full((2, every.size), -1, np.int8)
    statuses[places], engines[places] = old.statuses, old.engines
    failures = tuple(replace(failure, row=int(places[failure.row])) for failure in old.failures)
    outcome = TableRepair(table, changed, statuses, engines, old.engine_names, failures, (), old.cold)
    found, left = ([replace(f, rows=places[f.rows]) for f in faults] for faults in (draft.found, draft.left))
    return replace(draft, rows=every, outcome=outcome, found=found, left=left)
