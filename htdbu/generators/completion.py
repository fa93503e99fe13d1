"""Look-ahead: whether what has been drawn of a row can be completed to one that obeys every hard rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalRule, variables
from htdbu.compiler.program import Program
from htdbu.generators.arrays import Ints, Mask
from htdbu.generators.texture import is_texture
from htdbu.solver.components import components, reads
from htdbu.solver.derive import derive
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.outcomes import outside_domain
from htdbu.solver.solutions import Status
from htdbu.solver.table import NULL, EncodedTable
from htdbu.solver.table_repair import TableRepair, repair_table

_EFFORT = 0.1
"""Deterministic time for one completion; where that is too little a value passes, and is judged with those after it."""


class Completion:
    """The hard rules of a program, asked about rows of which only some columns are drawn.

    Attributes:
        bound: the texture columns that hard rules or derived columns read, in the order of the table, block by block.
    """

    def __init__(self, program: Program, threads: int | None = None) -> None:
        normal = normalise(program)
        self.threads = threads
        self.normal = replace(normal, rules=tuple(rule for rule in normal.rules if rule.kind == "hard"))
        texture = {i for i, column in enumerate(program.columns) if is_texture(column)}
        blocks = [block for block in components(self.normal, frozenset()) if block.hard or block.derived]
        self.bound = [i for block in blocks for i in block.columns if i in texture]
        self._block_of = {i: block for block in blocks for i in block.columns}
        self._read = {rule: self._operands(reads(rule)) & texture for rule in self.normal.rules}
        self._made_of = {i: self._operands(frozenset((i,))) & texture for block in blocks for i in block.derived}

    def _operands(self, columns: frozenset[int]) -> frozenset[int]:
        """These columns, derived ones replaced by what they are derived from."""
        found, left = set(), list(columns)
        while left:
            i = left.pop()
            definition = self.normal.columns[i].definition
            if definition is None:
                found.add(i)
            else:
                left += variables(definition)
        return frozenset(found)

    def possible(self, table: EncodedTable, drawn: Sequence[int]) -> Mask:
        """Which rows can be completed; where the search gives up a row counts as one that can.

        Args:
            table: rows; their derived columns are computed anew.
            drawn: the columns that count, the last of which is new: without it every row could be completed.
        """
        new, known = drawn[-1], frozenset(drawn)
        fine = self._inside(table, new)
        block = self._block_of.get(new)
        if block is None:
            return fine
        derive(self.normal, table)
        evaluator = Evaluator(self.normal, table)
        for rule in block.hard:
            if new in self._read[rule] and self._read[rule] <= known:
                fine &= ~evaluator.truth(rule.outcome)[1]
        for i in block.derived:
            if new in self._made_of[i] and self._made_of[i] <= known:
                fine &= self._inside(table, i)
        asked = [self._read[rule] for rule in block.hard] + [self._made_of[i] for i in block.derived]
        if any(columns & known and columns - known for columns in asked):
            rows = np.flatnonzero(fine)
            fine[rows] = self._completes(table, rows, [i for i in drawn if i in block.columns], block.hard)
        return fine

    def _inside(self, table: EncodedTable, i: int) -> Mask:
        """Which cells of a column are values of its domain, or nulls where it may have them."""
        inside: Mask = ~outside_domain(self.normal, table, i)
        return inside if self.normal.columns[i].nullable else inside & (table.states[i] != NULL)

    def _completes(self, table: EncodedTable, rows: Ints, drawn: Sequence[int], rules: tuple[NormalRule, ...]) -> Mask:
        """The same by search, once for each different start."""
        cells = np.vstack([line[drawn][:, rows] for line in (table.values, table.states)])
        _, first, which = np.unique(cells, axis=1, return_index=True, return_inverse=True)
        found = self.nearest(table.take(rows[first]), drawn, rules)
        can: Mask = found.statuses[which.reshape(-1)] != Status.INFEASIBLE.code
        return can

    def nearest(
        self, table: EncodedTable, drawn: Sequence[int], rules: tuple[NormalRule, ...] | None = None
    ) -> TableRepair:
        """The rows completed: with the nearest cells that the rules (all by default) allow beside the drawn ones."""
        return repair_table(
            self.normal if rules is None else replace(self.normal, rules=rules),
            table,
            effort=_EFFORT,
            threads=self.threads,
            fixed_columns=frozenset(drawn),
            ignore_fixed=True,
            reasons=False,
        )
