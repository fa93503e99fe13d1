"""What a name is, in the words of a hover."""

from __future__ import annotations

from typing import Any

from htdbu.compiler.expressions import Expr
from htdbu.compiler.functions import functions
from htdbu.compiler.lowering.domains import ASSUMED_DATES, ASSUMED_NUMBER, closed, declared, is_open
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.values import Ratio
from htdbu.compiler.program import Column
from htdbu.compiler.types import BrokenType, NumberType, describe
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document
from htdbu.lsp.names import Occurrence

_MOST_LINES = 12


def described(document: Document, name: Occurrence) -> str | None:
    """Markdown about a name: its declaration, what is known of it, and its doc comment; None where it is unknown."""
    declared = document.declaration(name.key)
    if declared is None:
        return _function(name.name) if name.is_call else None
    parts = [f"```htr\n{_text(document, declared.node.span)}\n```"]
    parts += _facts(document, name.name, declared.node)
    doc = getattr(declared.node, "doc", None)
    return "\n\n".join([*parts, doc] if doc else parts)


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
            return ["a param: a constant that the command line may set with `--param`"]
        case syntax.DefDecl(params=None):
            return _definition(document, node)
        case syntax.LookupDecl():
            table = document.context.scope.lookups.get(name)
            return [] if table is None else [f"a lookup of {len(table.rows):,} rows, unknown where no key matches"]
    return []


def _column(column: Column) -> list[str]:
    facts = []
    if column.header != column.name:
        facts.append(f'its header in files is "{column.header}"')
    if is_open(declared(column)):
        limit = " to ".join(ASSUMED_DATES) if column.type.kind.startswith("date") else f"±{ASSUMED_NUMBER:_}"
        facts.append(f"without a bound on a side it is bounded there as if by {limit}")
    if column.type.kind == "category":
        facts.append(f"{len(column.type.levels)} levels")
    facts.append("may be null" if column.nullable else "never null")
    facts += [word for word in ("key", "fixed") if getattr(column, word)]
    facts += ["derived: always recomputed"] if column.derived is not None else []
    facts += [f"changing it costs {column.cost}"] if column.cost != 1 else []
    return ["; ".join(facts)]


def _definition(document: Document, node: syntax.DefDecl) -> list[str]:
    """The type of a definition without arguments, and the bounds of a number."""
    context = document.context
    expr = context.expression(syntax.Name(node.name.value, node.name.span))
    kind = context.typer.type(expr)
    if isinstance(kind, BrokenType):
        return []
    bounds = _bounds(document, expr) if isinstance(kind, NumberType) else None
    return [describe(kind) if bounds is None else f"{describe(kind)} from {bounds[0]} to {bounds[1]}"]


def _bounds(document: Document, expr: Expr) -> tuple[str, str] | None:
    """Between which ends a number lies while all cells lie in their domains; None where no proof is at hand."""
    if document.compilation.errors:
        return None
    program = document.compilation.program
    lowerer = Lowerer(program, [closed(column, declared(column)) for column in program.columns], {})
    value = lowerer.value(expr)
    if not isinstance(value, Ratio) or value.divisor is not None:
        return None
    low, high = lowerer.bounds.range(value.numerator)
    return tuple(f"{end / value.scale:,.10g}" for end in (low, high))  # type: ignore[return-value]


def _function(name: str) -> str | None:
    entry = functions().get(name)
    if entry is None or not entry.written:
        return None
    return f"```htr\n{entry.signature}\n```\n\n{entry.doc}"
