"""Random numbers and conditions over the columns of a file, as texts of the rule language."""

from __future__ import annotations

import random
from itertools import combinations

from tests.analyses.random_columns import Drawn, atom


class Expressions:
    """Draws expressions of what a file declares: its columns, and numbers such as params and lookups' values."""

    def __init__(self, r: random.Random, columns: list[Drawn]) -> None:
        self.r = r
        self.columns = columns
        self.numbers = [column.name for column in columns if column.is_number] * 2
        self.conditions: list[str] = []

    def number(self, depth: int) -> str:
        """A number."""
        a = self.r.choice(self.numbers)
        if depth == 0:
            return a
        return self.r.choice((self._arithmetic, self._rounding, self._choice, self._date))(a, self.number(depth - 1))

    def _arithmetic(self, a: str, b: str) -> str:
        positive = [c.name for c in self.columns if c.kind == "int" and c.name in self.numbers and int(c.values[0]) > 0]
        divisor = self.r.choice(positive or ["2"])
        forms = (
            f"{a} + {b}", f"{a} - {b}", f"{a} * {b}", f"2 * {a} - {b}", f"-{a}", f"sum({a}, {b}, 1)",
            f"{self.r.choice(('min', 'max'))}({a}, {b})", f"abs({a} - {self.r.randint(1, 4)})", f"{a} / {divisor}",
        )  # fmt: skip
        return f"({self.r.choice(forms)})"

    def _rounding(self, a: str, b: str) -> str:
        quotient = f"{self.r.choice((a, b))} / {self.r.choice(('2', '-2', '0.4', '8'))}"
        digits = self.r.choice(("", ", 1"))
        forms = (f"round({quotient}{digits})", f"floor({quotient})", f"ceil({quotient})")
        return self.r.choice((*forms, f"mod({a}, {self.r.choice((2, 3, -2))})"))

    def _choice(self, a: str, b: str) -> str:
        one, two, few = self.condition(0), self.condition(0), self.r.randint(0, 3)
        forms = (
            f"coalesce({a}, {few})", f"count({one}, {two})", f"(if {one} then {a} else {b})",
            f"case {{ {one} -> {a}; {two} -> {few}; else -> {b} }}",
            f"(if {one} then (if {two} then {a} else {few}) else {b})",
        )  # fmt: skip
        return self.r.choice(forms)

    def _date(self, a: str, b: str) -> str:
        dates = [column.name for column in self.columns if column.kind == "date"]
        if not dates:
            return self._arithmetic(a, b)
        day, other = self.r.choice(dates), self.r.choice(dates)
        parts = (f"month({day})", f"weekday({day})", f"days_between({day}, 2024-02-01)", f"({day} - {other})")
        return self.r.choice((f"day({day})", *parts))

    def condition(self, depth: int) -> str:
        """A condition."""
        if depth == 0:
            return self.r.choice(self.conditions) if self._seldom(self.conditions) else self._atom()
        a, b = self.condition(depth - 1), self.condition(depth - 1)
        connected = (
            f"({a} and {b})", f"({a} or {b})", f"not ({a})", f"({a} <=> {b})", f"({a} => {b})",
            f"{self.r.choice(('any', 'all'))}({a}, {b})", a,
        )  # fmt: skip
        return self.r.choice(connected) if self.r.random() < 0.6 else self._compared()

    def _seldom(self, things: list[str]) -> bool:
        return bool(things) and self.r.random() < 0.1

    def _compared(self) -> str:
        """A comparison of two numbers, or of two columns of one type."""
        sign, low = self.r.choice(("<", "<=", ">", ">=")), self.number(1)
        pairs = [(a, b) for a, b in combinations(self.columns, 2) if _same_type(a, b)]
        if pairs and self.r.random() < 0.4:
            a, b = self.r.choice(pairs)
            return f"{a.name} {sign if a.has_order and a.kind != 'bool' else '=='} {b.name}"
        return f"{low} {sign} {self.number(0) if self.r.random() < 0.4 else self.r.randint(0, 4)}"

    def _atom(self) -> str:
        column = self.r.choice(self.columns)
        if self.r.random() < 0.85:
            return atom(self.r, column)
        test, name = atom(self.r, self.r.choice(self.columns)), column.name
        match column.kind:
            case "bool":
                return f"coalesce({name}, {self.r.choice(('true', 'false'))})"
            case "date":
                return f"{name} + {self.r.randint(1, 3)} <= {self.r.choice(column.values)}"
            case "category":
                likely = f"{name} == (if {test} then {column.values[0]} else {column.values[1]})"
                return self.r.choice((likely, f'matches({name}, "a|d.*")', f'not starts_with({name}, "b")'))
        return atom(self.r, column)


def _same_type(a: Drawn, b: Drawn) -> bool:
    """Whether two columns can be compared with each other, dates and categories of the same levels."""
    if a.kind != b.kind or a.is_number:
        return False
    same = a.declaration.removesuffix(" null") == b.declaration.removesuffix(" null")
    return a.kind in ("date", "bool") or (same and bool(a.declaration))
