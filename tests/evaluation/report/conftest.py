"""A report of a small shop, with everything that a report can show."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.evaluation import Scores, evaluate, render_report
from htdbu.generators import SynthesisReport
from htdbu.solver import check
from tests.evaluation.report.outline import Outline
from tests.evaluation.report.shop import ADDED, ROUNDS, RULES, More, shop, synthesis_of


@pytest.fixture(scope="session")
def program() -> Any:
    return htdbu.compile_text(RULES)


@pytest.fixture(scope="session")
def real() -> pd.DataFrame:
    return shop(200)


@pytest.fixture(scope="session")
def synthetic() -> pd.DataFrame:
    return shop(120, seed=1)


@pytest.fixture(scope="session")
def scores(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame) -> Scores:
    return evaluate(program, real, synthetic, "good", test=shop(80, seed=2))


@pytest.fixture(scope="session")
def synthesis(program: Any, synthetic: pd.DataFrame) -> SynthesisReport:
    return synthesis_of(check(program, synthetic).to_dict())


@pytest.fixture(scope="session")
def page(program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores, synthesis: SynthesisReport) -> str:
    return render_report(program, real, synthetic, scores, synthesis=synthesis, rules_text=RULES)


@pytest.fixture(scope="session")
def outline(page: str) -> Outline:
    return Outline(page)


@pytest.fixture(scope="session")
def full_page(
    program: Any, real: pd.DataFrame, synthetic: pd.DataFrame, scores: Scores, synthesis: SynthesisReport
) -> str:
    """Every section, real rows and broken rows too."""
    broken = synthetic.assign(size="large")
    broken.loc[:2, "price"] = 0.0
    dirty = real.assign(price=0.5, size="large")
    judged = evaluate(program, dirty, broken, "good", test=shop(80, seed=2))
    return render_report(
        program,
        dirty,
        broken,
        More.of(judged, **ADDED),
        synthesis=synthesis,
        rounds=ROUNDS,
        rules_text=RULES,
        show_real=True,
    )


@pytest.fixture(scope="session")
def full(full_page: str) -> Outline:
    return Outline(full_page)
