"""The metrics and their plain re-implementation agree, and the page of the comparison says what each found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import htdbu
from benchmarks import metrics_compared as compared
from benchmarks import metrics_peers as peers
from htdbu.solver.typed import typed_frame

RULES = """
table t {
  age : int in 18..90
  spent : decimal(2) in 0..1_000
  job : category { "a", "b", "c" }
  sentiment : category { "sad", "glad" }
  y : bool
}
"""


def rows(n: int, seed: int, shift: float = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 91, n)
    spent = np.clip(rng.normal(5 * age + shift, 80), 0, 1000).round(2)
    y = spent + rng.normal(0, 60, n) > 300
    mood = np.where(rng.random(n) < 0.2 + 0.6 * y, "glad", "sad")
    return pd.DataFrame({"age": age, "spent": spent, "job": rng.choice(["a", "b", "c"], n), "sentiment": mood, "y": y})


@pytest.mark.parametrize("shift", [0, 150])
def test_both_agree(monkeypatch: pytest.MonkeyPatch, shift: float) -> None:
    monkeypatch.setattr(compared, "ROWS", 300)
    program = htdbu.compile_text(RULES)
    tables = [rows(600, 0), rows(300, 1), pd.concat([rows(290, 2, shift), rows(600, 0).head(10)], ignore_index=True)]
    typed = [typed_frame(program, table) for table in tables]
    ours = compared.ours(*typed)
    plain = compared.plainly(*(compared.as_texts(table) for table in typed))
    assert list(ours) == list(plain)
    exact = ("shape", "xmodal of three columns", "copied_rows", "tstr linear f1", "tstr linear auroc")
    assert {name: pytest.approx(plain[name], abs=1e-9) for name in exact} == {name: ours[name] for name in exact}
    # Ten were copied; among those that spent nothing or all there are more of the same age by chance.
    assert 10 <= ours["copied_rows"] < 20
    # Numbers are rounded to steps here, and to floats there: near ties may fall the other way in some of 300 rows.
    near = ("alpha_precision", "beta_recall", "dcr_share", "nndr", "mia_auc")
    assert {name: pytest.approx(plain[name], abs=3 / 300) for name in near} == {name: ours[name] for name in near}
    # The deciles of the two are not cut at the same places.
    assert abs(plain["trend"] - ours["trend"]) < 0.1 * plain["trend"]


def test_the_page_has_a_column_for_each_and_says_what_failed() -> None:
    lines = pd.DataFrame(
        [{"generator": "bits", "measure": "shape", "htdbu": 0.5, "plain": 0.25, "sdmetrics": None, "synthcity": None}]
    )
    told = {
        "versions": {"sdmetrics": "1.2", "synthcity": None},
        "troubles": {"synthcity": "ImportError: no"},
        "values": {},
    }
    text = compared.page(lines, told)
    assert "| measure | generator | htdbu | plain | sdmetrics 1.2 | synthcity |" in text
    assert "| shape | bits | 0.5000 | 0.2500 |  |  |" in text
    assert text.endswith("\n- synthcity: ImportError: no")


def test_a_peer_that_is_missing_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(folder: object, name: str) -> dict[str, object]:
        raise ModuleNotFoundError("No module named 'absent'")

    monkeypatch.setattr(peers, "PEERS", {"absent": absent})
    told = peers.main(tmp_path, ["bits"])  # type: ignore[arg-type]
    assert {"absent": "ModuleNotFoundError: No module named 'absent'"} == told["troubles"]
    assert {"bits": {}} == told["values"]
    assert {"absent": None} == told["versions"]
