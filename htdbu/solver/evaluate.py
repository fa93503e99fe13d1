"""The normal form evaluated over a table, vectorised and exact.

The compiler has proved that nothing overflows for rows inside their columns' boxes. Rows with a value outside are
evaluated by the same code over Python integers, so the answer is exact for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

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
    NormalProgram,
    Not,
    Or,
    Product,
    RoundDiv,
    Table,
    Truth,
    Var,
    Within,
    variables,
)
from htdbu.solver.beyond import NOTHING, Beyond
from htdbu.solver.finite import looked_up
from htdbu.solver.table import VALUE, EncodedTable

Mask = NDArray[np.bool_]
Numbers = NDArray[Any]
"""Integers: int64, or Python integers (dtype object) for rows outside their boxes."""
Known = tuple[Numbers, Mask]
Kleene = tuple[Mask, Mask]
"""Where a condition is true, and where it is false; unknown where it is neither."""


class Evaluator:
    """Values of nodes over all rows of a table; every node is evaluated once.

    The table must not change while the evaluator is in use.

    Args:
        beyond: the nodes that stand in for others on rows with a value outside its box, by the `id` of those. Where
            there is none, a quotient whose divisor turns out not to be positive is unknown.
    """

    def __init__(self, normal: NormalProgram, table: EncodedTable, beyond: Beyond = NOTHING) -> None:
        self.normal = normal
        self.table = table
        self._beyond = beyond
        self.outside = rows_outside(normal, table)
        self._fast = _Interpreter(table, np.int64)
        rows = np.flatnonzero(self.outside)
        self._exact = _Interpreter(table.take(rows), object) if rows.size else None
        self._rows = rows

    def truth(self, node: Bool) -> Kleene:
        """Where a condition is true and where it is false, as masks over the rows."""
        true, false = self._fast.truth(node)
        if self._exact is not None and variables(node):
            true, false = true.copy(), false.copy()
            true[self._rows], false[self._rows] = self._exact.truth(cast(Bool, self._beyond.get(id(node), node)))
        return true, false

    def value(self, node: Int) -> Known:
        """The value of a term per row, and where it is known; Python integers where a row lies outside its boxes."""
        values, known = self._fast.value(node)
        if self._exact is not None and variables(node):
            values, known = values.astype(object), known.copy()
            values[self._rows], known[self._rows] = self._exact.value(cast(Int, self._beyond.get(id(node), node)))
        return values, known


def rows_outside(normal: NormalProgram, table: EncodedTable) -> Mask:
    """Rows with a value that lies outside its column's box, where nothing is proved of overflows and divisors."""
    outside = np.zeros(table.n_rows, dtype=bool)
    for i, column in enumerate(normal.columns):
        if column.kind != "text" and not all_inside(column.box, table.values[i]):
            outside |= ~inside(column.box, table.values[i]) & (table.states[i] == VALUE)
    for _, row in table.huge:
        outside[row] = True
    return outside


def inside(intervals: Intervals, values: Numbers) -> Mask:
    """Which values lie in a union of intervals."""
    if len(intervals) == 1:
        return _between(intervals[0], values)
    found = np.zeros(values.shape, dtype=bool)
    for interval in intervals:
        found |= _between(interval, values)
    return found


def all_inside(intervals: Intervals, values: Numbers) -> bool:
    """Whether the ends of all values tell that each of them lies in one interval: a quick look before a closer one."""
    if len(intervals) != 1 or not values.size:
        return False
    low, high = intervals[0]
    return bool((low is None or values.min() >= low) and (high is None or values.max() <= high))


def _between(interval: tuple[int | None, int | None], values: Numbers) -> Mask:
    """Which values lie in one interval."""
    low, high = interval
    if low == high and low is not None:
        found = values == low
    elif low is None:
        found = np.ones(values.shape, dtype=bool) if high is None else values <= high
    else:
        found = values >= low
        if high is not None:
            found &= values <= high
    result: Mask = found.astype(bool, copy=False)
    return result


