"""A real client that starts `htdbu lsp` and speaks with it over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

Answer = TypeVar("Answer")
START = [sys.executable, "-m", "htdbu", "lsp"]
SNIPPETS = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(snippet_support=True)
        )
    )
)


class Editor:
    """An editor with one server, driven step by step.

    Attributes:
        folder: where its files lie.
        published: what was published last about each file.
        logged: the messages of the server's log.
    """

    def __init__(self, folder: Path, capabilities: types.ClientCapabilities = SNIPPETS) -> None:
        self.folder = folder
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.logged: list[str] = []
        self.versions: dict[str, int] = {}
        self.loop = asyncio.new_event_loop()
        self.client = LanguageClient("editor", "1")
        self._news = asyncio.Condition()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def take(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.published[params.uri] = params
                self._news.notify_all()

        @self.client.feature(types.WINDOW_LOG_MESSAGE)
        def note(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        self._run(self.client.start_io(*START))
        self.started = self._run(self.client.initialize_async(types.InitializeParams(capabilities)))
        self.client.initialized(types.InitializedParams())

    def _run(self, task: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(asyncio.wait_for(task, 30))

    def uri(self, name: str = "a.htr") -> str:
        """The address of a file."""
        return (self.folder / name).as_uri()

    def open(self, text: str, name: str = "a.htr") -> list[types.Diagnostic]:
        """Open a file, or put a whole text in its place; gives what is found in it."""
        if self.uri(name) in self.versions:
            return self.change(types.TextDocumentContentChangeWholeDocument(text), name=name)
        self.versions[self.uri(name)] = 1
        item = types.TextDocumentItem(self.uri(name), "htr", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return self._awaited(name)

    def change(self, *edits: types.TextDocumentContentChangeEvent, name: str = "a.htr") -> list[types.Diagnostic]:
        """Change an open file; gives what is found in it now."""
        self.versions[self.uri(name)] += 1
        document = types.VersionedTextDocumentIdentifier(version=self.versions[self.uri(name)], uri=self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, edits))
        return self._awaited(name)

    def shut(self, name: str = "a.htr") -> list[types.Diagnostic]:
        """Close a file; gives what is then still said of it."""
        del self.versions[self.uri(name)]
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )
        return self.until(lambda said: said.version is None, name)

    def _awaited(self, name: str) -> list[types.Diagnostic]:
        return self.until(lambda said: said.version == self.versions[self.uri(name)], name)

    def until(
        self, is_wanted: Callable[[types.PublishDiagnosticsParams], bool], name: str = "a.htr"
    ) -> list[types.Diagnostic]:
        """Wait for what is said of a file to be as wanted; gives it."""

        def has_come() -> bool:
            return self.uri(name) in self.published and is_wanted(self.published[self.uri(name)])

        async def wait() -> None:
            async with self._news:
                await self._news.wait_for(has_come)

        self._run(wait())
        return [*self.published[self.uri(name)].diagnostics]

    def ask(self, method: str, place: tuple[int, int], name: str = "a.htr", **more: Any) -> Any:
        """Ask about a line and a column, both counted from 0."""
        params = f"{''.join(word.title() for word in method.removesuffix('s').split('_'))}Params"
        where = {"text_document": types.TextDocumentIdentifier(self.uri(name)), "position": types.Position(*place)}
        return self._run(getattr(self.client, f"text_document_{method}_async")(getattr(types, params)(**where, **more)))

    def ask_file(self, method: str, params: Callable[..., Any], name: str = "a.htr", **more: Any) -> Any:
        """Ask about a whole file."""
        document = types.TextDocumentIdentifier(self.uri(name))
        return self._run(getattr(self.client, f"text_document_{method}_async")(params(text_document=document, **more)))

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


def place(text: str, word: str, occurrence: int = 0, into: int = 0) -> tuple[int, int]:
    """The line and column of a word, in UTF-16 units; `into` moves on in the line."""
    offset = -1
    for _ in range(occurrence + 1):
        offset = text.index(word, offset + 1)
    return place_of(text, offset + into)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, in UTF-16 units."""
    before = text[text.rfind("\n", 0, offset) + 1 : offset]
    return text.count("\n", 0, offset), len(before.encode("utf-16-le")) // 2


def partial(text: str, start: int, end: int, put: str) -> types.TextDocumentContentChangePartial:
    """An edit between two offsets of a text."""
    ends = (types.Position(*place_of(text, offset)) for offset in (start, end))
    return types.TextDocumentContentChangePartial(range=types.Range(*ends), text=put)


def applied(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text after edits that are counted in UTF-16 units."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:i]) for i in range(len(lines))]

    def offset(position: types.Position) -> int:
        units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
        return starts[position.line] + len(units.decode("utf-16-le"))

    spans = [(offset(edit.range.start), offset(edit.range.end), edit.new_text) for edit in edits]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text
