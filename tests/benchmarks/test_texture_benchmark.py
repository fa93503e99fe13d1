"""The benchmark of texture: its tables and their declarations, its bounds, and the way from runs to pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import htdbu
from benchmarks import loans_chain
from benchmarks.bank_main import EXAMPLE
from benchmarks.runs import TROUBLE, Figures, Results, Run, measure_all
from benchmarks.texture import __main__ as texture
from benchmarks.texture import judge, made
from benchmarks.texture.declare import declared, table_alone
from benchmarks.texture.making import PLAIN
from benchmarks.texture.page import listing, missed, page
from benchmarks.texture.part import Bound, Settings
from benchmarks.texture.parts import PARTS, halves, rare
from benchmarks.texture.tables import breast_cancer, diabetes
from htdbu.generators.registry import DEFAULT
from htdbu.solver.typed import typed_frame

MADE = [made.numeric, made.money, made.stamped, made.prices, diabetes, breast_cancer]


@pytest.mark.parametrize("table", MADE, ids=lambda table: table.__name__)
def test_a_declaration_fits_its_table_exactly(table: Callable[[], pd.DataFrame]) -> None:
    frame = table().head(500)
    program = htdbu.compile_text(declared(frame))
    report = program.check(frame)
    assert (0, 0) == (report.hard_violations, report.rounded)
    assert list(frame) == [column.header for column in program.columns]
    typed = typed_frame(program, frame)
    for column in program.columns:
        if column.type.kind in ("int", "decimal"):
            assert (typed[column.name] == frame[column.header]).all()


def test_a_declaration_names_nulls_headers_days_and_moments() -> None:
    days = pd.to_datetime(["2024-01-02", "2024-03-01", None])
    frame = pd.DataFrame({"a-b": ["x", None, "y"], "day": days, "at": days + pd.Timedelta("90min"), "n": [1.0, 2.5, 3]})
    text = declared(frame)
    assert '  a_b : category { "x", "y" } null as "a-b"\n' in text
    assert "  day : date in 2024-01-02..2024-03-01 null\n" in text
    assert "  at : datetime in 2024-01-02T01:30:00..2024-03-01T01:30:00 null\n" in text
    assert "  n : decimal(1) in 1.0..3.0\n" in text


def test_made_tables_are_what_they_say() -> None:
    money, stamped = made.money(), made.stamped()
    assert (money["before"] - money["paid"] + money["spent"] == money["after"]).all()
    assert (money["after"] + money["fee"] == money["total"]).all()
    assert stamped["at"].duplicated().mean() > 0.3
    pd.testing.assert_frame_equal(money, made.money())


def test_the_model_downstream_is_better_on_what_it_can_learn() -> None:
    prices = made.prices().head(4000)
    program = htdbu.compile_text(declared(prices))
    train, test = prices[:3000].reset_index(drop=True), prices[3000:].reset_index(drop=True)
    shuffled = train.assign(price=np.random.default_rng(0).permutation(train["price"]))
    errors = [judge.downstream(program, rows, test, "price")["rmse"] for rows in (train, shuffled)]
    assert errors[0] < test["price"].std() / 2 < errors[1]
    labelled = breast_cancer()
    program = htdbu.compile_text(declared(labelled))
    scores = judge.downstream(program, labelled[:400], labelled[400:].reset_index(drop=True), "target")
    assert scores["auroc"] > 0.95
    assert scores["f1"] > 0.8


def test_rows_of_one_table_are_not_told_apart_and_moved_ones_are() -> None:
    numeric = made.numeric()
    program = htdbu.compile_text(declared(numeric))
    first, second = numeric[:1500].reset_index(drop=True), numeric[1500:3000].reset_index(drop=True)
    assert 0.45 < judge.detect(program, first, second, seed=0) < 0.55
    assert judge.detect(program, first, second.assign(ring_x=-4 + 0 * second["ring_x"]), seed=0) > 0.9


def test_the_skeleton_alone_and_the_rules_of_the_rare_class() -> None:
    text = (EXAMPLE / "manual.htr").read_text("utf-8")
    bare, whole = htdbu.compile_text(table_alone(text)), htdbu.compile_text(text)
    assert whole.columns == bare.columns
    assert ((), ()) == (bare.rules, bare.factors)
    assert ["defaulted"] == [factor.column for factor in htdbu.compile_text(rare.rules()).factors]


def test_results_are_kept_and_runs_that_are_there_are_not_repeated(tmp_path: Path) -> None:
    run, failed = Run("adult", "adult", DEFAULT, 1, 10), Run("adult", "adult", "tvae", 1, 10)
    results = Results(tmp_path / "a" / "runs.csv")
    measured: list[int] = []

    def measure(value: int, figures: Figures) -> Figures:
        measured.append(value)
        return figures

    tasks = [(run, lambda: measure(1, {"seconds": 1.5, "warnings": "few, very few"}))]
    tasks.append((failed, lambda: measure(2, {TROUBLE: "not installed"})))
    for _ in range(2):
        measure_all(results, tasks, False, lambda *_: "")
        results = Results(tmp_path / "a" / "runs.csv")
    assert [1, 2, 2] == measured
    assert {"seconds": 1.5, "warnings": "few, very few"} == results.runs[run]
    measure_all(results, tasks[:1], True, lambda *_: "")
    assert [1, 2, 2, 1] == measured
    assert ["runs.csv"] == [path.name for path in (tmp_path / "a").iterdir()]


@pytest.mark.parametrize(
    ("how", "kept"),
    [("at most", [True, True, False]), ("below", [True, False, False]), ("exactly", [False, True, False])],
)
def test_bounds_hold_at_their_ends_as_they_say(how: str, kept: list[bool]) -> None:
    bound = Bound("x", how, 2, "x")  # type: ignore[arg-type]
    assert kept == [bound.holds(value) for value in (1, 2, 3)]
    assert not bound.holds(float("nan"))


def test_the_page_names_what_is_missed_and_what_was_not_measured() -> None:
    results = Results(None)
    good = {"seconds": 9.0, "xgb_auc": 0.5, "xgb_auroc": 0.92, "xgb_auroc_gap": 0.004, "shape": 0.001, "trend": 0.004}
    results.add(Run("adult", "adult", DEFAULT, 1, 100), {**good})
    assert not missed(results, list(PARTS.values()))
    results.add(Run("adult", "adult", DEFAULT, 2, 100), {**good, "xgb_auc": 0.6})
    assert missed(results, list(PARTS.values()))
    assert not missed(results, [PARTS["bank"]])
    text = page(results)
    line = "XGB-AUC against test rows, at most 0.525: **missed** in 1 of 2 runs (mean 0.55; worst 0.6, adult"
    assert f"\n- {line}" in text
    assert f"\n- Adult: {line}" in text
    assert "Shape against train, at most 0.002: holds in all 2 runs" in text
    assert "\nNot measured yet.\n" in text
    assert "| adult | bits | 100 | 9 | 0.550 |" in text.replace(DEFAULT, "bits")
    assert "| adult | bits | 2 | 100 | 9 | 0.600 |" in listing(results).replace(DEFAULT, "bits")
    told = PARTS["adult"].told(Run("adult", "adult", DEFAULT, 2, 100), {**good, "xgb_auc": 0.6})
    assert "XGB-AUC against test rows 0.6 (at most 0.525: MISSED)" in told


def test_half_against_half_is_judged_beside_its_floor() -> None:
    settings = Settings(Path("nowhere"), (1,), ("independent",), quick=True)
    figures = halves.measure(settings, "prices", PLAIN, "independent", 1)
    assert 0 == figures["violations"]
    assert float(figures["above_floor"]) > 0.1
    assert float(figures["rmse_ratio"]) > 1.2


@pytest.mark.slow
def test_a_quick_run_ends_with_results_and_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--quick", "--parts", "rare", "--generators", "independent", "-o", str(tmp_path)]
    assert 0 == texture.main(arguments)
    assert "defaults more or fewer than 1 %, exactly 0: holds in all 1 runs" in capsys.readouterr().out
    assert {"texture.csv", "texture.md", "page.md"} == {path.name for path in tmp_path.iterdir()}
    assert "| 20 real defaults | independent | 1,000 |" in (tmp_path / "page.md").read_text()
    assert 0 == texture.main(arguments)
    assert 3 == capsys.readouterr().out.count("is there already")


@pytest.mark.slow
def test_the_chain_of_the_loan_book_is_exercised(tmp_path: Path) -> None:
    options = ["--seeds", "1", "--rows", "300", "--book", "600", "-o", str(tmp_path)]
    assert 0 == loans_chain.main(["--generators", loans_chain.REAL, "independent", *options])
    (figures,) = [found for run, found in Results(tmp_path / "loans_chain.csv").of("loans") if run.generator[0] == "i"]
    assert all(float(figures[f"rule {rule}"]) > 0 for rule in loans_chain.CHAIN)
    assert float(figures["step sampled"]) > float(figures["step chosen"]) >= float(figures["step finished"]) == 0
    text = (tmp_path / "loans_chain.md").read_text()
    assert "| income_ceiling |" in text
    assert "| closed |" in text
