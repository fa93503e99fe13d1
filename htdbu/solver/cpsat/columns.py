"""The columns of a block as variables, and its definitions and hard rules as constraints: what all its models share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from htdbu.solver.components import Component
from htdbu.solver.cpsat import arithmetic, calendar, choice, logic, lookups  # noqa: F401  (they register their nodes)
from htdbu.solver.cpsat.lowering import Lowering, Number
from htdbu.solver.cpsat.model import FALSE, Literal, Model
from htdbu.solver.ranges import Ranges, bounded
from htdbu.solver.texts import TextCodes


@dataclass(frozen=True, slots=True)
class ColumnVariables:
    """The variables of a column that is not derived.

    Attributes:
        offset: the variable of how far its value lies above the low end of the box, so that objectives stay small.
        null: the literal of its being null; FALSE where it may not be.
        box: what the value is chosen from.
        rest: the value that stands while the column is null.
    """

    offset: int
    null: Literal
    box: Ranges
    rest: int

    @property
    def low(self) -> int:
        """The low end of the box."""
        return self.box[0][0]

    @property
    def width(self) -> int:
        """How far the box reaches."""
        return self.box[-1][1] - self.low

    def offsets(self, ranges: Ranges) -> Ranges:
        """Ranges of values as ranges of the offset."""
        return tuple((a - self.low, b - self.low) for a, b in ranges)


def box_of(component: Component, position: int, codes: TextCodes) -> Ranges:
    """What a repair may choose a column's value from."""
    column = component.column(position)
    return ((0, codes.count - 1),) if column.kind == "text" else bounded(column.box)


def declare(
    model: Model, component: Component, codes: TextCodes, boxes: Mapping[int, Ranges]
) -> dict[int, ColumnVariables]:
    """Variables for all columns of a block that are not derived; a null pins its value to the low end of the box."""
    found = {}
    for i, box in boxes.items():
        column = component.column(i)
        low = box[0][0]
        offset = model.integer_in([(a - low, b - low) for a, b in box])
        null = model.literal() if column.nullable else FALSE
        rest = codes.fresh if column.kind == "text" else low
        if null != FALSE:
            model.linear(model.form(((offset, 1),), low), ((rest, rest),), (null,))
        found[i] = ColumnVariables(offset, null, box, rest)
    return found


def lowering_of(model: Model, component: Component, columns: Mapping[int, ColumnVariables]) -> Lowering:
    """What lowers the nodes of a block over these columns."""
    numbers = {i: Number(model.form(((c.offset, 1),), c.low), ~c.null) for i, c in columns.items()}
    return Lowering(model, numbers, component.definitions)


def plain_columns(component: Component) -> tuple[int, ...]:
    """The columns of a block that are not derived."""
    return tuple(i for i in component.columns if i not in component.derived)