class _Interpreter:
    """One pass over one table with one kind of integers."""

    def __init__(self, table: EncodedTable, dtype: type) -> None:
        self.table = table
        self.dtype = dtype
        self.n = table.n_rows
        self._memo: dict[int, tuple[Normal, Any]] = {}
        self._columns: dict[int, Known] = {}

    def value(self, node: Int) -> Known:
        result: Known = self._remembered(node, self._value)
        return result

    def truth(self, node: Bool) -> Kleene:
        result: Kleene = self._remembered(node, self._truth)
        return result

    def _remembered(self, node: Normal, compute: Callable[[Any], Any]) -> Any:
        found = self._memo.get(id(node))
        if found is None:
            found = self._memo[id(node)] = (node, compute(node))
        return found[1]

    def _all(self, value: bool) -> Mask:
        return np.full(self.n, value)

    def _column(self, i: int) -> Known:
        if i not in self._columns:
            # Nothing writes into a column's values but this, where it is a copy.
            values = self.table.values[i].astype(self.dtype, copy=self.dtype is object or bool(self.table.huge))
            for (column, row), huge in self.table.huge.items():
                if column == i:
                    values[row] = huge if self.dtype is object else 0
            self._columns[i] = (values, self.table.states[i] == VALUE)
        return self._columns[i]

    def _value(self, node: Int) -> Known:
        match node:
            case Var(column=i):
                return self._column(i)
            case Const(value=value):
                return np.full(self.n, value or 0, dtype=self.dtype), self._all(value is not None)
            case Linear():
                return self._linear(node)
            case Product(left=a, right=b):
                (x, p), (y, q) = self.value(a), self.value(b)
                return x * y, p & q
            case FloorDiv(numerator=a, denominator=b):
                x, y, known = self._division(a, b)
                return x // y, known
            case RoundDiv(numerator=a, denominator=b):
                x, y, known = self._division(a, b)
                return _round_half_even(x, y), known
            case Abs(argument=a):
                x, p = self.value(a)
                return np.abs(x), p
            case Extreme(which=which, args=args):
                pairs = [self.value(arg) for arg in args]
                pick = np.minimum if which == "min" else np.maximum
                return reduce(pick, (x for x, _ in pairs)), _both(p for _, p in pairs)
            case Choose(condition=condition, then=a, otherwise=b):
                return self._choose(condition, a, b)
            case Coalesce(args=args):
                return self._coalesce(args)
            case Count(conditions=conditions):
                truths = [self.truth(condition) for condition in conditions]
                total: Numbers = sum((t.astype(self.dtype) for t, _ in truths), np.zeros(self.n, self.dtype))
                return total, _both(t | f for t, f in truths)
            case Indicator(condition=condition):
                true, false = self.truth(condition)
                return true.astype(self.dtype), true | false
            case Calendar(part=part, argument=a):
                days, known = self.value(a)
                return _calendar(part, days, known).astype(self.dtype), known
            case Table():
                return self._lookup(node)
        raise AssertionError(node)

    def _linear(self, node: Linear) -> Known:
        if not node.terms:
            return np.full(self.n, node.constant, dtype=self.dtype), self._all(True)
        pairs = [(coefficient, *self.value(term)) for coefficient, term in node.terms]
        parts = (values if coefficient == 1 else values * coefficient for coefficient, values, _ in pairs)
        total = reduce(np.add, parts)
        return (total + node.constant if node.constant else total), _both(there for _, _, there in pairs)

    def _division(self, numerator: Int, denominator: Int) -> tuple[Numbers, Numbers, Mask]:
        """Both parts, the lower one made positive, and where the quotient is known."""
        (x, p), (y, q) = self.value(numerator), self.value(denominator)
        known = p & q & (y > 0).astype(bool)
        return x, np.where(known, y, 1), known

    def _choose(self, condition: Bool, then: Int, otherwise: Int) -> Known:
        true, false = self.truth(condition)
        (x, p), (y, q) = self.value(then), self.value(otherwise)
        return np.where(true, x, y), (true & p) | (false & q)

    def _coalesce(self, args: Sequence[Int]) -> Known:
        values, known = self.value(args[0])
        for arg in args[1:]:
            x, p = self.value(arg)
            values, known = np.where(known, values, x), known | p
        return values, known

    def _lookup(self, node: Table) -> Known:
        pairs = [self.value(key) for key in node.keys]
        known = _both(p for _, p in pairs)
        return looked_up(node.rows, [x for x, _ in pairs], known)

    def _truth(self, node: Bool) -> Kleene:
        match node:
            case Truth(value=value):
                return self._all(value is True), self._all(value is False)
            case Within(term=term, intervals=intervals):
                values, known = self.value(term)
                found = inside(intervals, values)
                return found & known, ~found & known
            case IsNull(argument=argument):
                known = self._known(argument)
                return ~known, known
            case And(args=args):
                truths = [self.truth(arg) for arg in args]
                return _both(t for t, _ in truths), _either(f for _, f in truths)
            case Or(args=args):
                truths = [self.truth(arg) for arg in args]
                return _either(t for t, _ in truths), _both(f for _, f in truths)
            case Not(argument=argument):
                true, false = self.truth(argument)
                return false, true
            case Iff(left=left, right=right):
                (a, b), (c, d) = self.truth(left), self.truth(right)
                return (a & c) | (b & d), (a & d) | (b & c)
        raise AssertionError(node)

    def _known(self, node: Normal) -> Mask:
        if isinstance(node, Truth | Within | IsNull | And | Or | Not | Iff):
            true, false = self.truth(node)
            return true | false
        return self.value(node)[1]


def _both(masks: Any) -> Mask:
    result: Mask = reduce(np.logical_and, masks)
    return result


def _either(masks: Any) -> Mask:
    result: Mask = reduce(np.logical_or, masks)
    return result


def _round_half_even(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Nearest integer to a quotient with a positive denominator, halves to even."""
    low = numerator // denominator
    doubled = 2 * (numerator - low * denominator)
    up = (doubled > denominator) | ((doubled == denominator) & (low % 2 == 1))
    result: Numbers = low + up.astype(bool).astype(np.int64)
    return result


def _calendar(part: str, days: Numbers, known: Mask) -> Numbers:
    """Year, month or day of day numbers, by the proleptic Gregorian calendar."""
    if days.dtype == object:
        place = ("year", "month", "day").index(part)
        return np.array([civil(int(day))[place] if k else 0 for day, k in zip(days, known, strict=True)], dtype=object)
    dates = np.where(known, days, 0).astype("datetime64[D]")
    if part == "year":
        return np.add(dates.astype("datetime64[Y]").astype(np.int64), 1970)
    months = dates.astype("datetime64[M]")
    counted = (
        months.astype(np.int64) % 12 if part == "month" else (dates - months.astype("datetime64[D]")).astype(np.int64)
    )
    result: Numbers = counted + 1
    return result


_DAYS_IN_CYCLE = 146_097
"""Days in 400 years, after which the calendar repeats."""


def civil(day: int) -> tuple[int, int, int]:
    """Year, month and day of month of a day number of any size."""
    cycles, rest = divmod(day, _DAYS_IN_CYCLE)
    within = np.datetime64(rest, "D").astype(object)
    return within.year + 400 * cycles, within.month, within.day
