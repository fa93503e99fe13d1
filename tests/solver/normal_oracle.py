"""Plain Python on the normal form, one row at a time: what all backends must agree with; repairs by enumeration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import get_args

from typing_extensions import TypeIs

from htdbu.compiler import normal as n
from htdbu.solver.cells import Cell, Mode, Row
from htdbu.solver.components import Component
from htdbu.solver.ranges import bounded, contains
from htdbu.solver.texts import TextCodes

Values = Mapping[int, int | None]


def within(intervals: n.Intervals, value: int) -> bool:
    return any((a is None or a <= value) and (b is None or value <= b) for a, b in intervals)


def is_condition(node: n.Normal) -> TypeIs[n.Bool]:
    return isinstance(node, get_args(n.Bool))


def all_known(values: Iterable[int | None]) -> list[int] | None:
    """The values; None if any of them is unknown."""
    listed = [*values]
    known = [value for value in listed if value is not None]
    return known if len(known) == len(listed) else None


def number(node: n.Int, row: Values) -> int | None:
    """The value of a number; None is unknown. `row` holds derived columns too."""
    match node:
        case n.Var(column=i):
            return row[i]
        case n.Const(value=value):
            return value
        case n.Linear(terms=terms, constant=constant):
            parts = all_known(number(t, row) for _, t in terms)
            return None if parts is None else constant + sum(c * p for (c, _), p in zip(terms, parts, strict=True))
        case n.Product(left=a, right=b):
            x, y = number(a, row), number(b, row)
            return None if x is None or y is None else x * y
        case n.FloorDiv(numerator=a, denominator=b):
            x, y = number(a, row), number(b, row)
            return None if x is None or y is None else x // y
        case n.RoundDiv(numerator=a, denominator=b):
            x, y = number(a, row), number(b, row)
            return None if x is None or y is None else round(Fraction(x, y))
        case n.Abs(argument=a):
            x = number(a, row)
            return None if x is None else abs(x)
        case n.Extreme(which=which, args=args):
            parts = all_known(number(a, row) for a in args)
            return None if parts is None else (min if which == "min" else max)(parts)
        case n.Choose(condition=c, then=a, otherwise=b):
            truth = condition(c, row)
            return None if truth is None else number(a if truth else b, row)
        case n.Coalesce(args=args):
            return next((x for a in args if (x := number(a, row)) is not None), None)
        case n.Count(conditions=conditions):
            truths = all_known(condition(c, row) for c in conditions)
            return None if truths is None else sum(truths)
        case n.Indicator(condition=c):
            truth = condition(c, row)
            return None if truth is None else int(truth)
        case n.Calendar(part=part, argument=a):
            x = number(a, row)
            return None if x is None else getattr(date(1970, 1, 1) + timedelta(x), part)
        case n.Table(keys=keys, rows=rows):
            parts = all_known(number(k, row) for k in keys)
            return None if parts is None else rows.get(tuple(parts))
    raise AssertionError(node)


def condition(node: n.Bool, row: Values) -> bool | None:
    """Kleene's truth value of a condition; None is unknown."""
    match node:
        case n.Truth(value=value):
            return value
        case n.Within(term=term, intervals=intervals):
            x = number(term, row)
            return None if x is None else within(intervals, x)
        case n.IsNull(argument=a):
            return (condition(a, row) if is_condition(a) else number(a, row)) is None
        case n.And(args=args):
            truths = [condition(a, row) for a in args]
            return False if False in truths else None if None in truths else True
        case n.Or(args=args):
            truths = [condition(a, row) for a in args]
            return True if True in truths else None if None in truths else False
        case n.Not(argument=a):
            truth = condition(a, row)
            return None if truth is None else not truth
        case n.Iff(left=a, right=b):
            x, y = condition(a, row), condition(b, row)
            return None if x is None or y is None else x == y
    raise AssertionError(node)


