"""One model a block, built once and edited in place for every row.

What depends on the row are domains and coefficients: the present values, which cells may stay, and the prices.
Editing them takes microseconds where building takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.normal import Var
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat.columns import ColumnVariables, box_of, declare, lowering_of, plain_columns
from htdbu.solver.cpsat.model import FALSE, LIMIT, TRUE, Model, flat, guard, replace
from htdbu.solver.cpsat.requirements import failing, require
from htdbu.solver.objective import Prices
from htdbu.solver.ranges import Ranges, clip
from htdbu.solver.texts import TextCodes

Terms = list[tuple[int, int]]
"""Pairs of variable and coefficient."""


@dataclass(frozen=True, slots=True)
class MutableCell:
    """The parts of the model that follow one mutable cell.

    Attributes:
        changed: the variable of its being changed (at least where it is).
        distance: the variable that is at least |value - present|; None where all changes are as far.
        stay: the constraint that holds value and present together while unchanged.
        stay_null: the same for the null; None where the column is not nullable.
        above, below: the constraints that hold the distance up.
    """

    columns: ColumnVariables
    changed: int
    distance: int | None
    stay: Any
    stay_null: Any
    above: Any
    below: Any


@dataclass(frozen=True, slots=True)
class PinnedCell:
    """The parts of the model that hold a fixed derived column to its present value."""

    known: int
    pin: Any
    constant: int


class Template:
    """The model of a block; `load` sets it to a row, after which the domains may be narrowed further.

    Args:
        model: what takes the variables and constraints, where several rows share one; by default a model of its own.
        codes: the codes of texts that such rows share.

    Attributes:
        model: the CP-SAT model, without its objective.
        price: the price of a repair of the loaded row, as terms; `price_bound` is the most that it can come to.
    """

    def __init__(self, component: Component, model: Model | None = None, codes: TextCodes | None = None) -> None:
        self.component = component
        self.prices = Prices(component)
        self.codes = codes or TextCodes(component)
        self.model = model or Model()
        boxes = {i: box_of(component, i, self.codes) for i in plain_columns(component)}
        self.columns = declare(self.model, component, self.codes, boxes)
        self.lowering = lowering_of(self.model, component, self.columns)
        self.mutable = {i: self._mutable(i) for i in component.mutable}
        self.pinned = {i: self._pinned(i) for i in component.fixed if i in component.derived}
        self._rules()
        self.softs = [failing(self.lowering, rule.outcome) for rule in component.soft]
        self._ceiling = self.model.proto.constraints.add().linear
        self.price: Terms = []
        self.price_bound = 0

    def _rules(self) -> None:
        """Hard rules, and the domains and nulls of derived columns."""
        for rule in self.component.hard:
            require(self.lowering, rule.outcome)
        for i in self.component.derived:
            column, number = self.component.column(i), self.lowering.number(Var(i))
            if column.kind != "text":
                domain = clip(column.domain, number.form.low, number.form.high)
                self.model.linear(number.form, domain, (number.known,))
            if not column.nullable:
                self.model.clause((number.known,))

    def _mutable(self, position: int) -> MutableCell:
        model, columns = self.model, self.columns[position]
        changed, unchanged = model.literal(), []
        unchanged.append(self._single(columns.offset, (~changed,)))
        unchanged.append(None if columns.null == FALSE else self._single(columns.null, (~changed,)))
        if self.prices.step[position] == 0:
            return MutableCell(columns, changed, None, unchanged[0], unchanged[1], None, None)
        distance = model.integer(0, columns.width)
        sides = []
        for sign in (-1, 1):
            side = self._single(distance, (~columns.null,))
            side.vars.append(columns.offset)
            side.coeffs.append(sign)
            sides.append(side)
        return MutableCell(columns, changed, distance, unchanged[0], unchanged[1], sides[0], sides[1])

    def _single(self, variable: int, when: Sequence[int]) -> Any:
        """A constraint on one variable whose domain is set later."""
        constraint = self.model.proto.constraints.add()
        constraint.enforcement_literal.extend([literal for literal in when if literal != TRUE])
        constraint.linear.vars.append(variable)
        constraint.linear.coeffs.append(1)
        return constraint.linear

    def _pinned(self, position: int) -> PinnedCell:
        model, number = self.model, self.lowering.number(Var(position))
        known = model.literal()
        model.equal(model.form(((known, 1),)), model.indicator(number.known))
        pin = model.linear(number.form, ((number.form.low, number.form.high),), (number.known,)).linear
        return PinnedCell(known, pin, number.form.constant)

    def load(self, row: Row, texts: Iterable[int] | None = None) -> None:
        """Set the model to a row; cells stand in the order of `component.cells`.

        Args:
            texts: the codes of the texts that are there; by default those of the row.
        """
        cells = dict(zip(self.component.cells, row, strict=True))
        if texts is None:
            texts = [cells[i].value for i in self.codes.position if i in cells and cells[i].mode == Mode.VALUE]
        allowed = self.codes.allowed(texts)
        self.price, self.price_bound = [], 0
        for i, cell in cells.items():
            if i in self.pinned:
                self._load_pinned(self.pinned[i], cell)
                continue
            columns = self.columns[i]
            text = i in self.codes.position
            self.domain(columns.offset, columns.offsets(allowed if text else columns.box))
            if i in self.mutable:
                self._load_mutable(i, self.mutable[i], cell)
            else:
                self._load_fixed(columns, cell)
        for literal, price in zip(self.softs, self.prices.soft, strict=True):
            self._charge(literal, price, 1)
        guard(self.price_bound, "the price")
        replace(self._ceiling.vars, [v for v, _ in self.price])
        replace(self._ceiling.coeffs, [c for _, c in self.price])
        self.limit(self.price_bound)

    def domain(self, variable: int, ranges: Ranges) -> None:
        """Give a variable another domain."""
        replace(self.model.proto.variables[variable].domain, flat(ranges))

    def limit(self, price: int) -> None:
        """Repairs may cost no more than this."""
        replace(self._ceiling.domain, [-LIMIT, price])

    def _load_fixed(self, columns: ColumnVariables, cell: Cell) -> None:
        empty = cell.mode == Mode.NULL
        value = columns.rest if empty else cell.value
        self.domain(columns.offset, columns.offsets(((value, value),)))
        if columns.null != FALSE:
            self.domain(columns.null, ((int(empty), int(empty)),))

    def _load_pinned(self, parts: PinnedCell, cell: Cell) -> None:
        empty = cell.mode == Mode.NULL
        self.domain(parts.known, ((int(not empty), int(not empty)),))
        if not empty:
            value = min(max(cell.value, -LIMIT), LIMIT) - parts.constant
            replace(parts.pin.domain, [value, value])

    def _load_mutable(self, position: int, parts: MutableCell, cell: Cell) -> None:
        columns, nullable = parts.columns, parts.columns.null != FALSE
        width, value = columns.width, cell.value - columns.low
        empty = cell.mode == Mode.NULL
        may_stay = cell.mode == Mode.VALUE or (empty and nullable)
        self.domain(parts.changed, ((0 if may_stay else 1, 1),))
        kept = cell.mode == Mode.VALUE
        replace(parts.stay.domain, [value, value] if kept else [0, width])
        if nullable:
            self.domain(columns.null, ((0, 1),))
            replace(parts.stay_null.domain, [int(empty), int(empty)])
        measured = cell.mode in (Mode.VALUE, Mode.OUTSIDE)
        start = value if measured else 0
        if parts.distance is not None:
            replace(parts.above.domain, [-start, width])
            replace(parts.below.domain, [start, 2 * width])
        charge, step = self.prices.changed[position], self.prices.step[position]
        if not measured or step == 0:
            charge, step = self.prices.half(position), 0
        self._charge(parts.changed, charge, 1)
        if step and parts.distance is not None:
            self._charge(parts.distance, step, width)
        if nullable and not empty:
            self._charge(columns.null, self.prices.null(position) - charge, 1)

    def _charge(self, variable: int, price: int, most: int) -> None:
        """Add a price for each unit of a variable, which goes up to `most`."""
        self.price_bound += price * most
        self.price.append((variable, price))
