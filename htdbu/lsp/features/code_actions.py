"""The helps that `compile --fix` carries out, one by one and all that are safe at once; silencing a warning."""

from __future__ import annotations

from lsprotocol import types

from htdbu.compiler.diagnostics.fixes import apply_fixes, safe_fixes
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.view import covers
from htdbu.grammar import syntax
from htdbu.lsp.document import Document
from htdbu.lsp.findings import shown
from htdbu.lsp.server import HtrServer

_UNUSED_IGNORE = "HTR106"
_KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]


def code_actions(document: Document, start: int, end: int) -> list[types.CodeAction]:
    """What can be done about the findings that touch a stretch, and about all that are safe to mend."""
    near = [finding for finding in document.compilation.diagnostics if _touches(finding, document, start, end)]
    mending = [_quick_fix(document, finding) for finding in near if finding.fix is not None]
    silencing = [action for finding in near if (action := _silence(document, finding)) is not None]
    return [*mending, *silencing, *_fix_all(document)]


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


def _silence(document: Document, finding: Diagnostic) -> types.CodeAction | None:
    """A comment above what the finding is about; None for errors, which no comment silences."""
    place = _silenced_place(document, finding)
    if finding.is_error or finding.code == _UNUSED_IGNORE or place is None:
        return None
    start = document.source.text.rfind("\n", 0, place) + 1
    comment = f"{document.source.text[start:place]}# htr: ignore[{finding.code}]\n"
    edit = types.TextEdit(document.positions.range(document.source.span(start, start)), comment)
    return types.CodeAction(
        title=f"silence {finding.code} here",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[shown(document, finding)],
        edit=types.WorkspaceEdit(changes={document.uri: [edit]}),
    )


def _silenced_place(document: Document, finding: Diagnostic) -> int | None:
    """Where the innermost declaration around a finding begins, of those that begin their line."""
    found = None
    todo: list[syntax.Statement | syntax.ColumnDecl] = [*document.tree.statements]
    while todo:
        node = next((one for one in todo if covers(one.span, finding.span)), None)
        if node is None:
            break
        before = document.source.text[document.source.text.rfind("\n", 0, node.span.start) + 1 : node.span.start]
        found = node.span.start if not before.strip() else found
        todo = [
            *(node.columns if isinstance(node, syntax.Table) else node.body if isinstance(node, syntax.When) else ())
        ]
    return found


def _fix_all(document: Document) -> list[types.CodeAction]:
    safe = safe_fixes(document.compilation.diagnostics, document.source.name)
    if not safe:
        return []
    _, applied = apply_fixes(document.source.text, [finding.fix for finding in safe if finding.fix is not None])
    edits = [types.TextEdit(document.positions.range(edit.span), edit.text) for fix in applied for edit in fix.edits]
    edit = types.WorkspaceEdit(changes={document.uri: edits})
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
