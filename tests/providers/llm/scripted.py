"""A server on loopback that speaks the chat-completions protocol; a script says what its model answers to each call."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[["Call"], None]
USAGE = {"prompt_tokens": 1_200, "completion_tokens": 80, "total_tokens": 1_280}


@dataclass
class Server:
    """What is scripted, and what came in."""

    url: str
    steps: list[Step]
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


class Call(BaseHTTPRequestHandler):
    """One request, for a step of the script."""

    server_of: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.body = json.loads(self.rfile.read(length))
        number = len(self.server_of.bodies)
        self.server_of.bodies.append(self.body)
        self.server_of.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server_of.paths.append(self.path)
        steps = self.server_of.steps
        try:
            steps[min(number, len(steps) - 1)](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self) -> None:
        self.server_of.paths.append(self.path)
        self.respond(200, b"hello", "text/plain")

    def respond(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def events(self, chunks: Iterator[bytes] | Sequence[bytes], done: bool = True) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.close_connection = True
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"data: " + chunk + b"\n\n")
            self.wfile.flush()
        if done:
            self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: Any) -> None:
        pass


def completion(message: dict[str, Any], finish: str | None, usage: Any = USAGE) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return json.dumps(
        {
            "id": "c",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted-1",
            "choices": [choice],
            "usage": usage,
        }
    ).encode()


def chunk(delta: dict[str, Any], finish: str | None = None, usage: Any = None) -> bytes:
    choices = [] if usage else [{"index": 0, "delta": delta, "finish_reason": finish}]
    found = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted-1", "choices": choices}
    return json.dumps(found | ({"usage": usage} if usage else {})).encode()


def says(text: str, finish: str | None = "stop", usage: Any = USAGE) -> Step:
    """Answers as it is asked to: in one piece, or as a stream."""

    def step(call: Call) -> None:
        if not call.body.get("stream"):
            call.respond(200, completion({"content": text}, finish, usage))
            return
        pieces = [text[i : i + 50] for i in range(0, len(text), 50)]
        chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": piece}) for piece in pieces)]
        chunks += [chunk({}, finish)] + ([chunk({}, usage=usage)] if usage else [])
        call.events(chunks)

    return step


def says_at_once(text: str) -> Step:
    """Ignores that a stream was asked for."""
    return lambda call: call.respond(200, completion({"content": text}, "stop"))


def streams_anyway(text: str) -> Step:
    """Ignores that no stream was asked for."""
    return lambda call: call.events([chunk({"content": text}), chunk({}, "stop")])


def refuses(text: str) -> Step:
    def step(call: Call) -> None:
        if call.body.get("stream"):
            call.events([chunk({"refusal": text}), chunk({}, "stop")])
        else:
            call.respond(200, completion({"content": None, "refusal": text}, "stop"))

    return step


def fails(status: int, text: str = "no", **headers: str) -> Step:
    body = json.dumps({"error": {"message": text, "type": "error", "code": None}}).encode()
    return lambda call: call.respond(status, body, **headers)


def redirects(url: str) -> Step:
    return lambda call: call.respond(307, b"", location=url)


def hangs(call: Call) -> None:
    call.server_of.closing.wait(30)
    call.close_connection = True


def breaks_off(call: Call) -> None:
    """Says that more follows than does."""
    call.send_response(200)
    call.send_header("content-type", "text/event-stream")
    call.send_header("content-length", "100000")
    call.end_headers()
    call.wfile.write(b"data: " + chunk({"content": "table t {"}) + b"\n\n")
    call.close_connection = True


def never_ends(pause: float = 0.0) -> Step:
    """A stream without an end."""

    def endless(call: Call) -> Iterator[bytes]:
        piece = chunk({"content": "# " + "x" * 200})
        while not call.server_of.closing.is_set():
            time.sleep(pause)
            yield piece

    return lambda call: call.events(endless(call))


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up, which some tests make them do."""


@contextmanager
def serving(*steps: Step) -> Iterator[Server]:
    """A server that follows a script; its last step answers whatever comes after."""
    found = Server("", list(steps))
    http = _Quiet(("127.0.0.1", 0), type("_Call", (Call,), {"server_of": found}))
    found.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.closing.set()
        http.shutdown()
        http.server_close()
        thread.join()
