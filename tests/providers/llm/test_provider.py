"""The whole way: a server on loopback whose model does what models do, and the same run from its transcript."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import htdbu
from htdbu.errors import OutputError, ProviderError, UsageError
from htdbu.providers.base import Draft
from htdbu.providers.llm import LLMProvider
from tests.providers.llm.scripted import (
    Server,
    Step,
    breaks_off,
    fails,
    hangs,
    refuses,
    says,
    says_at_once,
    serving,
)
from tests.providers.llm.table import BROKEN, FENCED, GOOD, HALF_BROKEN, SECRET, request

CANARY = "sk-canary-91b2"
PROSE = says("What a nice table! I would be glad to help.")


def draft(server: Server, waits: list[float] | None = None, **options: Any) -> Draft:
    wait = ([] if waits is None else waits).append
    return LLMProvider("scripted", base_url=server.url, wait=wait, timeout=120, **options).draft(request())


def drafted(*steps: Step, **options: Any) -> Draft:
    with serving(*steps) as server:
        return draft(server, **options)


def failure(*steps: Step, **options: Any) -> str:
    with pytest.raises(ProviderError) as caught:
        drafted(*steps, **options)
    return caught.value.message


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("no_stream", [False, True])
def test_a_model_is_asked_until_its_file_is_good(no_stream: bool, tmp_path: Path) -> None:
    waits: list[float] = []
    with serving(fails(503, "loading"), PROSE, says(BROKEN), says(FENCED)) as server:
        found = draft(server, waits, no_stream=no_stream, transcript=tmp_path / "talk.jsonl")
    assert ["adult", "doubled"] == [rule.name for rule in htdbu.compile_text(found.text).rules]
    assert (1, [1, 1, 3, 3]) == (len(waits), [len(body["messages"]) for body in server.bodies])
    said = [body["messages"][-1]["content"] for body in server.bodies]
    assert said[0] == said[1]
    assert [True] * 3 == ["# The summary" in said[0], "no rule file" in said[2], "error[HTR101]" in said[3]]
    assert {"calls": 3, "failed_calls": 1} == {key: found.told["cost"][key] for key in ("calls", "failed_calls")}
    assert ["error", "answer", "answer", "answer"] == [
        next(key for key in ("error", "answer") if key in line) for line in lines(tmp_path / "talk.jsonl")
    ]


def test_the_same_run_from_its_transcript_needs_no_model(tmp_path: Path) -> None:
    talk, copy = tmp_path / "talk.jsonl", tmp_path / "copy.jsonl"
    live = drafted(fails(503), PROSE, says(BROKEN), says(FENCED), transcript=talk)
    again = LLMProvider(replay=talk, transcript=copy).draft(request())
    assert (live, talk.read_text()) == (again, copy.read_text())


@pytest.mark.slow
def test_a_replay_needs_neither_the_extra_nor_a_socket(tmp_path: Path) -> None:
    drafted(says(FENCED), transcript=tmp_path / "talk.jsonl")
    code = """
import socket, sys
for name in ("pydantic_ai", "openai", "httpx2"):
    sys.modules[name] = None
def refuse(*_): raise AssertionError("a socket")
socket.socket.connect = socket.getaddrinfo = refuse
from htdbu.errors import UsageError
from htdbu.providers.llm import LLMProvider
from tests.providers.llm.table import request
print(LLMProvider("scripted", replay=sys.argv[1]).draft(request()).text)
try:
    LLMProvider("scripted").draft(request())
except UsageError as error:
    print(error.hint)
