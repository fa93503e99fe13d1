"""All engines find the same repairs on random rule sets, and nothing in the compiled search leaves 64 bits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pandas as pd
import pytest

import htdbu
from htdbu.datasets.loans import load_loans
from htdbu.datasets.rules import loans_rules_path
from htdbu.solver import encode
from htdbu.solver.compiled.tape import tape_of
from htdbu.solver.engine import chain, names
from tests.solver import differential

WIDE = "table t {{\n  a : decimal(6) in 0..{0}\n  b : decimal(6) in 1..{0}\n}}\nhard r: a * {1} <= b\n"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_engines_agree_on_price_and_row(seed: int) -> None:
    counts: Counter[str] = Counter()
    assert None is differential.compare(500, seed, counts)
    assert counts["compiled optimal"] > counts["compiled unknown"]


@pytest.mark.slow
def test_no_number_of_the_search_leaves_64_bits() -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "tests.solver.unbounded", "40", "7"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_block_whose_numbers_might_not_fit_is_left_to_the_general_engine() -> None:
    (narrow,) = differential.blocks(WIDE.format(1_000, 2)) or []
    (wide,) = differential.blocks(WIDE.format(1_000_000_000, 1_000)) or []
    assert tape_of(narrow) is not None
    assert tape_of(wide) is None
    program = htdbu.compile_text(WIDE.format(1_000_000_000, 1_000))
    result = program.repair(pd.DataFrame({"a": [5.0, 1_000_000.0], "b": [1.0, 2.0]}))
    assert 0 == result.report.violating_after
    assert 2 == result.report.to_dict()["engine"]["cp-sat"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["auto", *names()])
def test_whole_tables_are_repaired_alike(name: str) -> None:
    program, frame = htdbu.compile(loans_rules_path()), load_loans(400, random_state=5)
    frame.loc[::2, "income"] = 12.5
    frame.loc[::3, "age"] = 12
    expected = program.repair(frame, engine="cp-sat")
    result = program.repair(frame, engine=name, threads=2)
    pd.testing.assert_frame_equal(expected.data, result.data)
    pd.testing.assert_frame_equal(expected.unrepaired, result.unrepaired)
    assert expected.report.objective == result.report.objective
    assert "cp-sat" == chain(name)[-1].name
    assert encode(program, result.data).n_rows == 400
