"""`htdbu draft` writes a first rule file, or shows what would be told of the rows."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from htdbu import compile as htdbu_compile
from htdbu.compiler.constrained import grammar
from htdbu.datasets import load_loans
from htdbu.providers import Summary
from tests.cli.conftest import Outcome
from tests.providers.declaring import offer

Htdbu = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch)


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    path = tmp_path / "my loans.v1.csv"
    load_loans(400, random_state=1).to_csv(path, index=False, sep=";", na_rep="?")
    return path


def test_a_draft_is_written_and_told_with_the_next_command(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    rules = tmp_path / "loans.htr"
    done = htdbu("draft", loans, "-o", rules, "--provider", "declaring", "--null", "?", "--delimiter", ";")
    assert (0, "") == (done.code, done.err)
    assert rules.read_text("utf-8").startswith("table my_loans {")
    first, *middle, written, following = done.out.splitlines()
    assert first.startswith("declaring: 16 columns, 0 hard rules, 1 soft rule in ")
    assert ["note: nothing was looked at", "0 hard violations in 400 rows (0.00 %)"] == middle
    assert f"written: {rules}" == written
    assert f"next: htdbu synthesize {rules} '{loans}' -n 1000 -o synthetic.csv --null '?' --delimiter ';'" == following
    assert 0 == htdbu("check", rules, loans, "--null", "?").code


def test_json_has_what_was_counted_told_and_measured(htdbu: Htdbu, loans: Path) -> None:
    call = ("draft", loans, "--provider", "declaring", "-o", "-", "--format", "json", "--table", "book")
    done = htdbu(*call, "--max-rules", 7, "--granularity", "rich", "--target", "defaulted")
    assert done.out.startswith("table book {")
    told = Outcome(0, done.err, "").json
    assert {"provider", "rules", "remarks", "told", "check", "seconds"} == set(told)
    assert {"target": "defaulted", "granularity": "rich", "max_rules": 7} == told["told"]
    assert (16, 1, 400) == (told["rules"]["columns"], told["rules"]["soft"], told["check"]["rows"])


def test_a_summary_is_shown_and_nothing_is_written(htdbu: Htdbu, loans: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    call = ("draft", loans, "--show-summary", "--null", "?", "--target", "defaulted")
    shown = htdbu(*call)
    assert (0, "") == (shown.code, shown.err)
    summary = Summary.model_validate(htdbu(*call, "--format", "json").json)
    assert shown.out == summary.text()
    assert ("my_loans", 400, "defaulted") == (summary.table, summary.rows, summary.target)
    assert len(htdbu(*call, "--granularity", "minimal").out) < len(shown.out)
    assert len(shown.out) < len(htdbu(*call, "--granularity", "rich").out)
    assert before == sorted(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["gbnf", "llguidance"])
def test_a_grammar_of_the_drafted_table_is_written(htdbu: Htdbu, loans: Path, tmp_path: Path, form: str) -> None:
    rules, written = tmp_path / "loans.htr", tmp_path / "loans.grammar"
    call = ("draft", loans, "--provider", "declaring", "--null", "?", "--delimiter", ";")
    assert 0 == htdbu(*call, "-o", rules).code
    done = htdbu(*call, "-o", written, "--emit-grammar", form, "--max-rules", 7)
    assert (0, f"written: {written}\n", "") == (done.code, done.out, done.err)
    assert grammar(htdbu_compile(rules), form, 7) == written.read_text("utf-8")
    told = htdbu(*call, "-o", "-", "--emit-grammar", form, "--max-rules", 7, "--format", "json")
    assert written.read_text("utf-8") == told.out
    assert {"form": form, "columns": 16, "left_out": {}} == Outcome(0, told.err, "").json


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "-", "--emit-grammar", "gbnf", "--max-rules", "0"), "a grammar has 1 to 200 rules, not 0"),
        ((), "nothing says where the rules go"),
        (("--emit-grammar", "gbnf"), "nothing says where the grammar goes"),
        (("-o", "-", "--emit-grammar", "gbnf", "--provider", "llm"), "a grammar is made without a language model"),
        (("-o", "rules.json"), "a draft is written in the rule language"),
        (("-o", "DATA"), "would be written over"),
        (("-o", "no/such/folder.htr"), "there is no folder"),
        (("-o", "-", "--provider", "lmm"), "did you mean 'llm'"),
        (("-o", "-", "--provider", "careless"), "<draft of careless>"),
        (("-o", "-", "--target", "default", "--provider", "declaring"), "did you mean `defaulted`"),
        (("--show-summary", "--target", "nothing like it"), "there is no column"),
        (("--show-summary", "--granularity", "fine"), "'fine' is not one of 'minimal', 'standard', 'rich'"),
        (("--show-summary", "--min-count", "0"), "0 is not in the range x>=1"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_rows_stay(
    htdbu: Htdbu, loans: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = loans.read_bytes()
    done = htdbu("draft", loans, *(str(loans) if word == "DATA" else word for word in arguments))
    assert (2, "") == (done.code, done.out)
    assert said in done.err
    assert before == loans.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        ("naïve,b\né,1\n".encode("latin-1"), "not UTF-8"),
        (b'a,b\n1,"2\n', "a quote that opens here is never closed"),
        (b"a,b\n1,2,3\n", "line 2"),
        (b"7,x\n8,x\n7,y\n", "the header line seems to be a row"),
    ],
)
def test_a_broken_file_is_told_with_its_place(htdbu: Htdbu, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    done = htdbu("draft", path, "--show-summary")
    assert (2, "") == (done.code, done.out)
    assert said in done.err
    assert "hint: " in done.err


def test_rows_may_come_from_standard_input(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,x\n")))
    done = htdbu("draft", "-", "--show-summary")
    assert "table data: fewer than 10 rows, 2 columns" == done.out.splitlines()[0]
