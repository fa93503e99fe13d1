"""Every kind of rule is found where it was planted."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.providers.base import Request
from htdbu.providers.mined import MinedProvider, miners
from htdbu.providers.mined.miners import OF_COLUMNS, OF_RELATIONS, factors
from tests.providers.mined.planted import PLANTED


def mined(kind: str) -> str:
    """The file for a planted table, every run of blanks as one."""
    frame = PLANTED[kind][0](np.random.default_rng(7))
    text = MinedProvider().draft(Request(frame)).text
    assert 0 == htdbu.compile_text(text).check(frame).hard_violations
    return re.sub(r"\s+", " ", re.sub(r"\s+:", ":", text))


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_rule_is_found(kind: str) -> None:
    assert PLANTED[kind][1] in mined(kind)


def test_neighbouring_parts_that_have_the_same_ceiling_are_one() -> None:
    rng = np.random.default_rng(9)
    age = rng.integers(18, 90, 2_000)
    most = np.select([age < 30, age < 70], [3_000, 9_000], 4_000)
    text = MinedProvider().draft(Request(pd.DataFrame({"age": age, "pay": (rng.random(2_000) * most).round(2)}))).text
    assert re.search(
        r"pay <= case \{ age < 30 -> 3_000; age < 7\d -> 9_000; else -> 4_000 \}", re.sub(r"\s+", " ", text)
    )


def test_what_few_rows_break_is_soft_and_tells_the_measured_rate() -> None:
    text = mined("implication that a few rows break")
    soft = re.search(r"## (\d+) of (\d+) rows where it applies break it \((.*?)%\)[^#]* soft \w+: grade == \"A\"", text)
    assert soft is not None
    assert ("3", f"{300 / int(soft[2]):.2f}") == (soft[1], soft[3])


def test_a_code_is_told_in_a_comment_of_its_column() -> None:
    assert "## -1 stands apart from all other values: probably a code for a missing one. days:" in mined(
        "equivalence of codes"
    )


def test_the_evidence_is_told_above_each_rule() -> None:
    assert "## Holds in all 2,000 rows; about 570 would break it by chance. hard day_in_calendar:" in mined("weekday")


def test_every_file_of_a_miner_is_in_a_list() -> None:
    names = {path.stem for path in Path(miners.__path__[0]).glob("*.py")} - {"__init__"}
    assert names == {miner.__name__.rpartition(".")[2] for miner in (*OF_COLUMNS, *OF_RELATIONS, factors)}
