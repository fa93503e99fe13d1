"""The pass that brings in the params, defs and lookups of imported files, and lookups from CSV files."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr103_unused, htr104_cycle, htr105_missing_import
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Declaration = syntax.ParamDecl | syntax.DefDecl | syntax.LookupDecl


def load_imports(context: Context) -> None:
    """Read imported files, and put their declarations before those of the file."""
    seen = {_key(context.source.name)}
    for statement in context.statements(syntax.ImportDecl):
        assert isinstance(statement, syntax.ImportDecl)
        loaded = _load(context, statement, context.source.name, seen, [context.source.name])
        if loaded is not None:
            context.imported[statement.span] = loaded
        context.scope.is_open |= any(finding.span == statement.path.span for finding in context.findings)


def _load(
    context: Context, statement: syntax.ImportDecl, importer: str, seen: set[str], path: list[str]
) -> tuple[Declaration, ...] | None:
    """What a file declares and imports; None where it is broken, which is reported, or was read before."""
    target = str(Path(importer).parent / statement.path.value)
    if _key(target) in {_key(name) for name in path}:
        circle = [Path(name).name for name in [*path, target]]
        context.report(htr104_cycle.cycle("these imports", circle, statement.path.span))
        return None
    if _key(target) in seen:
        return None
    seen.add(_key(target))
    text = _read(context, target, statement.path.span)
    if text is None:
        return None
    source = Source(target, text)
    context.sources[target] = source
    tree = parse(source)
    if tree.findings:
        first = tree.findings[0]
        line, _ = source.position(first.span.start)
        note = f"{target}:{line}: {first.message}"
        context.report(htr105_missing_import.KIND.at(statement.path.span, f"{target} is broken", note=note))
        return None
    found: list[Declaration] = []
    for inner in tree.statements:
        if isinstance(inner, syntax.ImportDecl):
            found += _load(context, inner, target, seen, [*path, target]) or ()
        elif isinstance(inner, Declaration):
            found.append(inner)
    return tuple(found)


def _key(name: str) -> str:
    """What tells a file apart, however its path is written."""
    try:
        return str(Path(name).resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a zero byte: reading it tells why
        return name


def _read(context: Context, path: str, span: Span) -> str | None:
    if _key(path) in context.texts:
        return context.texts[_key(path)]
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8 text"
        help = "name it relative to the folder of this file"
        context.report(htr105_missing_import.KIND.at(span, f"{path} cannot be read: {reason}", help=help))
        return None


def report_unused_imports(context: Context) -> None:
    """Warn of an import none of whose names is used, unless some import is broken anyway."""
    if any(finding.code in ("HTR104", "HTR105") for finding in context.findings):
        return
    for span, declarations in context.imported.items():
        names = {declaration.name.value for declaration in declarations}
        if not names & context.scope.used:
            context.report(htr103_unused.KIND.at(span, "nothing of this import is used", help="delete it"))


def file_entries(context: Context, statement: syntax.LookupDecl) -> tuple[syntax.LookupEntry, ...]:
    """The rows of a lookup in a CSV file whose header names its keys and its value."""
    if statement.path is None:
        return statement.entries
    span = statement.path.span
    text = _read(context, str(Path(statement.span.file).parent / statement.path.value), span)
    if text is None:
        return ()
    rows = list(csv.DictReader(text.splitlines()))
    wanted = [name.value for name in (*statement.keys, statement.value)]
    missing = [name for name in wanted if rows and name not in rows[0]]
    if missing or not rows:
        message = f"the file has no column `{missing[0]}`" if missing else "the file has no rows"
        context.report(htr105_missing_import.KIND.at(span, message, help=f"its header is {','.join(wanted)}"))
        return ()
    return tuple(
        syntax.LookupEntry(
            tuple(_literal(row[name] or "", span) for name in wanted[:-1]), _literal(row[wanted[-1]] or "", span), span
        )
        for row in rows
    )


def _literal(cell: str, span: Span) -> syntax.LiteralNode:
    """A cell as the literal that it would be in a rule file: a number, a date, a truth value, else a text."""
    cell = cell.strip()
    if _NUMBER.fullmatch(cell):
        return syntax.Number(Decimal(cell), span)
    if _DATE.fullmatch(cell):
        return syntax.DateText(cell, "date", span)
    if cell in ("true", "false"):
        return syntax.Boolean(cell == "true", span)
    return syntax.Null(span) if cell == "" else syntax.Text(cell, span)
