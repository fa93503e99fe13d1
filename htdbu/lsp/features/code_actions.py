"""The helps that a program can carry out, one by one, and all that are safe at once: those of `compile --fix`."""

from __future__ import annotations

from lsprotocol import types

from htdbu.compiler.diagnostics.fixes import apply_fixes, safe_fixes
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar.source import Span
from htdbu.lsp.document import Document
from htdbu.lsp.findings import shown
from htdbu.lsp.server import HtrServer

_KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]


def code_actions(document: Document, start: int, end: int) -> list[types.CodeAction]:
    """What can be done about the findings that touch a stretch, and about all that are safe to mend."""
    near = [finding for finding in document.compilation.diagnostics if _touches(finding, document, start, end)]
    actions = [_quick_fix(document, finding) for finding in near if finding.fix is not None]
    return [*actions, *_fix_all(document)]


def _touches(finding: Diagnostic, document: Document, start: int, end: int) -> bool:
    return finding.span.file == document.source.name and finding.span.start <= end and start <= finding.span.end


def _quick_fix(document: Document, finding: Diagnostic) -> types.CodeAction:
    assert finding.fix is not None
    edits = [types.TextEdit(document.positions.range(edit.span), edit.text) for edit in finding.fix.edits]
    return types.CodeAction(
        title=finding.fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown(document, finding)],
        is_preferred=finding.fix.is_safe,
        edit=types.WorkspaceEdit(changes={document.uri: edits}),
    )


def _fix_all(document: Document) -> list[types.CodeAction]:
    safe = safe_fixes(document.compilation.diagnostics, document.source.name)
    if not safe:
        return []
    text, _ = apply_fixes(document.source.text, [finding.fix for finding in safe if finding.fix is not None])
    whole = document.positions.range(Span(document.source.name, 0, len(document.source.text)))
    edit = types.WorkspaceEdit(changes={document.uri: [types.TextEdit(whole, text)]})
    title = "mend what is meant beyond doubt"
    return [types.CodeAction(title=title, kind=types.CodeActionKind.SourceFixAll, edit=edit)]


def register(server: HtrServer) -> None:
    """Offer it."""

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=_KINDS))
    def offer(ls: HtrServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.document(params.text_document.uri)
        if document is None:
            return []
        ends = (document.positions.offset(place) for place in (params.range.start, params.range.end))
        found = code_actions(document, *ends)
        only = params.context.only
        return [action for action in found if only is None or any(_is_kind(action.kind, kind) for kind in only)]


def _is_kind(kind: types.CodeActionKind | str | None, wanted: types.CodeActionKind | str) -> bool:
    names = [str(getattr(name, "value", name)) for name in (kind, wanted)]
    return kind is not None and f"{names[0]}.".startswith(f"{names[1]}.")
