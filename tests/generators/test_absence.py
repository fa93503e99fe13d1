"""Texts are missing in synthetic rows where and as often as they are in real ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.generators import fit

TABLE = """\
table t {
  state  : category { "closed", "open" }
  reason : text null
  memo   : text null
  never  : text null
  amount : int in 1..1_000
}
"""
RULE = 'hard told: state == "closed" <=> reason is not null\n'
RARE = "hard narrow: amount in 1..40\n"


def accounts(n: int = 900) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    closed, amount = rng.random(n) < 0.3, rng.integers(1, 1_001, n)
    memo = rng.random(n) < np.where(amount > 500, 0.9, 0.2)
    return pd.DataFrame(
        {
            "state": np.where(closed, "closed", "open"),
            "reason": [f"left {i}" if shut else None for i, shut in enumerate(closed)],
            "memo": [f"memo {i}" if there else None for i, there in enumerate(memo)],
            "never": None,
            "amount": amount,
        }
    )


def made(rules: str, n: int = 900, **options: Any) -> pd.DataFrame:
    return drawn(htdbu.compile_text(TABLE + rules), accounts(), n, **options)


def drawn(program: htdbu.Program, real: Any, n: int, **options: Any) -> pd.DataFrame:
    """Synthetic rows, none of which breaks a rule; a null of a column of texts is an empty one."""
    data = htdbu.synthesize(program, real, n, random_state=3, **options).data
    assert 0 == program.check(data).hard_violations
    return data.replace("", None)


@pytest.mark.parametrize("rules", ["", RULE], ids=["untold", "told"])
@pytest.mark.parametrize("generator", ["independent", "bits"])
def test_texts_are_missing_as_in_the_real_rows(rules: str, generator: str) -> None:
    real, data = accounts(), made(rules, generator=generator)
    assert (data["reason"].isna() == (data["state"] == "open")).all()
    assert data["never"].isna().all()
    assert abs((data["state"] == "closed").mean() - (real["state"] == "closed").mean()) < 0.05
    for above in (False, True):
        shares = [rows["memo"].isna()[(rows["amount"] > 500) == above].mean() for rows in (real, data)]
        assert abs(shares[0] - shares[1]) < 0.08
    texts = pd.concat([data["reason"], data["memo"]]).dropna()
    assert texts.is_unique
    assert not set(texts) & set(pd.concat([real["reason"], real["memo"]]))


def test_a_model_is_asked_as_the_rows_are() -> None:
    program = htdbu.compile_text(TABLE + RULE)
    model = fit(accounts(), program, random_state=3)
    data = drawn(program, model, 500)
    assert 0.2 < (data["state"] == "closed").mean() < 0.4


def test_rows_that_are_steered_lack_texts_likewise() -> None:
    data = made(RULE + RARE)
    assert 0.1 < (data["state"] == "closed").mean() < 0.5
    assert data["memo"].isna().mean() > 0.5


@pytest.mark.parametrize("n", [0, 1, 7])
def test_few_rows(n: int) -> None:
    assert n == len(made(RULE, n))


def test_a_text_of_a_pool_may_be_missing() -> None:
    text = TABLE.replace("memo   : text null", "memo   : text from notes by state null")
    program = htdbu.compile_text(text)
    data = drawn(program, accounts(), 600)
    assert abs(data["memo"].isna().mean() - accounts()["memo"].isna().mean()) < 0.05
    known = accounts().dropna(subset="memo").groupby("state")["memo"].apply(set)
    assert all(memo in known[state] for state, memo in data.dropna(subset="memo")[["state", "memo"]].to_numpy())


def test_a_text_that_must_be_there_is() -> None:
    program = htdbu.compile_text(TABLE.replace("memo   : text null", "memo   : text"))
    data = drawn(program, accounts().dropna(subset="memo"), 300)
    assert data["memo"].notna().all()
