"""The protocol as pygls speaks it, but with texts kept to the letter."""

from __future__ import annotations

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol, lsp_method

from htdbu.lsp.positions import edited


class RuleFileProtocol(LanguageServerProtocol):
    """Applies edits by the lines of the protocol; pygls also ends lines at form feeds and other signs."""

    def encoding(self) -> types.PositionEncodingKind:
        """What the client counts columns in."""
        return types.PositionEncodingKind(self.workspace.position_encoding or types.PositionEncodingKind.Utf16)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change the text of an open file, then tell the server; a change of a file that is not open is passed over."""
        item = self.workspace.get_text_document(params.text_document.uri)
        if item.version is None:
            return
        whole = types.TextDocumentContentChangeWholeDocument(
            edited(item.source, params.content_changes, self.encoding())
        )
        self.workspace.update_text_document(params.text_document, whole)
        self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE](params)
