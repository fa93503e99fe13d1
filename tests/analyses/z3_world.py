"""A program as one z3 solver that holds its domains D, with a named switch for whatever may be asked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

import z3

from htdbu.compiler.expressions import Constant, Expr, children, columns_of
from htdbu.compiler.program import Column, Program, Rule
from tests.analyses import z3_values as v
from tests.analyses.z3_translation import Translation
from tests.analyses.z3_values import Condition, Null, Number, Text, Value

_TIMEOUT_MS = 20_000


class Undecided(Exception):  # noqa: N818
    """Z3 does not know."""


class World:
    """The columns of a program as z3 terms, D in a solver, and the truth of its rules by their names."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.solver = z3.SimpleSolver()
        self.solver.set("timeout", _TIMEOUT_MS)
        self.translation = Translation(_texts(program), program.lookups)
        for column in _in_order(program):
            self._declare(column)
        self.rules = [rule for rule in program.rules if rule.origin != "factor"]
        outcomes = {rule.name: self.translation.condition(rule.outcome) for rule in program.rules}
        self.fails = {name: self.named(outcome.false) for name, outcome in outcomes.items()}
        self.hard = [self.holds(rule) for rule in program.rules if rule.kind == "hard"]

    def holds(self, rule: Rule) -> z3.BoolRef:
        """That a rule is not false."""
        return z3.Not(self.fails[rule.name])

    def named(self, fact: z3.BoolRef) -> z3.BoolRef:
        """A fresh switch that is on exactly where a fact is true."""
        switch = z3.FreshBool("fact")
        self.solver.add(switch == fact)
        return switch

    def possible(self, *switches: z3.BoolRef) -> bool:
        """Whether a row of D has all switches as given.

        Raises:
            Undecided: where z3 does not know.
        """
        answer = self.solver.check(*switches)
        if answer == z3.unknown:
            raise Undecided(self.solver.reason_unknown())
        return answer == z3.sat

    @contextmanager
    def under(self, fact: z3.BoolRef) -> Iterator[None]:
        """Let a fact hold for a while."""
        self.solver.push()
        self.solver.add(fact)
        yield
        self.solver.pop()

    def decode(self, value: Value) -> Any:
        """A value in the row that was found last: a Fraction, text, bool, or None for null; a date is its ordinal."""
        model = self.solver.model()
        if not z3.is_true(model.eval(value.known, model_completion=True)):
            return None
        match value:
            case Number(term=term, scale=scale):
                return Fraction(model.eval(term, model_completion=True).as_long(), scale)
            case Text(code=code):
                return self.translation.texts[model.eval(code, model_completion=True).as_long()]
            case Condition(true=true):
                return z3.is_true(model.eval(true, model_completion=True))
        raise AssertionError(value)

    def is_value(self, value: Value, found: Any) -> z3.BoolRef:
        """That a value is the one that was decoded."""
        match found:
            case None:
                return z3.Not(value.known)
            case bool():
                return value.true if found else value.false
            case str():
                return v.equal(value, self.translation.text(found, None)).true
        return v.equal(value, v.number(found)).true

    def _declare(self, column: Column) -> None:
        """Give a column its value, and D what it says of it."""
        if column.derived is None:
            value = self._free(column)
        else:
            value = _fitted(self.translation.value(column.derived), column)
        self.translation.columns[column.name] = value
        inside = self.inside(column, value)
        self.solver.add(inside if column.derived is None else z3.Implies(value.known, inside))
        if not column.nullable:
            self.solver.add(value.known)

    def _free(self, column: Column) -> Value:
        known = z3.Bool(f"{column.name}?") if column.nullable else v.TRUE
        match column.type.kind:
            case "int" | "decimal" | "date":
                ends = [end for pair in _steps(column) for end in pair]
                return Number(z3.Int(column.name), 10**column.type.scale, min(ends), max(ends), known)
            case "category":
                return Text(z3.Int(column.name), column.type.levels, known)
            case "bool":
                return v.decided(known, z3.Bool(column.name))
        raise NotImplementedError(column.type.kind)

    def inside(self, column: Column, value: Value) -> z3.BoolRef:
        """That a known value lies in its column's declared domain."""
        if isinstance(value, Number):
            if column.derived is not None and column.domain is None:
                return v.TRUE
            return z3.Or([z3.And(value.term >= low, value.term <= high) for low, high in _steps(column)])
        if isinstance(value, Text):
            return z3.Or([value.code == self.translation.texts.index(level) for level in levels_of(column)])
        if column.domain is None or not isinstance(value, Condition):
            return v.TRUE
        allowed = {part.low for part in column.domain}
        return z3.And("false" in allowed or z3.Not(value.false), "true" in allowed or z3.Not(value.true))


