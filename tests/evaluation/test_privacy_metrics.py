"""NNDR, membership inference and the floors of closeness: copiers are found out, honest rows are not."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from htdbu.evaluation.comparison import Comparison
from htdbu.evaluation.metrics import closeness, membership, nndr
from htdbu.evaluation.metrics.nndr import ratios
from htdbu.evaluation.parts import Trial, beyond_chance, real_trial

Compare = Callable[..., Comparison]
COLUMNS = 'a: decimal(2) b: decimal(2) c: category { "x", "y" }'


def rows(n: int, seed: int) -> dict[str, list[object]]:
    rng = np.random.default_rng(seed)
    return {
        "a": rng.normal(0, 10, n).round(2).tolist(),
        "b": rng.normal(0, 10, n).round(2).tolist(),
        "c": rng.choice(["x", "y"], n).tolist(),
    }


def test_ratios_by_hand() -> None:
    real = pd.DataFrame({"n": [0.0, 4.0, 4.0, 8.0]})
    # Between the first two; a copy of the first, whose next is half of the range away; a copy of two alike.
    found = ratios(pd.DataFrame({"n": [1.0, 0.0, 4.0]}), real, ["n"])
    assert [1 / 3, 0.0, 1.0] == found.tolist()
    # Each real row without itself: the first has two equally near, the alike have each other.
    assert [1.0, 0.0, 0.0, 1.0] == ratios(real, real, ["n"], own=1).tolist()


def test_a_copier_has_no_distance_ratio_and_honest_rows_that_of_the_floor(compare: Compare) -> None:
    real = rows(800, 0)
    copier = nndr.measure(compare(COLUMNS, real, real, target="c")).values
    honest = nndr.measure(compare(COLUMNS, real, rows(800, 1), target="c")).values
    assert 0.0 == copier["nndr"] < copier["nndr_floor"]
    # Both are a percentile of 800 rows: two independent ones differ by sqrt(2) spreads.
    assert abs(honest["nndr"] - honest["nndr_floor"]) < 4 * math.sqrt(2) * honest["nndr_spread"]


def test_members_of_a_copied_table_are_known_and_those_of_an_honest_one_are_not(compare: Compare) -> None:
    real, test = rows(600, 0), rows(500, 1)
    copier = membership.measure(compare(COLUMNS, real, real, test, target="c")).values
    honest = membership.measure(compare(COLUMNS, real, rows(600, 2), test, target="c")).values
    assert copier["mia_auc"] > 0.95
    # The standard deviation of an AUC of 500 against 500 rows where there is nothing to find.
    deviation = math.sqrt(1001 / (12 * 500 * 500))
    assert abs(honest["mia_auc"] - 0.5) < 4 * deviation
    assert 0.5 < honest["mia_floor"] < 0.5 + 4 * deviation * math.sqrt(500 / 300)


def test_the_attack_by_hand() -> None:
    # Members at 0 and 10, others at 3 and 80: of the four pairs the member is the nearer one in three.
    near = pd.DataFrame({"n": [0.0, 10.0]}), pd.DataFrame({"n": [3.0, 80.0]}), pd.DataFrame({"n": [0.0, 100.0]})
    assert 0.75 == membership.attack_auc(Trial(*near), ["n"])


def test_the_floor_of_closeness_is_that_of_rows_nobody_learned_from(compare: Compare) -> None:
    found = closeness.measure(compare(COLUMNS, rows(900, 0), rows(300, 1), rows(300, 2), target="c")).values
    # A share of 300 rows has a standard deviation of 0.5 / sqrt(300), and as much again from the rows compared with.
    assert 0.5 < found["dcr_floor"] < 0.5 + 3 * 0.5 / math.sqrt(300)


@pytest.mark.parametrize("metric", [closeness, membership])
def test_what_needs_test_rows_says_so(compare: Compare, metric: object) -> None:
    found = metric.measure(compare(COLUMNS, rows(50, 0), rows(50, 1), target="c"))  # type: ignore[attr-defined]
    assert {None} == set(found.values.values())
    assert any("needs test rows" in note for note in found.notes)


def test_a_trial_of_real_rows_shares_no_row() -> None:
    real, test = pd.DataFrame({"n": np.arange(101.0)}), pd.DataFrame({"n": np.arange(200.0, 240.0)})
    trial = real_trial(real, test, 1000, 1000, np.random.default_rng(0))
    assert trial is not None
    assert (40, 40, 61) == (len(trial.learned), len(trial.unseen), len(trial.judged))
    assert not set(trial.learned["n"]) & set(trial.judged["n"])
    assert real_trial(real.head(1), test, 10, 10, np.random.default_rng(0)) is None


def test_beyond_chance_counts_both_directions() -> None:
    assert beyond_chance([0.4, 0.6, 0.5]) == pytest.approx(0.5 + 0.2 / 3)
    assert beyond_chance([]) is None
