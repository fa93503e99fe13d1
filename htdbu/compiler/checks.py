"""The passes after the program is made: unused names, missing bounds, overflow, and what silences findings."""

from __future__ import annotations

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import (
    htr001_syntax,
    htr002_unclosed,
    htr003_not_yet,
    htr103_unused,
    htr302_unbounded,
)
from htdbu.compiler.ignores import is_decided_later, unsilenced
from htdbu.compiler.lowering import lower_program
from htdbu.compiler.lowering.domains import ASSUMED_DATES, ASSUMED_NUMBER, declared, is_open
from htdbu.compiler.lowering.normalise import used_columns
from htdbu.compiler.program import Program
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_SYNTAX_KINDS = {kind.code: kind for kind in (htr001_syntax.KIND, htr002_unclosed.KIND, htr003_not_yet.KIND)}


def report_syntax(context: Context) -> None:
    """Turn the parser's findings into diagnostics."""
    for finding in context.tree.findings:
        kind = _SYNTAX_KINDS[finding.code]
        fix = htr001_syntax.fix_of(finding)
        context.report(kind.at(finding.span, finding.message, note=finding.note, help=finding.help, fix=fix))


def report_unused(context: Context) -> None:
    """Warn of params, defs and lookups that nothing uses; only a file with a table has to use its own."""
    if context.table is None:
        return
    for statement in context.tree.statements:
        if not isinstance(statement, syntax.ParamDecl | syntax.DefDecl | syntax.LookupDecl):
            continue
        what = {"ParamDecl": "param", "DefDecl": "def"}.get(type(statement).__name__, "lookup")
        if statement.name.value not in context.scope.used:
            context.report(htr103_unused.unused(what, statement.name.value, statement.name.span))


def report_unbounded(context: Context, program: Program) -> None:
    """Warn of columns that a rule reads and that have no bound on a side."""
    for name in sorted(used_columns(program), key=program.column_index.__getitem__):
        column = program.column(name)
        domain = declared(column)
        if column.derived is not None or not is_open(domain):
            continue
        numeric = column.type.kind in ("int", "decimal")
        low, high = (f"-{ASSUMED_NUMBER:_}", f"{ASSUMED_NUMBER:_}") if numeric else ASSUMED_DATES
        sides = [f"from {low}"] * (domain[0][0] is None) + [f"up to {high}"] * (domain[-1][1] is None)
        span = column.span or Span(context.source.name, 0, 0)
        context.report(htr302_unbounded.unbounded(name, span, " ".join(sides)))


def report_overflow(context: Context, program: Program) -> None:
    """Prove that no term leaves 64 bits and no divisor is 0, or report the one that may."""
    memory = context.memory
    if memory is None:
        lower_program(program, context.report)
        return
    rules = tuple(rule for rule in program.rules if not memory.is_proved(rule))
    before = len(context.findings)
    lower_program(program.model_copy(update={"rules": rules}), context.report)
    places = [finding.span for finding in context.findings[before:]]
    blamed = {id(rule) for rule in rules for place in places if rule.span is not None and _covers(rule.span, place)}
    if len(blamed) >= len(places):  # what is found in a definition may be any rule's
        for rule in rules:
            if id(rule) not in blamed:
                memory.keep_proof(rule)


def apply_ignores(context: Context) -> None:
    """Take out the findings that an `ignore` silences, and report the ignores that silence nothing."""
    decided = {ignore.code for ignore in context.ignores if not is_decided_later(ignore.code)}
    context.findings = unsilenced(context.ignores, context.findings, decided)


def _covers(outer: Span, inner: Span) -> bool:
    return outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end
