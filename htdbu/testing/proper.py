"""What cells must be, beyond the rules, to be values at all: no text that means null, no day outside the calendar."""

from __future__ import annotations

from dataclasses import replace

from htdbu.compiler.lowering.build import normalised
from htdbu.compiler.normal import Bool, NormalProgram, NormalRule, Not, Var, Within, variables
from htdbu.solver.encoding import NULL_TEXTS
from htdbu.solver.table import EncodedTable
from htdbu.testing.lean import lean_evaluator

CALENDAR = {"date": (-719_162, 2_932_896), "datetime": (-719_162 * 86_400, 2_932_897 * 86_400 - 1)}
"""The first and last days, and seconds, that Python knows."""
_NAME = "\0proper"
"""The name of these rules, which no rule of a file has."""


def proper(normal: NormalProgram) -> NormalProgram:
    """The normal form with hard rules that keep its cells values; those that were there before are made anew."""
    stated = tuple(rule for rule in normal.rules if not is_proper_rule(rule))
    nulls = normalised((code, code) for text, code in normal.texts.items() if text in NULL_TEXTS)
    demands: list[Bool] = []
    for i, column in enumerate(normal.columns):
        if column.kind == "text" and nulls:
            demands.append(Not(Within(Var(i), nulls)))
        elif column.kind in CALENDAR and column.definition is not None:
            demands.append(Within(Var(i), (CALENDAR[column.kind],)))
    rules = (NormalRule(_NAME, "hard", None, demand, None, variables(demand), None) for demand in demands)
    return replace(normal, rules=(*stated, *rules))


def is_proper_rule(rule: NormalRule) -> bool:
    """Whether a rule was added by `proper`."""
    return rule.name == _NAME


def is_proper(normal: NormalProgram, table: EncodedTable) -> bool:
    """Whether every cell of a table of one row is a value, or null."""
    evaluator = lean_evaluator(table)
    return not any(evaluator.truth(rule.outcome)[1][0] for rule in proper(normal).rules if is_proper_rule(rule))
