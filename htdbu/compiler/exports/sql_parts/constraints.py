"""The constraints of a table: what each is called, what it says, or why the dialect cannot say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.build import InexpressibleError, Sql
from htdbu.compiler.exports.sql_parts.conditions import Conditions
from htdbu.compiler.exports.sql_parts.derived import derived
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.exports.sql_parts.lowering import lower
from htdbu.compiler.normal import Intervals, Var, Within
from htdbu.compiler.program import Column, Program, Rule


@dataclass(frozen=True)
class Check:
    """One condition of a row.

    Attributes:
        name: as in reports: a rule's, or `COLUMN.domain` and `COLUMN.derived`.
        condition: what must not be false; None where it is left out, and then `reason` says why.
        doc: the doc comment of a rule.
        weight: what breaking a soft rule costs; None for what must hold.
    """

    name: str
    condition: Sql | None
    reason: str = ""
    doc: str | None = None
    weight: str | None = None


def checks(program: Program, dialect: Dialect) -> Iterator[Check]:
    """Every condition of a row, in the order of reports: domains and derivations by column, then the rules."""
    lowered = lower(program)
    writer = Conditions(dialect, program, lowered)
    for i, column in enumerate(program.columns):
        if _has_domain(dialect, column, lowered.columns[i].domain):
            domain = lowered.columns[i].domain
            yield _made(f"{column.name}.domain", lambda i=i, d=domain: _domain(dialect, writer, i, d))  # type: ignore[misc]
        if column.derived is not None:
            definition = lowered.definitions[i]
            yield _made(f"{column.name}.derived", lambda i=i, d=definition: derived(writer, i, d))  # type: ignore[misc]
    for rule, outcome in zip(program.rules, lowered.outcomes, strict=True):
        yield _made(rule.name, lambda node=outcome: writer.write(node), rule)  # type: ignore[misc]


def _made(name: str, write: Callable[[], Sql], rule: Rule | None = None) -> Check:
    doc = rule.doc if rule else None
    weight = format(rule.weight or 1, "f") if rule and rule.kind == "soft" else None
    try:
        return Check(name, write(), doc=doc, weight=weight)
    except (InexpressibleError, RecursionError) as problem:
        reason = str(problem) if isinstance(problem, InexpressibleError) else "it is nested too deeply"
        return Check(name, None, reason, doc, weight)


def _has_domain(dialect: Dialect, column: Column, domain: Intervals) -> bool:
    if dialect.guard(column, build.column(column.name)) is not None:
        return True
    return column.type.kind not in ("text", "bool") and domain != ((None, None),)


def _domain(dialect: Dialect, writer: Conditions, i: int, domain: Intervals) -> Sql:
    column = writer.program.columns[i]
    guard = dialect.guard(column, build.column(column.name))
    if column.type.kind in ("text", "bool") or domain == ((None, None),):
        return guard
    declared = writer.write(Within(Var(i), domain))
    return declared if guard is None else build.connect(exp.And, [guard, declared])
