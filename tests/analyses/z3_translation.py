"""From the IR's expressions to z3 terms, by the contract's section 4; shares no code with the product's lowering."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce

import z3

from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.program import Lookup
from tests.analyses import z3_values as v
from tests.analyses.z3_values import Condition, Null, Number, Text, Value

_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
    "matches": lambda text, pattern: re.fullmatch(pattern, text) is not None,
}


class Translation:
    """Translates expressions over columns whose values are given; `texts` are all texts of the program."""

    def __init__(self, texts: tuple[str, ...], lookups: tuple[Lookup, ...]) -> None:
        self.columns: dict[str, Value] = {}
        self.texts = texts
        self.lookups = {lookup.name: lookup for lookup in lookups}

    def value(self, expr: Expr) -> Value:
        """The value of an expression."""
        match expr:
            case Constant():
                return self.constant(expr)
            case ColumnRef(name=name):
                return self.columns[name]
            case Case(branches=branches, otherwise=otherwise):
                arms = [(self.condition(b.condition), self.value(b.value)) for b in reversed(branches)]
                return reduce(lambda rest, arm: v.choose(arm[0], arm[1], rest), arms, self.value(otherwise))
            case LookupCall(table=table, args=args):
                return self._looked_up(self.lookups[table], [self.value(arg) for arg in args])
            case Call(function=function, args=args):
                return self._call(function, args)
        raise NotImplementedError(type(expr).__name__)

    def condition(self, expr: Expr) -> Condition:
        """The value of a condition."""
        found = self.value(expr)
        return found if isinstance(found, Condition) else Condition(v.FALSE, v.FALSE)

    def constant(self, literal: Constant) -> Value:
        """A literal's value."""
        match literal.type:
            case "number":
                return v.number(Fraction(str(literal.value)))
            case "bool":
                return Condition(v.TRUE, v.FALSE) if literal.value else Condition(v.FALSE, v.TRUE)
            case "text":
                return self.text(str(literal.value), None)
            case "date":
                return v.number(date.fromisoformat(str(literal.value)).toordinal())
            case "null":
                return Null()
        raise NotImplementedError(literal.type)

    def text(self, text: str, levels: tuple[str, ...] | None) -> Text:
        """A known text."""
        return Text(z3.IntVal(self.texts.index(text)), levels)

    def matching(self, table: str, keys: list[Value]) -> list[tuple[z3.BoolRef, Value]]:
        """For every row of a lookup: whether the (known) keys are its keys, and its value."""
        rows = self.lookups[table].rows
        return [
            (
                v.both(*(v.equal(key, self.constant(given)).true for key, given in zip(keys, row.keys, strict=True))),
                self.constant(row.value),
            )
            for row in rows
        ]

    def _looked_up(self, lookup: Lookup, keys: list[Value]) -> Value:
        found: Value = Null()
        for here, value in reversed(self.matching(lookup.name, keys)):
            found = v.pick(here, value, found)
        return found

    def _call(self, function: str, args: tuple[Expr, ...]) -> Value:
        if function in _TEXT_TESTS:
            return self._text_test(function, *args)
        values = [self.value(arg) for arg in args]
        match function:
            case "is_null":
                return Condition(z3.Not(values[0].known), values[0].known)
            case "coalesce":
                return reduce(lambda rest, one: v.pick(one.known, one, rest), reversed(values[:-1]), values[-1])
            case "eq":
                return v.equal(*values)
            case "ne":
                return _not(v.equal(*values))
            case "in":
                known = v.both(*(value.known for value in values))
                return v.decided(known, v.either(*(v.equal(values[0], item).true for item in values[1:])))
            case "lt" | "le" | "gt" | "ge":
                return self._ordered(function, *values)
            case "not" | "and" | "all" | "or" | "any" | "implies" | "iff" | "count":
                return _logic(function, [Condition(v.FALSE, v.FALSE) if isinstance(x, Null) else x for x in values])
        if any(isinstance(value, Null) for value in values):
            return Null()
        return _arithmetic(function, values)

    def _text_test(self, function: str, subject: Expr, pattern: Expr) -> Condition:
        value = self.value(subject)
        if not isinstance(value, Text) or not isinstance(pattern, Constant):
            return Condition(v.FALSE, v.FALSE)
        codes = [i for i, text in enumerate(self.texts) if _TEXT_TESTS[function](text, str(pattern.value))]
        return v.decided(value.known, v.either(*(value.code == code for code in codes)))

    def _ordered(self, function: str, left: Value, right: Value) -> Condition:
        if isinstance(left, Null) or isinstance(right, Null):
            return Condition(v.FALSE, v.FALSE)
        known = v.both(left.known, right.known)
        if isinstance(left, Text) and isinstance(right, Text):
            levels = left.levels or right.levels or ()
            a, b = self._position(left, levels), self._position(right, levels)
        else:
            a, b = (one.term for one in v.common(left, right))
        return v.decided(known, {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[function])

    def _position(self, value: Text, levels: tuple[str, ...]) -> z3.ArithRef:
        """The place of a text among the levels of its column."""
        codes = [self.texts.index(level) for level in levels]
        if codes == list(range(codes[0], codes[0] + len(codes))):
            return value.code - codes[0]
        places = list(enumerate(codes))
        return reduce(lambda rest, at: z3.If(value.code == at[1], at[0], rest), places, z3.IntVal(0))


def _not(value: Condition) -> Condition:
    return Condition(value.false, value.true)


def _logic(function: str, parts: list[Condition]) -> Value:
    match function:
        case "not":
            return _not(parts[0])
        case "and" | "all":
            return Condition(v.both(*(part.true for part in parts)), v.either(*(part.false for part in parts)))
        case "or" | "any":
            return Condition(v.either(*(part.true for part in parts)), v.both(*(part.false for part in parts)))
        case "implies":
            return _logic("or", [_not(parts[0]), parts[1]])
        case "iff":
            return v.equal(parts[0], parts[1])
    total = z3.Sum([z3.If(part.true, 1, 0) for part in parts])
    return Number(total, 1, 0, len(parts), v.both(*(part.known for part in parts)))


def _arithmetic(function: str, values: list[Number]) -> Number:
    first, second = values[0], values[-1]
    match function:
        case "add" | "sum":
            return reduce(v.add, values)
        case "sub":
            return v.add(first, v.times(second, -1))
        case "days_between":
            return v.add(second, v.times(first, -1))
        case "mul":
            return v.multiply(first, second)
        case "div":
            return v.divide(first, second)
        case "mod":
            return v.modulo(first, second)
        case "neg":
            return v.times(first, -1)
        case "abs":
            return v.extreme(first, v.times(first, -1), largest=True)
        case "min" | "max":
            return reduce(lambda a, b: v.extreme(a, b, largest=function == "max"), values)
        case "floor":
            return v.whole(first)
        case "ceil":
            return v.times(v.whole(v.times(first, -1)), -1)
        case "round":
            return v.rounded(first, second.low if len(values) > 1 else 0)
        case "year" | "month" | "day" | "weekday":
            return _calendar(function, first)
    raise NotImplementedError(function)


def _calendar(function: str, day: Number) -> Number:
    """A part of a date, from a list of the days that it may be."""
    parts = {i: _part(function, i) for i in range(day.low, day.high + 1)}
    return Number(
        v.by_value(day, lambda i: z3.IntVal(parts[i])), 1, min(parts.values()), max(parts.values()), day.known
    )


def _part(function: str, ordinal: int) -> int:
    moment = date.min + timedelta(days=ordinal - 1)
    return moment.isoweekday() if function == "weekday" else int(getattr(moment, function))
