"""What the repair of a table cost, from its cells before and after alone: exact, and independent of every engine."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from htdbu.compiler.normal import NormalProgram
from htdbu.solver.chunks import in_chunks
from htdbu.solver.evaluate import Evaluator
from htdbu.solver.objective import MADE_NULL
from htdbu.solver.problems import exact_values, nearest_values
from htdbu.solver.ranges import bounded
from htdbu.solver.sums import exact_sum
from htdbu.solver.table import NULL, VALUE, EncodedTable, Indices
from htdbu.solver.violations import unlike


def table_price(
    program: NormalProgram, before: EncodedTable, after: EncodedTable, rows: Indices, threads: int | None = 1
) -> Fraction:
    """The objective of the language reference, section 5, summed over some rows."""

    def priced(start: int, stop: int) -> Fraction:
        return _price(program, before.take(rows[start:stop]), after.take(rows[start:stop]))

    return sum(in_chunks(priced, rows.size, threads), Fraction(0))


def _price(program: NormalProgram, start: EncodedTable, end: EncodedTable) -> Fraction:
    """The same of two tables of the same rows."""
    evaluator = Evaluator(program, end)
    total = Fraction(0)
    for rule in program.rules:
        if rule.kind == "soft" and rule.weight is not None:
            total += Fraction(rule.weight) * int(evaluator.truth(rule.outcome)[1].sum())
    for i, column in enumerate(program.columns):
        if column.definition is None:
            total += Fraction(column.cost) * _distances(program, start, end, i)
    return total


def _distances(program: NormalProgram, start: EncodedTable, end: EncodedTable, position: int) -> Fraction:
    """The sum of `1 + distance` over the changed cells of a column; a null that is made counts 100."""
    column = program.columns[position]
    changed = unlike(start, end, position)
    made_null = changed & (end.states[position] == NULL)
    measured = changed & ~made_null & (start.states[position] == VALUE) & (column.bits is not None)
    half = int((changed & ~made_null & ~measured).sum())
    total = Fraction(MADE_NULL * int(made_null.sum())) + Fraction(3, 2) * half
    rows = np.flatnonzero(measured)
    if column.bits is not None and rows.size:
        origin = nearest_values(bounded(column.box), exact_values(start, rows, position))
        steps = np.abs(end.values[position, rows] - origin)
        total += rows.size + Fraction(exact_sum(steps), 2**column.bits)
    return total
