"""What is found in tables whose rules are known; `python -m benchmarks.mined` measures the same on larger ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mined.loans import mined, precision, recall
from benchmarks.mined.real import FACTS, MOST_BROKEN, halves


@pytest.mark.slow
def test_nine_of_ten_true_rules_of_the_loans_are_found_and_nine_of_ten_mined_ones_are_true() -> None:
    program = mined(11, rows=8_000)
    true = [not rule.broken for rule in precision(program, 11, rows=40_000)]
    found = [rule.is_found for rule in recall(program, 11, rows=4_000) if rule.is_judged]
    assert (True, True) == (sum(true) >= 0.9 * len(true), sum(found) >= 0.9 * len(found))
    assert len(found) > 30


@pytest.mark.slow
@pytest.mark.parametrize("table", FACTS)
def test_the_documented_facts_of_real_tables_are_found_and_the_other_half_keeps_the_rules(
    data_dir: Path, table: str
) -> None:
    result = halves(data_dir, table, 7)
    assert result.facts == result.found
    assert result.worst <= MOST_BROKEN
