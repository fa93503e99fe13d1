"""A naive evaluator of the IR, row by row, written from the language's contract; it shares no code with the solver.

Values are Fractions, bools, texts, dates and datetimes; None is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, LookupCall
from htdbu.compiler.program import Column, Program

BROKEN = object()
"""A cell that is no value of its type."""

Row = Mapping[str, Any]


def evaluate(program: Program, expr: Any, row: Row) -> Any:
    """The value of an expression on a row; None where it is unknown."""
    match expr:
        case Constant(type="number", value=value):
            return Fraction(str(value))
        case Constant(type="date", value=value):
            return date.fromisoformat(str(value))
        case Constant(type="datetime", value=value):
            return datetime.fromisoformat(str(value))
        case Constant(value=value):
            return value
        case ColumnRef(name=name):
            return None if row[name] is BROKEN else row[name]
        case Case(branches=branches, otherwise=otherwise):
            for branch in branches:
                condition = evaluate(program, branch.condition, row)
                if condition is None:
                    return None
                if condition:
                    return evaluate(program, branch.value, row)
            return evaluate(program, otherwise, row)
        case LookupCall(table=table, args=args):
            keys = [evaluate(program, arg, row) for arg in args]
            rows = next(lookup.rows for lookup in program.lookups if lookup.name == table)
            for entry in rows:
                if None not in keys and keys == [evaluate(program, key, row) for key in entry.keys]:
                    return evaluate(program, entry.value, row)
            return None
        case Call(function=function, args=args):
            return _call(program, function, args, row)
    raise AssertionError(expr)


def _call(program: Program, function: str, args: tuple[Any, ...], row: Row) -> Any:
    values = [evaluate(program, arg, row) for arg in args]
    match function:
        case "is_null":
            return values[0] is None
        case "coalesce":
            return next((value for value in values if value is not None), None)
        case "not":
            return None if values[0] is None else not values[0]
        case "and" | "all":
            return False if False in values else None if None in values else True
        case "or" | "any":
            return True if True in values else None if None in values else False
        case "implies":
            return _call(program, "or", (_not(values[0]), _constant(values[1])), row)
    if None in values:
        return None
    return _known(program, function, args, values)


def _constant(value: bool | None) -> Constant:
    return Constant(type="null" if value is None else "bool", value=value)


def _not(value: bool | None) -> Constant:
    return _constant(None if value is None else not value)


def _known(program: Program, function: str, args: tuple[Any, ...], values: list[Any]) -> Any:
    first, second = values[0], values[1] if len(values) > 1 else None
    match function:
        case "iff":
            return first == second
        case "eq" | "in":
            return any(first == other for other in values[1:])
        case "ne":
            return first != second
        case "lt" | "le" | "gt" | "ge":
            a, b = _ordered(program, args, values)
            return {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[function]
        case "add" | "sub":
            return _shift(first, second, 1 if function == "add" else -1)
        case "mul":
            return first * second
        case "div" | "mod" if second == 0:
            return None
        case "div":
            return first / second
        case "neg":
            return -first
        case "abs":
            return abs(first)
        case "sum":
            return sum(values, Fraction(0))
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "count":
            return Fraction(sum(values))
        case "floor":
            return Fraction(first.numerator // first.denominator)
        case "ceil":
            return Fraction(-(-first.numerator // first.denominator))
        case "mod":
            quotient = first / second
            return first - second * (quotient.numerator // quotient.denominator)
        case "round":
            return Fraction(round(first, int(second or 0)))
        case "year" | "month" | "day":
            return Fraction(getattr(first, function))
        case "weekday":
            return Fraction(first.isoweekday())
        case "days_between":
            return _shift(second, first, -1)
        case "starts_with":
            return first.startswith(second)
        case "ends_with":
            return first.endswith(second)
        case "contains":
            return second in first
        case "matches":
            return re.fullmatch(str(second), first) is not None
    raise AssertionError(function)


def _shift(left: Any, right: Any, sign: int) -> Any:
    if isinstance(left, date) and isinstance(right, date):
        gap = left - right
        return Fraction(gap.days) + Fraction(gap.seconds, 86_400)
    if isinstance(left, date):
        shift = timedelta(seconds=int(right * 86_400)) if isinstance(left, datetime) else timedelta(days=int(right))
        return left + sign * shift
    if isinstance(right, date):
        return _shift(right, left, 1)
    return left + sign * right


def _ordered(program: Program, args: tuple[Any, ...], values: list[Any]) -> tuple[Any, Any]:
    """The two sides of an order comparison; levels of an ordered category by their position."""
    if not isinstance(values[0], str):
        return values[0], values[1]
    levels = _levels(program, args)
    return levels.index(values[0]), levels.index(values[1])


def _levels(program: Program, exprs: Any) -> tuple[str, ...]:
    for expr in exprs:
        if isinstance(expr, ColumnRef):
            return program.column(expr.name).type.levels
        if isinstance(expr, Case):
            return _levels(program, [*(b.value for b in expr.branches), expr.otherwise])
        if isinstance(expr, Call):
            return _levels(program, expr.args)
    raise AssertionError(exprs)


def derived(program: Program, column: Column, row: Row) -> Any:
    """The value of a derived column: rounded half-even to its scale, None where unknown."""
    value = evaluate(program, column.derived, row)
    if value is None or column.type.kind not in ("int", "decimal"):
        return value
    return Fraction(round(value * 10**column.type.scale), 10**column.type.scale)


def completed(program: Program, row: Row) -> dict[str, Any]:
    """The row with its derived columns computed, each after those that it reads."""
    full = dict(row)
    left = [column for column in program.columns if column.derived is not None]
    while left:
        names = {column.name for column in left}
        ready = next(column for column in left if not _reads(column.derived) & names)
        full[ready.name] = derived(program, ready, full)
        left.remove(ready)
    return full


def _reads(expr: Any) -> set[str]:
    if isinstance(expr, ColumnRef):
        return {expr.name}
    parts = list(getattr(expr, "args", ())) + [b.value for b in getattr(expr, "branches", ())]
    parts += [b.condition for b in getattr(expr, "branches", ())]
    parts += [expr.otherwise] if isinstance(expr, Case) else []
    return set().union(*map(_reads, parts))


def outcome(program: Program, expr: Any, row: Row) -> str:
    """`pass`, `fail` or `unknown`."""
    value = evaluate(program, expr, row)
    return "unknown" if value is None else "pass" if value else "fail"


def in_domain(column: Column, value: Any) -> bool:
    """Whether a known value lies in the declared domain."""
    if column.domain is None:
        return True
    return any(
        (part.low is None or _position(column, value) >= _position(column, literal(column, part.low)))
        and (part.high is None or _position(column, value) <= _position(column, literal(column, part.high)))
        for part in column.domain
    )


def _position(column: Column, value: Any) -> Any:
    return column.type.levels.index(value) if column.type.kind == "category" else value


def literal(column: Column, text: str) -> Any:
    """A literal of a column's type."""
    match column.type.kind:
        case "int" | "decimal":
            return Fraction(text)
        case "bool":
            return text == "true"
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
        case _:
            return text


