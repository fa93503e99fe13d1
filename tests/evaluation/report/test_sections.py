"""What each section says."""

from __future__ import annotations

import pkgutil
import re
from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.evaluation import Scores, evaluate, render_report
from htdbu.evaluation.report import sections
from htdbu.evaluation.report.html import el, table
from htdbu.evaluation.report.sections import SECTIONS
from htdbu.generators import SynthesisReport
from tests.evaluation.report.outline import Outline
from tests.evaluation.report.shop import BARE, HOSTILE, RULES, More, shop


def test_every_file_of_sections_is_in_the_list() -> None:
    files = {module.name for module in pkgutil.iter_modules(sections.__path__)}
    assert files == {str(section.build.__module__).rpartition(".")[2] for section in SECTIONS}
    assert len(SECTIONS) == len({section.key for section in SECTIONS})


def test_the_verdict_stands_first_and_every_section_is_shown_where_all_is_known(full: Outline) -> None:
    assert "verdict" == full.sections[0]
    assert [section.key for section in SECTIONS if section.key != "notes"] == full.sections


def test_what_is_not_known_has_no_section(
    program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    without = Outline(render_report(program, real, synthetic, scores))
    assert set() == {"plan", "origin", "file", "rounds"} & set(without.sections)


def test_the_verdict_says_the_figures(outline: Outline, scores: Scores) -> None:
    assert "No row breaks a hard rule." in outline.text
    assert "0 of 120" in outline.text
    assert "real rows that break one 3.00 %" in outline.text
    assert f"{scores.tstr['auroc']:.3f} real rows: {scores.trtr['auroc']:.3f}" in outline.text
    assert f"{scores.fidelity['shape_error']:.3f} floor: {scores.fidelity['shape_floor']:.3f}" in outline.text
    assert f"{100 * scores.privacy['dcr_share']:.2f} % 50 % is ideal, chance reaches" in outline.text  # type: ignore[operator]


def test_rules_stand_with_their_words_and_what_they_cost(outline: Outline, scores: Scores) -> None:
    cheap = next(rule for rule in scores.violations["rules"] if rule["name"] == "cheap")
    rate = f"{100 * cheap['rate']:.2f} %"
    assert cheap["fail"] > 0
    assert f"cheap {rate} {rate} {rate} {cheap['pass']:,} {cheap['fail']:,} 0 soft weight 2.0" in outline.text
    assert "not_free Large things cost something. 0.00 % 25.00 % 0.00 % 120 0 0 hard" in outline.text


def test_rates_of_the_real_rows_are_counted_where_no_synthesis_tells_them(
    program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    dirty = real.assign(size="large", price=[0.5] * 50 + [5.0] * 150)
    text = Outline(render_report(program, dirty, synthetic, scores)).text
    assert "real rows that break one 25.00 %" in text
    assert "not_free Large things cost something. 0.00 % 25.00 % 120 0 0 hard" in text


def test_a_table_that_breaks_hard_rules_says_so(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame) -> None:
    broken = synthetic.assign(size="large")
    broken.loc[:2, "price"] = 0.0
    text = Outline(render_report(program, real, broken, evaluate(program, real, broken, "good"))).text
    assert "3 rows break a hard rule." in text
    assert "3 of 120 2.50 %" in text
    assert "not_free synthetic row 0 price = 0, size = large" in text


def test_rows_that_broke_a_rule_are_shown_and_real_ones_only_when_asked_for(outline: Outline, full: Outline) -> None:
    assert "not_free as sampled size = large, price = 0.07, mood = (missing)" in outline.text
    assert "cheap synthetic row 2 price = 92.02" in outline.text
    assert "real row 0 price" not in outline.text
    assert "not_free real row 0 price = 0.5, size = large" in full.text


def test_plan_and_origin_are_shown_when_known(outline: Outline) -> None:
    assert "1 of its 2 cells got exactly what was planned" in outline.text
    assert f"true {HOSTILE} 61 60 50.00 % 50.42 %" in outline.text
    assert "redrawn: drawn again inside what the rules and the plan allow 15 12.50 %" in outline.text
    assert "600 123 20.50 % not_free (123)" in outline.text
    assert "price <= 100 100.00 % 99.50 %" in outline.text
    assert "Warning: few rows obey" in outline.text
    assert "6 of 200 real rows (3.00 %) break a hard rule" in outline.text
    assert "copies of real rows that are the only ones of their kind 3" in outline.text
    assert "nearer to the rows learned from than to unseen ones 51.50 % limit 55.00 %" in outline.text


def test_a_chart_for_every_column_but_texts_and_a_table_for_every_chart(outline: Outline) -> None:
    titles = re.findall(r"(\w+): real and synthetic rows", outline.text)
    assert ["price", "size", "day", "mood", "good"] == titles
    regions = [found.get("aria-label") for found in outline.named("div")]
    assert {f"Shares of {title}" for title in titles} <= set(regions)


def test_example_rows_are_synthetic_alone_unless_real_ones_are_asked_for(
    program: Any, synthetic: pd.DataFrame, scores: Scores
) -> None:
    secret = shop(200).assign(note=[f"secret {k}" for k in range(200)])
    text = Outline(render_report(program, secret, synthetic, scores)).text
    assert "secret" not in text
    assert "No real row is shown anywhere in this report." in text
    assert "note 4" in text
    assert "note 5" not in text
    asked = Outline(render_report(program, secret, synthetic, scores, show_real=True)).text
    assert "secret 4" in asked
    assert "No real row" not in asked


def test_measures_without_a_value_are_left_out(
    program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    bare = Outline(render_report(program, real, synthetic, More.of(scores, **BARE)))
    assert not [
        name for name in ("α-precision", "membership", "XGBoost", "distance ratio", "None") if name in bare.text
    ]
    assert "pile-up" not in bare.sections
    assert f"AUROC, linear model {scores.tstr['auroc']:.3f}" in bare.text


def test_measures_appear_with_their_floors(full: Outline) -> None:
    assert "α-precision 0.910 (beyond) floor: 0.970, chance reaches 0.940" in full.text
    assert "β-recall 0.500 floor: 0.520" in full.text
    assert "membership told 0.900 (beyond)" in full.text
    assert "nearest-neighbour distance ratio 0.610 floor: 0.660" in full.text
    assert "AUROC, linear model 0.700 (beyond) real rows: 0.900, chance reaches 0.862" in full.text
    assert "AUROC, XGBoost 0.930 real rows: 0.940" in full.text
    assert "singling_out privacy 0.125" in full.text
    assert "price 1 not_free 1.00 % 20.00 % (beyond) 0.40 %" in full.text
    assert "price 90 cheap 1.00 % 1.00 % –" in full.text


def test_the_log_of_the_feedback_loop_is_shown(full: Outline) -> None:
    assert "Round 1: adjust constraints accepted rule cheap : 12 % of the real rows break it & <more>" in full.text
    assert "xmodal 0.200 0.010 beyond auroc 0.900 – –" in full.text
    assert "-soft cheap: price <= 90 +soft cheap: price <= 95" in full.text
    assert "Round 2: stop not accepted" in full.text


def test_rates_stand_beside_the_rules_of_the_file(outline: Outline) -> None:
    free = 'hard not_free: size == "large" => price >= 1 fails 25.00 % as sampled, 0.00 % in the end, '
    assert f"{free}0.00 % of the real rows" in outline.text
    assert "target half: share(good) in 40%..60% 0.5000, met" in outline.text


def test_notes_of_one_line_say_which_rule_they_are_about() -> None:
    rules = "table t { x : int in 0..9 null y : bool } hard low: x >= 1 hard high: x <= 8"
    program, rows = htdbu.compile_text(rules), pd.DataFrame({"x": [0, 5, 9] * 10, "y": [True, False] * 15})
    text = Outline(render_report(program, rows, rows, evaluate(program, rows, rows, "y"), rules_text=rules)).text
    assert "x <= 8 low fails 33.33 % in the end, 33.33 % of the real rows high fails 33.33 % in the end" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rules_of_imported_files_leave_no_note_in_the_main_one(tmp_path: Any, end: str) -> None:
    (tmp_path / "more.htr").write_text("hard over: x >= 1\n")
    main = tmp_path / "main.htr"
    lines = ['import "more.htr"', "table t {", "  x : int in 0..9", "  y : bool", "}", "hard under:", "  x <= 8", ""]
    main.write_bytes(end.join(lines).encode())
    program = htdbu.compile(main)
    rows = pd.DataFrame({"x": [0, 5, 9] * 10, "y": [True, False] * 15})
    text = main.read_bytes().decode()
    scores = evaluate(program, rows, rows, "y")
    shown = Outline(render_report(program, rows, rows, scores, rules_text=text, rules_file=str(main))).text
    assert "x <= 8 fails 33.33 % in the end, 33.33 % of the real rows" in shown
    assert 1 == shown.count("fails 33.33 %")


def test_the_seed_and_the_params_are_shown(
    outline: Outline, program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores
) -> None:
    assert "seed 77" in outline.text
    assert "seed 5 " in Outline(render_report(program, real, synthetic, scores, seed=5)).text
    assert "seed 0 " in Outline(render_report(program, real, synthetic, scores)).text
    rules = htdbu.compile_text(RULES.replace("price <= 90", "price <= most") + "param most = 90\n")
    assert "param most 90" in Outline(render_report(rules, real, synthetic, scores)).text


def test_a_synthesis_without_the_newer_keys_will_do(
    program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores, synthesis: SynthesisReport
) -> None:
    old = synthesis.to_dict()
    for name in ("trained", "steps", "relations", "warnings", "privacy", "raw_examples", "real_violations"):
        del old[name]
    assert "origin" in Outline(render_report(program, real, synthetic, scores, synthesis=old)).sections


def test_markup_is_escaped_where_it_is_made() -> None:
    hostile = '<i>"x"&'
    made = table(hostile, [hostile], [[hostile]]) + el("p", hostile, title=hostile)
    assert "<i>" not in made
    assert 3 == Outline(made).text.count(hostile)
