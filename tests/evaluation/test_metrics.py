"""Every metric against values worked out by hand, and what it says where there is nothing to measure."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.errors import DataError, UsageError
from htdbu.evaluation import Scores, evaluate
from htdbu.evaluation.columns import bin_starts, code_tables, number_codes
from htdbu.evaluation.distances import joint_codes, joint_variation, kolmogorov_smirnov, total_variation
from htdbu.evaluation.metrics import METRICS
from htdbu.evaluation.metrics.copies import copied
from htdbu.evaluation.metrics.drift import column_drift
from htdbu.evaluation.metrics.shape import column_distance, shape_error
from htdbu.evaluation.metrics.trend import trend_error
from htdbu.evaluation.metrics.xmodal import joint_distance
from htdbu.evaluation.scores import floor_of
from htdbu.generators.gower import gower_cells, nearest
from htdbu.solver.typed_cells import MISSING, level_codes

EVALUATION = Path(htdbu.__file__).parent / "evaluation"
NO_SCORE = {"accuracy": None, "f1": None, "auroc": None, "rmse": None, "r2": None}

CLASSES = ("accuracy", "f1", "auroc")

RULES = """\
table toy {
  x    : decimal(1) in -100..100 null
  c    : category { "a", "b", "c" } null
  mood : category { "sad", "glad" }
  y    : bool
}
hard known: c is not null
"""


@pytest.fixture(scope="module")
def program() -> Any:
    return htdbu.compile_text(RULES)


def toy(n: int, seed: int = 0) -> pd.DataFrame:
    """`x` tells `y` without error; the rest is noise."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 4 == 0
    return pd.DataFrame(
        {
            "x": np.where(y, 10.0, -10.0) + rng.integers(-40, 41, n) / 10,
            "c": rng.choice(["a", "b", "c"], n),
            "mood": rng.choice(["sad", "glad"], n),
            "y": y,
        }
    )


def scores_of(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, **options: Any) -> Scores:
    return evaluate(program, real, synthetic, options.pop("target", "y"), **options)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


# -- distances ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([5, 5], [10, 10], 0.0),
        ([1, 0], [0, 3], 1.0),
        ([1, 1], [3, 1], 0.25),
        ([2, 1, 1], [1, 1, 2], 0.25),
        ([[1, 1], [1, 1]], [[4, 0], [0, 0]], 0.75),
    ],
)
def test_total_variation(left: list[int], right: list[int], expected: float) -> None:
    assert expected == total_variation(np.array(left), np.array(right))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], 0.0),
        ([1, 2], [3, 4], 1.0),
        ([1, 2, 3, 4], [3, 4, 5, 6], 0.5),
        ([1, 1, 1, 2], [1, 2, 2, 2], 0.5),
        # A missing cell lies below all others: half of the left side does, none of the right.
        ([math.nan, 1], [1, 1], 0.5),
        ([math.nan, math.nan], [math.nan, math.nan], 0.0),
    ],
)
def test_kolmogorov_smirnov(left: list[float], right: list[float], expected: float) -> None:
    assert expected == kolmogorov_smirnov(floats(*left), floats(*right))
    assert expected == kolmogorov_smirnov(floats(*right), floats(*left))


def test_joint_codes_agree_where_rows_do_even_beyond_the_dense_size() -> None:
    rng = np.random.default_rng(0)
    columns = rng.integers(0, 3, (6, 200))
    codes, _ = joint_codes(columns, [1000] * 6)
    rows = list(zip(*columns, strict=True))
    assert len(set(rows)) == len(set(codes.tolist())) == len(set(zip(rows, codes.tolist(), strict=True)))


def test_joint_variation_sees_what_marginals_do_not() -> None:
    left, right = np.array([[0, 1], [0, 1]]), np.array([[0, 1], [1, 0]])
    assert 0.0 == joint_variation(left[:1], right[:1], [2])
    assert 0.0 == joint_variation(left[1:], right[1:], [2])
    assert 1.0 == joint_variation(left, right, [2, 2])


# -- columns as codes --------------------------------------------------------------------------------------------------


def test_levels_are_shared_and_missing_is_the_last() -> None:
    left = pd.Series(pd.Categorical(["b", None], categories=["a", "b"]))
    right = pd.Series(pd.Categorical(["a", "z"], categories=["a", "z"]))
    levels, (one, two) = level_codes(left, right)
    assert ("a", "b", "z", MISSING) == levels
    assert [1, 3] == one.tolist()
    assert [0, 2] == two.tolist()


