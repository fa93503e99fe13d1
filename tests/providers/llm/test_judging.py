"""What is found wrong with a file: its errors, its headers, what real rows break; and that it reads nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import htdbu
from htdbu.providers.llm.answers import NoRulesError
from htdbu.providers.llm.judging import Judge
from htdbu.providers.llm.prompts import correction, question
from htdbu.providers.summary import summarise
from tests.providers.llm.table import GOOD, HALF_BROKEN, SECRET, request

RARE = GOOD.replace('"clerk", ', "")


def test_a_good_file_has_no_faults() -> None:
    assert 0 == Judge(request()).judge(GOOD).faults


def test_errors_go_back_with_their_places() -> None:
    text = GOOD.replace("age >= 18", "agee >= 18").replace("2 * saved", "2 *")
    said = correction(Judge(request()).judge(text), 10)
    assert "rules.htr:10:13: error[HTR101] there is no column, param or def `agee` (did you mean `age`?)" in said
    assert "error[HTR001]" in said


def test_headers_that_the_table_lacks_are_errors_and_columns_left_out_are_told() -> None:
    text = GOOD.replace('as "job.type"', 'as "job.kind"')
    judgement = Judge(request()).judge(text)
    assert (["HTR704"], ("job.type",)) == ([error.code for error in judgement.errors], judgement.undeclared)
    said = correction(judgement, 10)
    assert 'the data have no column "job.kind" for `job`' in said
    assert "Columns of the table that your file lacks:\njob.type" in said


def test_rates_are_told_in_steps_of_the_least_count() -> None:
    frame = request().frame
    ages = frame["age"].astype(int)
    least = 30
    judgement = Judge(request(min_count=least)).judge(HALF_BROKEN)
    expected = int((ages < 60).sum()) // least * least / len(frame)
    assert {"adult": expected} == {rate.name: rate.share for rate in judgement.broken}
    assert f"adult: {100 * expected:.1f} %" in correction(judgement, least)


def test_what_few_rows_break_is_not_told_apart_from_what_none_breaks() -> None:
    few = GOOD.replace("age >= 18", "age != 18")
    judge = Judge(request(min_count=100))
    assert 0 < (request().frame["age"] == "18").sum() < 100
    told = [correction(judge.judge(text), 100).replace("!= 18", ">= 18") for text in (GOOD, few)]
    assert told[0] == told[1]


def test_nothing_that_is_said_names_what_few_rows_hold() -> None:
    asked = request()
    said = question(asked, summarise(asked).text()) + correction(Judge(asked).judge(RARE), 10)
    assert SECRET in asked.frame["job.type"].tolist()
    assert SECRET not in said
    assert "job.domain" in said


@pytest.mark.parametrize("statement", ['import "{}"', 'lookup cap(age -> saved) from "{}"'])
def test_other_files_are_not_read(statement: str, tmp_path: Path) -> None:
    other = tmp_path / "other.htr"
    other.write_text("param least = 18\n" if statement.startswith("import") else "age,saved\n18,5\n")
    text = f"{GOOD}{statement.format(other)}\nhard more: age >= least\n"
    judgement = Judge(request()).judge(text)
    assert [1, ["there is no column, param or def `least`"]] == [
        len(judgement.barred),
        [error.message for error in judgement.errors],
    ]
    assert "no other file" in correction(judgement, 10)


def test_tests_that_do_not_hold_are_errors() -> None:
    text = GOOD + 'test "ages" {\n  reject { age: 17 } by adult\n  accept { age: 12 }\n}\n'
    assert ["HTR901"] == [error.code for error in Judge(request()).judge(text).errors]


def test_rules_that_cannot_hold_together_are_errors() -> None:
    text = GOOD + "hard child: age < 18\n"
    assert "HTR501" in [error.code for error in Judge(request()).judge(text).errors]


def test_rules_beyond_the_wanted_number_are_faults() -> None:
    judgement = Judge(request(max_rules=1)).judge(GOOD)
    assert (1, 1) == (judgement.surplus, judgement.faults)
    assert "Your file has 1 rules too many." in correction(judgement, 10)


def test_the_json_form_is_taken_as_well() -> None:
    form = htdbu.compile_text(GOOD).model_dump_json()
    judgement = Judge(request()).judge(form)
    assert (0, ["adult", "doubled"]) == (judgement.faults, [rule.name for rule in judgement.program.rules])


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        '{"columns": ' + "[" * 50_000,
        json.dumps({"format": "htdbu/1", "columns": [{"name": "a", "header": "a", "type": {"kind": "float"}}]}),
        "hard r: a > 1\n",
        "table t {\n}\n",
        GOOD + "".join(f"hard r{i}: age >= {i % 18}\n" for i in range(500)),
    ],
)
def test_what_is_no_file_for_a_table_is_told(text: str) -> None:
    with pytest.raises(NoRulesError):
        Judge(request()).judge(text)


@pytest.mark.parametrize(
    "rule",
    [
        "hard deep: " + "(" * 5_000 + "age" + ")" * 5_000 + " > 1",
        "hard deep: " + "not " * 5_000 + "(age > 1)",
        "hard long: age > " + " + ".join(["1"] * 3_000),
        "hard big: age > 1e999999999",
        "def a = age + age\n"
        + "".join(f"def a{i} = a{i - 1 if i else ''} + a{i - 1 if i else ''}\n" for i in range(30)),
    ],
    ids=["brackets", "nots", "sums", "digits", "doubling"],
)
def test_nesting_without_end_is_an_error_and_no_crash(rule: str) -> None:
    judgement = Judge(request()).judge(f"{GOOD}{rule}\n")
    assert 1 <= judgement.faults
    assert len(correction(judgement, 10)) < 5_000
