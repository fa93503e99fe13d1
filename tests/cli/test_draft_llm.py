"""`htdbu draft --provider llm`, from the call to the files, over a real connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.providers.llm.scripted import fails, says, serving
from tests.providers.llm.table import BROKEN, FENCED, frame

KEY = "sk-canary-5c1d"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HTDBU_API_KEY", KEY)
    path = tmp_path / "clients.csv"
    frame().to_csv(path, index=False)
    return path


def test_a_draft_is_written_and_replayed(htdbu: Callable[..., Outcome], data: Path, tmp_path: Path) -> None:
    rules, talk, again = tmp_path / "a.htr", tmp_path / "talk.jsonl", tmp_path / "b.htr"
    asked = ("draft", data, "--provider", "llm")
    with serving(says(BROKEN), says(FENCED)) as server:
        options = ("--model", "scripted", "--base-url", server.url, "--transcript", talk)
        done = htdbu(*asked, *options, "-o", rules)
    replayed = htdbu(*asked, "--replay", talk, "-o", again)
    assert (0, 0, 2) == (done.code, replayed.code, len(server.bodies))
    assert (
        "cost: 2 calls, 2,400 tokens in and 160 out; asked row by row, 400 rows would have taken 400 calls" in done.out
    )
    assert rules.read_bytes() == again.read_bytes()
    assert [False] * 5 == [
        KEY in text for text in (done.out, done.err, talk.read_text(), rules.read_text(), replayed.out)
    ]
    checked = htdbu("check", rules, data)
    assert 1 == checked.code, "one row has a job that no summary names"


def test_a_grammar_of_the_table_goes_to_the_server(htdbu: Callable[..., Outcome], data: Path, tmp_path: Path) -> None:
    grammar = tmp_path / "clients.gbnf"
    assert 0 == htdbu("draft", data, "--emit-grammar", "gbnf", "-o", grammar).code
    with serving(says(FENCED)) as server:
        asked = ("draft", data, "-o", tmp_path / "a.htr", "--provider", "llm", "--base-url", server.url, "--model", "m")
        done = htdbu(*asked, "--grammar", grammar)
        (tmp_path / "empty.gbnf").touch()
        wrong = [htdbu(*asked, "--grammar", tmp_path / name) for name in ("empty.gbnf", "none.gbnf")]
    assert (0, [grammar.read_text()]) == (done.code, [body["grammar"] for body in server.bodies])
    assert [2, 2] == [each.code for each in wrong]
    assert ["no grammar stands there" in wrong[0].err, "No such file" in wrong[1].err] == [True, True]


def test_a_failure_is_one_message_with_a_hint(htdbu: Callable[..., Outcome], data: Path, tmp_path: Path) -> None:
    with serving(fails(401, KEY)) as server:
        options = ("--model", "m", "--base-url", server.url, "--transcript", tmp_path / "talk.jsonl")
        done = htdbu("draft", data, "--provider", "llm", *options, "-o", tmp_path / "a.htr")
    expected = (
        f"error: the endpoint {server.url} refused the request (HTTP 401)\n"
        "  hint: check the key in HTDBU_API_KEY or OPENAI_API_KEY, and that it may use the model 'm'\n"
    )
    assert (2, "", expected) == (done.code, done.out, done.err)
    assert ["clients.csv", "talk.jsonl"] == sorted(path.name for path in tmp_path.iterdir())


def test_options_that_do_not_fit_are_told(htdbu: Callable[..., Outcome], data: Path, tmp_path: Path) -> None:
    rules = tmp_path / "a.htr"
    told = [
        htdbu("draft", data, "-o", rules, "--provider", "llm").err,
        htdbu("draft", data, "-o", rules, "--provider", "mined", "--rounds", "0").err,
        htdbu("draft", data, "-o", rules, "--provider", "llm", "--model", "m", "--transcript", rules).err,
        htdbu("draft", data, "-o", rules, "--provider", "llm", "--replay", data, "--transcript", data).err,
    ]
    expected = ["which model is to be asked?", "--rounds says nothing", "two outputs", "would be written over"]
    assert [True] * 4 == [text in said for text, said in zip(expected, told, strict=True)]