"""
    arguments = [sys.executable, "-c", code, str(tmp_path / "talk.jsonl")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert GOOD.splitlines()[-1] in done.stdout
    assert "install it: pip install 'htdbu[llm]'" == done.stdout.splitlines()[-1]


def test_nobody_but_the_endpoint_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[Any] = set()
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched(self: socket.socket, address: Any) -> Any:
        asked.add(address[:2] if isinstance(address, tuple) else address)
        return connect(self, address)

    def watched_name(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        asked.add((host if isinstance(host, str) else host.decode(), int(port)))
        return look_up(host, port, *more, **named)

    monkeypatch.setattr(socket.socket, "connect", watched)
    monkeypatch.setattr(socket, "getaddrinfo", watched_name)
    with serving(says(FENCED)) as server:
        draft(server)
    assert {("127.0.0.1", int(server.url.split(":")[2].split("/")[0]))} == asked


def test_no_row_and_no_rare_level_is_sent() -> None:
    with serving(says(BROKEN), says(HALF_BROKEN), says(FENCED.replace('"clerk", ', "")), says(FENCED)) as server:
        draft(server)
    sent = json.dumps(server.bodies)
    rows = [", ".join(row) for row in request().frame.head(50).itertuples(index=False)]
    assert (4, []) == (len(server.bodies), [row for row in (SECRET, *rows) if row in sent])


def test_the_key_is_in_no_transcript_and_no_draft(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTDBU_API_KEY", CANARY)
    echo = says(FENCED.replace("Savings", f"Savings {CANARY}").replace("age >= 18", f"agee >= 18 # {CANARY}"))
    with serving(fails(500, CANARY), says(CANARY), echo) as server:
        found = draft(server, transcript=tmp_path / "talk.jsonl")
    assert {f"Bearer {CANARY}"} == {headers["authorization"] for headers in server.headers}
    written = (found.text, repr(found.told), repr(found.remarks), (tmp_path / "talk.jsonl").read_text("utf-8"))
    assert [False] * 4 == [CANARY in text or "authorization" in text.lower() for text in written]


def test_what_is_never_mended_is_commented_out() -> None:
    found = drafted(says(BROKEN), rounds=2)
    assert "# hard adult: agee >= 18" in found.text
    assert (3, ["doubled"]) == (found.told["cost"]["calls"], [r.name for r in htdbu.compile_text(found.text).rules])
    assert [{"what": "adult", "how": "left out", "why": "there is no column, param or def `agee` (HTR101)"}] == (
        found.told["changed"]
    )


def test_the_best_file_is_used_where_later_ones_are_worse() -> None:
    found = drafted(says(BROKEN), says("```\ntable t {\n  x : int\n}\n```"), PROSE, rounds=2)
    assert "doubled" in found.text


def test_where_the_talk_breaks_off_the_best_file_so_far_is_used() -> None:
    found = drafted(says(BROKEN), fails(401))
    assert "doubled" in found.text
    assert "the talk with the model ended early" in found.remarks[0]


def test_an_answer_in_one_piece_is_read_though_a_stream_was_asked_for() -> None:
    assert 1 == drafted(says_at_once(FENCED)).told["cost"]["calls"]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (PROSE, "wrote no rule file (asked 3 times); it said 'What a nice table!"),
        (refuses("I cannot do that"), "refuses to answer: 'I cannot do that'"),
        (says(FENCED[:80], "length"), "was cut off before its end (asked 3 times)"),
        (says(FENCED.replace("age", "a\0e")), "the control sign U+0000"),
        (says(""), "wrote no rule file (asked 3 times); it said ''"),
        (says_at_once("#" * 200_000), "which is no rule file"),
        (breaks_off, "broke off in the middle of its answer (asked 2 times)"),
    ],
    ids=["prose", "refusal", "cut off", "zero bytes", "nothing", "much", "broken off"],
)
def test_answers_that_cannot_be_used_end_in_a_clear_message(step: Step, said: str) -> None:
    assert said in failure(step, rounds=2, attempts=2)


def test_hostile_files_are_cut_down_to_what_is_sound(tmp_path: Path) -> None:
    secret = tmp_path / "secret.htr"
    secret.write_text("param stolen = 18\n")
    rules = f'import "{secret}"\nlookup l(k -> v) from "/etc/passwd"\nhard deep: {"(" * 5_000}age{")" * 5_000} > 1\n'
    with serving(says(FENCED.replace("## Only", f"{rules}## Only"))) as server:
        found = draft(server, rounds=1)
    assert ["adult", "doubled"] == [rule.name for rule in htdbu.compile_text(found.text).rules]
    assert "stolen" not in found.text + json.dumps(server.bodies)
    assert {"left out"} == {change["how"] for change in found.told["changed"]}


def test_a_server_that_hangs_is_asked_a_bounded_number_of_times() -> None:
    with serving(hangs) as server, pytest.raises(ProviderError, match=r"within 0.3 seconds \(asked 2 times\)"):
        LLMProvider("m", base_url=server.url, timeout=0.3, attempts=2, wait=lambda _: None).draft(request())
    assert 2 == len(server.paths)


def test_a_wait_that_the_endpoint_asks_for_is_kept() -> None:
    waits: list[float] = []
    drafted(fails(429, retry_after="17"), says(FENCED), waits=waits)
    assert [17.0] == waits


def test_the_transcript_is_written_where_the_run_fails(tmp_path: Path) -> None:
    talk = tmp_path / "talk.jsonl"
    message = failure(PROSE, fails(401), transcript=talk)
    assert ["answer", "error"] == [next(k for k in ("answer", "error") if k in line) for line in lines(talk)]
    assert [talk] == [*tmp_path.iterdir()]
    with pytest.raises(ProviderError) as caught:
        LLMProvider(replay=talk).draft(request())
    assert message == caught.value.message


def test_a_transcript_that_cannot_be_written_is_told_before_anyone_is_asked(tmp_path: Path) -> None:
    with serving(says(FENCED)) as server, pytest.raises(OutputError, match="cannot be written"):
        draft(server, transcript=tmp_path / "nowhere" / "talk.jsonl")
    assert [] == server.paths


def test_a_run_without_an_exchange_leaves_an_older_transcript_alone(tmp_path: Path) -> None:
    talk, empty = tmp_path / "talk.jsonl", tmp_path / "empty.jsonl"
    drafted(says(FENCED), transcript=talk)
    kept = talk.read_text()
    copy = tmp_path / "copy.jsonl"
    copy.write_text(kept)
    with pytest.raises(UsageError, match="does not fit"):
        LLMProvider(replay=talk, transcript=copy).draft(request(max_rules=7))
    with pytest.raises(UsageError, match="does not fit"):
        LLMProvider(replay=talk, transcript=empty).draft(request(max_rules=7))
    assert (kept, [copy, talk]) == (copy.read_text(), sorted(tmp_path.iterdir()))


def test_a_transcript_of_another_run_is_told(tmp_path: Path) -> None:
    talk = tmp_path / "talk.jsonl"
    drafted(says(BROKEN), says(FENCED), transcript=talk)
    with pytest.raises(UsageError, match="transcript of 'scripted', not of 'other'"):
        LLMProvider("other", replay=talk).draft(request())
    with pytest.raises(UsageError, match=r"does not fit: exchange 1 asked 'table clients: about 400 rows.*about 500"):
        LLMProvider(replay=talk).draft(request(min_count=250))
    talk.write_text("".join(talk.read_text().splitlines(keepends=True)[:1]))
    with pytest.raises(UsageError, match="ends after 1 exchanges"):
        LLMProvider(replay=talk).draft(request())


@pytest.mark.parametrize("text", ["", "{}\n", "[1]\n", "\x00\n", '{"format": "htdbu-transcript/1"}\n', "{" * 100_000])
def test_what_is_no_transcript_is_told(text: str, tmp_path: Path) -> None:
    talk = tmp_path / "talk.jsonl"
    talk.write_text(text)
    with pytest.raises(UsageError, match="transcript"):
        LLMProvider(replay=talk).draft(request())


@pytest.mark.parametrize("wrong", [{"message": 3}, {"hint": None}, {"asked_again": "no"}])
def test_a_failure_of_another_kind_is_no_line_of_a_transcript(wrong: dict[str, object], tmp_path: Path) -> None:
    talk = tmp_path / "talk.jsonl"
    failure(fails(401), transcript=talk)
    line = json.loads(talk.read_text())
    talk.write_text(json.dumps(line | {"error": line["error"] | wrong}))
    with pytest.raises(UsageError, match="line 1: this is no line of a transcript"):
        LLMProvider(replay=talk).draft(request())


def test_a_transcript_is_not_written_over_the_one_that_is_replayed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give it a file of its own"):
        LLMProvider(replay=tmp_path / "a", transcript=tmp_path / "." / "a")


def test_a_model_has_to_be_named() -> None:
    with pytest.raises(UsageError, match="which model"):
        LLMProvider()


def test_the_cost_is_told_beside_that_of_rows_one_by_one() -> None:
    found = drafted(says(FENCED))
    assert (1_200, 80, 400) == (
        found.told["cost"]["input_tokens"],
        found.told["cost"]["output_tokens"],
        found.told["row_by_row"]["calls"],
    )
    assert found.remarks[-1].startswith("cost: 1 call, 1,200 tokens in and 80 out; asked row by row, 400 rows would")


def test_headers_that_the_model_left_out_are_told() -> None:
    found = drafted(
        says(FENCED.replace('  job   : category { "clerk", "nurse", "smith" } as "job.type"\n', "")), rounds=0
    )
    assert ["job.type"] == found.told["undeclared"]
    assert "'job.type': the model left this column out; the rules do not know it" in found.remarks
