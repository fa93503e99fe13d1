"""The report: whole, self-contained, escaped, small, the same for the same input, and true to its figures."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.evaluation import Scores, evaluate, render_report
from htdbu.generators import SynthesisReport
from tests.evaluation.report.outline import Outline
from tests.evaluation.report.shop import ESCAPED, HOSTILE, RULES, shop


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