def test_few_values_get_a_bin_each_and_missing_cells_one_more() -> None:
    values = floats(3, 1, 2, math.nan, 1)
    starts = bin_starts(values, 10)
    assert [1.0, 2.0, 3.0] == starts.tolist()
    assert [2, 0, 1, 3, 0] == number_codes(values, starts).tolist()
    # Beyond the ends a cell belongs to the first or last bin.
    assert [0, 2] == number_codes(floats(-5, 99), starts).tolist()


def test_a_value_that_fills_half_the_cells_has_its_own_bin() -> None:
    values = np.concatenate([np.zeros(50), np.arange(1.0, 51.0)])
    codes = number_codes(values, bin_starts(values, 10))
    assert {0} == set(codes[:50].tolist())
    assert 0 not in codes[50:]


# -- shape, trend, XModal, drift ---------------------------------------------------------------------------------------


def test_shape_is_the_mean_over_columns() -> None:
    real = pd.DataFrame({"n": [1.0, 2.0, 3.0, 4.0], "c": ["a", "a", "b", "b"]})
    synthetic = pd.DataFrame({"n": [3.0, 4.0, 5.0, 6.0], "c": ["a", "b", "b", "b"]})
    assert 0.5 == column_distance(real["n"], synthetic["n"])
    assert 0.25 == column_distance(real["c"], synthetic["c"])
    assert 0.375 == shape_error(real, synthetic, ["n", "c"])


def test_dates_are_numbers_and_missing_is_a_level() -> None:
    days = pd.Series(pd.to_datetime(["2020-01-01", "2020-01-02"]))
    assert 0.5 == column_distance(days, days + pd.Timedelta(days=1))
    assert 0.5 == column_distance(pd.Series(["a", None]), pd.Series(["a", "a"]))


def test_trend_of_known_tables() -> None:
    # Three columns, three pairs: two pairs keep their joint, one trades its diagonal for the other one.
    real = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 0, 1]])
    synthetic = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 0, 1, 0]])
    assert pytest.approx(1 / 3) == trend_error(real, synthetic, [2, 2, 2])
    assert 0.0 == trend_error(real, real, [2, 2, 2])


def test_trend_bins_by_the_edges_of_the_real_column() -> None:
    real = pd.DataFrame({"n": np.arange(100.0)})
    outlier = pd.DataFrame({"n": [*np.arange(99.0), 1e9]})
    coded = code_tables(["n"], 10, real, outlier)
    assert coded.tables[0].tolist() == coded.tables[1].tolist()


def test_identical_tables_have_no_error(program: Any) -> None:
    table = toy(100)
    scores = scores_of(program, table, table, text_sentiment="mood")
    assert (0.0, 0.0, 0.0) == (scores.fidelity["shape_error"], scores.fidelity["trend_error"], scores.xmodal)
    assert scores.drift is not None
    assert {0.0} == {found.get("ks", found.get("tv")) for found in scores.drift.values()}
    assert scores.fidelity["shape_floor"] > 0  # type: ignore[operator]
    assert scores.fidelity["trend_floor"] > 0  # type: ignore[operator]


def test_xmodal_is_exact() -> None:
    real = pd.DataFrame({"y": [True, True, False, False], "s": ["a", "a", "b", "b"]})
    synthetic = pd.DataFrame({"y": [True, True, False, False], "s": ["a", "b", "b", "b"]})
    assert 0.25 == joint_distance(real, synthetic, ["y", "s"])
    assert 0.5 == joint_distance(real, real.assign(s=["b", "a", "b", "a"]), ["y", "s"])
    assert 0.25 == joint_distance(real, synthetic.assign(z=1), ["y", "s"])


