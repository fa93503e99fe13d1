"""Nodes of the normal form as records: equal ones once, operands before what needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.normal import (
    Abs,
    And,
    Bool,
    Calendar,
    Choose,
    Coalesce,
    Const,
    Count,
    Extreme,
    FloorDiv,
    Iff,
    Indicator,
    Int,
    Intervals,
    IsNull,
    Linear,
    Normal,
    Not,
    Or,
    Product,
    RoundDiv,
    Table,
    Truth,
    Var,
    Within,
)
from htdbu.solver.compiled import layout as at
from htdbu.solver.compiled import ops
from htdbu.solver.compiled.clauses import Part
from htdbu.solver.components import Component
from htdbu.solver.cpsat.calendar import day_ranges
from htdbu.solver.ranges import Ranges, joined

_PARTS = {"year": ops.YEAR, "month": ops.MONTH, "day": ops.DAY}
_PLAIN = (ops.VAR_IN_MASK, ops.VAR_WITHIN, ops.SUM_WITHIN, ops.VAR_IS_NULL, ops.VAR_IS_VALUE, ops.TRUTH)
_TRUTHS = {True: at.TRUE, False: at.FALSE, None: at.OPEN}


@dataclass(frozen=True)
class Record:
    """A node: its operation, the states that it reads, coefficients, ranges (or entries) and a number.

    Attributes:
        args: positions of the states of operands, or of the domains of variables; masks and states of constants too.
        children: the numbers of the operands.
        variable: the variables that it reads itself.
        n_args: how many arguments there are, where that is not the length of `args`.
    """

    op: int
    args: tuple[int, ...] = ()
    coefficients: tuple[int, ...] = ()
    ranges: tuple[int, ...] = ()
    n_ranges: int = 0
    x: int = 0
    children: tuple[int, ...] = ()
    variable: tuple[int, ...] = ()
    n_args: int | None = None


@dataclass
class Nodes:
    """Collects the records of a block.

    Args:
        bounds: the ranges of its terms.
        boxes: what each column that is no derived one may hold.
        masked: whether its domain is kept as a set.
        order: its number among the variables.
    """

    component: Component
    bounds: Bounds
    boxes: Mapping[int, Ranges]
    masked: Mapping[int, bool]
    order: Mapping[int, int]
    records: list[Record] = field(default_factory=list)
    _known: dict[Normal, int] = field(default_factory=dict)

    def steps(self, part: Part) -> list[int]:
        """The atoms of a plain clause; else all nodes under a condition, operands first, the root last."""
        atoms = [self.condition(atom) for atom in part.atoms]
        if all(self.records[atom].op in _PLAIN for atom in atoms):
            return atoms
        found: dict[int, None] = {}

        def visit(number: int) -> None:
            if number not in found:
                for child in self.records[number].children:
                    visit(child)
                found[number] = None

        visit(self.condition(Or(part.atoms)) if len(part.atoms) > 1 else atoms[0])
        return list(found)

    def is_plain(self, steps: Sequence[int]) -> bool:
        """Whether these are the atoms of a clause."""
        return all(self.records[number].op in _PLAIN for number in steps)

    def variables(self, steps: Sequence[int]) -> set[int]:
        """The numbers of all variables that some nodes read."""
        return {variable for number in steps for variable in self.records[number].variable}

    def number(self, node: Int) -> int:
        """The record of a number."""
        if isinstance(node, Var) and node.column in self.component.definitions:
            return self.number(self.component.definitions[node.column])
        if node not in self._known:
            self._known[node] = self._add(self._number(node))
        return self._known[node]

    def condition(self, node: Bool) -> int:
        """The record of a condition."""
        if node not in self._known:
            self._known[node] = self._add(self._condition(node))
        return self._known[node]

    def _add(self, record: Record) -> int:
        self.records.append(record)
        return len(self.records) - 1

    def _of(self, op: int, numbers: Sequence[Int] = (), conditions: Sequence[Bool] = (), **more: object) -> Record:
        """A record over operands, conditions first."""
        children = (*map(self.condition, conditions), *map(self.number, numbers))
        args = tuple(child * at.STATE_SIZE for child in children)
        return Record(op, args, children=children, **more)  # type: ignore[arg-type]

    def _number(self, node: Int) -> Record:
        match node:
            case Var(column=i):
                return Record(ops.VAR, x=self.order[i] * at.DOMAIN_SIZE, variable=(self.order[i],))
            case Const(value=value):
                return Record(ops.CONST, (at.UNKNOWN if value is None else at.KNOWN,), x=value or 0, n_args=0)
            case Linear(terms=terms, constant=constant):
                coefficients = tuple(c for c, _ in terms)
                return self._of(ops.LINEAR, [t for _, t in terms], coefficients=coefficients, x=constant)
            case Product(left=a, right=b):
                return self._of(ops.PRODUCT, (a, b))
            case FloorDiv(numerator=a, denominator=b):
                return self._of(ops.FLOOR_DIV, (a, b))
            case RoundDiv(numerator=a, denominator=b):
                return self._of(ops.ROUND_DIV, (a, b))
            case Abs(argument=a):
                return self._of(ops.ABS, (a,))
            case Extreme(which=which, args=args):
                return self._of(ops.MIN if which == "min" else ops.MAX, args)
            case Choose(condition=c, then=a, otherwise=b):
                return self._of(ops.CHOOSE, (a, b), (c,))
            case Coalesce(args=args):
                return self._of(ops.COALESCE, args)
            case Count(conditions=conditions):
                return self._of(ops.COUNT, (), conditions)
            case Indicator(condition=c):
                return self._of(ops.INDICATOR, (), (c,))
            case Calendar(part=part, argument=a):
                return self._of(_PARTS[part], (a,))
            case Table(keys=keys, rows=rows):
                lines = sorted((*key, value) for key, value in rows.items())
                entries = tuple(number for line in lines for number in line)
                return self._of(ops.TABLE, keys, ranges=entries, n_ranges=len(lines))
        raise AssertionError(node)

    def _condition(self, node: Bool) -> Record:
        match node:
            case Truth(value=value):
                return Record(ops.TRUTH, x=_TRUTHS[value])
            case Within(term=term, intervals=intervals):
                return self._within(term, intervals)
            case IsNull(argument=argument):
                if isinstance(argument, Truth | Within | IsNull | And | Or | Not | Iff):
                    return self._of(ops.IS_OPEN, (), (argument,))
                return self._null(argument, ops.VAR_IS_NULL) or self._of(ops.IS_NULL, (argument,))
            case And(args=args):
                return self._of(ops.AND, (), args)
            case Or(args=args):
                return self._of(ops.OR, (), args)
            case Not(argument=IsNull(argument=Var() as argument)) if argument.column in self.order:
                return self._null(argument, ops.VAR_IS_VALUE) or self._of(ops.NOT, (), (node.argument,))
            case Not(argument=argument):
                return self._of(ops.NOT, (), (argument,))
            case Iff(left=left, right=right):
                return self._of(ops.IFF, (), (left, right))
        raise AssertionError(node)

    def _null(self, argument: Int, op: int) -> Record | None:
        """Whether a variable is null, or is not; None where the argument is no variable."""
        if not isinstance(argument, Var) or argument.column not in self.order:
            return None
        number = self.order[argument.column]
        return Record(op, x=number * at.DOMAIN_SIZE, variable=(number,))

    def _within(self, term: Int, intervals: Intervals) -> Record:
        """The atom, in one step where its term is a variable or a sum of variables."""
        if isinstance(term, Calendar):
            low, high = self.bounds.range(term.argument)
            days = day_ranges(term.part, intervals, low, high)
            if days is not None:
                return self._within(term.argument, days)
        ranges = _closed(intervals)
        flat = tuple(end for pair in ranges for end in pair)
        if isinstance(term, Var) and term.column in self.order:
            return self._variable_within(term.column, ranges, flat)
        if isinstance(term, Linear) and all(isinstance(t, Var) and t.column in self.order for _, t in term.terms):
            variables = tuple(self.order[t.column] for _, t in term.terms if isinstance(t, Var))
            return Record(
                ops.SUM_WITHIN,
                tuple(v * at.DOMAIN_SIZE for v in variables),
                tuple(c for c, _ in term.terms),
                flat,
                len(ranges),
                term.constant,
                variable=variables,
            )
        return self._of(ops.WITHIN, (term,), ranges=flat, n_ranges=len(ranges))

    def _variable_within(self, position: int, ranges: Ranges, flat: tuple[int, ...]) -> Record:
        number = self.order[position]
        place, box = number * at.DOMAIN_SIZE, self.boxes[position]
        if not self.masked[position]:
            return Record(ops.VAR_WITHIN, (), (), flat, len(ranges), place, variable=(number,))
        low, high = box[0][0], box[-1][1]
        mask = sum(1 << (v - low) for a, b in ranges for v in range(max(a, low), min(b, high) + 1))
        return Record(ops.VAR_IN_MASK, (mask,), x=place, variable=(number,), n_args=0)


def _closed(intervals: Intervals) -> Ranges:
    """Ranges with far ends instead of open ones, no two of which touch."""
    pairs = ((-at.FAR if a is None else a, at.FAR if b is None else b) for a, b in intervals)
    return joined((max(a, -at.FAR), min(b, at.FAR)) for a, b in pairs)
