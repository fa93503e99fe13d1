"""Normal forms whose rows break one rule of a program, and nothing else where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from htdbu.compiler.diagnostics.suggest import closest
from htdbu.compiler.lowering.build import normalised
from htdbu.compiler.normal import (
    And,
    Bool,
    Intervals,
    IsNull,
    NormalColumn,
    NormalProgram,
    NormalRule,
    Not,
    Var,
    Within,
    variables,
)
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.solver.ranges import bounded, complement
from htdbu.testing.proper import CALENDAR, is_proper_rule

_REACH = (10, 1_000_000)
"""The least and the most steps beyond its domain that a number is drawn from."""


@dataclass(frozen=True)
class Breach:
    """What breaks one rule.

    Attributes:
        rule: its name, as reports have it.
        normal: the normal form whose rows break it.
        demand: the hard rule of `normal` that says so; None where a sound row is edited instead.
        foreign: the column whose cell is made no value of its type, which every rule takes for unknown.
        edited: the derived column whose cell is made another than its definition gives.
    """

    rule: str
    normal: NormalProgram
    demand: NormalRule | None = None
    foreign: int | None = None
    edited: int | None = None


def breach(program: Program, normal: NormalProgram, rule: str) -> Breach:
    """What breaks a rule of a program.

    Raises:
        UsageError: where there is no such rule, or it is one over several rows.
    """
    several = [f"key({column.name})" for column in program.columns if column.key]
    several += [unique.name for unique in program.uniques] + [fd.name for fd in program.dependencies]
    if rule in several:
        raise UsageError(f"`{rule}` is about several rows; no row breaks it by itself", "name a rule about one row")
    for stated in normal.rules:
        if stated.name == rule:
            return _breaks_stated(normal, stated)
    for i, column in enumerate(normal.columns):
        if rule == f"{column.name}.domain" and column.kind != "text":
            return _breaks_domain(normal, i, rule)
        if rule == f"{column.name}.null" and not column.nullable:
            return _breaks_null(normal, i, rule)
        if rule == f"{column.name}.derived" and column.definition is not None:
            return Breach(rule, normal, edited=i)
    near = closest(rule, [stated.name for stated in normal.rules])
    raise UsageError(f"there is no rule `{rule}`", None if near is None else f"did you mean `{near}`?")


def _breaks_stated(normal: NormalProgram, stated: NormalRule) -> Breach:
    demand = _demand(stated.name, And((Not(stated.outcome), Not(IsNull(stated.outcome)))))
    others = tuple(rule for rule in normal.rules if rule.name != stated.name)
    return Breach(stated.name, replace(normal, rules=(*others, demand)), demand)


def _breaks_null(normal: NormalProgram, i: int, rule: str) -> Breach:
    demand = _demand(rule, IsNull(Var(i)))
    return Breach(rule, _with(normal, i, replace(normal.columns[i], nullable=True), demand), demand)


def _breaks_domain(normal: NormalProgram, i: int, rule: str) -> Breach:
    column = normal.columns[i]
    if column.kind in ("bool", "category") or (outside := _outside(column)) == ():
        return no_value(normal, i, rule)
    demand = _demand(rule, And((Within(Var(i), outside), Not(IsNull(Var(i))))))
    if column.definition is not None:
        return Breach(rule, _with(normal, i, replace(column, domain=((None, None),)), demand), demand)
    width = bounded(outside)[-1][1] - bounded(outside)[0][0]
    wider = replace(column, domain=outside, box=outside, bits=width.bit_length())
    return Breach(rule, _with(normal, i, wider, demand), demand)


def no_value(normal: NormalProgram, i: int, rule: str) -> Breach:
    """What breaks a column's domain by a cell that is no value of its type."""
    if normal.columns[i].definition is not None:
        return Breach(rule, normal, foreign=i, edited=i)
    return replace(_breaks_null(normal, i, rule), foreign=i)


def _outside(column: NormalColumn) -> Intervals:
    """The steps next to a domain that it does not contain; of a derived column all that there are."""
    if not column.domain or column.domain == ((None, None),):
        return ()
    low, high = column.domain[0][0], column.domain[-1][1]
    first, last = CALENDAR.get(column.kind, (-(2**52), 2**52))
    if column.definition is None:
        reach = _reach(low, high)
        first = first if low is None else max(first, low - reach)
        last = last if high is None else min(last, high + reach)
    found: Intervals = complement(column.domain, first, last)
    if column.definition is not None and column.kind not in CALENDAR:
        ends = ([(None, low - 1)] if low is not None else []) + ([(high + 1, None)] if high is not None else [])
        found = normalised([*found, *ends])
    return found


def _reach(low: int | None, high: int | None) -> int:
    """How far beyond its domain a number is drawn: as far as the domain is wide, within reason."""
    return _REACH[1] if low is None or high is None else min(max(high - low, _REACH[0]), _REACH[1])


def _demand(rule: str, outcome: Bool) -> NormalRule:
    return NormalRule(f"not {rule}", "hard", None, outcome, None, variables(outcome), None)


def _with(normal: NormalProgram, i: int, column: NormalColumn, demand: NormalRule) -> NormalProgram:
    columns = (*normal.columns[:i], column, *normal.columns[i + 1 :])
    return replace(normal, columns=columns, rules=(*normal.rules, demand))


def softened(normal: NormalProgram, demand: NormalRule) -> NormalProgram:
    """The program in which only the demand is hard: its other rules, and what derived columns must be, are soft.

    What makes cells values stays hard.
    """
    rules = [
        rule if rule is demand or is_proper_rule(rule) else replace(rule, kind="soft", weight=None)
        for rule in normal.rules
    ]
    columns = []
    for i, column in enumerate(normal.columns):
        columns.append(column)
        if column.definition is None:
            continue
        columns[i] = replace(column, domain=((None, None),) if column.kind != "text" else (), nullable=True)
        if column.kind != "text" and f"not {column.name}.domain" != demand.name:
            rules.append(_soft(f"{column.name}.domain", Within(Var(i), column.domain)))
        if not column.nullable:
            rules.append(_soft(f"{column.name}.null", Not(IsNull(Var(i)))))
    return replace(normal, columns=tuple(columns), rules=tuple(rules))


def _soft(name: str, outcome: Bool) -> NormalRule:
    return NormalRule(name, "soft", None, outcome, None, variables(outcome), None)


def without(normal: NormalProgram, dropped: Sequence[str]) -> NormalProgram:
    """The program without some hard rules, and domains and nulls of derived columns."""
    columns = []
    for column in normal.columns:
        if f"{column.name}.domain" in dropped:
            column = replace(column, domain=((None, None),))
        columns.append(replace(column, nullable=column.nullable or f"{column.name}.null" in dropped))
    return replace(
        normal, columns=tuple(columns), rules=tuple(rule for rule in normal.rules if rule.name not in dropped)
    )
