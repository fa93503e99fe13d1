"""A real client that starts `htdbu lsp` and speaks with it over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

Answer = TypeVar("Answer")
START = [sys.executable, "-m", "htdbu", "lsp"]


@dataclass
class Editor:
    """An editor with one server, driven step by step.

    Attributes:
        found: the findings published last, by file.
    """

    folder: Path
    encodings: list[str] | None = None
    found: dict[str, list[types.Diagnostic]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = LanguageClient("editor", "1")
        self._news = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def take(params: types.PublishDiagnosticsParams) -> None:
            self.found[params.uri] = list(params.diagnostics)
            self._news.set()

        self._run(self.client.start_io(*START))
        encodings = [types.PositionEncodingKind(name) for name in self.encodings] if self.encodings else None
        general = types.GeneralClientCapabilities(position_encodings=encodings)
        capabilities = types.ClientCapabilities(general=general)
        self.started = self._run(self.client.initialize_async(types.InitializeParams(capabilities)))
        self.client.initialized(types.InitializedParams())

    def _run(self, task: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(asyncio.wait_for(task, 30))

    def uri(self, name: str = "a.htr") -> str:
        return (self.folder / name).as_uri()

    def open(self, text: str, name: str = "a.htr") -> list[types.Diagnostic]:
        """Open a file; gives what is found in it."""
        self._news.clear()
        self.versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), "htr", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return self._awaited(name)

    def change(self, edit: types.TextDocumentContentChangeEvent, name: str = "a.htr") -> list[types.Diagnostic]:
        """Change an open file; gives what is found in it now."""
        self._news.clear()
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(version=self.versions[name], uri=self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [edit]))
        return self._awaited(name)

    def _awaited(self, name: str) -> list[types.Diagnostic]:
        self._run(self._news.wait())
        return self.found[self.uri(name)]

    def ask(self, method: str, line: int, character: int, name: str = "a.htr", **more: Any) -> Any:
        """Ask about a position, both counted from 0."""
        place = {
            "text_document": types.TextDocumentIdentifier(self.uri(name)),
            "position": types.Position(line, character),
        }
        kind = {
            "hover": types.HoverParams, "definition": types.DefinitionParams, "references": types.ReferenceParams,
            "document_highlight": types.DocumentHighlightParams, "rename": types.RenameParams,
            "prepare_rename": types.PrepareRenameParams, "completion": types.CompletionParams,
            "signature_help": types.SignatureHelpParams,
        }[method]  # fmt: skip
        return self._run(getattr(self.client, f"text_document_{method}_async")(kind(**place, **more)))

    def ask_file(self, method: str, kind: Callable[..., Any], name: str = "a.htr", **more: Any) -> Any:
        """Ask about a whole file."""
        params = kind(text_document=types.TextDocumentIdentifier(self.uri(name)), **more)
        return self._run(getattr(self.client, f"text_document_{method}_async")(params))

    def close(self) -> int | None:
        """Shut the server down; gives its exit code."""
        server = self.client._server
        if server is not None and server.returncode is None:
            self._run(self.client.shutdown_async(None))
            self.client.exit(None)
            self._run(server.wait())
        self._run(self.client.stop())
        self.loop.close()
        return None if server is None else server.returncode


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    editor = Editor(tmp_path)
    yield editor
    if not editor.loop.is_closed():
        editor.close()
