"""The price of a repair (language reference, section 5), in exact integers and in exact fractions.

Per block all prices are multiplied by S = 2**max(1, max k) * 2 * q, where 2**k is the power of two that divides a
column's distance and q the least common multiple of the denominators of all weights and costs of the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from htdbu.compiler.normal import NormalColumn
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.components import Component

MADE_NULL = 100
"""A null that is made costs so many times its column's cost."""


def cell_price(column: NormalColumn, cell: Cell, value: int | None) -> Fraction:
    """What it costs that a cell becomes a value (None: null), straight from the definition."""
    if is_kept(cell, value):
        return Fraction(0)
    cost = Fraction(column.cost)
    if value is None:
        return MADE_NULL * cost
    if column.bits is None or cell.mode in (Mode.NULL, Mode.BROKEN):
        return cost * Fraction(3, 2)
    return cost * (1 + Fraction(abs(value - cell.value), 2**column.bits))


def is_kept(cell: Cell, value: int | None) -> bool:
    """Whether a cell that becomes a value (None: null) is as it was."""
    return cell.mode == (Mode.NULL if value is None else Mode.VALUE) and value in (None, cell.value)


@dataclass(frozen=True)
class Prices:
    """The integer prices of one block."""

    component: Component

    @cached_property
    def unit(self) -> int:
        """S: the price of one whole unit of cost."""
        columns = [self.component.column(i) for i in self.component.mutable]
        bits = max((column.bits or 0 for column in columns), default=0)
        weights = [Fraction(rule.weight or 0) for rule in self.component.soft]
        q = lcm(*(Fraction(column.cost).denominator for column in columns), *(w.denominator for w in weights))
        return (2 << max(1, bits)) * q

    @cached_property
    def changed(self) -> dict[int, int]:
        """The fixed charge of changing a cell to another value, by column: `cost * S`."""
        return {i: _whole(Fraction(self.component.column(i).cost) * self.unit) for i in self.component.mutable}

    @cached_property
    def step(self) -> dict[int, int]:
        """The price of one step of distance, by column; 0 where every change has distance 1/2."""
        found = {}
        for i, charge in self.changed.items():
            bits = self.component.column(i).bits
            found[i] = 0 if bits is None else charge >> bits
        return found

    @cached_property
    def soft(self) -> tuple[int, ...]:
        """The prices of failing the soft rules, in their order."""
        return tuple(_whole(Fraction(rule.weight or 0) * self.unit) for rule in self.component.soft)

    def half(self, position: int) -> int:
        """The price of a change at distance 1/2."""
        return self.changed[position] * 3 // 2

    def null(self, position: int) -> int:
        """The price of a null that is made."""
        return self.changed[position] * MADE_NULL

    def least(self, position: int) -> int:
        """The least that any change of a cell of that column costs."""
        step = self.step[position]
        return self.changed[position] + step if step else self.half(position)

    def cell(self, position: int, cell: Cell, value: int | None) -> int:
        """What it costs that a cell becomes a value (None: null)."""
        if is_kept(cell, value):
            return 0
        if value is None:
            return self.null(position)
        if self.step[position] == 0 or cell.mode in (Mode.NULL, Mode.BROKEN):
            return self.half(position)
        return self.changed[position] + self.step[position] * abs(value - cell.value)


def _whole(price: Fraction) -> int:
    assert price.denominator == 1
    return price.numerator
