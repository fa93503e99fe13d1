"""Texts that follow a label: drawn anew where a repair changes it, from the data or from a pool that is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.cli import main

RULES = """
table t {{
  mood : category {{ "bad", "good" }}
  o    : category {{ "x", "y" }}
  note : text from notes by mood{fixed}
}}
hard r: mood == "good" or o == "y"
"""


def _frame(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["mood", "o", "note"], dtype="str")


def _repaired(*rows: tuple[str, str, str], fixed: str = "", more: str = "", **options: Any) -> htdbu.RepairResult:
    program = htdbu.compile_text(RULES.format(fixed=fixed) + more)
    return program.repair(_frame(*rows), **options)


POOL = pd.DataFrame({"text": ["fine", "dire", "odd"], "label": ["good", "bad", "furious"]})


def test_a_text_that_follows_its_label_costs_nothing() -> None:
    result = _repaired(("bad", "x", "dull"), ("good", "y", "great"))
    assert ["good", "x", "great"] == result.data.iloc[0].tolist()
    assert 1.5 == result.report.to_dict()["objective"]
    assert 2 == result.report.to_dict()["changed_cells"]


def test_a_fixed_text_stays() -> None:
    result = _repaired(("bad", "x", "dull"), ("good", "y", "great"), fixed=" fixed")
    assert ["good", "x", "dull"] == result.data.iloc[0].tolist()


def test_a_pool_that_is_given_is_drawn_from() -> None:
    result = _repaired(("bad", "x", "dull"), ("good", "y", "great"), pools={"notes": POOL})
    assert ["good", "x", "fine"] == result.data.iloc[0].tolist()
    assert () == result.report.warnings


def test_a_label_without_a_text_is_told_and_its_rows_keep_theirs() -> None:
    result = _repaired(("bad", "x", "dull"))
    assert ["good", "x", "dull"] == result.data.iloc[0].tolist()
    assert ("the pool `notes` has no text for 'good': 1 row(s) keep the one that they have",) == result.report.warnings


@pytest.mark.parametrize(
    ("pools", "error", "message"),
    [
        ({"none": POOL}, htdbu.UsageError, "the rules have no pool `none`"),
        ({"notes": POOL[["text"]]}, htdbu.DataError, "the pool `notes` has no column `label`"),
        ({"notes": POOL.iloc[2:]}, htdbu.DataError, "no label of the pool `notes` is a value of `mood`"),
    ],
)
def test_a_wrong_pool_is_refused(pools: dict[str, pd.DataFrame], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        _repaired(("bad", "x", "dull"), pools=pools)


def test_labels_may_be_numbers_dates_and_truth_values() -> None:
    program = htdbu.compile_text(
        "table t { a : int in 0..9  d : date in 2024-01-01..2024-12-31  b : bool\n"
        "  n : text from n by a  m : text from m by d  k : text from k by b }\n"
        "hard r: a == 2 and d == 2024-02-01 and b"
    )
    frame = pd.DataFrame([["1", "2024-01-01", "no", "one", "jan", "off"]], columns=list("adbnmk"), dtype="str")
    pools = {
        "n": pd.DataFrame({"text": ["two"], "label": [2]}),
        "m": pd.DataFrame({"text": ["feb"], "label": ["2024-02-01"]}),
        "k": pd.DataFrame({"text": ["on"], "label": ["yes"]}),
    }
    assert ["2", "2024-02-01", "yes", "two", "feb", "on"] == program.repair(frame, pools=pools).data.iloc[0].tolist()


def test_synthesis_draws_from_a_pool_without_repeats_until_it_is_used_up(tmp_path: Path) -> None:
    rules, real, pool, out = (tmp_path / name for name in ("r.htr", "real.csv", "pool.csv", "out.csv"))
    rules.write_text(RULES.format(fixed=""))
    _frame(*[("good", "x", "great"), ("bad", "y", "dull")] * 20).to_csv(real, index=False)
    texts = pd.DataFrame(
        {"text": [f"{k} {i}" for k in ("good", "bad") for i in range(12)], "label": ["good"] * 12 + ["bad"] * 12}
    )
    texts.to_csv(pool, index=False)
    call = ["synthesize", str(rules), str(real), "-n", "12", "-o", str(out), "--generator", "independent"]
    assert 0 == main([*call, "--pool", f"notes={pool}"])
    made = pd.read_csv(out)
    assert made["note"].is_unique
    assert made["mood"].tolist() == [note.split()[0] for note in made["note"]]
