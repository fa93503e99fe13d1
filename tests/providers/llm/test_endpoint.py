"""One request over a real connection: what is sent, what is understood, and what each failure is called."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from htdbu.errors import ProviderError, UsageError
from htdbu.providers.llm.endpoint import OPENAI, Endpoint, endpoint_url
from htdbu.providers.llm.faults import TransientError
from htdbu.providers.llm.keys import key_for
from htdbu.providers.llm.messages import Answer, Message
from tests.providers.llm.scripted import (
    USAGE,
    Step,
    breaks_off,
    chunk,
    completion,
    fails,
    hangs,
    never_ends,
    redirects,
    refuses,
    says,
    says_at_once,
    serving,
    streams_anyway,
)

CANARY = "sk-canary-7f3a"
TALK = [Message("user", "one"), Message("assistant", "two"), Message("user", "three")]
HELLO = "table t {\n  a : int — ü\n}\n"


def asked(*steps: Step, streams: bool = True, timeout: float = 120.0) -> Answer:
    with serving(*steps) as server:
        return Endpoint(server.url, "m", timeout, streams=streams).ask(TALK)


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("step", [says, says_at_once])
def test_an_answer_is_read_streamed_or_not(streams: bool, step: object) -> None:
    expected = Answer(HELLO, "scripted-1", "stop", None, USAGE["prompt_tokens"], USAGE["completion_tokens"])
    assert expected == asked(step(HELLO), streams=streams)  # type: ignore[operator]


def test_tokens_that_are_not_told_are_none() -> None:
    assert Answer(HELLO, "scripted-1", "stop") == asked(says(HELLO, usage=None))


def test_only_what_the_protocol_needs_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "private")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    with serving(says(HELLO)) as server:
        Endpoint(server.url, "m", 120.0, max_tokens=77).ask(TALK)
    (headers,), (body,) = server.headers, server.bodies
    assert ["/v1/chat/completions"] == server.paths
    names = {"host", "content-type", "content-length", "accept", "accept-encoding", "user-agent"}
    assert (names, "htdbu") == (set(headers), headers["user-agent"])
    messages = [{"role": message.role, "content": message.content} for message in TALK]
    options = {"model": "m", "stream": True, "stream_options": {"include_usage": True}}
    assert options | {"messages": messages} == {key: body[key] for key in body if "max" not in key}
    assert {"max_tokens": 77} == {key: body[key] for key in body if "max" in key}


def test_a_grammar_is_sent_by_both_of_its_names() -> None:
    with serving(says(HELLO)) as server:
        Endpoint(server.url, "m", 120.0, grammar='root ::= "table"').ask(TALK)
    (body,) = server.bodies
    assert ('root ::= "table"', {"grammar": 'root ::= "table"'}) == (body["grammar"], body["structured_outputs"])


def test_the_key_is_sent_and_the_own_one_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "common")
    with serving(says(HELLO)) as server:
        Endpoint(server.url, "m", 120.0).ask(TALK)
        monkeypatch.setenv("HTDBU_API_KEY", "own")
        Endpoint(server.url, "m", 120.0).ask(TALK)
    assert ["Bearer common", "Bearer own"] == [headers["authorization"] for headers in server.headers]


def test_the_common_key_does_not_leave_the_machine_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "common")
    places = [OPENAI, "http://localhost:1/v1", "http://[::1]:1/v1", "http://127.9.9.9/v1", "http://vllm.intern/v1"]
    assert ["common"] * 4 + [None] == [key_for(place) for place in places]
    monkeypatch.setenv("HTDBU_API_KEY", "own")
    assert "own" == key_for("http://vllm.intern/v1")


def test_a_key_that_no_header_can_hold_is_told_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTDBU_API_KEY", f"{CANARY}\nmore")
    with pytest.raises(UsageError, match="HTDBU_API_KEY") as caught:
        key_for(OPENAI)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_the_key_is_in_no_error_text_even_where_the_endpoint_repeats_it(
    status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HTDBU_API_KEY", CANARY)
    caplog.set_level(logging.DEBUG)
    failing = serving(fails(status, f"the key {CANARY} is wrong"))
    with failing as server, pytest.raises((ProviderError, TransientError)) as caught:
        Endpoint(server.url, "m", 120.0).ask(TALK)
    assert f"Bearer {CANARY}" == server.headers[0]["authorization"]
    told = (str(caught.value), getattr(caught.value, "hint", ""), repr(caught.value.__cause__), caplog.text)
    assert [] == [text for text in told if CANARY in str(text)]
    assert f"HTTP {status}" in told[0]


def test_the_key_is_in_no_answer_even_where_the_endpoint_repeats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTDBU_API_KEY", CANARY)
    assert ("# [key]", "no, [key]") == (asked(says(f"# {CANARY}")).text, asked(refuses(f"no, {CANARY}")).refusal)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (fails(401), "set HTDBU_API_KEY"),
        (fails(403), "set HTDBU_API_KEY"),
        (fails(404), "--base-url is right"),
        (fails(400, "the context is too long"), "too long"),
        (lambda call: call.respond(200, b"<html></html>", "text/html"), "answered with a page"),
        (lambda call: call.respond(200, b"[" * 100_000), "not as the chat-completions protocol says"),
        (lambda call: call.events([b"[" * 100_000]), "not as the chat-completions protocol says"),
        (lambda call: call.respond(200, completion({"content": "x" * 10_000_000}, "stop")), "many megabytes"),
        (lambda call: call.events(chunk({"content": "x" * 100_000}) for _ in iter(int, 1)), "many megabytes"),
        (lambda call: call.respond(500, b"x" * 10_000_000), "many megabytes"),
        (lambda call: call.respond(200, b"\x1f\x8b", content_encoding="gzip"), "compressed"),
    ],
)
def test_a_failure_that_will_not_pass_is_told(step: Step, said: str) -> None:
    with pytest.raises(ProviderError, match=said):
        asked(step)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (fails(429, "slow down"), "HTTP 429.*slow down"),
        (fails(500), "HTTP 500"),
        (fails(503), "HTTP 503"),
        (breaks_off, "broke off"),
        (lambda call: call.events([chunk({"content": "table"})], done=False), "broke off"),
        (lambda call: call.events([b'{"error": {"message": "boom"}}']), "boom"),
    ],
)
def test_a_failure_that_may_pass_is_told_as_such(step: Step, said: str) -> None:
    with pytest.raises(TransientError, match=said):
        asked(step)


@pytest.mark.parametrize("step", [hangs, never_ends(pause=0.1)])
def test_a_request_ends_when_its_time_is_up(step: Step) -> None:
    with pytest.raises(TransientError, match=r"within 0.4 seconds"):
        asked(step, timeout=0.4)


def test_a_stream_that_was_not_asked_for_is_told() -> None:
    with pytest.raises(ProviderError, match="streams its answer"):
        asked(streams_anyway(HELLO), streams=False)


def test_a_closed_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(TransientError, match=f"{url} cannot be reached"):
            Endpoint(url, "m", 120.0).ask(TALK)


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTDBU_API_KEY", CANARY)
    refused = pytest.raises(ProviderError, match="points to another address")
    with serving(says(HELLO)) as other, serving(redirects(f"{other.url}/chat/completions")) as server, refused:
        Endpoint(server.url, "m", 120.0).ask(TALK)
    assert ([], 1) == (other.paths, len(server.paths))


def test_a_refusal_is_no_answer() -> None:
    assert [("content_filter", "I cannot")] * 2 == [
        (answer.finish, answer.refusal)
        for answer in (asked(refuses("I cannot")), asked(refuses("I cannot"), streams=False))
    ]


def test_halves_of_signs_are_replaced() -> None:
    assert "a\ufffd" == asked(lambda call: call.respond(200, completion({"content": "a\ud800"}, "stop"))).text


def test_it_works_where_an_event_loop_runs_already() -> None:
    async def inside() -> Answer:
        return asked(says(HELLO))

    assert HELLO == asyncio.run(inside()).text


def test_this_machine_is_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert HELLO == asked(says(HELLO)).text


def test_another_machine_is_reached_by_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(HELLO)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("NO_PROXY", "")
        assert HELLO == Endpoint("http://model.invalid/v1", "m", 120.0).ask(TALK).text
    assert ["http://model.invalid/v1/chat/completions"] == proxy.paths


def test_a_proxy_that_cannot_be_used_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"gopher://me:{CANARY}@proxy.invalid")
    with pytest.raises(UsageError, match="the proxy") as caught:
        Endpoint("http://model.invalid/v1", "m", 5.0).ask(TALK)
    assert CANARY not in str(caught.value)


def test_addresses_are_brought_into_one_form() -> None:
    given = [None, "http://a:1/v1/", " http://a:1/v1/chat/completions "]
    assert [OPENAI, "http://a:1/v1", "http://a:1/v1"] == [endpoint_url(url) for url in given]


@pytest.mark.parametrize(
    "url", ["", "a:1/v1", "ftp://a/v1", "http://", f"http://me:{CANARY}@a/v1", f"http://a/v1?key={CANARY}", "http://[a"]
)
def test_what_is_no_address_is_told_without_the_secrets_in_it(url: str) -> None:
    with pytest.raises(UsageError, match="address") as caught:
        endpoint_url(url)
    assert CANARY not in str(caught.value)
