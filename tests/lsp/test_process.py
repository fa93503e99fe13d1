"""The server as a process: how it starts and ends, and what it does with input that is none."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.client import START, Editor, place
from tests.lsp.texts import TEXT

ADDRESS = "file:///nowhere/a.htr"
POSITION = {"textDocument": {"uri": ADDRESS}, "position": {"line": 0, "character": 0}}


def message(**parts: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **parts}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


BEGIN = message(id=1, method="initialize", params={"capabilities": {}, "processId": None, "rootUri": None})
END = message(id=99, method="shutdown") + message(method="exit")


def served(data: bytes) -> tuple[int, list[Any], str]:
    """The exit code, the messages and the standard error of a server that gets some input."""
    done = subprocess.run(START, input=data, capture_output=True, timeout=60, check=False)
    parts = done.stdout.split(b"Content-Length: ")[1:]
    messages = [json.loads(part.partition(b"\r\n\r\n")[2]) for part in parts]
    return done.returncode, messages, done.stderr.decode()


def test_it_ends_with_0_after_a_shutdown() -> None:
    code, messages, errors = served(BEGIN + END)
    assert (0, "") == (code, errors)
    assert [1, 99] == [answer["id"] for answer in messages]
    assert "htdbu" == messages[0]["result"]["serverInfo"]["name"]


@pytest.mark.parametrize("data", [b"hello\nworld\n", BEGIN + message(method="exit")])
def test_it_ends_with_1_without_a_shutdown(data: bytes) -> None:
    code, _, errors = served(data)
    assert (1, "") == (code, errors)


def test_wrong_input_is_logged_and_the_server_goes_on() -> None:
    wrong = [
        b"Content-Length: 5\r\n\r\n{abc}",
        b'Content-Length: 4\r\n\r\n"\xff\xfe"',
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 4\r\n\r\nnull",
        message(id=2, method="textDocument/hover", params={"foo": 1}),
        message(id=3, method="textDocument/nonsense", params={}),
        message(method="textDocument/didOpen", params=[1]),
        message(method="textDocument/didClose", params={"textDocument": {"uri": ADDRESS}}),
        message(
            method="textDocument/didChange",
            params={"textDocument": {"uri": ADDRESS, "version": 2}, "contentChanges": [{"text": "a"}]},
        ),
        message(id=4, method="textDocument/hover", params=POSITION),
    ]
    code, messages, errors = served(BEGIN + b"".join(wrong) + END)
    assert (0, "") == (code, errors)
    answers = {answer["id"]: answer for answer in messages if "id" in answer}
    assert None is answers[4]["result"]
    assert "error" in answers[3]
    assert None is answers[99]["result"]
    assert {"window/logMessage", "textDocument/publishDiagnostics"} == {m["method"] for m in messages if "method" in m}


def test_signs_that_no_text_may_hold_do_no_harm() -> None:
    text = 'table t { c : category { "\ud800", "b" } }\nhard r: cc == "\udfff\x00"\n'
    item = {"uri": ADDRESS, "languageId": "htr", "version": 1, "text": text}
    code, messages, _ = served(BEGIN + message(method="textDocument/didOpen", params={"textDocument": item}) + END)
    (said,) = [part["params"] for part in messages if part.get("method") == "textDocument/publishDiagnostics"]
    assert 0 == code
    assert ["HTR101"] == [finding["code"] for finding in said["diagnostics"]]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once(number: signal.Signals) -> None:
    with subprocess.Popen(START, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(BEGIN)
        server.stdin.flush()
        server.stdout.readline()
        server.send_signal(number)
        assert 128 + number == server.wait(10)
        assert server.stderr is not None
        assert b"" == server.stderr.read()


def test_without_pygls_it_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['pygls'] = None; from htdbu.cli import main; sys.exit(main(['lsp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert 2 == done.returncode
    assert "pip install 'htdbu[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_was_never_saved_is_served(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    item = types.TextDocumentItem("untitled:Untitled-1", "htr", 1, TEXT + "hard q: nothing > 1\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    where = {
        "text_document": types.TextDocumentIdentifier(item.uri),
        "position": types.Position(*place(TEXT, "pay", 1)),
    }
    shown = editor._run(editor.client.text_document_hover_async(types.HoverParams(**where)))
    assert "pay : decimal(2)" in shown.contents.value
    found = editor._run(editor.client.text_document_definition_async(types.DefinitionParams(**where)))
    assert item.uri == found.uri
    assert ["HTR101"] == [finding.code for finding in editor.published[item.uri].diagnostics]
    assert 0 == editor.close()
