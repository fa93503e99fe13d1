"""Is there a table that meets some demands? Rows are found one by one: each is one that the prices so far ask for.

Column generation (Gilmore and Gomory 1961): a linear program over the rows known so far either meets the demands, or
prices them so that no known row pays; CP-SAT looks for a valid row that does. Where there is none, the prices prove
that no table of valid rows, however long, meets the demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from htdbu.analyses.block import Block, Row
from htdbu.analyses.tables.demands import Constraint, Demand
from htdbu.analyses.tables.simplex import Feasibility
from htdbu.solver.cpsat.model import Form
from htdbu.solver.solutions import Status

_MOST_ROUNDS = 300


@dataclass(frozen=True)
class TableAnswer:
    """`OPTIMAL` where there is a table, `INFEASIBLE` where the prices prove that there is none, else `UNKNOWN`."""

    status: Status
    prices: tuple[int, ...] = ()


class TableSearch:
    """Asks about the tables whose rows a block allows; rows that were found for one question serve the next."""

    def __init__(self, block: Block) -> None:
        self._block = block

    def ask(self, demands: Sequence[Demand]) -> TableAnswer:
        """Whether some demands can be met together."""
        constraints = [constraint for demand in demands for constraint in demand.constraints]
        program = Feasibility([constraint.bound for constraint in constraints])
        for name in dict.fromkeys(name for constraint in constraints for name in constraint.own):
            program.add([constraint.own.get(name, 0) for constraint in constraints])
        for row in self._block.rows:
            if all(self._block.holds(row, literal) for literal in self._block.valid):
                program.add(_column(constraints, row))
        for _ in range(_MOST_ROUNDS):
            prices = program.solve()
            if prices is None:
                return TableAnswer(Status.OPTIMAL)
            whole = _whole(prices)
            form = self.worth(constraints, whole)
            answer = self._block.least(self._block.valid, self._block.model.combine([(-1, form)]))
            if answer.status is not Status.OPTIMAL:
                break
            if total(form, answer.values) <= 0:
                return TableAnswer(Status.INFEASIBLE, whole)
            program.add(_column(constraints, answer.values))
        return TableAnswer(Status.UNKNOWN)

    def worth(self, constraints: Sequence[Constraint], prices: Sequence[int]) -> Form:
        """What a row adds to all constraints, at some prices."""
        return self._block.model.combine([(p, c.form) for p, c in zip(prices, constraints, strict=True) if p])


def _column(constraints: Sequence[Constraint], row: Row) -> list[int]:
    return [total(constraint.form, row) for constraint in constraints]


def total(form: Form, row: Row) -> int:
    """The value of a form in a row."""
    return form.constant + sum(factor * row[variable] for variable, factor in form.terms)


def _whole(prices: Sequence[Fraction]) -> tuple[int, ...]:
    scale = lcm(*(price.denominator for price in prices))
    return tuple(int(price * scale) for price in prices)