def values_of(column: Column) -> list[Any]:
    """All values of a column with a small domain, in the order of the tie-break: null first, then ascending."""
    kind = column.type
    found: list[Any] = [None] if column.nullable else []
    if kind.kind == "bool":
        every: list[Any] = [False, True]
    elif kind.kind == "category":
        every = list(kind.levels)
    else:
        assert column.domain is not None
        lows = [literal(column, part.low) for part in column.domain if part.low is not None]
        highs = [literal(column, part.high) for part in column.domain if part.high is not None]
        if kind.kind == "date":
            every = [min(lows) + timedelta(days=i) for i in range((max(highs) - min(lows)).days + 1)]
        else:
            step = Fraction(1, 10**kind.scale)
            first = -(-min(lows) // step)
            every = [step * i for i in range(int(first), int(max(highs) // step) + 1)]
    return found + [value for value in every if in_domain(column, value)]


def is_valid(program: Program, row: Row) -> bool:
    """Whether a completed row satisfies its domains, nulls and all hard rules."""
    for column in program.columns:
        value = row[column.name]
        if value is None:
            if not column.nullable:
                return False
        elif value is BROKEN or not in_domain(column, value):
            return False
    return all(outcome(program, rule.outcome, row) != "fail" for rule in program.rules if rule.kind == "hard")


def price(program: Program, before: Row, after: Row) -> Fraction:
    """Section 5: what a repaired row costs."""
    total = Fraction(0)
    for rule in program.rules:
        if rule.kind == "soft" and outcome(program, rule.outcome, after) == "fail":
            total += Fraction(rule.weight or 1)
    for column in program.columns:
        if column.derived is None:
            total += _cell_price(column, before[column.name], after[column.name])
    return total


def _cell_price(column: Column, before: Any, after: Any) -> Fraction:
    if before is not BROKEN and before == after:
        return Fraction(0)
    cost = Fraction(column.cost)
    if after is None:
        return 100 * cost
    if before is None or before is BROKEN or column.type.kind in ("bool", "category", "text"):
        return cost * Fraction(3, 2)
    numbers = [_steps(column, value) for value in values_of(column) if value is not None]
    width = max(numbers) - min(numbers)
    nearest = min((abs(_steps(column, before) - number), number) for number in numbers)[1]
    start = _steps(column, before) if in_domain(column, before) else nearest
    return cost * (1 + Fraction(abs(_steps(column, after) - start), 2 ** int(width).bit_length()))


def _steps(column: Column, value: Any) -> int:
    if column.type.kind == "date":
        return int(value.toordinal())
    return int(value * 10**column.type.scale)


def best(program: Program, row: Row) -> tuple[Fraction, dict[str, Any]] | None:
    """The repair of a row by trying every row of the box: its price and the row; None where none is valid."""
    free = [column for column in program.columns if column.derived is None]
    choices = [[row[c.name]] if c.fixed else values_of(c) for c in free]
    found: tuple[Any, ...] | None = None
    for values in product(*choices):
        full = completed(program, dict(zip((c.name for c in free), values, strict=True)))
        if not is_valid(program, full):
            continue
        changed = tuple(0 if row[c.name] is not BROKEN and full[c.name] == row[c.name] else -1 for c in free)
        place = tuple(choice.index(value) for choice, value in zip(choices, values, strict=True))
        key = (price(program, row, full), changed, place)
        if found is None or key < found[:3]:
            found = (*key, full)
    return None if found is None else (found[0], found[3])
