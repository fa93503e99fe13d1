"""The cheapest repair of a row, and of equally cheap ones the first: price, then changed columns, then values.

Each of these is a *criterion* to be made small. As many as stay below 2**53 together are weighted into one
objective; the others are minimised afterwards, with all earlier ones held at their best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.cpsat.model import FALSE, LIMIT, Model
from htdbu.solver.cpsat.search import EXACT, Answer, Budget, Search, Terms
from htdbu.solver.cpsat.template import Template
from htdbu.solver.ranges import Ranges, clip
from htdbu.solver.solutions import Solution, Status


@dataclass(frozen=True, slots=True)
class Criterion:
    """A linear form to be made small.

    Attributes:
        least: what it cannot go below.
        size: how many values it can take, from `least` on.
        variable: the variable that it is about, which holding it fixes; None for the price.
    """

    terms: Terms
    least: int
    size: int
    variable: int | None = None


Unit = Sequence[Criterion]


class Priced(Protocol):
    """A model of one or several rows with a price."""

    model: Model

    @property
    def price(self) -> Terms:
        """The price of what the rows become."""
        ...

    def domain(self, variable: int, ranges: Ranges) -> None:
        """Give a variable another domain."""
        ...

    def limit(self, price: int) -> None:
        """The rows may cost no more than this."""
        ...


Loaded = tuple[Template, dict[int, Cell]]
"""A template, and the cells of the row that it is set to."""


def repair(template: Template, search: Search, row: Row, effort: float) -> Solution:
    """The repair of one row of a block."""
    template.load(row)
    loaded = (template, dict(zip(template.component.cells, row, strict=True)))
    descent = Descent(template, search, Budget(effort))
    descent.through([Criterion(template.price, 0, template.price_bound + 1)], [loaded])
    assert descent.answer is not None
    return solution(descent.answer, loaded)


class Descent:
    """Minimises criteria one after another; `answer` is the best so far, optimal while all were proved."""

    def __init__(self, priced: Priced, search: Search, budget: Budget) -> None:
        self.priced = priced
        self.answer: Answer | None = None
        self._search = search
        self._budget = budget

    def through(self, first: Unit, rows: Sequence[Loaded]) -> None:
        """Minimise what comes first, the price above all, then which columns change, and then their values."""
        changes = [c for t, cells in rows for i in t.mutable if (c := _change(t, i, cells[i])).size > 1]
        parts = [(template, i, parts) for template, _ in rows for i, parts in template.mutable.items()]
        values = [c for template, i, part in parts for c in _values(template, i, part.columns.box, True)]
        if _fits([*first, *changes, *values]):
            self.run([[*first, *changes, *values]])
        else:
            self.run([first, changes])
            self.run([[criterion] for criterion in _remaining(self, rows)])

    def run(self, units: Sequence[Unit]) -> None:
        """Minimise units of criteria in their order, several at once where they fit."""
        todo = [unit for unit in units if unit]
        while todo and (self.answer is None or self.answer.status is Status.OPTIMAL):
            if self.answer is not None and all(_at_least(self.answer, unit) for unit in todo):
                for unit in todo:
                    self._hold(unit, self.answer)
                return
            group, todo = _packed(todo)
            self._minimise(group)

    def _minimise(self, group: Unit) -> None:
        found = self._search.minimise(self.priced.model, _weighted(group), self._budget)
        if self.answer is not None and not found.status.solved:
            self.answer = Answer(Status.FEASIBLE, self.answer.values)
            return
        self.answer = found
        if found.status is Status.OPTIMAL:
            self._hold(group, found)

    def _hold(self, unit: Unit, answer: Answer) -> None:
        """Keep criteria where they are from now on."""
        for criterion in unit:
            if criterion.variable is None:
                self.priced.limit(answer.total(criterion.terms))
            else:
                value = answer.values[criterion.variable]
                self.priced.domain(criterion.variable, ((value, value),))


def _at_least(answer: Answer, unit: Unit) -> bool:
    """Whether a solution already has every criterion at what it cannot go below."""
    return all(answer.total(criterion.terms) == criterion.least for criterion in unit)


def _fits(unit: Unit) -> bool:
    """Whether criteria can be weighted into one objective, which 64 bits hold however large their values are."""
    weight, total = 1, 0
    for criterion in reversed(unit):
        total += weight * max(abs(criterion.least), abs(criterion.least + criterion.size - 1))
        weight *= criterion.size
    return weight < EXACT and total < LIMIT


def _packed(units: list[Unit]) -> tuple[Unit, list[Unit]]:
    """As many leading units as fit into one objective, and the others; a unit that does not fit alone is split."""
    first, *rest = units
    if not _fits(first) and len(first) > 1:
        return _packed([*([criterion] for criterion in first), *rest])
    group = list(first)
    while rest and _fits([*group, *rest[0]]):
        group.extend(rest.pop(0))
    return group, rest


def _weighted(group: Unit) -> Terms:
    """One linear form whose order is that of the criteria one after another."""
    weight, total = 1, dict[int, int]()
    for criterion in reversed(group):
        for variable, coefficient in criterion.terms:
            total[variable] = total.get(variable, 0) + weight * coefficient
        weight *= criterion.size
    return list(total.items())


def _change(template: Template, position: int, cell: Cell) -> Criterion:
    """Changing an earlier column is better: the changed mark is to be 1."""
    changed = template.mutable[position].changed
    return Criterion(((changed, -1),), -1, 2 if _may_stay(template, position, cell) else 1, changed)


def _may_stay(template: Template, position: int, cell: Cell) -> bool:
    """Whether the cell of a mutable column may be left as it is."""
    nullable = template.mutable[position].columns.null != FALSE
    return cell.mode == Mode.VALUE or (cell.mode == Mode.NULL and nullable)


def _values(template: Template, position: int, box: Ranges, may_be_null: bool) -> list[Criterion]:
    """Null first, then the smaller value, out of those that are still possible."""
    columns = template.mutable[position].columns
    low, high = box[0][0], box[-1][1]
    found = [Criterion(((columns.offset, 1),), low - columns.low, high - low + 1, columns.offset)]
    if columns.null != FALSE and may_be_null:
        found.insert(0, Criterion(((columns.null, -1),), -1, 2, columns.null))
    return [criterion for criterion in found if criterion.size > 1]


def _remaining(descent: Descent, rows: Sequence[Loaded]) -> list[Criterion]:
    """The values that price and changed columns leave open; the domains of all others are narrowed on the way."""
    answer = descent.answer
    if answer is None or answer.status is not Status.OPTIMAL:
        return []
    changed = [[i for i, parts in template.mutable.items() if answer.values[parts.changed]] for template, _ in rows]
    charges = (_charge(t, i, cells[i]) for (t, cells), some in zip(rows, changed, strict=True) for i in some)
    slack = answer.total(descent.priced.price) - sum(charges)
    criteria: list[Criterion] = []
    for (template, cells), some in zip(rows, changed, strict=True):
        for i in template.mutable:
            if i in some:
                criteria.extend(_narrow(template, i, cells[i], slack))
            else:
                _freeze(template, i, cells[i])
    return criteria


def _charge(template: Template, position: int, cell: Cell) -> int:
    """The least price of a cell that is changed."""
    prices = template.prices
    measured = cell.mode in (Mode.VALUE, Mode.OUTSIDE) and prices.step[position]
    return prices.changed[position] if measured else prices.half(position)


def _narrow(template: Template, position: int, cell: Cell, slack: int) -> list[Criterion]:
    """What a changed cell may become for the money that is left, as criteria and as domains of its variables."""
    prices, columns = template.prices, template.mutable[position].columns
    made_null = prices.null(position) - _charge(template, position, cell) <= slack and cell.mode != Mode.NULL
    if columns.null != FALSE and not made_null:
        template.domain(columns.null, ((0, 0),))
    box, step = columns.box, prices.step[position]
    if step and cell.mode in (Mode.VALUE, Mode.OUTSIDE) and not made_null:
        reach = slack // step
        box = clip(box, cell.value - reach, cell.value + reach)
        template.domain(columns.offset, columns.offsets(box))
    return _values(template, position, box, made_null)


def _freeze(template: Template, position: int, cell: Cell) -> None:
    """Hold the variables of a cell that is not changed."""
    columns, empty = template.mutable[position].columns, cell.mode == Mode.NULL
    value = columns.rest if empty else cell.value
    template.domain(columns.offset, columns.offsets(((value, value),)))
    if columns.null != FALSE:
        template.domain(columns.null, ((int(empty), int(empty)),))


def solution(answer: Answer, loaded: Loaded) -> Solution:
    """What a row becomes."""
    template, cells = loaded
    if not answer.status.solved:
        return Solution(answer.status)
    values = {}
    for i, parts in template.mutable.items():
        null = parts.columns.null != FALSE and answer.values[parts.columns.null]
        values[i] = None if null else answer.values[parts.columns.offset] + parts.columns.low
    price = sum(template.prices.cell(i, cells[i], value) for i, value in values.items())
    price += sum(p for s, p in zip(template.softs, template.prices.soft, strict=True) if answer.values[s])
    return Solution(answer.status, tuple(values.values()), price)
