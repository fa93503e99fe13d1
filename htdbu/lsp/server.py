"""The server: keeps the open files compiled and answers with the features, each a function of a document."""

from __future__ import annotations

import gc
from importlib import import_module
from pkgutil import iter_modules

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from htdbu import __version__
from htdbu.compiler.incremental import Session
from htdbu.lsp import features
from htdbu.lsp.document import Document, resolved
from htdbu.lsp.findings import published
from htdbu.lsp.protocol import RuleFileProtocol


class HtrServer(LanguageServer):
    """A language server for rule files.

    Attributes:
        is_shut_down: whether the client has asked it to shut down.
    """

    protocol: RuleFileProtocol

    def __init__(self) -> None:
        sync = types.TextDocumentSyncKind.Incremental
        super().__init__("htdbu", __version__, text_document_sync_kind=sync, protocol_cls=RuleFileProtocol)
        self.is_shut_down = False
        self._sessions: dict[str, Session] = {}
        self._documents: dict[str, Document] = {}

    def document(self, uri: str) -> Document | None:
        """An open file as it stands now."""
        return self._documents.get(uri)

    def refresh(self, uri: str) -> None:
        """Compile an open file anew and publish what is found; files that import it follow."""
        self._compile(uri)
        self._compile_importers(uri)

    def forget(self, uri: str) -> None:
        """Let go of a file that was closed; for files that import it, what is on disk counts again."""
        self._documents.pop(uri, None)
        self._sessions.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        self._compile_importers(uri)

    def report_server_error(self, error: Exception, source: type[PyglsError | JsonRpcException]) -> None:
        """Tell the log of the editor what went wrong; a request that fails is answered with its error instead."""
        if source is not FeatureRequestError:
            text = f"{type(error).__name__}: {error}"
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))

    def _compile_importers(self, uri: str) -> None:
        path = resolved(to_fs_path(uri) or uri)
        for other, document in list(self._documents.items()):
            if other != uri and path in document.reads:
                self._compile(other)

    def _compile(self, uri: str) -> None:
        """Compile an open file; should that fail, which is a fault of ours, the next edit begins anew."""
        text = self.workspace.get_text_document(uri)
        if text.version is None:
            return
        session = self._sessions.pop(uri, None) or Session()
        before = self._documents.pop(uri, None)
        encoding = self.protocol.encoding()
        document = Document(uri, text.source, session, encoding, self._documents, text.version, before)
        self._sessions[uri], self._documents[uri] = session, document
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, published(document), version=document.version)
        )


def _tidy() -> None:
    """Collect garbage while nobody types, and let later collections, which would delay an answer, skip what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def make_server() -> HtrServer:
    """A server with all features, those of the `features` folder."""
    server = HtrServer()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: HtrServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.refresh(params.text_document.uri)
        _tidy()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: HtrServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.refresh(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: HtrServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.refresh(params.text_document.uri)
        _tidy()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: HtrServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.forget(params.text_document.uri)

    @server.feature(types.SHUTDOWN)
    def ended(ls: HtrServer, params: None) -> None:
        ls.is_shut_down = True

    for info in iter_modules(features.__path__):
        import_module(f"{features.__name__}.{info.name}").register(server)
    return server
