"""The pass that makes the lookups of a file and of what it imports."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.context import Context
from htdbu.compiler.csv_lookups import file_rows
from htdbu.compiler.declarations import report_twice
from htdbu.compiler.diagnostics.kinds import htr201_type_mismatch, htr208_arity
from htdbu.compiler.literals import constant
from htdbu.compiler.program import Lookup, LookupRow
from htdbu.compiler.types import Type, describe, join
from htdbu.compiler.typing import NOWHERE, constant_type
from htdbu.grammar import syntax


def collect_lookups(context: Context) -> None:
    """Read the lookups, inline and from files."""
    for statement in context.statements(syntax.LookupDecl):
        assert isinstance(statement, syntax.LookupDecl)
        rows, notes = _rows(context, statement)
        report_twice(context, "key", statement.keys)
        table = Lookup(
            name=statement.name.value,
            rows=_agreeing(context, rows, notes),
            doc=statement.doc,
            span=statement.span,
        )
        context.scope.lookups.setdefault(statement.name.value, table)


def _rows(context: Context, statement: syntax.LookupDecl) -> tuple[list[LookupRow], Sequence[str | None]]:
    """The rows of a lookup, and for each where it stands in another file."""
    if statement.path is not None:
        return file_rows(context, statement, statement.path)
    rows = [row for entry in statement.entries if (row := _inline_row(context, statement, entry)) is not None]
    return rows, [None] * len(rows)


def _inline_row(context: Context, statement: syntax.LookupDecl, entry: syntax.LookupEntry) -> LookupRow | None:
    if len(entry.keys) != len(statement.keys):
        has, wants = len(entry.keys), len(statement.keys)
        message = f"this row has {has} key{'s' * (has != 1)}, but `{statement.name.value}` has {wants}"
        context.report(htr208_arity.KIND.at(entry.span, message))
        return None
    keys = [constant(key, context.report) for key in entry.keys]
    value = constant(entry.value, context.report)
    if value is None or None in keys:
        return None
    return LookupRow(keys=tuple(key for key in keys if key is not None), value=value, span=entry.span)


def _agreeing(context: Context, rows: Sequence[LookupRow], notes: Sequence[str | None]) -> tuple[LookupRow, ...]:
    """The rows whose keys and values are of the types of those above; the others are reported."""
    types: list[Type] = []
    good: list[LookupRow] = []
    fitting: set[tuple[tuple[str, int], ...]] = set()
    for row, note in zip(rows, notes, strict=True):
        literals = [*row.keys, row.value]
        # Types that went together with those above do so again: most rows need no look at them.
        kinds = tuple(literal.kind for literal in literals)
        if kinds in fitting:
            good.append(row)
            continue
        found = [constant_type(literal) for literal in literals]
        joined = [join(old, new) for old, new in zip(types, found, strict=False)] or list(found)
        wrong = next((i for i, both in enumerate(joined) if both is None), None)
        if wrong is None:
            types = [both for both in joined if both is not None]
            fitting.add(kinds)
            good.append(row)
            continue
        message = f"this is {describe(found[wrong])}, but the rows above hold {describe(types[wrong])} there"
        context.report(htr201_type_mismatch.KIND.at(literals[wrong].span or NOWHERE, message, note=note))
    return tuple(good)
