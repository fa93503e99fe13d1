"""The same questions as the z3 oracle's, answered by listing every row and the naive evaluator of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from math import prod
from typing import Any

from htdbu.compiler.expressions import Case, Expr, children, columns_of
from htdbu.compiler.program import Column, Program
from tests.analyses.z3_oracle import Untaken, has_range, lookup_calls, owners
from tests.solver import oracle

MOST_ROWS = 20_000


def count_rows(program: Program) -> int:
    """How many rows there are to list."""
    return prod(len(oracle.values_of(column)) for column in program.columns if column.derived is None)


class Enumeration:
    """Every row of D, and the answers that follow from them; the methods are named as the oracle's functions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.cache: dict[tuple[Any, ...], Any] = {}
        self.rows = list(self._rows())
        self.rules = [rule for rule in program.rules if rule.origin != "factor"]
        self.fails = {rule.name: self._where(rule.outcome, False) for rule in program.rules}
        self.hard = [rule.name for rule in program.rules if rule.kind == "hard"]
        self.every = set(range(len(self.rows)))
        self.valid = self._left(self.hard)

    def _rows(self) -> Iterator[dict[str, Any]]:
        free = [column for column in self.program.columns if column.derived is None]
        for values in product(*(oracle.values_of(column) for column in free)):
            row = oracle.completed(self.program, dict(zip((c.name for c in free), values, strict=True)))
            if all(_allowed(column, row[column.name]) for column in self.program.columns):
                yield row

    def value(self, expr: Expr, row: dict[str, Any]) -> Any:
        """The value of an expression, kept by what it reads."""
        key = (id(expr), *(row[name] for name in sorted(columns_of(expr))))
        if key not in self.cache:
            self.cache[key] = oracle.evaluate(self.program, expr, row)
        return self.cache[key]

    def _where(self, expr: Expr, truth: bool) -> set[int]:
        names = sorted(columns_of(expr))
        seen: dict[tuple[Any, ...], bool] = {}
        found = set()
        for i, row in enumerate(self.rows):
            key = tuple(row[name] for name in names)
            if key not in seen:
                seen[key] = oracle.evaluate(self.program, expr, row) is truth
            if seen[key]:
                found.add(i)
        return found

    def _left(self, names: list[str]) -> set[int]:
        return self.every - set().union(*(self.fails[name] for name in names))

    def infeasible(self) -> bool:
        return not self.valid

    def empty_domains(self) -> bool:
        return not self.rows

    def always_true(self) -> set[str]:
        return {rule.name for rule in self.rules if not self.fails[rule.name]}

    def always_false(self) -> set[str]:
        return {rule.name for rule in self.rules if self.fails[rule.name] == self.every}

    def _fires(self) -> dict[str, set[int]]:
        return {rule.name: self._where(rule.premise, True) for rule in self.rules if rule.premise is not None}

    def never_fires(self) -> set[str]:
        return {name for name, rows in self._fires().items() if not rows}

    def dead_premises(self) -> set[str]:
        return {name for name, rows in self._fires().items() if rows and not rows & self.valid}

    def redundant(self) -> set[str]:
        flagged: set[str] = set()
        for rule in reversed([rule for rule in self.rules if rule.kind == "hard"]):
            others = [name for name in self.hard if name != rule.name and name not in flagged]
            if not self.fails[rule.name] & self._left(others):
                flagged.add(rule.name)
        return flagged

    def duplicates(self) -> set[tuple[str, str]]:
        pairs = [(b, a) for a, b in combinations(self.rules, 2) if a.kind == b.kind]
        return {(b.name, a.name) for b, a in pairs if self.fails[a.name] == self.fails[b.name]}

    def _values(self, column: Column) -> set[Any]:
        return {self.rows[i][column.name] for i in self.valid}

    def fixed_columns(self) -> dict[str, Any]:
        found = {}
        for column in self.program.columns:
            left = self._values(column)
            if len(left) == 1 and len({row[column.name] for row in self.rows}) > 1:
                (found[column.name],) = left
        return found

    def unreachable_levels(self) -> set[tuple[str, str]]:
        found = set()
        for column in self.program.columns:
            left = self._values(column)
            if column.type.kind == "category" and len(left) >= 2:
                declared = [level for level in column.type.levels if oracle.in_domain(column, level)]
                found |= {(column.name, level) for level in declared if level not in left}
        return found

    def tight_bounds(self) -> dict[str, tuple[Any, Any]]:
        found = {}
        for column in self.program.columns:
            known = self._values(column) - {None}
            if column.type.kind in ("int", "decimal", "date") and has_range(column) and known:
                (part,) = column.domain or ()
                ends = oracle.literal(column, str(part.low)), oracle.literal(column, str(part.high))
                if (min(known), max(known)) != ends:
                    found[column.name] = (min(known), max(known))
        return found

    def dead_soft(self) -> set[str]:
        return {rule.name for rule in self.rules if rule.kind == "soft" and not self.fails[rule.name] & self.valid}

    def hopeless_soft(self) -> set[str]:
        return {rule.name for rule in self.rules if rule.kind == "soft" and self.valid <= self.fails[rule.name]}

    def untaken_branches(self, *, nested: bool = False) -> set[Untaken]:
        found = set()
        for owner, expr in owners(self.program):
            for number, case in enumerate(_cases(expr)):
                taken = {self._taken(case, row) for row in self.rows if not nested or self._comes_to(expr, case, row)}
                found |= {Untaken(owner, number, i) for i in range(len(case.branches) + 1) if i not in taken}
        return found

    def _taken(self, case: Case, row: dict[str, Any]) -> int | None:
        for i, branch in enumerate(case.branches):
            truth = self.value(branch.condition, row)
            if truth is None:
                return None
            if truth:
                return i
        return len(case.branches)

    def _comes_to(self, expr: Expr, wanted: Case, row: dict[str, Any]) -> bool:
        """Whether a row's evaluation of an expression comes to a case in it; all operands of a call are evaluated."""
        if expr is wanted:
            return True
        if not isinstance(expr, Case):
            return any(self._comes_to(child, wanted, row) for child in children(expr))
        for branch in expr.branches:
            if self._comes_to(branch.condition, wanted, row):
                return True
            truth = self.value(branch.condition, row)
            if truth is not False:
                return truth is True and self._comes_to(branch.value, wanted, row)
        return self._comes_to(expr.otherwise, wanted, row)

    def untaken_factor_branches(self) -> set[tuple[str, int]]:
        found = set()
        for factor in self.program.factors:
            column = self.program.column(factor.column)
            for i, branch in enumerate(factor.branches):
                narrowed = column.model_copy(update={"domain": (branch.values,)})
                known = {row[column.name] for row in self.rows} - {None}
                if not any(oracle.in_domain(narrowed, value) for value in known):
                    found.add((column.name, i))
        return found

    def lookup_gaps(self) -> dict[str, set[tuple[Any, ...]]]:
        found: dict[str, set[tuple[Any, ...]]] = {}
        for _, expr in owners(self.program):
            for call in lookup_calls(expr):
                rows = next(lookup.rows for lookup in self.program.lookups if lookup.name == call.table)
                there = {tuple(oracle.evaluate(self.program, key, {}) for key in row.keys) for row in rows}
                met = {tuple(self.value(arg, row) for arg in call.args) for row in self.rows}
                missing = {keys for keys in met if None not in keys} - there
                if missing:
                    found[call.table] = found.get(call.table, set()) | missing
        return found


def _allowed(column: Column, value: date | Any) -> bool:
    return column.nullable if value is None else oracle.in_domain(column, value)


def _cases(expr: Expr) -> Iterator[Case]:
    """Every case and if in reading order."""
    if isinstance(expr, Case):
        yield expr
    for child in children(expr):
        yield from _cases(child)
