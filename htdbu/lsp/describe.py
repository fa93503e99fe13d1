"""What a name is, in the words of a hover."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from htdbu.compiler.diagnostics.view import spelt
from htdbu.compiler.functions import functions
from htdbu.compiler.lowering.domains import ASSUMED_DATES, ASSUMED_NUMBER, declared, is_open
from htdbu.compiler.program import Column
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document, resolved
from htdbu.lsp.inference import inferred
from htdbu.lsp.names import Occurrence

_MOST_LINES = 12
_MOST_NAMES = 20


def described(document: Document, name: Occurrence) -> str | None:
    """Markdown about a name: its declaration, what is known of it, and its doc comment; None where it is unknown."""
    if name.space == "function":
        return function(name.name)
    if name.space == "pattern":
        return _pattern(document, name.name)
    found = document.declaration(name.key)
    if found is None:
        return None
    parts = [f"```htr\n{_text(document, found.node.span)}\n```"]
    facts = _facts(document, name.name, found.node)
    if resolved(found.span.file) != document.path:
        facts.append(f"imported from {found.span.file}")
    doc = getattr(found.node, "doc", None)
    return "\n\n".join([*parts, *(["; ".join(facts)] if facts else []), *([doc] if doc else [])])


def function(name: str) -> str | None:
    """Markdown about a function of the language."""
    entry = functions().get(name)
    if entry is None or not entry.written:
        return None
    return f"```htr\n{entry.signature}\n```\n\n{entry.doc}"


def _pattern(document: Document, pattern: str) -> str:
    names = [spelt(name) for name in document.context.columns if fnmatchcase(name, pattern)]
    shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return f"every column whose name matches: {shown or 'there is none'}"


def _text(document: Document, span: Span) -> str:
    """The declaration as it is written, cut where it is long."""
    lines = document.compilation.sources[span.file].text[span.start : span.end].splitlines()
    return "\n".join(lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"])


def _facts(document: Document, name: str, node: Any) -> list[str]:
    match node:
        case syntax.ColumnDecl():
            column = document.column(name)
            return [] if column is None else _column(column)
        case syntax.ParamDecl():
            return ["a param: the command line may set it with `--param`"]
        case syntax.DefDecl(params=None):
            told = inferred(document, syntax.Name(node.name.value, node.name.span))
            return [] if told is None else [told]
        case syntax.LookupDecl():
            table = document.context.scope.lookups.get(name)
            keys = ", ".join(key.value for key in node.keys)
            rows = [] if table is None else [f"{len(table.rows):,} row{'' if len(table.rows) == 1 else 's'}"]
            return [f"a lookup by {keys}", *rows, "unknown where no key matches"]
        case syntax.Name():
            return ["an argument"]
    return []


def _column(column: Column) -> list[str]:
    facts = []
    if column.header != column.name:
        facts.append(f'its header in files is "{column.header}"')
    if is_open(declared(column)):
        limit = " to ".join(ASSUMED_DATES) if column.type.kind.startswith("date") else f"±{ASSUMED_NUMBER:_}"
        facts.append(f"without a bound on a side it is bounded there as if by {limit}")
    if column.type.kind == "category":
        count = len(column.type.levels)
        facts.append(f"{count} {'ordered ' if column.type.ordered else ''}level{'' if count == 1 else 's'}")
    facts.append("may be null" if column.nullable else "never null")
    facts += ["key: no two rows share it"] if column.key else []
    facts += ["fixed: a repair never changes it"] if column.fixed else []
    facts += ["derived: always recomputed"] if column.derived is not None else []
    facts += [f"changing it costs {column.cost}"] if column.cost != 1 else []
    return facts
