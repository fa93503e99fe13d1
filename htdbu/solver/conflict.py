"""Why a row cannot be repaired: a smallest set of rules, domains and fixed cells that cannot agree.

Every member is an assumption of one model, over which a set with the fewest members is searched. Where the budget
ends first, or the set would be large, it is a minimal one: CP-SAT names a set that suffices; each member of it is then
left out in turn, and stays out where the others still conflict. Without any one of the remaining ones there is a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from htdbu.compiler.normal import Var
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component
from htdbu.solver.cpsat.columns import box_of, declare, lowering_of, plain_columns
from htdbu.solver.cpsat.model import Form, Literal, Model, ModelOverflowError, flat, replace
from htdbu.solver.cpsat.requirements import require
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.ranges import Ranges, clip
from htdbu.solver.smallest import Assumptions, smallest
from htdbu.solver.solutions import Status
from htdbu.solver.texts import TextCodes

WIDEST = 10**9
"""How far, in units, a number may go once its domain is left out."""
_UNITS = {"date": 1, "datetime": 86_400}
_TYPES = ("bool", "category", "text")
"""Kinds whose domain is their type, and no member of a conflict."""


def conflict(component: Component, row: Row, effort: float) -> tuple[str, ...]:
    """Names of the fewest members that cannot agree in a row that has no repair; of such sets, later members are out.

    A fixed cell that its own column's domain or null rules out is told by itself. Members are the names of hard rules,
    `COLUMN fixed`, `COLUMN.domain` and, for fixed and derived columns, `COLUMN.null`; that other columns are never
    null is taken for granted. What the budget leaves undecided stays in, so that the set always suffices; half of the
    budget is kept for making the set minimal at least.
    """
    cells = dict(zip(component.cells, row, strict=True))
    for i in component.fixed:
        name, nullable = component.column(i).name, component.column(i).nullable
        if cells[i].mode in (Mode.BROKEN, Mode.OUTSIDE):
            return (f"{name} fixed", f"{name}.domain")
        if cells[i].mode == Mode.NULL and not nullable:
            return (f"{name} fixed", f"{name}.null")
    try:
        model = ConflictModel(component, cells, wide=True)
    except ModelOverflowError:
        model = ConflictModel(component, cells, wide=False)
    return smallest(model, Search(), Budget(effort / 2)) or shrunk(model, Budget(effort / 2))


@dataclass
class Shared:
    """What the models of several rows share.

    Attributes:
        texts: the codes of all texts that the rows hold; those of each row by itself where it is None.
    """

    codes: TextCodes
    texts: list[int] | None = None
    model: Model = field(default_factory=Model)
    members: dict[str, Literal] = field(default_factory=dict)


class ConflictModel:
    """The rules, fixed cells, domains and nulls of one row, each under an assumption of its own.

    Args:
        wide: whether domains can be left out too; without it they always hold.
        shared: what several rows of one model have in common; members of the same name are one.

    Attributes:
        members: the assumption of every member, by its name.
        lowering: what lowers further conditions on the row.
    """

    def __init__(self, component: Component, cells: dict[int, Cell], wide: bool, shared: Shared | None = None) -> None:
        own = shared or Shared(TextCodes(component))
        self.model, self.members = own.model, own.members
        self._component, self._codes = component, own.codes
        boxes = {i: box_of(component, i, self._codes) for i in plain_columns(component)}
        reach = {i: _widened(component, i, box) for i, box in boxes.items()} if wide else boxes
        self._columns = declare(self.model, component, self._codes, reach)
        self.lowering = lowering_of(self.model, component, self._columns)
        for rule in component.hard:
            require(self.lowering, rule.outcome, (self._member(rule.name),))
        for i in component.fixed:
            self._hold(i, cells[i], self._member(f"{component.column(i).name} fixed"))
        for i, box in boxes.items():
            self._limit(i, box, reach[i])
        for i in component.derived:
            self._limit_derived(i)
        texts = [cells[i].value for i in self._codes.position if i in cells and cells[i].mode == Mode.VALUE]
        self._texts(texts if own.texts is None else own.texts)

    def assume(self, names: Iterable[str]) -> None:
        """Let the named members hold, and leave the others open."""
        replace(self.model.proto.assumptions, [self.members[name] for name in names])

    def value(self, position: int) -> tuple[Form, Form]:
        """A column's value, and 1 where it is known: to be asked for before the model is solved."""
        number = self.lowering.number(Var(position))
        return number.form, self.model.indicator(number.known)

    def _member(self, name: str) -> Literal:
        return self.members.setdefault(name, self.model.literal())

    def _hold(self, position: int, cell: Cell, when: Literal) -> None:
        """The cell is as the data have it."""
        number = self.lowering.number(Var(position))
        self.model.clause((~number.known if cell.mode == Mode.NULL else number.known,), (when,))
        if cell.mode == Mode.VALUE:
            self.model.linear(
                number.form, clip(((cell.value, cell.value),), number.form.low, number.form.high), (when,)
            )

    def _limit(self, position: int, box: Ranges, reach: Ranges) -> None:
        """A column's domain, where it says more than the variables themselves."""
        column, number = self._component.column(position), self.lowering.number(Var(position))
        if reach != box:
            self.model.linear(number.form, box, (self._member(f"{column.name}.domain"), number.known))

    def _limit_derived(self, position: int) -> None:
        column, number = self._component.column(position), self.lowering.number(Var(position))
        if column.kind != "text":
            domain = clip(column.domain, number.form.low, number.form.high)
            self.model.linear(number.form, domain, (self._member(f"{column.name}.domain"), number.known))
        if not column.nullable:
            self.model.clause((number.known,), (self._member(f"{column.name}.null"),))

    def _texts(self, present: list[int]) -> None:
        for i in self._codes.position:
            if i in self._columns:
                columns = self._columns[i]
                domain = flat(columns.offsets(self._codes.allowed(present)))
                replace(self.model.proto.variables[columns.offset].domain, domain)


def _widened(component: Component, position: int, box: Ranges) -> Ranges:
    """Where a column may go once its domain is left out: at least as far as bounds are assumed for any column."""
    column = component.column(position)
    if column.kind in _TYPES:
        return box
    limit = WIDEST * 10**column.scale if column.kind in ("int", "decimal") else 150_000 * _UNITS[column.kind]
    return ((min(box[0][0], -limit), max(box[-1][1], limit)),)


def shrunk(model: Assumptions, budget: Budget) -> tuple[str, ...]:
    """The names of a minimal set of members that conflict.

    Members are left out from the last to the first, as long as the others conflict.
    """
    search = Search()
    kept = list(model.members)
    kept = _sufficient(model, search, budget, kept) or kept
    for name in reversed(kept):
        others = [other for other in kept if other != name]
        if name in kept:
            kept = _sufficient(model, search, budget, others) or kept
    return tuple(kept)


def _sufficient(model: Assumptions, search: Search, budget: Budget, names: list[str]) -> list[str] | None:
    """Those of the named members that CP-SAT needed to prove them in conflict; None where they are not proved so."""
    assumed = {model.members[name]: name for name in names}
    model.assume(names)
    answer = search.feasible(model.model, budget)
    if answer.status is not Status.INFEASIBLE:
        return None
    return [name for literal, name in assumed.items() if literal in answer.core] or names
