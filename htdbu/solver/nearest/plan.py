"""Whether a block is small enough for a table, and the order of its repairs as plain 64-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from htdbu.solver.compiled.magnitudes import bounds_of, dearest
from htdbu.solver.components import Component
from htdbu.solver.nearest.axes import Axis
from htdbu.solver.objective import Prices
from htdbu.solver.ranges import Ranges, bounded, clip, joined

NONE = 2**62
"""At least this where no repair will do; no code of a repair comes near it."""


@dataclass(frozen=True)
class Plan:
    """The axes of a block, and how a repair is spelled as one integer, its *code*.

    A code has three parts: (price * 2**n - changed) * 2**t + target. Of the n mutable columns the first declared has
    the highest bit in `changed`; `target` holds the numbers of their targets, t bits in all, the first declared
    highest. The least code is that of the repair that language reference, section 5, asks for: the cheapest; of equal
    ones that which changes earlier columns; then that with the smaller values.
    """

    component: Component
    axes: tuple[Axis, ...]

    @cached_property
    def free(self) -> tuple[Axis, ...]:
        """The axes of the mutable columns, in the order of their declaration."""
        return tuple(axis for axis in self.axes if axis.free)

    @cached_property
    def prices(self) -> Prices:
        """The prices of the block."""
        return Prices(self.component)

    @property
    def n_sources(self) -> int:
        """How many rows can be told apart."""
        return prod(axis.sources for axis in self.axes)

    @property
    def n_targets(self) -> int:
        """How many rows there are that hold values of their columns' boxes only."""
        return prod(axis.targets for axis in self.axes)

    @cached_property
    def target_bits(self) -> int:
        """The width t of all targets of a code."""
        return sum(axis.target_bits for axis in self.free)

    @cached_property
    def shifts(self) -> dict[int, int]:
        """How far to the left the target of each mutable column stands in a code, by position."""
        found, left = {}, self.target_bits
        for axis in self.free:
            left -= axis.target_bits
            found[axis.position] = left
        return found

    def paid(self, price: int) -> int:
        """A price as part of a code."""
        return price << (len(self.free) + self.target_bits)

    def changed(self, position: int, price: int) -> int:
        """A change of a column at some price, as part of a code; always above 0, since all prices are."""
        bit = 1 << (len(self.free) - 1 - self.component.mutable.index(position))
        return self.paid(price) - (bit << self.target_bits)


def plan_of(component: Component, most: int) -> Plan | None:
    """The plan of a block; None where it can tell more than `most` rows apart, holds texts, or leaves 64 bits."""
    if any(component.column(i).kind == "text" for i in component.columns):
        return None
    boxes = {i: joined(bounded(component.column(i).box)) for i in component.columns if i not in component.derived}
    if not all(boxes.values()):
        return None
    boxes |= _pinned(component, boxes)
    plan = Plan(component, tuple(_axis(component, i, boxes[i]) for i in component.cells))
    few = plan.n_sources <= most
    return plan if few and plan.paid(dearest(component, boxes)) < NONE else None


def _pinned(component: Component, boxes: Mapping[int, Ranges]) -> dict[int, Ranges]:
    """What fixed derived columns can come to inside their domains; any value at all where that is nothing."""
    found: dict[int, Ranges] = {}
    for i in set(component.fixed) & set(component.derived):
        low, high = bounds_of(component, boxes).range(component.definitions[i])
        found[i] = clip(component.column(i).domain, low, high) or ((low, low),)
    return found


def _axis(component: Component, position: int, box: Ranges) -> Axis:
    column = component.column(position)
    free = position in component.mutable
    return Axis(position, box, column.nullable, free, column.bits is not None)
