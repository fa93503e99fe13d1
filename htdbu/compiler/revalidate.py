"""The JSON form has no syntax tree: its program is checked expression by expression before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from htdbu.compiler.declarations import override
from htdbu.compiler.diagnostics.kinds import htr101_unknown_name, htr208_arity
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.examples import check_tests
from htdbu.compiler.expressions import Call, ColumnRef, Constant, Expr, LookupCall, Node, children, columns_of
from htdbu.compiler.functions import functions
from htdbu.compiler.lowering import lower_program
from htdbu.compiler.program import Program
from htdbu.compiler.typing import Typer
from htdbu.errors import UsageError
from htdbu.grammar.source import Source, Span


def revalidate(program: Program, source: Source, params: Mapping[str, object]) -> tuple[Program, list[Diagnostic]]:
    """Set the params of a program read from JSON, and check names, functions and types.

    Raises:
        UsageError: for a param that the program does not have, or a value of another type.
    """
    place = Span(source.name, 0, min(1, len(source.text)))
    program = with_params(program, params)
    findings: list[Diagnostic] = []
    for owner, expr in _expressions(program):
        findings.extend(_names(program, owner, expr, place))
    if findings:
        return program, [_placed(finding, place) for finding in findings]
    lookups = {lookup.name: lookup for lookup in program.lookups}
    typer = Typer({c.name: c for c in program.columns}, lookups, findings.append)
    for rule in program.rules:
        typer.condition(rule.outcome, "a rule")
    for column in program.columns:
        if column.derived is not None:
            typer.type(column.derived)
    check_tests(program, findings.append)
    if not any(finding.is_error for finding in findings):
        lower_program(program, findings.append)
    return program, [_placed(finding, place) for finding in findings]


def with_params(program: Program, params: Mapping[str, object]) -> Program:
    """The program with other values for its params, in every literal that came from one."""
    known = {param.name: param for param in program.params}
    for name in params:
        if name not in known:
            raise UsageError(f"there is no param `{name}`", f"the program has {', '.join(known) or 'none'}")
    values = {name: override(name, known[name].value, value) for name, value in params.items()}
    return program if not values else Program.model_validate(_replaced(program, values))


def _replaced(node: Any, values: Mapping[str, Constant]) -> Any:
    if isinstance(node, Constant) and node.param is not None and node.param in values:
        return node.model_copy(update={"value": values[node.param].value})
    if isinstance(node, Node):
        fields = type(node).model_fields
        return node.model_copy(update={name: _replaced(getattr(node, name), values) for name in fields})
    return tuple(_replaced(item, values) for item in node) if isinstance(node, tuple) else node


def _expressions(program: Program) -> Iterator[tuple[str, Expr]]:
    for column in program.columns:
        if column.derived is not None:
            yield column.name, column.derived
    for rule in program.rules:
        yield rule.name, rule.outcome
    for target in program.targets:
        for expr in (target.condition, target.given):
            if expr is not None:
                yield target.name, expr


def _names(program: Program, owner: str, expr: Expr, place: Span) -> Iterator[Diagnostic]:
    for name in sorted(columns_of(expr) - set(program.column_index)):
        yield htr101_unknown_name.unknown_name(f"column (in `{owner}`)", name, place, program.column_index)
    for node in _walk(expr):
        if isinstance(node, Call) and node.function not in functions():
            yield htr101_unknown_name.unknown_name(f"function (in `{owner}`)", node.function, place, functions())
        elif isinstance(node, LookupCall) and node.table not in {lookup.name for lookup in program.lookups}:
            yield htr101_unknown_name.unknown_name(f"lookup (in `{owner}`)", node.table, place, ())
        elif isinstance(node, ColumnRef) and not node.name:
            yield htr208_arity.KIND.at(place, f"a column without a name in `{owner}`")


def _walk(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in children(expr):
        yield from _walk(child)


def _placed(finding: Diagnostic, place: Span) -> Diagnostic:
    return replace(finding, span=finding.span if finding.span.file else place, fix=None)
