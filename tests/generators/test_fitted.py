"""A fitted model: saved, loaded, and used under one rule file after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.errors import DataError, OutputError, UsageError
from htdbu.generators import Generator, fit, load
from htdbu.generators.fitted import FittedModel
from tests.generators.every import EVERY

Make = Callable[..., Generator]

SHOP = """
table shop {
  id     : int key
  age    : int in 18..99
  region : category { "north", "south", "west" }
  spent  : decimal(2) in 0..10_000
  refund : decimal(2) in 0..10_000 null
  kept   : decimal(2) = spent - coalesce(refund, 0)
  joined : date in 2010-01-01..2024-12-31
  loyal  : bool
  note   : text from notes by region
}
"""
PLAN = 'factor loyal { true -> region in { "north", "south" } false -> region in { "north", "west" } }\n'


def shop(n: int = 400, seed: int = 1) -> pd.DataFrame:
    """Rows that break the plan here and there."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, n)
    region = rng.choice(["north", "south", "west"], n)
    spent = rng.gamma(2, 150, n).round(2) + age
    return pd.DataFrame(
        {
            "id": np.arange(n) + 7,
            "age": age,
            "region": region,
            "spent": spent,
            "refund": np.where(rng.random(n) < 0.2, (spent / 2).round(2), np.nan),
            "joined": (np.datetime64("2015-01-01") + rng.integers(0, 3000, n).astype("m8[D]")).astype(str),
            "loyal": np.where(spent > 300, "yes", "no"),
            "note": [f"{word} {i % 9}" for i, word in enumerate(region)],
        }
    )


def again(model: FittedModel, folder: Path, threads: int | None = None) -> FittedModel:
    model.save(folder / "shop.model")
    return load(folder / "shop.model", threads)


def run(rules: str, source: Any, n: int = 80, **options: Any) -> htdbu.generators.SynthesisResult:
    program = htdbu.compile_text(rules)
    result = htdbu.synthesize(program, source, n, random_state=5, **options)
    assert n == len(result.data)
    assert 0 == program.check(result.data, source.real if isinstance(source, FittedModel) else source).hard_violations
    return result


