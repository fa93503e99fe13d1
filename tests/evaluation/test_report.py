"""The report: whole, self-contained, escaped, small, the same for the same input, and true to its figures."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.evaluation import Scores, evaluate, render_report
from htdbu.evaluation.marginals import MOST_LEVELS, common_bins, folded, joint_table, marginal_chart
from htdbu.generators import SynthesisReport
from htdbu.solver import check

VOID = {"meta", "link", "br", "hr", "img", "input"}

RULES = """\
## A small shop.
table shop {
  price : decimal(2) in 0..100
  size  : category { "small", "large" }
  day   : date in 2020-01-01..2020-12-31 null
  mood  : category { "<b>&\\"glad\\"</b>", "sad" }
  good  : bool
  note  : text
}
## Large things cost something.
hard not_free: size == "large" => price >= 1
soft(2) cheap: price <= 90
factor good { true -> mood in { "<b>&\\"glad\\"</b>" } }
target half: share(good) in 40%..60%
"""
HOSTILE = '<b>&"glad"</b>'
ESCAPED = "&lt;b&gt;&amp;&#34;glad&#34;&lt;/b&gt;"


class Outline(HTMLParser):
    """Reads a page: whether tags balance, which there are, their attributes and the text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def shop(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    good = np.arange(n) % 2 == 0
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    return pd.DataFrame(
        {
            "price": (rng.integers(100, 10_000, n) / 100).round(2),
            "size": rng.choice(["small", "large"], n),
            "day": pd.Series(days).where(rng.random(n) > 0.2),
            "mood": np.where(good | (rng.random(n) < 0.5), HOSTILE, "sad"),
            "good": good,
            "note": [f"note {k}" for k in range(n)],
        }
    )


@pytest.fixture(scope="module")
def program() -> Any:
    return htdbu.compile_text(RULES)


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return shop(200)


@pytest.fixture(scope="module")
def synthetic() -> pd.DataFrame:
    return shop(120, seed=1)


@pytest.fixture(scope="module")
def scores(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame) -> Scores:
    return evaluate(program, real, synthetic, "good", test=shop(80, seed=2))


@pytest.fixture(scope="module")
def synthesis(program: Any, synthetic: pd.DataFrame) -> SynthesisReport:
    found = check(program, synthetic).to_dict()
    return SynthesisReport(
        rows=120,
        plan=[
            {"cell": {"good": True, "mood": HOSTILE}, "planned": 61, "real_share": 0.5, "got": 60},
            {"cell": {"good": False, "mood": None}, "planned": 59, "real_share": 0.5, "got": 59},
        ],
        ways={"sampled": 100, "redrawn": 15, "repaired": 5, "copied": 0},
        rounds=3,
        raw_violations={**found, "violating_rows": 30, "violation_rate": 0.25},
        violations=found,
        real_violations=found,
        generator="independent",
        seed=77,
        seconds=1.5,
        steps=[
            {"step": "sampled", "rows": 600, "violating_rows": 123, "violation_rate": 0.205, "fails": {"r": 123}},
            {"step": "finished", "rows": 120, "violating_rows": 0, "violation_rate": 0.0, "fails": {}},
        ],
    )


@pytest.fixture(scope="module")
def page(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores, synthesis: SynthesisReport) -> str:
    return render_report(program, real, synthetic, scores, synthesis=synthesis, rules_text=RULES)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_tags_balance(outline: Outline) -> None:
    assert ([], []) == (outline.open, outline.wrong)


def test_nothing_is_loaded_or_run(page: str, outline: Outline) -> None:
    assert {"script", "iframe", "link", "img", "object"} & {tag for tag, _ in outline.tags} == set()
    assert [] == re.findall(r"https?://|//\w|url\(|@import", page)
    attributes = [(name, value) for _, found in outline.tags for name, value in found.items()]
    assert [] == [name for name, _ in attributes if name.startswith("on") or name in ("src", "srcset")]
    assert [] == [value for name, value in attributes if name == "href" and not str(value).startswith("#")]


def test_links_lead_to_parts_of_the_page_and_ids_are_unique(outline: Outline) -> None:
    ids = [found["id"] for _, found in outline.tags if "id" in found]
    assert sorted(set(ids), key=str) == sorted(ids, key=str)
    assert set() == {str(found["href"])[1:] for found in outline.named("a")} - set(ids)


def test_it_can_be_read_by_everyone(outline: Outline) -> None:
    tags = [tag for tag, _ in outline.tags]
    assert [1] * 5 == [tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1")]
    assert ["en"] == [found.get("lang") for found in outline.named("html")]
    assert "viewport" in [found.get("name") for found in outline.named("meta")]
    ids = {found.get("id") for _, found in outline.tags}
    for drawing in outline.named("svg"):
        assert "img" == drawing["role"]
        assert set(str(drawing["aria-labelledby"]).split()) <= ids
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_hostile_names_are_escaped(page: str, outline: Outline) -> None:
    assert HOSTILE not in page
    assert "<b>&" not in page
    assert ESCAPED in page
    assert HOSTILE in outline.text


def test_every_section_is_there(outline: Outline) -> None:
    sections = [found["id"] for found in outline.named("section")]
    parts = ["verdict", "rules", "targets", "joint", "origin", "marginals", "drift", "examples", "file", "environment"]
    assert parts == sections[: len(parts)]


def test_the_verdict_says_the_figures(outline: Outline, scores: Scores) -> None:
    assert "No row breaks a hard rule." in outline.text
    assert "0 of 120" in outline.text
    assert f"{scores.tstr['auroc']:.3f} real rows: {scores.trtr['auroc']:.3f}" in outline.text
    assert f"{scores.fidelity['shape_error']:.3f} floor: {scores.fidelity['shape_floor']:.3f}" in outline.text
    assert f"{100 * scores.privacy['dcr_share']:.2f} % 50 % is ideal" in outline.text  # type: ignore[operator]


def test_rules_stand_with_their_words_and_what_they_cost(outline: Outline, scores: Scores) -> None:
    cheap = next(rule for rule in scores.violations["rules"] if rule["name"] == "cheap")
    assert cheap["fail"] > 0
    words = f"cheap soft weight 2.0 {cheap['pass']:,} {cheap['fail']:,} 0 {100 * cheap['rate']:.2f} %"
    assert words in outline.text
    assert "not_free Large things cost something. hard 120 0 0 0.00 %" in outline.text


def test_plan_and_origin_are_shown_when_known(
    outline: Outline, program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    assert "1 of its 2 cells got exactly what was planned" in outline.text
    assert f"True {HOSTILE} 61 60 50.00 %" in outline.text
    assert "redrawn: drawn again inside what the rules and the plan allow 15 12.50 %" in outline.text
    assert "sampled 600 123 20.50 % finished 120 0 0.00 %" in outline.text
    without = Outline(render_report(program, real, synthetic, scores))
    assert "origin" not in [found["id"] for found in without.named("section")]
    assert "file" not in [found["id"] for found in without.named("section")]


def test_a_report_as_plain_data_does_as_well(
    page: str,
    program: Any,
    real: pd.DataFrame,
    synthetic: pd.DataFrame,
    scores: Scores,
    synthesis: SynthesisReport,
) -> None:
    plain = render_report(program, real, synthetic, scores, synthesis=synthesis.to_dict(), rules_text=RULES)
    assert page == plain


def test_a_chart_for_every_column_but_texts(outline: Outline) -> None:
    titles = re.findall(r"(\w+): real and synthetic rows", outline.text)
    assert ["price", "size", "day", "mood", "good"] == titles


def test_example_rows_are_synthetic_alone(program: Any, synthetic: pd.DataFrame, scores: Scores) -> None:
    secret = shop(200).assign(note=[f"secret {k}" for k in range(200)])
    text = Outline(render_report(program, secret, synthetic, scores)).text
    assert "secret" not in text
    assert "note 4" in text
    assert "note 5" not in text


def test_the_seed_is_shown(
    outline: Outline, program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    assert "seed 77" in outline.text
    assert "seed 5 " in Outline(render_report(program, real, synthetic, scores, seed=5)).text
    assert "seed 0 " in Outline(render_report(program, real, synthetic, scores)).text


def test_same_input_same_bytes(
    page: str,
    program: Any,
    real: pd.DataFrame,
    synthetic: pd.DataFrame,
    scores: Scores,
    synthesis: SynthesisReport,
) -> None:
    again = render_report(program, real, synthetic, scores, synthesis=synthesis, rules_text=RULES)
    assert page == again


@pytest.mark.parametrize(("n_real", "n_synthetic"), [(200, 0), (0, 120), (0, 0), (1, 1)])
def test_tables_of_hardly_any_rows(program: Any, n_real: int, n_synthetic: int) -> None:
    real, synthetic = shop(n_real), shop(n_synthetic)
    scores = evaluate(program, real, synthetic, "good")
    outline = Outline(render_report(program, real, synthetic, scores))
    assert ([], []) == (outline.open, outline.wrong)
    assert ("The synthetic table has no rows." in outline.text) == (n_synthetic == 0)
    assert all(note in outline.text for note in scores.notes)


def test_a_table_without_hard_rules_kept_says_so(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame) -> None:
    broken = synthetic.assign(size="large")
    broken.loc[:2, "price"] = 0.0
    scores = evaluate(program, real, broken, "good")
    text = Outline(render_report(program, real, broken, scores)).text
    assert "3 rows break a hard rule." in text
    assert "3 of 120 2.50 %" in text


def test_fifty_columns_stay_small() -> None:
    n, rng = 300, np.random.default_rng(0)
    levels = [f"level number {k}" for k in range(40)]
    spelled = ", ".join(f'"{level}"' for level in levels)
    numbers = [f"  x{k} : decimal(2) in -1000..1000" for k in range(30)]
    words = [f"  c{k} : category {{ {spelled} }}" for k in range(19)]
    program = htdbu.compile_text("table wide {\n" + "\n".join([*numbers, *words, "  y : bool"]) + "\n}\n")
    frame = pd.DataFrame(
        {f"x{k}": rng.normal(0, 50, n).round(2) for k in range(30)}
        | {f"c{k}": rng.choice(levels, n) for k in range(19)}
        | {"y": rng.random(n) < 0.5}
    )
    page = render_report(program, frame, frame, evaluate(program, frame, frame, "y"))
    assert 50 == len(re.findall(r": real and synthetic rows</title>", page))
    assert 2_000_000 > len(page.encode())


def test_bins_are_common_round_and_hold_all_cells() -> None:
    assert np.allclose(np.arange(0, 101, 5), common_bins(np.array([3.0, 104.9, 50.0]), whole=False)[:21])
    assert [17.5, 18.5, 19.5, 20.5] == common_bins(np.array([18.0, 20.0]), whole=True).tolist()
    assert [4.5, 5.5] == common_bins(np.array([5.0]), whole=True).tolist()
    wide = np.random.default_rng(0).integers(-(10**9), 10**9, 500).astype(float)
    edges = common_bins(wide, whole=True)
    assert edges[0] <= wide.min() <= wide.max() <= edges[-1]
    assert 100 > len(edges)


def test_outliers_do_not_flatten_a_histogram() -> None:
    values = np.concatenate([np.arange(1000.0), [1e9]])
    assert 2000 > common_bins(values, whole=False)[-1]
    assert "≥ " in marginal_chart("k", "n", pd.Series(values), pd.Series(values))


def test_rare_levels_are_shown_as_one_and_missing_only_where_it_occurs() -> None:
    levels = [*(f"l{k}" for k in range(30)), "(missing)"]
    weights = np.array([*np.arange(30.0), 0.0])
    labels, places = folded(levels, weights)
    assert [*(f"l{k}" for k in range(19, 30)), "19 others"] == labels
    assert MOST_LEVELS == len(labels)
    assert weights.sum() == sum(weights[place].sum() for place in places)
    assert ["l0", "(missing)"] == folded(["l0", "(missing)"], np.array([1.0, 0.5]))[0]
    assert ["l0"] == folded(["l0", "(missing)"], np.array([1.0, 0.0]))[0]


def test_the_joint_holds_the_shares_of_both_tables() -> None:
    real = pd.DataFrame({"y": [True, True, False, False], "s": ["a", "b", "b", "b"]})
    joint = joint_table(real, real.iloc[:2], ["y", "s"])
    assert (["false", "true"], ["a", "b"]) == (joint.rows, joint.columns)
    assert [[0.0, 0.5], [0.25, 0.25]] == joint.real.tolist()
    assert [[0.0, 0.0], [0.5, 0.5]] == joint.synthetic.tolist()
