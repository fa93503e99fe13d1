"""Rules as schemas: Kleene logic over conditions that each look at one column.

JSON Schema knows two truths, a rule three. So every condition is said in two ways: where it *holds*, and where it is
*not false*; a row keeps a rule where the rule's outcome is not false. Negation is pushed down to the columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.exports.json_schema_parts.splitting import Case, split
from htdbu.compiler.exports.json_schema_parts.values import InexpressibleError, Schema, within
from htdbu.compiler.exports.sql_parts.terms import is_strict
from htdbu.compiler.lowering.build import contains
from htdbu.compiler.lowering.build import within as atom
from htdbu.compiler.normal import (
    And,
    Bool,
    Iff,
    Indicator,
    Int,
    Intervals,
    IsNull,
    Not,
    Or,
    Truth,
    Var,
    Within,
    variables,
)
from htdbu.compiler.program import Program

_MOST_PIECES = 400
NEVER: Schema = {"not": {}}


class Conditions:
    """Writes rules over the columns that every row holds; where one may not be null, no rule says so again."""

    def __init__(self, program: Program, texts: Sequence[str]) -> None:
        self.program = program
        self.texts = list(texts)
        self._pieces = 0

    def rule(self, outcome: Bool) -> Schema:
        """What rows must satisfy for a rule not to fail.

        Raises:
            InexpressibleError: where JSON Schema cannot say it exactly.
        """
        self._pieces = 0
        if isinstance(outcome, Or) and isinstance(outcome.args[0], Not):
            rest = outcome.args[1:]
            premise = self.schema(outcome.args[0].argument, unknown=False)
            return {"if": premise, "then": self.schema(rest[0] if len(rest) == 1 else Or(rest), unknown=True)}
        if isinstance(outcome, Not):
            return {"not": self.schema(outcome.argument, unknown=False)}
        return self.schema(outcome, unknown=True)

    def schema(self, node: Bool, unknown: bool, wanted: bool = True) -> Schema:
        """Where a condition has a truth value.

        Args:
            unknown: whether rows on which it is unknown pass too.
            wanted: the truth value.
        """
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise InexpressibleError("it would be too long")
        match node:
            case Truth(value=value):
                return {} if value is wanted or (value is None and unknown) else NEVER
            case Not(argument=argument):
                return self.schema(argument, unknown, not wanted)
            case And(args=args) | Or(args=args):
                every = isinstance(node, And) is wanted
                return joined("allOf" if every else "anyOf", [self.schema(arg, unknown, wanted) for arg in args])
            case Iff(left=a, right=b):
                left = a if wanted else Not(a)
                return self.schema(And((Or((Not(left), b)), Or((Not(b), left)))), unknown)
            case IsNull(argument=argument):
                return self._is_null(argument, wanted)
            case Within(term=term, intervals=intervals):
                return self._within(term, intervals if wanted else complement(intervals), unknown)
        raise AssertionError(node)

    def _is_null(self, argument: Int | Bool, wanted: bool) -> Schema:
        if isinstance(argument, Truth | Within | IsNull | And | Or | Not | Iff):
            known = {"anyOf": [self.schema(argument, False, value) for value in (True, False)]}
            return {"not": known} if wanted else known
        if not is_strict(argument):
            raise InexpressibleError("it asks whether a choice is null")
        nulls = [self._property(i, {"const": None} if wanted else {"not": {"const": None}}) for i in _columns(argument)]
        return joined("anyOf" if wanted else "allOf", nulls)

    def _within(self, term: Int, intervals: Intervals, unknown: bool) -> Schema:
        if isinstance(term, Var):
            column = self.program.columns[term.column]
            return self._property(term.column, within(column, intervals, self.texts, unknown and column.nullable))
        if isinstance(term, Indicator):
            one, zero = contains(intervals, 1), contains(intervals, 0)
            if one != zero:
                return self.schema(term.condition, unknown, one)
        cases = split(term)
        if cases is not None:
            return self._cases(cases, intervals, unknown)
        names = [self.program.columns[i].name for i in _columns(term)]
        listed = " and ".join(f"`{name}`" for name in names)
        raise InexpressibleError(f"it compares {listed}" if len(names) > 1 else f"it computes with {listed}")

    def _cases(self, cases: Sequence[Case], intervals: Intervals, unknown: bool) -> Schema:
        """Exclusive cases; where none is known to hold, the whole is unknown."""
        options = []
        for case, part in cases:
            met = self.schema(case, unknown, not unknown)
            said = self.schema(atom(part, intervals), unknown)
            options.append(joined("anyOf" if unknown else "allOf", [met, said]))
        return joined("allOf" if unknown else "anyOf", options)

    def _property(self, i: int, schema: Schema) -> Schema:
        column = self.program.columns[i]
        if column.derived is not None:
            raise InexpressibleError(f"`{column.name}` is derived, and need not be there")
        return {"properties": {column.header: schema}}


def _columns(term: Int) -> list[int]:
    return sorted(variables(term))


def complement(intervals: Intervals) -> Intervals:
    """All integers that lie in none of some ranges."""
    found: list[tuple[int | None, int | None]] = []
    start: int | None = None
    for k, (low, high) in enumerate(intervals):
        if low is not None:
            found.append((start if k else None, low - 1))
        if high is None:
            return tuple(found)
        start = high + 1
    return (*found, (start, None))


def joined(keyword: str, parts: Sequence[Schema]) -> Schema:
    """`allOf` or `anyOf` of schemas, without those that say nothing or repeat another."""
    neutral, absorbing = ({}, NEVER) if keyword == "allOf" else (NEVER, {})
    kept: list[Schema] = []
    for part in parts:
        if part == absorbing:
            return absorbing
        if part != neutral and part not in kept:
            kept.append(part)
    if len(kept) > 1 and keyword == "allOf" and all(set(part) == {"properties"} for part in kept):
        names = [name for part in kept for name in part["properties"]]
        if len(set(names)) == len(names):
            return {"properties": {name: s for part in kept for name, s in part["properties"].items()}}
    return neutral if not kept else kept[0] if len(kept) == 1 else {keyword: kept}
