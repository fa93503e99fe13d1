"""The wire to an endpoint: what leaves, to whom, and how much may come back.

The client library is given this transport, so that nothing it does by itself can send more. Only the request's text,
its length and the key leave; the key goes to the endpoint alone, and a redirect is never followed. Bytes are counted as
they arrive. Answers that are no stream though one was asked for are turned into one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from htdbu.providers.llm.keys import is_local

MOST_BYTES = 8 * 2**20
"""More than this is read of no answer; 30,000 tokens that are streamed one by one take about as much."""
_SENT = ("host", "content-type", "content-length")
_DONE = b"[DONE]"


@dataclass
class Log:
    """What the wire saw of one request.

    Attributes:
        status: of the response; None where there was none.
        fault: why the wire gave up by itself: "too large", "packed", "redirect", "page", "elsewhere"; empty where not.
        location: where a redirect points.
        is_complete: whether a stream was ended by its sign, or the answer was no stream.
    """

    status: int | None = None
    fault: str = ""
    location: str = ""
    is_complete: bool = False


class WireError(Exception):
    """The wire gives up; its log says why."""


class Wire(httpx2.AsyncBaseTransport):
    """A transport to one endpoint for one request.

    Args:
        most_bytes: so much is read of a response at most.
    """

    def __init__(self, base_url: str, key: str | None, timeout: float, most_bytes: int = MOST_BYTES) -> None:
        self.log = Log()
        self._endpoint = httpx2.URL(base_url)
        self._key = key
        self._most_bytes = most_bytes
        self._timeout = timeout
        self._inner = httpx2.AsyncHTTPTransport(proxy=_proxy(base_url))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and hand back a response whose body is counted."""
        if _origin(request.url) != _origin(self._endpoint):
            raise self._gives_up("elsewhere")
        streams = self._prepare(request)
        response = await self._inner.handle_async_request(request)
        try:
            return await self._taken(response, streams)
        except BaseException:
            await response.aclose()  # or the connection would be left to the collection of garbage
            raise

    async def _taken(self, response: httpx2.Response, streams: bool) -> httpx2.Response:
        """A response as it is handed on, to be counted as it is read."""
        self.log.status = response.status_code
        if 300 <= response.status_code < 400:
            self.log.location = response.headers.get("location", "")
            raise self._gives_up("redirect")
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise self._gives_up("packed")
        body = self._counted(response)
        if response.status_code == 200:
            body = await self._as_asked(response.headers.get("content-type", "").lower(), body, streams)
        headers = {
            name: response.headers[name] for name in ("retry-after", "retry-after-ms") if name in response.headers
        }
        headers["content-type"] = "text/event-stream" if streams and response.status_code == 200 else "application/json"
        return httpx2.Response(response.status_code, headers=headers, stream=_Body(body, response))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()

    def _prepare(self, request: httpx2.Request) -> bool:
        """Leave only what the endpoint needs; returns whether a stream is asked for."""
        streams = bool(json.loads(request.content).get("stream"))
        kept = {name: request.headers[name] for name in _SENT if name in request.headers}
        kept |= {"accept": "text/event-stream" if streams else "application/json", "accept-encoding": "identity"}
        kept["user-agent"] = "htdbu"
        if self._key is not None:
            kept["authorization"] = f"Bearer {self._key}"
        request.headers = httpx2.Headers(kept)
        timeout = httpx2.Timeout(self._timeout, connect=min(self._timeout, 30.0))
        request.extensions = {**request.extensions, "timeout": timeout.as_dict()}
        return streams

    async def _counted(self, response: httpx2.Response) -> AsyncIterator[bytes]:
        """The pieces of a body, up to the most that is read."""
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        left, tail = self._most_bytes, b""
        async for piece in response.stream:
            left -= len(piece)
            if left < 0:
                await response.aclose()
                raise self._gives_up("too large")
            tail = (tail + piece)[-len(piece) - len(_DONE) :]
            self.log.is_complete |= _DONE in tail
            yield piece

    async def _as_asked(self, kind: str, body: AsyncIterator[bytes], streams: bool) -> AsyncIterator[bytes]:
        """A body in the form that was asked for."""
        if not streams and "event-stream" in kind:
            raise self._gives_up("stream")
        if "html" in kind or (not streams and "json" not in kind):
            raise self._gives_up("page")
        if not streams or "json" not in kind:
            return body
        whole = b"".join([piece async for piece in body])
        self.log.is_complete = True
        return _events(whole)

    def _gives_up(self, fault: str) -> WireError:
        self.log.fault = fault
        return WireError(fault)


class _Body(httpx2.AsyncByteStream):
    """The body that is handed on; closing it closes the connection."""

    def __init__(self, pieces: AsyncIterator[bytes], response: httpx2.Response) -> None:
        self._pieces, self._response = pieces, response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


async def _events(whole: bytes) -> AsyncIterator[bytes]:
    """A completion as the one event of a stream."""
    try:
        found: Any = json.loads(whole)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and isinstance(found.get("choices"), list):
        choices = [choice for choice in found["choices"] if isinstance(choice, dict)]
        found["choices"] = [
            {"index": 0, "delta": choice.get("message"), "finish_reason": choice.get("finish_reason")}
            for choice in choices
        ]
        found["object"] = "chat.completion.chunk"
    yield b"data: " + json.dumps(found).encode() + b"\n\ndata: [DONE]\n\n"


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _proxy(base_url: str) -> str | None:
    """The proxy that the environment names for an endpoint, None for this machine."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if is_local(host) or proxy_bypass(host):
        return None
    found = getproxies()
    return found.get(parts.scheme) or found.get("all")
