"""Utility: what is a feature, which class is positive, and how answers are graded."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from htdbu.evaluation.comparison import Comparison
from htdbu.evaluation.grading import NOTHING, Answers, Task, grade, grade_numbers
from htdbu.evaluation.learners import LEARNERS, Learner, boosted
from htdbu.evaluation.learners.linear import MOST_LEVELS, design
from htdbu.evaluation.metrics.utility import measure

Compare = Callable[..., Comparison]


def grades(truth: list[int], said: list[int], probabilities: list[list[float]], positive: int | None) -> object:
    classes = tuple("abc"[: len(probabilities[0])])
    answers = Answers(np.array(said), np.array(probabilities))
    return grade(answers, np.array(truth), Task(classes, positive))


def test_two_classes_are_graded_by_the_positive_one() -> None:
    # One true positive, one false positive, one false negative: F1 = 2 / (2 + 1 + 1). Of the four pairs of a positive
    # and a negative row, three are in order.
    chance = [0.9, 0.2, 0.8, 0.1]
    expected = {**NOTHING, "accuracy": 0.5, "f1": 0.5, "auroc": 0.75}
    assert expected == grades([1, 1, 0, 0], [1, 0, 1, 0], [[1 - p, p] for p in chance], positive=1)


def test_equal_probabilities_count_half() -> None:
    assert {**NOTHING, "accuracy": 0.5, "f1": 0.0, "auroc": 0.5} == grades([0, 1], [0, 0], [[0.5, 0.5]] * 2, positive=1)


def test_several_classes_are_graded_by_the_plain_mean() -> None:
    # F1: a 1, b 2/3 (one of its rows called c), c 2/3. AUROC: a 1, b 1/2 (one row of two is behind both others), c 1.
    probabilities = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.3, 0.05, 0.65], [0.2, 0.1, 0.7]]
    found = grades([0, 1, 1, 2], [0, 1, 2, 2], probabilities, positive=None)
    f1, auroc = pytest.approx((1 + 2 / 3 + 2 / 3) / 3), pytest.approx(2.5 / 3)
    assert {**NOTHING, "accuracy": 0.75, "f1": f1, "auroc": auroc} == found


def test_a_class_that_no_row_holds_is_not_graded() -> None:
    probabilities = [[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]]
    assert {**NOTHING, "accuracy": 1.0, "f1": 1.0, "auroc": 1.0} == grades([0, 1], [0, 1], probabilities, positive=None)


def test_rows_of_one_class_have_an_accuracy_alone() -> None:
    assert {**NOTHING, "accuracy": 0.5} == grades([1, 1], [1, 0], [[0.5, 0.5]] * 2, positive=1)


def test_numbers_are_graded_by_the_size_of_the_errors() -> None:
    # Errors 1, 1, 1, 3: mean square 3. The truth has a variance of 5.
    found = grade_numbers(np.array([1.0, 1.0, 5.0, 9.0]), np.array([0.0, 2.0, 4.0, 6.0]))
    assert {**NOTHING, "rmse": pytest.approx(math.sqrt(3)), "r2": pytest.approx(1 - 3 / 5)} == found


def test_the_same_target_in_every_row_has_no_r2() -> None:
    assert {**NOTHING, "rmse": 2.0} == grade_numbers(np.array([5.0, 1.0]), np.array([3.0, 3.0]))


def test_numbers_are_standardised_by_the_rows_to_learn_from() -> None:
    train, test = pd.DataFrame({"x": [1.0, 3.0]}), pd.DataFrame({"x": [2.0, 5.0]})
    known, asked = design(train, test, ["x"])
    assert [[-1.0], [1.0]] == known.tolist()
    assert [[0.0], [3.0]] == asked.tolist()


def test_a_missing_number_is_the_median_and_is_marked() -> None:
    train = pd.DataFrame({"x": [0.0, 0.0, 9.0, np.nan]})
    known, _ = design(train, train, ["x"])
    assert [0.0, 0.0, 0.0, 1.0] == known[:, 1].tolist()
    assert known[3, 0] == known[0, 0] < known[2, 0]


def test_missing_is_a_level_and_an_unknown_level_is_none_of_the_known() -> None:
    train = pd.DataFrame({"c": pd.Categorical(["a", "b", None])})
    test = pd.DataFrame({"c": pd.Categorical(["b", "z", None])})
    known, asked = design(train, test, ["c"])
    assert np.eye(3).tolist() == known.tolist()
    assert [[0, 1, 0], [0, 0, 0], [0, 0, 1]] == asked.tolist()


def test_what_is_constant_where_a_model_learns_is_no_feature() -> None:
    train = pd.DataFrame({"x": [2.0, 2.0], "c": pd.Categorical(["a", "a"]), "gone": [np.nan, np.nan]})
    test = pd.DataFrame({"x": [1.0, 9.0], "c": pd.Categorical(["a", "b"]), "gone": [1.0, 2.0]})
    assert [(2, 0), (2, 0)] == [features.shape for features in design(train, test, ["x", "c", "gone"])]


def test_the_rarest_of_very_many_levels_share_one_place() -> None:
    train = pd.DataFrame({"c": pd.Categorical([f"l{k}" for k in range(MOST_LEVELS + 50)] + ["l149"] * 3)})
    known, _ = design(train, train, ["c"])
    assert MOST_LEVELS == known.shape[1]
    assert 4 == known.sum(axis=0).max()  # the most frequent level is among them


def utility(comparison: Comparison) -> tuple[dict[str, float], dict[str, float], tuple[str, ...]]:
    found = measure(comparison)
    return found.values["tstr"], found.values["trtr"], found.notes


def test_the_rarer_class_is_the_positive_one(compare: Compare) -> None:
    # The rows teach "no" whatever x is, so no "yes" is ever found.
    rows = {"x": [0] * 10 + [1] * 10, "y": (["no"] * 9 + ["yes"]) * 2}
    tstr, _, _ = utility(compare('x: int y: category { "yes", "no" }', rows, rows, rows))
    assert (0.9, 0.0) == (tstr["accuracy"], tstr["f1"])


def test_true_is_positive_even_where_it_is_common(compare: Compare) -> None:
    rows = {"x": [0] * 10 + [1] * 10, "y": ([True] * 9 + [False]) * 2}
    tstr, _, _ = utility(compare("x: int y: bool", rows, rows, rows))
    assert tstr["f1"] == pytest.approx(2 * 0.9 / 1.9)


def test_a_number_of_few_values_is_a_target_of_classes(compare: Compare) -> None:
    rows = {"x": [*range(20)], "y": [0] * 10 + [1] * 10}
    tstr, trtr, notes = utility(compare("x: int in 0..99 y: int in 0..1", rows, rows, rows))
    assert (1.0, 1.0, ()) == (tstr["auroc"], trtr["auroc"], notes)


def test_keys_and_texts_are_no_features(compare: Compare) -> None:
    rows = {"id": [*range(20)], "note": ["bad"] * 10 + ["good"] * 10, "y": [False] * 10 + [True] * 10}
    tstr, _, notes = utility(compare("id: int key note: text y: bool", rows, rows, rows))
    assert tstr["auroc"] is None
    assert "tstr: no column tells the rows apart" in notes


def test_missing_cells_alone_can_tell_the_classes_apart(compare: Compare) -> None:
    rows = {"x": [5, 5, None, None] * 5, "y": [True, True, False, False] * 5}
    tstr, _, _ = utility(compare("x: int null y: bool", rows, rows, rows))
    assert {**NOTHING, "accuracy": 1.0, "f1": 1.0, "auroc": 1.0} == tstr


def test_rows_without_a_target_are_left_out(compare: Compare) -> None:
    rows = {"x": [0, 0, 9, 9] * 3, "y": [True, True, False, False] * 3}
    unknown = {"x": [0, 0, 9, 9] * 3 + [0] * 3, "y": [True, True, False, False] * 3 + [None] * 3}
    columns = "x: int in 0..9 y: bool null"
    assert utility(compare(columns, rows, rows, rows)) == utility(compare(columns, unknown, unknown, unknown))


def noisy(n: int, seed: int) -> dict[str, list[object]]:
    rng = np.random.default_rng(seed)
    x = rng.integers(-50, 50, (n, 3))
    y = x.sum(axis=1) + rng.normal(0, 40, n) > 0
    return {**dict(zip("abc", x.T.tolist(), strict=True)), "y": y.tolist()}


NUMBERS = "a: int b: int c: int y: bool"


def test_as_many_real_rows_as_synthetic_ones_are_learned_from(compare: Compare) -> None:
    real, test = noisy(300, 0), noisy(300, 1)
    # With as many synthetic rows as real ones every real row is learned from, in its order: the very same model.
    tstr, trtr, notes = utility(compare(NUMBERS, real, real, test))
    assert (tstr, ()) == (trtr, notes)
    few = {name: cells[:8] for name, cells in real.items()}
    drawn = [utility(compare(NUMBERS, real, few, test, random_state=seed))[1]["auroc"] for seed in range(5)]
    assert max(drawn) < trtr["auroc"]  # eight rows teach less than three hundred
    assert len(set(drawn)) > 1
    _, _, notes = utility(compare(NUMBERS, few, real, test))
    assert any("learned from all 8 real rows" in note for note in notes)


def test_the_scores_do_not_depend_on_the_number_of_threads(compare: Compare) -> None:
    comparison = compare(NUMBERS, noisy(400, 0), noisy(300, 1), noisy(300, 2))
    with threadpool_limits(limits=1):
        alone = measure(comparison)
    with threadpool_limits(limits=2):
        assert alone == measure(comparison)


# -- both kinds of models ----------------------------------------------------------------------------------------------


def test_every_module_that_defines_a_learner_is_registered() -> None:
    folder = Path(boosted.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if "\nLEARNER = " in path.read_text("utf-8")}
    assert modules == {learner.classify.__module__.rpartition(".")[2] for learner in LEARNERS}


each_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)


def blocks(n: int, seed: int) -> pd.DataFrame:
    """Three groups of rows that both columns tell apart."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, n)
    levels = pd.Categorical(np.array(["a", "b", "c"])[group], categories=["a", "b", "c", "z"])
    return pd.DataFrame({"x": group * 10.0 + rng.normal(0, 1, n), "c": levels})


