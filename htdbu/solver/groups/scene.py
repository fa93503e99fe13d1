"""What rules over several rows tie together: their columns, and all that rules over one row add to these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.components import Component, components
from htdbu.solver.objective import Prices
from htdbu.solver.outcomes import SeveralRows, rules_over_rows


@dataclass(frozen=True)
class Scene:
    """A block of columns with rules over several rows.

    Attributes:
        block: the columns and the rules over one row.
        rules: the rules over several rows.
    """

    block: Component
    rules: tuple[SeveralRows, ...]

    @cached_property
    def prices(self) -> Prices:
        """The prices of the block."""
        return Prices(self.block)

    @cached_property
    def least(self) -> int:
        """The least that it costs to change a row."""
        return min((self.prices.least(i) for i in self.block.mutable), default=0)

    @cached_property
    def texts(self) -> frozenset[int]:
        """The text columns."""
        return frozenset(i for i in self.block.columns if self.block.column(i).kind == "text")

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns that the rules over several rows read."""
        return tuple(sorted({i for rule in self.rules for i in rule.columns}))


def scenes(program: Program, fixed: frozenset[int]) -> tuple[Scene, ...]:
    """The scenes of a program, in the order of their first columns.

    Args:
        fixed: positions of the columns that a repair must not change.
    """
    rules = tuple(rules_over_rows(program))
    blocks = components(normalise(program), fixed, [frozenset(rule.columns) for rule in rules])
    found = ((block, tuple(rule for rule in rules if rule.left[0] in block.columns)) for block in blocks)
    return tuple(Scene(block, inside) for block, inside in found if inside)
