"""Candidates: for every row the cheapest repair within each class that the targets tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.build import conjunction
from htdbu.compiler.normal import Bool, NormalProgram, NormalRule, variables
from htdbu.compiler.program import Program
from htdbu.solver.engine import AUTO
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import rules_over_rows
from htdbu.solver.selection.aim import ANY, Aim, surely
from htdbu.solver.selection.moves import Moves
from htdbu.solver.selection.prices import Numbers, RowPrices
from htdbu.solver.table import EncodedTable, Indices
from htdbu.solver.table_repair import TableRepair, repair_table

JOINT = 64
"""So many combinations of the classes of all targets are tried; where there are more, each target's by themselves."""
CELLS = 5_000_000
"""Repairs in all; of larger tables only some rows are asked, at even distances."""
COMPILED = 10_000
"""Repairs of different rows from which on the compiled engine is asked, even if it must be made ready."""


@dataclass(frozen=True)
class Search:
    """How a row is repaired that is to belong to a class.

    Attributes:
        before: the rows as the data have them, from which prices count.
        base: their repairs without any target.
        prices: what these cost.
        held: columns that keep what the repair made of them.
    """

    normal: NormalProgram
    before: EncodedTable
    base: TableRepair
    pricing: RowPrices
    prices: Numbers
    engine: str
    effort: float | None
    threads: int | None
    held: frozenset[int] = frozenset()

    def faster(self, count: int) -> Search:
        """The same; for so many repairs in all that making the compiled engine ready pays, with that one."""
        if self.engine != AUTO or count < COMPILED:
            return self
        distinct = np.unique(np.concatenate([self.before.values, self.before.states]), axis=1).shape[1]
        return replace(self, engine="compiled") if count * distinct >= COMPILED * self.before.n_rows else self

    def repaired(self, rows: Indices, condition: Bool) -> TableRepair:
        """The cheapest repairs of some rows under a condition, which must be true and not just unknown."""
        rule = NormalRule("targets", "hard", None, surely(condition), None, variables(condition), None)
        start = self.before.take(rows)
        for i in self.held:
            start.values[i], start.states[i] = self.base.table.values[i, rows], self.base.table.states[i, rows]
        return repair_table(
            self.normal,
            start,
            engine_name=self.engine,
            effort=self.effort,
            threads=self.threads,
            fixed_columns=self.held,
            extra_rules=(rule,),
            reasons=False,
        )

    def candidates(self, rows: Indices, condition: Bool) -> tuple[Indices, EncodedTable, Numbers]:
        """Those of some rows that can belong to a class, as what they would become, and what that costs more."""
        found = self.repaired(rows, condition)
        fine = np.flatnonzero(found.solved)
        after = found.table.take(fine)
        cost = self.pricing.of(self.before.take(rows[fine]), after)
        return rows[fine], after, cost - self.prices[rows[fine]]


def held_columns(program: Program) -> frozenset[int]:
    """The columns that rules over several rows read, and those that they are computed from."""
    normal = normalise(program)
    held: set[int] = set()
    left = {i for rule in rules_over_rows(program) for i in rule.columns}
    while left:
        i = left.pop()
        definition = normal.columns[i].definition
        if definition is None:
            held.add(i)
        else:
            left |= variables(definition)
    return frozenset(held)


def classes(aims: Sequence[Aim], totals: Sequence[Sequence[int]], n_rows: int) -> tuple[list[Bool], bool]:
    """Conditions that together tell apart what matters to the targets, and whether all combinations are among them."""
    each = [aim.classes(sums, n_rows) for aim, sums in zip(aims, totals, strict=True)]
    joint = int(np.prod([len(own) for own in each], dtype=object)) <= JOINT
    parts = product(*each) if joint else ((condition,) for own in each for condition in own)
    found = [conjunction(conditions) for conditions in parts]
    return [condition for condition in dict.fromkeys(found) if condition != ANY], joint


def all_moves(search: Search, aims: Sequence[Aim], conditions: Sequence[Bool]) -> tuple[Moves, bool]:
    """What every sound row could become in each class, and whether really every row was asked."""
    evaluator = Evaluator(search.normal, search.base.table)
    wanted = [np.flatnonzero(search.base.solved & ~evaluator.truth(condition)[0]) for condition in conditions]
    thin = -(-sum(rows.size for rows in wanted) // CELLS)
    asked = [(rows[:: max(thin, 1)], number) for number, rows in enumerate(wanted)]
    search = search.faster(sum(rows.size for rows, _ in asked))
    return gather(search, aims, [(rows, conditions[number], number) for rows, number in asked if rows.size]), thin <= 1


def gather(search: Search, aims: Sequence[Aim], asked: Sequence[tuple[Indices, Bool, int]]) -> Moves:
    """The moves of some rows to some classes, which are given with their numbers."""
    rows, prices, numbers = [np.zeros(0, np.int64)], [search.prices[:0]], [np.zeros(0, np.int64)]
    steps = [np.zeros((sum(aim.width for aim in aims), 0), np.int64)]
    for some, condition, number in asked:
        which, after, price = search.candidates(some, condition)
        now = search.base.table.take(which)
        steps.append(np.concatenate([aim.step(aim.state(now), aim.state(after)) for aim in aims]))
        rows.append(which)
        prices.append(price)
        numbers.append(np.full(which.size, number))
    step = np.concatenate(steps, axis=1)
    return Moves.of(aims, np.concatenate(rows), np.concatenate(prices), np.concatenate(numbers), step)
