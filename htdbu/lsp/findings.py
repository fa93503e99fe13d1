"""The findings of a document as the protocol has them."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from htdbu.compiler.diagnostics.model import Diagnostic, Label
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
_UNUSED = frozenset({"HTR103", "HTR106"})


def published(document: Document) -> list[types.Diagnostic]:
    """All findings; those of imported files stand at the import, with their place in the message."""
    return [shown(document, finding) for finding in document.compilation.diagnostics]


def shown(document: Document, finding: Diagnostic) -> types.Diagnostic:
    """One finding."""
    is_here = finding.span.file in (document.source.name, "")
    parts = [finding.message if is_here else f"{_place(document, finding.span)}: {finding.message}"]
    parts += [f"note: {finding.note}"] if finding.note else []
    parts += [f"help: {finding.help}"] if finding.help else []
    related = [*([] if is_here else [Label(finding.span, finding.message)]), *finding.related]
    return types.Diagnostic(
        range=document.positions.range(finding.span if is_here else _import(document, finding.span)),
        message="\n".join(parts),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="htdbu",
        tags=[types.DiagnosticTag.Unnecessary] if finding.code in _UNUSED else None,
        related_information=[_related(document, label) for label in related] or None,
    )


def _related(document: Document, label: Label) -> types.DiagnosticRelatedInformation:
    return types.DiagnosticRelatedInformation(document.location(label.span), label.message)


def _place(document: Document, span: Span) -> str:
    source = document.compilation.sources.get(span.file)
    return f"{span.file}:{source.position(span.start)[0]}" if source is not None else span.file


def _import(document: Document, span: Span) -> Span:
    """The import that brings in the file of a place, itself or by another one."""
    imports = [statement for statement in document.tree.statements if isinstance(statement, syntax.ImportDecl)]
    folder = Path(document.source.name).parent
    direct = (decl for decl in imports if str(folder / decl.path.value) == span.file)
    found = next(direct, imports[0] if imports else None)
    return Span(document.source.name, 0, 0) if found is None else found.path.span
