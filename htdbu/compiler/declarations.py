"""The passes that collect names: the table, params and definitions of a file and of what it imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr003_not_yet, htr102_duplicate_name
from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.compiler.expressions import Constant
from htdbu.compiler.extent import extents
from htdbu.compiler.literals import constant, decimal_text
from htdbu.compiler.program import Param
from htdbu.errors import UsageError
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.grammar.terminals import is_long
from htdbu.grammar.words import LATER, RESERVED

_RULE = re.compile(r"^\s*(?:hard|soft\s*(?:\([^)]*\))?|forbid)\s+`?([A-Za-z_][\w-]*)`?")
_NUMBER = re.compile(r"[+-]?([0-9][0-9_]*(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,6})?%?")
_DECLARES = re.compile(
    r"^\s*(?:(?:param|def|lookup)\s+`?([A-Za-z_][\w-]*)"
    r"|(?!hard\b|soft\b|forbid\b|target\b)(?:\w+\s+)?`?([A-Za-z_][\w-]*)`?\s*(?:\(.*?\))?\s*[:={])"
)


def collect_table(context: Context) -> None:
    """Find the one table of the file."""
    for statement in context.statements(syntax.Table):
        assert isinstance(statement, syntax.Table)
        if context.table is None:
            context.table = statement
        else:
            context.report(htr003_not_yet.several_tables(statement.name.span, context.table.name.span))


def collect_lost_names(context: Context) -> None:
    """Remember what broken statements would have declared, so that its uses are not reported as unknown."""
    for span in context.tree.lost:
        for line in context.source.text[span.start : span.end].splitlines():
            found = _DECLARES.match(line)
            if found is not None:
                context.scope.lost.add(found[1] or found[2])
            rule = _RULE.match(line)
            if rule is not None:
                context.broken_rules.add(rule[1])
    context.scope.lost |= LATER | RESERVED


def collect_names(context: Context) -> None:
    """Fill the one space of names of columns, params, defs and lookups; report what is declared twice."""
    first: dict[str, Span] = {}
    columns = () if context.table is None else context.table.columns
    kinds = (syntax.ParamDecl, syntax.DefDecl, syntax.LookupDecl)
    for what, name in _declared(columns, context.statements(*kinds)):
        if name.value in first:
            context.report(htr102_duplicate_name.duplicate_name(what, name.value, name.span, first[name.value]))
            context.scope.used.add(name.value)
        else:
            first[name.value] = name.span
            if what == "column":
                context.scope.columns.add(name.value)
    for statement in context.statements(syntax.DefDecl):
        assert isinstance(statement, syntax.DefDecl)
        report_twice(context, "argument", statement.params or ())
        if first[statement.name.value] == statement.name.span:
            context.scope.defs[statement.name.value] = statement
    context.scope.extents = extents(context.scope.defs)


def _declared(
    columns: Iterable[syntax.ColumnDecl], statements: Iterable[syntax.Statement]
) -> Iterable[tuple[str, syntax.Name]]:
    yield from (("column", column.name) for column in columns)
    for statement in statements:
        match statement:
            case syntax.ParamDecl(name=name):
                yield "param", name
            case syntax.DefDecl(name=name):
                yield "def", name
            case syntax.LookupDecl(name=name):
                yield "lookup", name


def collect_params(context: Context) -> None:
    """Read the params and put the caller's values in their place."""
    for statement in context.statements(syntax.ParamDecl):
        assert isinstance(statement, syntax.ParamDecl)
        name, value = statement.name.value, constant(statement.value, context.report)
        if value is None or name in context.scope.params or name in context.scope.columns:
            continue
        if name in context.overrides:
            value = override(name, value, context.overrides[name])
        context.scope.params[name] = value
        context.params.append(Param(name=name, value=value, doc=statement.doc, span=statement.span))


def check_overrides(context: Context) -> None:
    """Refuse a value for a param that the file does not have.

    Raises:
        UsageError: naming the nearest param.
    """
    for name in context.overrides:
        if name not in context.scope.params:
            hint = did_you_mean(name, context.scope.params) or "the file declares " + (
                ", ".join(f"`{param}`" for param in context.scope.params) or "no params"
            )
            raise UsageError(f"there is no param `{name}` in {context.source.name}", hint)


def override(name: str, declared: Constant, given: object) -> Constant:
    """A caller's value for a param, read as the type that the file gives it.

    Raises:
        UsageError: where it is no value of that type.
    """
    text = str(given).lower() if isinstance(given, bool) else str(given)
    try:
        match declared.type:
            case "number":
                value: str | bool = _number(text)
            case "bool":
                value = {"true": True, "false": False}[text.lower()]
            case "date":
                value = date.fromisoformat(text).isoformat()
            case "datetime":
                value = _moment(text)
            case _:
                value = text
    except (KeyError, ValueError, InvalidOperation):
        shown = str(declared.value).lower() if declared.type == "bool" else declared.value
        raise UsageError(
            f"`{text}` is no {declared.type} for the param `{name}`", f"it is {shown} in the file"
        ) from None
    return declared.model_copy(update={"value": value})


def _moment(text: str) -> str:
    """A datetime in the one spelling of the language.

    Raises:
        ValueError: where it is none, or has a time zone or parts of seconds.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None or moment.microsecond:
        raise ValueError(text)
    return moment.isoformat()


def _number(text: str) -> str:
    """A number as a rule file would write it, or as Python does.

    Raises:
        ValueError: where it is none, or has too many digits.
    """
    if _NUMBER.fullmatch(text) is None or is_long(text):
        raise ValueError(text)
    value = Decimal(text.rstrip("%").replace("_", ""))
    return decimal_text(value / 100 if text.endswith("%") else value)


def report_twice(context: Context, what: str, names: Sequence[syntax.Name]) -> None:
    """Report names of one list that are said twice."""
    first: dict[str, Span] = {}
    for name in names:
        if name.value in first:
            context.report(htr102_duplicate_name.duplicate_name(what, name.value, name.span, first[name.value]))
        first.setdefault(name.value, name.span)
