"""The passes that bring in the params, defs and lookups of imported files, and tell of imports that nothing uses."""

from __future__ import annotations

from pathlib import Path

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr103_unused, htr104_cycle, htr105_missing_import
from htdbu.compiler.files import read_text
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span

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
    text = read_named(context, target, statement.path.span)
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


def read_named(context: Context, path: str, span: Span) -> str | None:
    """The text of a file that a statement names; None where it cannot be read, which is reported."""
    if _key(path) in context.texts:
        return context.texts[_key(path)]
    try:
        return read_text(path)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8 text"
        is_missing = isinstance(problem, FileNotFoundError)
        help = "name it relative to the folder of this file" if is_missing else None
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