def complete(component: Component, row: Values) -> dict[int, int | None]:
    """The row with its derived columns computed, each after those that it needs."""
    full, waiting = dict(row), dict(component.definitions)
    while waiting:
        ready = [i for i, node in waiting.items() if not n.variables(node) & waiting.keys()]
        full |= {i: number(waiting.pop(i), full) for i in ready}
    return full


@dataclass(frozen=True)
class Best:
    """The first of the cheapest rows: the values of the mutable columns, and the price in units of cost."""

    values: tuple[int | None, ...]
    price: Fraction


def price_of(component: Component, position: int, cell: Cell, value: int | None) -> Fraction:
    """Section 5 of the language reference for one cell, written down once more."""
    column = component.column(position)
    cost: Fraction = Fraction(column.cost)
    if cell.mode == Mode.NULL and value is None:
        return Fraction(0)
    if cell.mode == Mode.VALUE and value == cell.value:
        return Fraction(0)
    if value is None:
        return 100 * cost
    if cell.mode in (Mode.NULL, Mode.BROKEN) or column.bits is None:
        return cost + cost / 2
    return cost + cost * Fraction(abs(value - cell.value), 2**column.bits)


def choices(component: Component, position: int, codes: TextCodes, texts: list[int]) -> list[int | None]:
    """All values that a mutable column may take, null first."""
    column = component.column(position)
    box = codes.allowed(texts) if column.kind == "text" else bounded(column.box)
    values = [value for a, b in box for value in range(a, b + 1)]
    return [None, *values] if column.nullable else [*values]


def allowed(component: Component, cells: Mapping[int, Cell], full: Values) -> bool:
    """Whether a completed row satisfies the hard rules, domains and nulls, and keeps the fixed cells."""
    for i in component.derived:
        column, value = component.column(i), full[i]
        if value is None and not column.nullable:
            return False
        if value is not None and column.kind != "text" and not within(column.domain, value):
            return False
        if i in component.fixed and value != (None if cells[i].mode == Mode.NULL else cells[i].value):
            return False
    return all(condition(rule.outcome, full) is not False for rule in component.hard)


def rows_of(component: Component, cells: Mapping[int, Cell]) -> Iterator[dict[int, int | None]]:
    """Every row that differs from the given one in mutable columns only."""
    codes = TextCodes(component)
    texts = [cells[i].value for i in codes.position if i in cells and cells[i].mode == Mode.VALUE]
    kept = {
        i: None if cells[i].mode == Mode.NULL else cells[i].value for i in component.fixed if i not in component.derived
    }
    for values in product(*(choices(component, i, codes, texts) for i in component.mutable)):
        yield kept | dict(zip(component.mutable, values, strict=True))


def cheapest(component: Component, row: Row) -> Best | None:
    """The repair by enumeration: by price, then changed columns, then values; None where no row will do."""
    cells = dict(zip(component.cells, row, strict=True))
    for i in component.fixed:
        column, cell = component.column(i), cells[i]
        inside = column.kind == "text" or i in component.derived or contains(bounded(column.box), cell.value)
        if not (cell.mode == Mode.VALUE and inside) and not (cell.mode == Mode.NULL and column.nullable):
            return None
    best: tuple[Fraction, tuple[bool, ...], tuple[tuple[bool, int], ...]] | None = None
    for candidate in rows_of(component, cells):
        full = complete(component, candidate)
        if not allowed(component, cells, full):
            continue
        prices = [price_of(component, i, cells[i], candidate[i]) for i in component.mutable]
        softs = [Fraction(r.weight or 0) for r in component.soft if condition(r.outcome, full) is False]
        order = tuple((candidate[i] is not None, candidate[i] or 0) for i in component.mutable)
        key = (sum(prices, sum(softs, Fraction(0))), tuple(price == 0 for price in prices), order)
        best = key if best is None else min(best, key)
    if best is None:
        return None
    return Best(tuple(value if known else None for known, value in best[2]), best[0])