def same(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    return left.equals(right) and list(left.dtypes) == list(right.dtypes)


@pytest.mark.parametrize("name", EVERY)
def test_a_loaded_generator_draws_what_the_saved_one_draws(
    name: str, quick: Make, table: pd.DataFrame, tmp_path: Path
) -> None:
    frame = table.drop(columns=["duration", "object"]).reset_index(drop=True)
    model = fit(frame, generator=quick(name))
    assert model.generator.savable
    given = htdbu.generators.fitted.learned_frame(model.columns, frame, ())[["text", "int", "date"]].iloc[:50]
    model.generator.sample(50, given)  # so that its models of these questions are saved, too
    for threads in (1, 2):
        loaded = again(model, tmp_path, threads)
        assert same(frame, loaded.real)
        assert loaded.name == name
        assert same(model.generator.sample(60, random_state=3), loaded.generator.sample(60, random_state=3))
        assert same(model.generator.sample(50, given), loaded.generator.sample(50, given))
        assert 0 == loaded.generator.trained
        fresh = given.columns[:1].append(given.columns[2:])
        new = [each.generator.sample(50, given[fresh], random_state=4) for each in (model, loaded)]
        assert same(*new)


def test_a_model_saved_again_keeps_what_it_was_trained_for(tmp_path: Path) -> None:
    model = fit(shop(), generator="trees", random_state=1)
    run(SHOP + PLAN, model)
    loaded = again(again(model, tmp_path), tmp_path)
    result = run(SHOP + PLAN, loaded)
    assert 0 == result.report.trained
    assert same(run(SHOP + PLAN, model).data, result.data)


def test_rules_that_plan_the_same_columns_train_nothing(tmp_path: Path) -> None:
    model = again(fit(shop(), htdbu.compile_text(SHOP + PLAN), generator="trees", random_state=1), tmp_path)
    for more in ("", "hard young: age < 25 => spent <= 500\n", "target loyals: share(loyal) in 60%..70%\n"):
        assert 0 == run(SHOP + PLAN + more, model).report.trained
    assert 0 == run(SHOP, model).report.trained  # nothing planned
    other = run(SHOP + 'factor region ~ { "north": 50%, "south": 50% }\n', model)
    assert 0 < other.report.trained <= 6
    assert {"north": 40, "south": 40} == other.data["region"].value_counts().to_dict()


def test_rows_that_break_the_rules_are_learned_from_and_counted(tmp_path: Path) -> None:
    program = htdbu.compile_text(SHOP + PLAN)
    broken = program.check(shop()).hard_violations
    assert broken > 50
    model = again(fit(shop(), generator="independent"), tmp_path)
    for source in (model, shop()):
        told = run(SHOP + PLAN, source, **({} if source is model else {"generator": "independent"})).report
        assert (broken, 400) == tuple(told.real_violations[key] for key in ("violating_rows", "rows"))
        assert 0 == told.violations["violating_rows"]


def test_keys_are_new_and_texts_are_of_the_pool(tmp_path: Path) -> None:
    data = run(SHOP + PLAN, again(fit(shop(), generator="trees"), tmp_path), n=300).data
    assert data["id"].is_unique
    assert not set(data["id"]) & set(shop()["id"])
    assert set(data["note"]) <= set(shop()["note"])
    assert data["note"].str.split().str[0].tolist() == data["region"].tolist()


def test_the_same_seed_gives_the_same_rows_whatever_the_threads(tmp_path: Path) -> None:
    models = [fit(shop(), generator="trees", random_state=2, threads=threads) for threads in (1, 2)]
    assert models[0].to_bytes() == models[1].to_bytes()
    rows = [run(SHOP + PLAN, again(models[0], tmp_path, threads), threads=threads).data for threads in (1, 2)]
    assert same(*rows)
    other = fit(shop(), generator="trees", random_state=3)
    assert models[0].to_bytes() != other.to_bytes()


def test_types_are_found_out_from_the_cells() -> None:
    n = 300
    frame = pd.DataFrame(
        {
            "serial": range(n),
            "int": [str(i % 70) for i in range(n)],
            "money": [f"{i % 70}.50" for i in range(n)],
            "float": np.arange(n) / 8,
            "day": ["2020-02-29", "NA"] * 150,
            "moment": ["2020-02-29 10:00", "2021-01-01T00:00:01"] * 150,
            "flag": ["yes", "no"] * 150,
            "true": [True, False] * 150,
            "word": ["a", "b", None] * 100,
            "mixed": ["1", "x"] * 150,
            "text": [f"note {i}" for i in range(n)],
            "nothing": [None] * n,
            "number": [10**30 + i % 3 for i in range(n)],
        }
    )
    model = fit(frame, generator="independent")
    assert {
        "int": "int",
        "money": "decimal(1)",
        "float": "decimal(3)",
        "day": "date",
        "moment": "datetime",
        "flag": "bool",
        "true": "bool",
        "word": "category of 2",
        "mixed": "category of 2",
    } == model.to_dict()["columns"]
    assert {
        "serial": "serial numbers",
        "text": "texts, 300 different ones",
        "nothing": "no cell holds anything",
        "number": "numbers of more than 15 digits",
    } == model.left_out


def test_rules_may_see_other_types_in_the_same_cells(tmp_path: Path) -> None:
    frame = shop().assign(code=lambda rows: rows["age"] % 4)
    model = again(fit(frame, generator="trees", random_state=1), tmp_path)
    assert ("date", "int") == tuple(model.to_dict()["columns"][header] for header in ("joined", "code"))
    rules = """table t {
      age : decimal(1) in 18..60
      code : category { "0", "1", "3" }
      joined : datetime in 2010-01-01T00:00:00..2024-12-31T00:00:00
      region : category { "west", "north", "east" } null
      loyal : category { "yes", "no" }
      spent : int in 0..10_000
    } factor code ~ { "0": 50%, "3": 50% }
    target e: share(region == "east") == 10%
    """
    result = run(rules, model, n=200)
    assert {0: 100, 3: 100} == result.data["code"].value_counts().to_dict()
    assert result.data["age"].max() <= 60
    assert all(target["met"] for target in result.report.violations["targets"])
    assert {"west", "north", "east", ""} == set(result.data["region"].fillna(""))
    assert (result.data["loyal"] == "yes").mean() > 0.3
    assert result.report.ways["sampled"] > 100
    assert result.report.real_violations["violating_rows"] > 100


def test_sums_that_no_real_row_holds_come_through(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    parts = rng.normal(1000, 300, (400, 2)).round(2)
    frame = pd.DataFrame({"a": parts[:, 0], "b": parts[:, 1], "c": parts.sum(axis=1).round(2)})
    model = again(fit(frame, generator="trees", random_state=1), tmp_path)
    rules = (
        "table t { a : decimal(2) in -9_999..9_999 b : decimal(2) in -9_999..9_999 c : decimal(3) in -9_999..9_999 }"
    )
    data = run(rules, model, n=300).data
    assert np.allclose(data["a"] + data["b"], data["c"])
    assert set(data["c"]) - set(frame["c"])


def test_a_column_that_the_model_has_not_learned_is_named(tmp_path: Path) -> None:
    small = htdbu.compile_text("table t { age : int  loyal : bool }")
    model = again(fit(shop(), small, generator="independent"), tmp_path)
    with pytest.raises(UsageError, match=r'not learned "region", "spent", "refund", "joined".*\n.*--rules RULES'):
        run(SHOP, model)
    with pytest.raises(DataError, match='no column "agee"'):
        run("table t { agee : int }", model)
    with pytest.raises(UsageError, match="fitted by independent"):
        run("table t { age : int }", model, generator="trees")
    with pytest.raises(DataError, match='no column "x"'):
        fit(shop(), htdbu.compile_text("table t { x : int }"))


@pytest.mark.parametrize(
    ("frame", "message"),
    [(shop().iloc[:0], "no rows"), (pd.DataFrame({"id": range(60)}), "no column to learn"), ([1], "not a table")],
)
def test_a_table_to_learn_nothing_from_is_refused(frame: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        fit(frame)


def test_privacy_is_kept_or_settled(tmp_path: Path) -> None:
    spent = shop()["spent"].value_counts()
    alone = set(spent.index[spent == 1])
    hidden, open_ = (
        again(fit(shop(), generator="trees", random_state=1, allow_unique=allowed), tmp_path)
        for allowed in (False, True)
    )
    assert not alone & set(run(SHOP + PLAN, hidden).data["spent"])
    assert alone & set(run(SHOP + PLAN, open_).data["spent"])
    assert 0 == run(SHOP + PLAN, open_, no_copies=True).report.to_dict()["privacy"]["copied_rows"]
    for options in ({"allow_unique": True}, {"max_dcr_share": 0.6}):
        with pytest.raises(UsageError, match="model"):
            run(SHOP + PLAN, hidden, **options)


class Foreign(Generator):
    """A generator of somebody else's that draws nothing but real rows."""

    def fit(self, real: pd.DataFrame) -> Foreign:
        self.real = real
        return self

    def sample(self, n: int, given: pd.DataFrame | None = None, random_state: int | None = None) -> pd.DataFrame:
        rows = self.real.sample(n, replace=True, random_state=random_state, ignore_index=True)
        return rows if given is None else rows.assign(**given)


def test_a_generator_of_somebody_else_serves_but_is_not_saved(tmp_path: Path) -> None:
    model = fit(shop(), generator=Foreign())
    assert not model.generator.savable
    assert "Foreign" == run(SHOP + PLAN, model).report.generator
    with pytest.raises(UsageError, match="a Foreign cannot be saved"):
        model.save(tmp_path / "a.model")
    assert [] == list(tmp_path.iterdir())


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    model = fit(shop(), generator="independent")
    with pytest.raises(OutputError, match="No such file"):
        model.save(tmp_path / "nowhere" / "a.model")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError):
        model.save(tmp_path / "folder")
    assert ["folder"] == [path.name for path in tmp_path.iterdir()]
    with pytest.raises(UsageError, match="cannot be stored"):
        fit(shop().assign(odd=pd.Series([1, "x"] * 200, dtype=object)), generator="independent").to_bytes()