@each_learner
def test_every_learner_learns_classes_and_leaves_unknown_ones_at_zero(learner: Learner) -> None:
    train, test = blocks(300, 0), blocks(200, 1)
    truth, asked = (table["c"].cat.codes.to_numpy(np.int64) + 1 for table in (train, test))
    answers = learner.classify(train, truth, test, 5, 0)
    assert answers is not None
    assert asked.tolist() == answers.classes.tolist()
    assert (200, 5) == answers.probabilities.shape
    assert 0.0 == answers.probabilities[:, [0, 4]].max()
    assert np.allclose(1.0, answers.probabilities.sum(axis=1))


@each_learner
def test_every_learner_learns_numbers_of_any_size(learner: Learner) -> None:
    train, test = blocks(300, 0)[["c"]], blocks(200, 1)[["c"]]
    # Seconds since 1970, as a date column has them: far beyond single precision.
    truth, asked = (1.7e9 + 86_400.0 * table["c"].cat.codes.to_numpy() for table in (train, test))
    answers = learner.regress(train, truth, test, 0)
    assert answers is not None
    assert np.abs(answers - asked).max() < 0.1 * 86_400


@each_learner
def test_no_learner_answers_where_no_column_tells_rows_apart(learner: Learner) -> None:
    rows = pd.DataFrame({"x": [1.0] * 6, "gone": [np.nan] * 6, "c": pd.Categorical(["a"] * 6)})
    for table in (rows, rows[[]]):
        assert learner.classify(table, np.array([0, 1] * 3), table, 2, 0) is None
        assert learner.regress(table, np.arange(6.0), table, 0) is None


