"""Drawing rows that break one rule."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, reject
from hypothesis import strategies as st

from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import NormalProgram
from htdbu.compiler.program import Program
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.ranges import bounded
from htdbu.solver.table import BROKEN, NULL, VALUE, EncodedTable
from htdbu.testing.breaking import Breach, breach, no_value
from htdbu.testing.fewest import UnbreakableError, breakable
from htdbu.testing.lean import write_definition
from htdbu.testing.proper import is_proper
from htdbu.testing.sampler import Sampler
from htdbu.testing.walk import dependent

FOREIGN = "?"
"""The text that stands for a cell that is no value of its type, longer where it is a level of its column."""


class InvalidSampler:
    """Draws rows that fail one rule and, of the other hard rules, as few as can be.

    Raises:
        UsageError: where there is no such rule or no row breaks it.
    """

    def __init__(self, program: Program, rule: str) -> None:
        self.program = program
        normal = normalise(program)
        self.breach = breach(program, normal, rule)
        try:
            wanted = self._wanted()
        except UnbreakableError:
            column = next((i for i, c in enumerate(normal.columns) if rule == f"{c.name}.domain"), None)
            if column is None or self.foreign is not None:
                raise
            # Every number outside would take a date that is computed from it out of the calendar.
            self.breach = no_value(normal, column, rule)
            wanted = self._wanted()
        self._sampler = Sampler(program, wanted)

    def _wanted(self) -> NormalProgram:
        """The normal form whose rows break the rule, or are edited to."""
        demand = self.breach.demand
        return self.breach.normal if demand is None else breakable(self.breach.normal, demand, self.breach.rule)

    @property
    def foreign(self) -> int | None:
        """The column whose cell is no value of its type."""
        return self.breach.foreign

    @property
    def foreign_text(self) -> str:
        """What that cell holds."""
        levels = () if self.foreign is None else self.program.columns[self.foreign].type.levels
        return next(text for n in range(1, len(levels) + 2) if (text := FOREIGN * n) not in levels)

    def draw(self, draw: st.DrawFn) -> EncodedTable:
        """A table of one row."""
        table = self._sampler.draw(draw)
        table.present = (True,) * len(table.present)
        if self.breach.edited is not None:
            return _edited(draw, self.program, self.breach, table, self.breach.edited)
        if self.foreign is not None:
            table.states[self.foreign] = BROKEN
        assume(self.breach.rule in failures(self.program, table))
        return table


def failures(program: Program, table: EncodedTable) -> set[str]:
    """The names of all rules that a row fails."""
    return {outcome.name for outcome in row_outcomes(program, table) if outcome.fail[0]}


def _edited(draw: st.DrawFn, program: Program, breach: Breach, table: EncodedTable, i: int) -> EncodedTable:
    """The row with another cell in a derived column; of some such cells the one that breaks the fewest rules."""
    options: list[tuple[int, int, EncodedTable]] = []
    for state, value in _others(draw, table, breach, i):
        other = table.take(np.zeros(1, np.int64))
        other.states[i], other.values[i] = state, value
        for j in dependent(breach.normal, i):
            write_definition(breach.normal, other, j)
        if not is_proper(breach.normal, other):
            continue
        failed = failures(program, other)
        if breach.rule in failed:
            options.append((len(failed), len(options), other))
    return min(options)[2] if options else reject()


def _others(draw: st.DrawFn, table: EncodedTable, breach: Breach, i: int) -> list[tuple[int, int]]:
    """States and values that the cell does not have."""
    if breach.foreign is not None:
        return [(BROKEN, 0)]
    column, value = breach.normal.columns[i], int(table.values[i, 0])
    size = draw(st.integers(1, 1000))
    found = [(VALUE, value + size), (VALUE, value - size), (VALUE, value + 1), (VALUE, value - 1)]
    if column.kind in ("bool", "category"):
        found = [(VALUE, code) for low, high in bounded(column.domain) for code in range(low, high + 1)]
    elif column.kind == "text":
        found = [(VALUE, table.texts.code(text)) for text in ("another text", "one more text")]
    if column.nullable:
        found.append((NULL, 0))
    if table.states[i, 0] == NULL:
        found += [(VALUE, end) for ends in bounded(column.domain) for end in ends]
    present = (int(table.states[i, 0]), value)
    return [option for option in found if option != present]