@lru_cache(maxsize=2)
def world(program: Program) -> World:
    """The world of a program; the last ones are kept, so that all questions about a file share one solver."""
    return World(program)


def levels_of(column: Column) -> tuple[str, ...]:
    """The levels of a category that lie in its declared domain."""
    levels = column.type.levels
    if column.domain is None:
        return levels
    parts = [(part.low or levels[0], part.high or levels[-1]) for part in column.domain]
    return tuple(x for i, x in enumerate(levels) if any(levels.index(a) <= i <= levels.index(b) for a, b in parts))


def _steps(column: Column) -> list[tuple[int, int]]:
    """The intervals of a domain in steps of the column's scale; an open side has the contract's assumed bound."""
    assumed = ("1900-01-01", "2199-12-31") if column.type.kind == "date" else ("-1000000000", "1000000000")
    parts = column.domain or ()
    ends = [(part.low or assumed[0], part.high or assumed[1]) for part in parts] or [assumed]
    if column.type.kind == "date":
        return [(date.fromisoformat(low).toordinal(), date.fromisoformat(high).toordinal()) for low, high in ends]
    unit = 10**column.type.scale
    return [(ceil(Fraction(low) * unit), floor(Fraction(high) * unit)) for low, high in ends]


def _fitted(value: Value, column: Column) -> Value:
    """The value of a derived column: a number is rounded half-even to the scale."""
    kind = column.type.kind
    if isinstance(value, Null):
        model = {"bool": Condition(v.TRUE, v.FALSE), "category": Text(z3.IntVal(0), column.type.levels)}
        return v.like(value, model.get(kind, Number(z3.IntVal(0), 10**column.type.scale, 0, 0)))
    if isinstance(value, Text):
        return Text(value.code, column.type.levels, value.known)
    if not isinstance(value, Number) or kind == "date":
        return value
    return v.scaled(v.rounded(value, column.type.scale), 10**column.type.scale)


def _in_order(program: Program) -> list[Column]:
    """The columns, every derived one after those that it reads."""
    done: dict[str, Column] = {}
    while len(done) < len(program.columns):
        for column in program.columns:
            if column.derived is None or columns_of(column.derived) <= done.keys():
                done.setdefault(column.name, column)
    return list(done.values())


def _texts(program: Program) -> tuple[str, ...]:
    """Every text that a value can be: levels first, each column's side by side."""
    found = dict.fromkeys(level for column in program.columns for level in column.type.levels)
    for lookup in program.lookups:
        for row in lookup.rows:
            found |= dict.fromkeys(str(c.value) for c in (*row.keys, row.value) if c.type == "text")
    exprs = [column.derived for column in program.columns] + [rule.outcome for rule in program.rules]
    for expr in exprs:
        found |= dict.fromkeys(_literals(expr))
    return tuple(found)


def _literals(expr: Expr | None) -> Iterator[str]:
    if isinstance(expr, Constant) and expr.type == "text":
        yield str(expr.value)
    for child in children(expr):
        yield from _literals(child)