def test_xmodal_of_any_columns(program: Any) -> None:
    real, synthetic = toy(400), toy(400, seed=1)
    scores = scores_of(program, real, synthetic, joint=["c", "mood", "y"])
    assert ("c", "mood", "y") == scores.setup.joint
    shares = [table.value_counts(["c", "mood", "y"], normalize=True) for table in (real, synthetic)]
    assert pytest.approx(shares[0].sub(shares[1], fill_value=0).abs().sum() / 2) == scores.xmodal
    assert 0 < scores.xmodal_floor < 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"joint": ["mood"]}, "two or more columns"),
        ({"joint": []}, "two or more columns"),
        ({"joint": "mood"}, "two or more columns"),
        ({"joint": ["mood", "c", "mood"]}, "'mood' twice"),
        ({"joint": ["mood", "moood"]}, "joint column 'moood' is not a column"),
        ({"joint": ["mood", "c"], "text_sentiment": "c"}, "both the columns of the joint and a sentiment"),
    ],
)
def test_a_joint_that_is_none_is_refused(program: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        scores_of(program, toy(10), toy(10), **options)


def test_the_floor_of_xmodal_is_that_of_multinomial_draws(program: Any) -> None:
    # Four even cells, n rows drawn: each share strays by sqrt(2 p (1 - p) / (pi n)) in the mean (a normal's mean
    # absolute deviation), so the distance, half the sum of four, is about 2 sqrt(2 p (1 - p) / (pi n)).
    n = 2_000
    real = toy(n).assign(y=np.arange(n) % 2 == 0, mood=np.where(np.arange(n) // 2 % 2, "sad", "glad"))
    expected = 2 * math.sqrt(2 * 0.25 * 0.75 / (math.pi * n))
    floors = [
        scores_of(program, real, real, text_sentiment="mood", random_state=seed).xmodal_floor for seed in range(3)
    ]
    # A draw strays from its mean by less than that mean; the mean of twenty by less than a quarter of it, and of three
    # seeds by less than that again.
    assert all(abs(floor - expected) < expected / 2 for floor in floors if floor is not None)
    assert abs(float(np.mean([floor for floor in floors if floor is not None])) - expected) < expected / 4
    assert 3 == len(set(floors))


def test_drift_of_a_number() -> None:
    real, synthetic = pd.Series([0.0, 2.0, 0.0, 2.0]), pd.Series([1.0, 3.0, math.nan, math.nan])
    expected = {"kind": "number", "ks": 0.5, "mean_shift": 1.0, "missing_shift": 0.5}
    assert expected == column_drift(real, synthetic)


def test_drift_off_a_constant_cannot_be_told_in_deviations() -> None:
    constant = pd.Series([1.0, 1.0])
    assert 0.0 == column_drift(constant, constant)["mean_shift"]
    assert column_drift(constant, constant + 1)["mean_shift"] is None


def test_drift_of_a_category_names_the_level_that_moved_most() -> None:
    real, synthetic = pd.Series(["a", "a", "b", "c"]), pd.Series(["a", "b", "b", "b"])
    found = column_drift(real, synthetic)
    assert {"kind": "category", "tv": 0.5, "level": "b", "level_shift": 0.5, "missing_shift": 0.0} == found


# -- utility -----------------------------------------------------------------------------------------------------------


def test_a_separable_target_is_learned_without_error(program: Any) -> None:
    scores = scores_of(program, toy(200), toy(200, seed=1), test=toy(200, seed=2))
    perfect = {**NO_SCORE, "accuracy": 1.0, "f1": 1.0, "auroc": 1.0}
    assert (perfect, perfect) == (scores.tstr, scores.trtr)


def test_synthetic_rows_that_lie_teach_the_reverse(program: Any) -> None:
    liar = toy(200, seed=1)
    liar["y"] = ~liar["y"]
    scores = scores_of(program, toy(200), liar, test=toy(200, seed=2))
    assert {**NO_SCORE, "accuracy": 0.0, "f1": 0.0, "auroc": 0.0} == scores.tstr
    assert 1.0 == scores.trtr["auroc"]


def test_one_class_gives_none_and_a_note(program: Any) -> None:
    scores = scores_of(program, toy(100), toy(100, seed=1).assign(y=False))
    assert NO_SCORE == scores.tstr
    assert 1.0 == scores.trtr["auroc"]
    assert any(note.startswith("tstr: ") and "fewer than two classes" in note for note in scores.notes)


def test_one_class_in_all_real_rows(program: Any) -> None:
    scores = scores_of(program, toy(100).assign(y=True), toy(100, seed=1))
    assert (NO_SCORE, NO_SCORE) == (scores.tstr, scores.trtr)
    assert any("one class only" in note for note in scores.notes)


def test_several_classes(program: Any) -> None:
    def striped(seed: int) -> pd.DataFrame:
        table = toy(240, seed)
        table["c"] = np.array(["a", "b", "c"])[np.arange(240) % 3]
        return table.assign(x=(np.arange(240) % 3) * 30.0 - 30, y=np.random.default_rng(seed).random(240) < 0.5)

    scores = scores_of(program, striped(0), striped(1), target="c", test=striped(2))
    assert {**NO_SCORE, "accuracy": 1.0, "f1": 1.0, "auroc": 1.0} == scores.tstr


def test_a_number_of_many_values_is_learned_as_a_number(program: Any) -> None:
    def line(seed: int) -> pd.DataFrame:
        rows = toy(200, seed)
        return rows.assign(c="a", mood="sad", x=np.where(rows["y"], 50.0, -50.0) + np.arange(200) % 21 / 10)

    scores = scores_of(program, line(0), line(1), target="x", test=line(2))
    # Within a class `x` goes from its middle - 1 to + 1 in steps of 0.1, and nothing tells where: rmse is its spread,
    # and for ridge regression what pulls the two classes together, 100 / (2 n var(y)) = 100 / 75 at most.
    spread = float(np.std(np.arange(21) / 10))
    for found in scores.utility.values():
        assert {None} == {found["tstr"][name] for name in ("accuracy", "f1", "auroc")}
        assert 0.95 * spread < found["tstr"]["rmse"] < math.hypot(spread, 100 / 75)  # type: ignore[operator]
        assert 0.999 < found["tstr"]["r2"] < 1.0  # type: ignore[operator]
    assert scores.tstr == scores.utility["linear"]["tstr"]


def test_without_test_rows_a_note_says_what_stands_in(program: Any) -> None:
    scores = scores_of(program, toy(100), toy(100, seed=1))
    assert any("no test rows were given" in note for note in scores.notes)
    assert scores.privacy["dcr_share"] is None


# -- detection, closeness, copies, violations --------------------------------------------------------------------------


def test_detection_knows_another_table_and_not_its_own_kind(program: Any) -> None:
    same = scores_of(program, toy(300), toy(300, seed=1))
    shifted = toy(300, seed=1)
    other = scores_of(program, toy(300), shifted.assign(x=shifted["x"] + 50))
    assert 1.0 == other.fidelity["c2st_auc"]
    # Under equality the AUC of 300 against 300 rows has a standard deviation of sqrt(601 / (12 * 300 * 300)).
    assert abs(same.fidelity["c2st_auc"] - 0.5) < 4 * math.sqrt(601 / (12 * 300 * 300))  # type: ignore[operator]


def test_gower_distance_by_hand() -> None:
    rows = pd.DataFrame({"n": [0.0, math.nan], "c": ["a", "b"]})
    among = pd.DataFrame({"n": [10.0, 5.0], "c": ["a", "b"]})
    cells = gower_cells([rows, among, pd.DataFrame({"n": [0.0], "c": ["a"]})], ["n", "c"])
    # The range is 10. Row 0: 1 + 0 to the first, 0.5 + 1 to the second. Row 1: 1 + 1, 1 + 0. Up to one constant.
    found = nearest(cells[0], cells[1])[:, 0] / 2.0**14
    assert 0.0 == found[0] - found[1]
    assert -1.0 == nearest(cells[2], cells[2])[0, 0] / 2.0**14 - found[0]


def test_a_copier_is_near_to_what_it_learned_from(program: Any) -> None:
    real, unseen = toy(150), toy(150, seed=5)
    copier = scores_of(program, real, real, test=unseen)
    honest = scores_of(program, real, toy(150, seed=9), test=unseen)
    assert copier.privacy["dcr_share"] > 0.9  # type: ignore[operator]
    assert abs(honest.privacy["dcr_share"] - 0.5) < 4 * 0.5 / math.sqrt(150)  # type: ignore[operator]
    assert 150 == copier.privacy["copied_rows"]


def test_copies_agree_in_every_column_missing_cells_too() -> None:
    real = pd.DataFrame({"n": [1.0, math.nan, 3.0], "c": ["a", "b", None]})
    synthetic = pd.DataFrame({"n": [1.0, math.nan, 3.0, 1.0], "c": ["a", "b", None, "b"]})
    assert 3 == copied(real, synthetic, ["n", "c"])


def test_the_floor_of_copies_is_the_rate_of_unseen_rows(program: Any) -> None:
    real, test = toy(100), toy(100, seed=3)
    half = pd.concat([real.iloc[:50], test.iloc[50:].assign(x=99.0)], ignore_index=True)
    scores = scores_of(program, real, toy(40, seed=1), test=half)
    assert 20.0 == scores.privacy["copied_rows_floor"]


def test_violations_are_those_of_a_check(program: Any) -> None:
    broken = toy(10).astype({"c": object})
    broken.loc[[2, 5], "c"] = None
    scores = scores_of(program, toy(50), broken, raw_violations={"violation_rate": 0.5})
    assert 2 == scores.violations["violating_rows"]
    assert 0.2 == scores.violations["violation_rate"]
    assert {"violation_rate": 0.5} == scores.raw_violations


# -- all of them -------------------------------------------------------------------------------------------------------


def test_missing_cells_everywhere_are_measured(program: Any) -> None:
    real = toy(120).astype({"c": object})
    real.loc[::3, "x"] = math.nan
    real.loc[::5, "c"] = None
    scores = scores_of(program, real, real.iloc[::-1], test=real, text_sentiment="c")
    figures = [scores.xmodal, *(scores.tstr[k] for k in CLASSES), *(scores.trtr[k] for k in CLASSES)]
    figures += [*scores.fidelity.values(), scores.privacy["dcr_share"], scores.privacy["nndr"]]
    assert all(figure is not None and math.isfinite(figure) for figure in figures)
    assert (0.0, 0.0) == (scores.xmodal, scores.fidelity["trend_error"])


def test_an_empty_synthetic_table_has_no_scores_and_says_why(program: Any) -> None:
    scores = scores_of(program, toy(50), toy(0), test=toy(50, seed=1), text_sentiment="mood")
    assert (NO_SCORE, NO_SCORE) == (scores.tstr, scores.trtr)
    assert {None} == {scores.xmodal, scores.xmodal_floor, scores.drift, *scores.fidelity.values()}
    assert 0 == scores.violations["rows"] == scores.violations["violating_rows"] == scores.privacy["copied_rows"]
    assert any("the synthetic table has no rows" in note for note in scores.notes)


def test_the_same_seed_gives_the_same_scores_and_another_other_floors(program: Any) -> None:
    tables = toy(100), toy(100, seed=1)
    first, second, other = (
        scores_of(program, *tables, random_state=seed, text_sentiment="mood").to_dict() for seed in (3, 3, 4)
    )
    assert first == second
    assert first["xmodal_floor"] != other["xmodal_floor"]


def test_an_unknown_target_is_answered_with_the_nearest_name(program: Any) -> None:
    with pytest.raises(UsageError, match="'moood' is not a column") as caught:
        scores_of(program, toy(10), toy(10), target="moood")
    assert "mood" in str(caught.value.hint)


def test_wrong_input_is_told(program: Any) -> None:
    with pytest.raises(UsageError, match="negative"):
        scores_of(program, toy(10), toy(10), random_state=-1)
    with pytest.raises(DataError, match="the synthetic table"):
        scores_of(program, toy(10), toy(10).drop(columns="x"))


def test_every_module_that_defines_a_metric_is_registered() -> None:
    def defines(path: Path) -> bool:
        assigned = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.Assign)]
        names = {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}
        return "METRIC" in names

    modules = {path.stem for path in EVALUATION.rglob("*.py") if defines(path)}
    assert modules == {metric.measure.__module__.rpartition(".")[2] for metric in METRICS}
    assert len(METRICS) == len(modules)


def test_every_measure_of_likeness_and_privacy_has_a_floor() -> None:
    for metric in METRICS:
        if metric.section is not None:
            measures = [key for key in metric.keys if "floor" not in key and not key.endswith("_spread")]
            assert measures
            assert {floor_of(key) for key in measures} <= set(metric.keys)


def test_every_value_a_metric_names_is_in_the_scores(program: Any) -> None:
    told = scores_of(program, toy(60), toy(60, seed=1), test=toy(60, seed=2), text_sentiment="mood").to_dict()
    for metric in METRICS:
        assert set(metric.keys) <= set(told if metric.section is None else told[metric.section])
