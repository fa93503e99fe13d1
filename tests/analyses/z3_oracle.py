"""What a rule set says, asked of z3: an oracle for findings HTR401-406, 501-507, 601 and 602.

Every function is one question of section 7 of the contract, taken literally: no precedence between findings. Where no
row satisfies D (and the hard rules), everything is implied and everything is contradicted. Rules of a factor count as
hard rules, but are never reported. Values are those of `tests.solver.oracle`: Fractions, texts, bools, dates, None.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import z3

from htdbu.compiler.expressions import Case, Expr, LookupCall, children
from htdbu.compiler.program import Column, Program
from tests.analyses import z3_values as v
from tests.analyses.z3_values import Number, Value
from tests.analyses.z3_world import World, levels_of, world


class Untaken(NamedTuple):
    """A branch of the `case`-th case or if (from 0, in reading order) of a rule or derived column; else is last."""

    owner: str
    case: int
    branch: int


def infeasible(program: Program) -> bool:
    """HTR501: D and all hard rules have no row."""
    return not world(program).possible(*world(program).hard)


def empty_domains(program: Program) -> bool:
    """D alone has no row, because of what derived columns declare."""
    return not world(program).possible()


def always_true(program: Program) -> set[str]:
    """HTR401: rules, hard and soft, that no row of D breaks."""
    w = world(program)
    return {rule.name for rule in w.rules if not w.possible(w.fails[rule.name])}


def always_false(program: Program) -> set[str]:
    """HTR402: rules that every row of D breaks."""
    w = world(program)
    return {rule.name for rule in w.rules if not w.possible(w.holds(rule))}


def never_fires(program: Program) -> set[str]:
    """HTR403: rules whose premise is true on no row of D."""
    return {name for name, premise in _premises(world(program)) if not world(program).possible(premise)}


def dead_premises(program: Program) -> set[str]:
    """HTR502: rules whose premise is true on a row of D, but on none that satisfies all hard rules."""
    w = world(program)
    return {name for name, premise in _premises(w) if w.possible(premise) and not w.possible(premise, *w.hard)}


def _premises(w: World) -> list[tuple[str, z3.BoolRef]]:
    """The rules that have a premise, and a switch that says it is true."""
    found = [(rule.name, rule.premise) for rule in w.rules if rule.premise is not None]
    return [(name, w.named(w.translation.condition(premise).true)) for name, premise in found]


def redundant(program: Program) -> set[str]:
    """HTR503: hard rules that D and the hard rules not flagged yet imply, judged from the last to the first."""
    w = world(program)
    kept = [rule for rule in program.rules if rule.kind == "hard"]
    for rule in reversed([rule for rule in w.rules if rule.kind == "hard"]):
        others = [w.holds(other) for other in kept if other.name != rule.name]
        if not w.possible(w.fails[rule.name], *others):
            kept = [other for other in kept if other.name != rule.name]
    names = {rule.name for rule in kept}
    return {rule.name for rule in w.rules if rule.kind == "hard" and rule.name not in names}


def duplicates(program: Program) -> set[tuple[str, str]]:
    """HTR504: pairs (later, earlier) of rules of one kind that are false on exactly the same rows of D."""
    w = world(program)
    pairs = [(b, a) for a, b in combinations(w.rules, 2) if a.kind == b.kind]
    return {
        (later.name, earlier.name)
        for later, earlier in pairs
        if not w.possible(w.fails[later.name], w.holds(earlier))
        and not w.possible(w.holds(later), w.fails[earlier.name])
    }


def fixed_columns(program: Program) -> dict[str, Any]:
    """HTR505: columns with exactly one value (or null) under the hard rules, and more under D alone."""
    w, found = world(program), {}
    for column, value in _columns(w):
        if not w.possible(*w.hard):
            return {}
        only = w.decode(value)
        other = w.named(z3.Not(w.is_value(value, only)))
        if not w.possible(other, *w.hard) and w.possible(other):
            found[column.name] = _plain(only, column)
    return found


def unreachable_levels(program: Program) -> set[tuple[str, str]]:
    """HTR506: declared levels that no row takes under the hard rules, while two or more values (or null) remain."""
    w, found = world(program), set()
    for column, value in _columns(w):
        if column.type.kind != "category":
            continue
        every = [*levels_of(column), None]
        taken = {level for level in every if w.possible(w.named(w.is_value(value, level)), *w.hard)}
        if len(taken) >= 2:
            found |= {(column.name, level) for level in every if level is not None and level not in taken}
    return found


def tight_bounds(program: Program) -> dict[str, tuple[Any, Any]]:
    """HTR507: least and greatest values under the hard rules of columns that never reach an end of their range.

    Of columns with a declared `a..b`, derived ones too, that have a known value at all.
    """
    w, found = world(program), {}
    for column, value in _columns(w):
        if not isinstance(value, Number) or not has_range(column):
            continue
        ends = _extreme(w, value, -1), _extreme(w, value, 1)
        bounds = tuple(_plain(end, column) for end in ends)
        if ends[0] is not None and bounds != _declared(column):
            found[column.name] = bounds
    return found


def has_range(column: Column) -> bool:
    """Whether a column declares one range with two ends, and is not open or a set."""
    domain = column.domain or ()
    return len(domain) == 1 and None not in (domain[0].low, domain[0].high)


def _declared(column: Column) -> tuple[Any, Any]:
    low, high = (str(end) for part in column.domain or () for end in (part.low, part.high))
    if column.type.kind == "date":
        return date.fromisoformat(low), date.fromisoformat(high)
    return Fraction(low), Fraction(high)


def _extreme(w: World, value: Number, sign: int) -> Fraction | None:
    """The greatest (least, by sign) known value under the hard rules; None where there is none."""
    best = None
    w.solver.push()
    w.solver.add(value.known)
    while w.possible(*w.hard):
        best = w.decode(value)
        w.solver.add(value.term * sign > int(best * value.scale) * sign)
    w.solver.pop()
    return best


def dead_soft(program: Program) -> set[str]:
    """HTR601: soft rules that D and the hard rules imply."""
    w = world(program)
    return {rule.name for rule in w.rules if rule.kind == "soft" and not w.possible(w.fails[rule.name], *w.hard)}


def hopeless_soft(program: Program) -> set[str]:
    """HTR602: soft rules that D and the hard rules contradict."""
    w = world(program)
    return {rule.name for rule in w.rules if rule.kind == "soft" and not w.possible(w.holds(rule), *w.hard)}


def untaken_branches(program: Program, *, nested: bool = False) -> set[Untaken]:
    """HTR406: branches that no row of D reaches: all earlier conditions are false and its own is true.

    Args:
        nested: whether a case inside a branch is reached only where that branch is taken.
    """
    w, found = world(program), set()
    for owner, expr in owners(program):
        for number, (case, path) in enumerate(_cases(w, expr, v.TRUE)):
            for branch, reached in enumerate(_reached(w, case)):
                if not w.possible(w.named(v.both(reached, path) if nested else reached)):
                    found.add(Untaken(owner, number, branch))
    return found


def untaken_factor_branches(program: Program) -> set[tuple[str, int]]:
    """HTR406 of factors: (column, index) of branches whose values the factor column takes on no row of D."""
    w, found = world(program), set()
    for factor in program.factors:
        column, value = program.column(factor.column), w.translation.columns[factor.column]
        for index, branch in enumerate(factor.branches):
            narrowed = column.model_copy(update={"domain": (branch.values,), "derived": None})
            if not w.possible(w.named(v.both(value.known, w.inside(narrowed, value)))):
                found.add((factor.column, index))
    return found


def owners(program: Program) -> list[tuple[str, Expr]]:
    """What is searched for cases and lookups: derived columns, and rules with their guards."""
    derived = [(column.name, column.derived) for column in program.columns if column.derived is not None]
    return derived + [(rule.name, rule.outcome) for rule in program.rules if rule.origin != "factor"]


def _reached(w: World, case: Case) -> list[z3.BoolRef]:
    """For every branch, else last: that a row comes to it."""
    conditions = [w.translation.condition(branch.condition) for branch in case.branches]
    earlier = [v.both(*(c.false for c in conditions[:i])) for i in range(len(conditions) + 1)]
    return [v.both(before, c.true) for before, c in zip(earlier, conditions, strict=False)] + [earlier[-1]]


def _cases(w: World, expr: Expr, path: z3.BoolRef) -> Iterator[tuple[Case, z3.BoolRef]]:
    """Every case and if in reading order, and that the branches around it are taken."""
    if not isinstance(expr, Case):
        for child in children(expr):
            yield from _cases(w, child, path)
        return
    yield expr, path
    reached = _reached(w, expr)
    for i, branch in enumerate(expr.branches):
        before = v.both(*(w.translation.condition(b.condition).false for b in expr.branches[:i]))
        yield from _cases(w, branch.condition, v.both(path, before))
        yield from _cases(w, branch.value, v.both(path, reached[i]))
    yield from _cases(w, expr.otherwise, v.both(path, reached[-1]))


def lookup_gaps(program: Program) -> dict[str, set[tuple[Any, ...]]]:
    """HTR404: lookups, and all key tuples without a null that D allows at some call and that they lack.

    Dates in a key are dates, numbers Fractions.
    """
    w, found = world(program), {}
    for _, expr in owners(program):
        for call in lookup_calls(expr):
            keys = [w.translation.value(arg) for arg in call.args]
            missing = set(_missing(w, call, keys))
            if missing:
                found[call.table] = found.get(call.table, set()) | missing
    return found


def _missing(w: World, call: LookupCall, keys: list[Value]) -> Iterator[tuple[Any, ...]]:
    lacks = [z3.Not(here) for here, _ in w.translation.matching(call.table, keys)]
    kinds = [key.type for key in w.translation.lookups[call.table].rows[0].keys]
    w.solver.push()
    w.solver.add(*(key.known for key in keys), *lacks)
    while w.possible():
        values = [w.decode(key) for key in keys]
        w.solver.add(z3.Not(z3.And([w.is_value(key, value) for key, value in zip(keys, values, strict=True)])))
        yield tuple(_day(x) if kind == "date" else x for x, kind in zip(values, kinds, strict=True))
    w.solver.pop()


def lookup_calls(expr: Expr) -> Iterator[LookupCall]:
    """Every call of a lookup in an expression."""
    if isinstance(expr, LookupCall):
        yield expr
    for child in children(expr):
        yield from lookup_calls(child)


def _columns(w: World) -> list[tuple[Column, Value]]:
    return [(column, w.translation.columns[column.name]) for column in w.program.columns]


def _plain(value: Any, column: Column) -> Any:
    return _day(value) if column.type.kind == "date" and value is not None else value


def _day(value: Fraction) -> date:
    return date.fromordinal(int(value))
