"""The findings of a document as the protocol has them."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import from_fs_path

from htdbu.compiler.diagnostics.model import Diagnostic, Label
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document
from htdbu.lsp.positions import Positions

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
_UNUSED = frozenset({"HTR103", "HTR106"})


def published(document: Document) -> list[types.Diagnostic]:
    """All findings; those of imported files stand at the beginning, with their place in the message."""
    return [shown(document, finding) for finding in document.compilation.diagnostics]


def shown(document: Document, finding: Diagnostic) -> types.Diagnostic:
    """One finding."""
    is_here = finding.span.file in (document.source.name, "")
    parts = [finding.message if is_here else f"{_place(document, finding.span)}: {finding.message}"]
    parts += [f"note: {finding.note}"] if finding.note else []
    parts += [f"help: {finding.help}"] if finding.help else []
    return types.Diagnostic(
        range=document.positions.range(finding.span if is_here else Span(document.source.name, 0, 0)),
        message="\n".join(parts),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="htdbu",
        tags=[types.DiagnosticTag.Unnecessary] if finding.code in _UNUSED else None,
        related_information=[_related(document, label) for label in finding.related] or None,
    )


def _related(document: Document, label: Label) -> types.DiagnosticRelatedInformation:
    file = label.span.file
    is_here = file == document.source.name or file not in document.compilation.sources
    positions = document.positions if is_here else Positions(document.compilation.sources[file].text, document.encoding)
    uri = document.uri if is_here else from_fs_path(file) or file
    return types.DiagnosticRelatedInformation(types.Location(uri, positions.range(label.span)), label.message)


def _place(document: Document, span: Span) -> str:
    source = document.compilation.sources.get(span.file)
    return f"{span.file}:{source.position(span.start)[0]}" if source is not None else span.file