def test_trees_learn_what_no_line_can(compare: Compare) -> None:
    def ring(n: int, seed: int) -> dict[str, list[object]]:
        x = np.random.default_rng(seed).integers(-50, 51, n)
        return {"x": x.tolist(), "y": (np.abs(x) > 25).tolist()}

    found = measure(compare("x: int y: bool", ring(400, 0), ring(400, 1), ring(400, 2))).values["utility"]
    assert found["linear"]["tstr"]["auroc"] < 0.6
    assert found["xgboost"]["tstr"]["auroc"] > 0.98


def test_the_floor_of_a_score_is_how_far_real_rows_stray(compare: Compare) -> None:
    real, test = noisy(600, 0), noisy(3000, 1)
    floors = []
    for n in (50, 500):
        synthetic = {name: cells[:n] for name, cells in noisy(600, 2).items()}
        utility = measure(compare(NUMBERS, real, synthetic, test)).values["utility"]
        assert {None} == {utility["linear"]["floor"][name] for name in ("rmse", "r2")}
        floors.append(utility["linear"]["floor"]["auroc"])
    # Errors of a model's weights shrink with the root of the rows, those of its AUROC faster.
    assert 0 < floors[1] < floors[0] / 2


def test_a_target_without_known_rows_has_no_score_and_a_reason(compare: Compare) -> None:
    rows = {"x": [*range(40)], "y": [0.5 * k for k in range(40)]}
    gone = {"x": [*range(40)], "y": [None] * 40}
    found = measure(compare("x: int y: decimal(1) null", rows, gone, rows))
    assert NOTHING == found.values["tstr"]
    assert any("known target" in note for note in found.notes)
    found = measure(compare("x: int y: decimal(1) null", rows, rows, gone))
    assert (NOTHING, NOTHING) == (found.values["tstr"], found.values["utility"]["xgboost"]["floor"])
    assert any("no test row has a known target" in note for note in found.notes)


def test_dates_are_learned_in_seconds(compare: Compare) -> None:
    rows = {"x": [k % 50 for k in range(200)], "y": [f"2024-{1 + k % 50 // 25:02}-{1 + k % 25:02}" for k in range(200)]}
    found = measure(compare("x: int y: date", rows, rows, rows)).values["utility"]["xgboost"]["tstr"]
    assert 0 < found["rmse"] < 86_400
    assert found["r2"] > 0.99
