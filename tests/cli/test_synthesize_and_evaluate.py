"""`htdbu synthesize` writes rows that break nothing; `htdbu evaluate` measures them; `htdbu demo` does it all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]

RULES = """\
table shop {
  id      : int key
  age     : int in 18..99
  region  : category { "north", "south" } as "sales region"
  spent   : decimal(2) in 0..10_000
  refund  : decimal(2) in 0..10_000 null
  kept    : decimal(2) = spent - coalesce(refund, 0)
  joined  : date in 2010-01-01..2024-12-31
  loyal   : bool
}
hard refund_le_spent: refund is null or refund <= spent
hard young_spend:     age < 25 => spent <= 500
hard loyal_spend:     loyal => spent >= 20
factor loyal {
  true  -> region ~ { "north": 75%, "south": 25% }
  false -> region in { "north", "south" }
}
target loyal_share: share(loyal) in 20%..45%
"""


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Path, Path]:
    """A rule file and 300 rows that obey it mostly."""
    rng = np.random.default_rng(1)
    n = 300
    age = rng.integers(18, 80, n)
    spent = np.minimum(rng.gamma(2, 150, n).round(2), np.where(age < 25, 500, 10_000))
    frame = pd.DataFrame(
        {
            "id": np.arange(n),
            "age": age,
            "sales region": rng.choice(["north", "south"], n),
            "spent": [f"{value:.2f}" for value in spent],
            "refund": [
                f"{value / 2:.2f}" if back else "" for value, back in zip(spent, rng.random(n) < 0.2, strict=True)
            ],
            "joined": pd.to_datetime("2015-01-01") + pd.to_timedelta(rng.integers(0, 3000, n), unit="D"),
            "loyal": np.where((spent >= 20) & (rng.random(n) < 0.35), "yes", "no"),
            "note": "free text",
        }
    )
    (tmp_path / "shop.htr").write_text(RULES)
    frame.to_csv(tmp_path / "shop.csv", index=False, sep=";")
    return tmp_path / "shop.htr", tmp_path / "shop.csv"


@pytest.mark.parametrize("generator", ["independent", "gaussian-copula", "random-forest", "xgboost"])
def test_the_rows_obey_and_look_like_the_file_read(
    htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path, generator: str
) -> None:
    out = tmp_path / "out.csv"
    options = ("-n", 120, "-o", out, "--generator", generator, "--seed", 7, "--format", "json")
    outcome = htdbu("synthesize", *shop, *options)
    assert (0, "") == (outcome.code, outcome.err)
    assert (120, generator, 7) == tuple(outcome.json[key] for key in ("rows", "generator", "seed"))
    assert 120 == sum(outcome.json["ways"].values())
    assert 0 == outcome.json["violations"]["violating_rows"]
    assert 0 == htdbu("check", shop[0], out).code
    rows = pd.read_csv(out, sep=";", dtype=str, keep_default_na=False)
    real = pd.read_csv(shop[1], sep=";", dtype=str, keep_default_na=False)
    assert 120 == len(rows)
    assert {"yes", "no"} == set(rows["loyal"])
    assert set(rows["joined"].str.len()) == {10}
    assert not set(rows["id"]) & set(real["id"])
    loyal = rows["loyal"] == "yes"
    assert 0.2 <= loyal.mean() <= 0.45
    assert abs((rows.loc[loyal, "sales region"] == "north").mean() - 0.75) <= 1 / loyal.sum()


def test_same_seed_same_bytes_whatever_the_threads(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    written = []
    for name, options in {"a": ("--threads", 1), "b": ("--threads", 2), "c": ("--seed", 1)}.items():
        out = tmp_path / f"{name}.csv"
        assert 0 == htdbu("synthesize", *shop, "-n", 80, "-o", out, *options).code
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_what_is_asked_of_rows_beside_the_real_ones_is_held_and_told(
    htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path
) -> None:
    call = ("synthesize", *shop, "-n", 90, "-o", tmp_path / "out.csv", "--generator", "trees")
    assert htdbu(*call, "--allow-unique-values", "--format", "json").json["privacy"] is None
    outcome = htdbu(*call, "--no-copies", "--max-dcr-share", 0.6, "--format", "json")
    assert (0, 0.6, 0) == (outcome.code, outcome.json["privacy"]["limit"], outcome.json["privacy"]["copied_rows"])
    assert outcome.json["privacy"]["dcr_share"] <= 0.6
    told = htdbu(*call, "--no-copies", "--max-dcr-share", 0.6).out
    assert "nearer to the rows learned from than to unseen ones:" in told
    assert "(limit 60.00 %); copies of real rows that are the only ones of their kind: 0" in told
    assert "copies of real rows that are the only ones of their kind: 0" in htdbu(*call, "--no-copies").out
    refused = htdbu(*call, "--max-dcr-share", 0.4)
    assert (2, "") == (refused.code, refused.out)


def test_no_rows_are_a_table_too(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert 0 == htdbu("synthesize", *shop, "-n", 0, "-o", out).code
    assert 1 == len(out.read_text().splitlines())


def test_rows_to_standard_output_leave_the_rest_to_standard_error(htdbu: Htdbu, shop: tuple[Path, Path]) -> None:
    outcome = htdbu("synthesize", *shop, "-n", 5, "-o", "-", "--generator", "independent")
    assert 6 == len(outcome.out.splitlines())
    assert "5 rows from independent" in outcome.err
    steps = [line.split()[:3] for line in outcome.err.splitlines() if line.startswith(("sampled ", "finished "))]
    assert ["sampled", "25"] == steps[0][:2]
    assert ["finished", "5", "0"] == steps[1]


def test_rules_that_leave_no_row_end_with_2_and_no_file(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    rules, data = shop
    rules.write_text(RULES + "hard never: age < 18\n")
    outcome = htdbu("synthesize", rules, data, "-n", 5, "-o", tmp_path / "out.csv")
    assert (2, "") == (outcome.code, outcome.out)
    assert outcome.err.startswith("error: ")
    assert "unexpected" not in outcome.err
    assert not (tmp_path / "out.csv").exists()


def test_scores_are_those_of_the_contract(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    out, page = tmp_path / "out.csv", tmp_path / "report.html"
    htdbu("synthesize", *shop, "-n", 300, "-o", out)
    files = ("--real", shop[1], "--synthetic", out, "--target", "loyal", "--report", page)
    outcome = htdbu("evaluate", shop[0], *files, "--format", "json")
    assert (0, "") == (outcome.code, outcome.err)
    scores = outcome.json
    assert set(scores) >= {"tstr", "trtr", "xmodal", "xmodal_floor", "violations", "fidelity", "privacy", "drift"}
    names = {"accuracy", "f1", "auroc", "rmse", "r2"}
    assert names == set(scores["tstr"]) == set(scores["trtr"])
    assert ["linear", "xgboost"] == list(scores["utility"])
    for found in scores["utility"].values():
        assert {"tstr": names, "trtr": names, "floor": names} == {part: set(values) for part, values in found.items()}
    measures = ("shape_error", "trend_error", "c2st_auc", "alpha_precision", "beta_recall")
    floors = ("shape_floor", "trend_floor", "c2st_floor", "alpha_precision_floor", "beta_recall_floor")
    assert set(scores["fidelity"]) >= {*measures, *floors}
    assert None not in [scores["fidelity"][name] for name in (*measures, *floors)]
    assert set(scores["privacy"]) >= {"dcr_share", "copied_rows", "nndr", "nndr_floor", "mia_auc", "mia_floor"}
    assert {"column", "bound", "rule", "real", "synthetic", "floor"} == set(scores["pile_up"][0])
    assert 0 == scores["violations"]["violating_rows"]
    html = page.read_text("utf-8")
    assert html.lstrip().lower().startswith("<!doctype html")
    assert "<svg" in html
    assert "http-equiv" in html or "src=" not in html
    human = htdbu("evaluate", shop[0], *files)
    assert "synthetic rows (TSTR), linear" in human.out
    assert "real rows (TRTR), xgboost" in human.out
    told = {line.split()[0]: line.split()[1:] for line in human.out.splitlines() if line}
    assert [f"{scores['fidelity'][name]:.4f}" for name in ("beta_recall", "beta_recall_floor")] == told["beta_recall"]
    assert [f"{scores['privacy'][name]:.4f}" for name in ("nndr", "nndr_floor")] == told["nndr"]
    assert "0 hard violations in 300 rows" in human.out


def test_a_joint_of_any_columns_and_what_was_before(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    out, made = tmp_path / "out.csv", tmp_path / "made.json"
    told = htdbu("synthesize", *shop, "-n", 60, "-o", out, "--generator", "independent", "--format", "json")
    made.write_text(told.out, "utf-8")
    files = (shop[0], "--real", shop[1], "--synthetic", out, "--target", "loyal")
    asked = ("--joint", "age, loyal,sales region", "--synthesis", made, "--format", "json")
    scores = htdbu("evaluate", *files, *asked)
    assert ["age", "loyal", "region"] == scores.json["setup"]["joint"]
    assert told.json["raw_violations"] == scores.json["raw_violations"]
    human = htdbu("evaluate", *files, "--synthesis", made)
    assert "before any rule was enforced" in human.out
    for options, error in (
        (("--joint", "loyal"), "two or more columns"),
        (("--joint", "loyal,lojal"), "did you mean"),
        (("--synthesis", out), "is no JSON"),
        (("--synthesis", tmp_path / "none.json"), "No such file"),
    ):
        outcome = htdbu("evaluate", *files, *options)
        assert (2, "") == (outcome.code, outcome.out)
        assert error in outcome.err
    made.write_text('{"rows": 3}', "utf-8")
    assert "is no report of a synthesis" in htdbu("evaluate", *files, "--synthesis", made).err


def test_synthesize_writes_the_report_too(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    out, page = tmp_path / "out.csv", tmp_path / "report.html"
    outcome = htdbu("synthesize", *shop, "-n", 60, "-o", out, "--report", page, "--generator", "independent")
    assert 0 == outcome.code
    assert f"written: {out}, {page}" in outcome.out
    assert "<svg" in page.read_text("utf-8")


def test_the_report_shows_real_rows_only_when_asked_to(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    real = pd.read_csv(shop[1], sep=";", dtype=str, keep_default_na=False).assign(note="a secret of a real row")
    real.to_csv(shop[1], index=False, sep=";")
    out, page = tmp_path / "out.csv", tmp_path / "report.html"
    synthesize = ("synthesize", *shop, "-n", 60, "-o", out, "--report", page, "--generator", "independent")
    evaluate = ("evaluate", shop[0], "--real", shop[1], "--synthetic", out, "--target", "loyal", "--report", page)
    for call in (synthesize, evaluate):
        shown = []
        for option in ((), ("--show-real",)):
            assert 0 == htdbu(*call, *option).code
            shown.append("a secret of a real row" in page.read_text("utf-8"))
        assert [False, True] == shown


def test_rows_that_broke_rules_at_first_are_told(htdbu: Htdbu, shop: tuple[Path, Path], tmp_path: Path) -> None:
    rules = RULES + 'hard rich_south: region == "south" => spent >= 600\n'
    shop[0].write_text(rules)
    page = tmp_path / "report.html"
    options = ("-n", 200, "-o", tmp_path / "out.csv", "--report", page, "--seed", 3, "--generator", "trees")
    told = htdbu("synthesize", *shop, *options, "--format", "json").json
    broken = {rule["name"] for rule in told["raw_violations"]["rules"] if rule["fail"]}
    examples = {example["rule"]: example["cells"] for example in told["raw_examples"]}
    assert "rich_south" in examples
    assert set(examples) <= broken
    assert ("south", True) == (examples["rich_south"]["sales region"], float(examples["rich_south"]["spent"]) < 600)
    assert f"spent = {examples['rich_south']['spent']}" in page.read_text("utf-8")


@pytest.mark.parametrize("target", ["nothing", "Loyal"])
def test_an_unknown_target_is_answered(htdbu: Htdbu, shop: tuple[Path, Path], target: str) -> None:
    outcome = htdbu("evaluate", shop[0], "--real", shop[1], "--synthetic", shop[1], "--target", target)
    assert (2, "") == (outcome.code, outcome.out)
    assert target in outcome.err


@pytest.mark.slow
def test_the_demo_ends_with_no_hard_violation(htdbu: Htdbu, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    outcome = htdbu("demo", "-o", folder)
    assert (0, "") == (outcome.code, outcome.err)
    assert "0 hard violations" in outcome.out.splitlines()[-1]
    assert {"loans.csv", "loans.htr", "test.csv", "synthetic.csv", "report.html"} == {
        path.name for path in folder.iterdir()
    }
    assert 5_001 == (folder / "synthetic.csv").read_bytes().count(b"\n")
    assert 0 == htdbu("check", folder / "loans.htr", folder / "synthetic.csv", "--real", folder / "loans.csv").code


def test_the_demo_needs_a_folder(htdbu: Htdbu, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = htdbu("demo", "-o", tmp_path / "file")
    assert (2, "") == (outcome.code, outcome.out)
    assert "cannot be made a folder" in outcome.err
