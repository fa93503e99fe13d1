"""Repairs while the machine code of the compiled search is not at hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.solver import cold_start
from htdbu.solver.compiled_engine import CompiledEngine

RULES = """
table t { a: int in 0..9999  b: int in 0..9999  c: int in 0..9999 null  s: text fixed }
hard sum:  a + b <= 9000
hard less: c is null or 3 * c <= a
soft many: b >= 10
"""


@pytest.fixture
def frame() -> pd.DataFrame:
    """Rows that break rules, in columns too wide for a table of all rows."""
    rng = np.random.default_rng(0)
    cells = {name: rng.integers(0, 12_000, 150) for name in "abc"}
    return pd.DataFrame(cells | {"s": ["x"] * 150})


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is at hand."""
    monkeypatch.setattr(CompiledEngine, "is_at_hand", False)


@pytest.mark.usefixtures("cold")
def test_python_stands_in_for_machine_code(frame: pd.DataFrame) -> None:
    program = htdbu.compile_text(RULES)
    quick, exact = program.repair(frame), program.repair(frame, engine="cp-sat")
    pd.testing.assert_frame_equal(exact.data, quick.data)
    assert exact.report.objective == quick.report.objective
    assert quick.report.engine["compiled"] > 100
    assert any("makes itself ready once" in warning for warning in quick.report.warnings)


@pytest.mark.usefixtures("cold")
def test_a_handful_of_rows_is_not_worth_a_word(frame: pd.DataFrame) -> None:
    assert () == htdbu.compile_text(RULES).repair(frame.head(20)).report.warnings


@pytest.mark.usefixtures("cold")
def test_a_long_table_is_worth_the_compiler(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start, "COMPILING", 0.0)
    report = htdbu.compile_text(RULES).repair(frame).report
    assert () == report.warnings
    assert report.engine["compiled"] > 100
