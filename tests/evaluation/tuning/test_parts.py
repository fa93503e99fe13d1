"""The small parts: noise, spellings, edits, recipes, and the cut of the real rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htdbu.analyses.data import TOLERATED
from htdbu.errors import DataError, UsageError
from htdbu.evaluation.tuning import diagnoses, proposals
from htdbu.evaluation.tuning.literals import percents, rounded, spelled
from htdbu.evaluation.tuning.noise import DIRT, Noise, level, surely_above
from htdbu.evaluation.tuning.recipe import Recipe, challengers
from htdbu.evaluation.tuning.rows import RealRows
from htdbu.evaluation.tuning.setup import Edit, edited
from htdbu.generators import create
from htdbu.grammar.source import Span
from tests.evaluation.tuning.conftest import TRUTH, Begin, club


def test_as_many_dirty_rows_are_tolerated_as_by_the_compiler() -> None:
    assert TOLERATED == DIRT


def test_the_floor_is_passed_by_chance_as_rarely_as_is_said() -> None:
    rng = np.random.default_rng(0)
    alarms = [Noise.of(sample[:12].tolist()).limit() < sample[12] for sample in rng.normal(size=(10_000, 13))]
    # Student's quantile is of a mean that is known; that of twelve scores strays, too, by sqrt(1 + 1/12).
    assert np.mean(alarms) < 2 * level(1)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 50))
def test_a_sure_rate_is_below_the_rate_seen(trials: int, successes: int, tests: int) -> None:
    successes = min(successes, trials)
    assert 0 <= surely_above(successes, trials, tests) <= successes / trials


def test_nothing_is_sure_of_no_rows() -> None:
    assert 0 == surely_above(0, 0)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_shares_in_percent_add_up(counts: list[int]) -> None:
    texts = percents([Fraction(count, sum(counts)) for count in counts])
    assert Decimal(100) == sum(Decimal(text.rstrip("%")) for text in texts)


@pytest.mark.parametrize(
    ("value", "before", "text"),
    [("0.4", "25%", "40%"), ("4950", "1_000", "4_950"), ("4950", "1000", "4950"), ("0.250", "0.1", "0.25")],
)
def test_a_number_keeps_its_spelling(value: str, before: str, text: str) -> None:
    assert text == spelled(Decimal(value), before)


@given(st.decimals(-(10**6), 10**6, places=2), st.booleans())
def test_a_bound_is_rounded_away_from_what_it_bounds(value: Decimal, upwards: bool) -> None:
    moved = rounded(value, upwards, False)
    assert moved >= value if upwards else moved <= value


def test_the_evidence_stands_above_the_doc_comment_and_the_line_ends_stay() -> None:
    text = "table t { a : int in 0..9 }\r\n## Says why.\r\nhard x: a >= 1\r\n"
    at = text.index("1\r\n")
    start = text.index("hard")
    edit = Edit(Span("f", start, at + 1), ((Span("f", at, at + 1), "0"),), "said", "because")
    expected = "table t { a : int in 0..9 }\r\n# tune: because\r\n## Says why.\r\nhard x: a >= 0\r\n"
    assert expected == edited(text, [edit])


def test_challengers_begin_with_the_defaults_and_end_with_other_generators() -> None:
    assert ["xgboost()", "bits()", "mixed()"] == [r.said for r in challengers(Recipe.of("xgboost", {"depth": 1}))]
    assert ["bits(depth=7, trees=160)", "mixed()"] == [r.said for r in challengers(Recipe.of(None, {}))]
    made = Recipe.of(create("trees", min_leaf=5), {})
    assert ["bits()", "mixed()"] == [r.said for r in challengers(made)]


def test_a_generator_that_is_made_takes_no_parameters() -> None:
    with pytest.raises(UsageError, match="has its parameters"):
        Recipe.of(create("trees"), {"min_leaf": 5})


def test_a_parameter_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot create"):
        Recipe.of("trees", {"depht": 1})


def test_too_few_rows_are_refused(begin: Begin) -> None:
    with pytest.raises(DataError, match="39 real rows are too few"):
        begin(TRUTH, club(39))


def test_rows_that_judge_are_never_learned_from(begin: Begin) -> None:
    setup, evidence = begin(TRUTH)
    rows = evidence.rows
    assert isinstance(rows, RealRows)
    both = pd.concat([rows.train, rows.judge]).sort_values(list(rows.train)).reset_index(drop=True)
    pd.testing.assert_frame_equal(rows.frame.sort_values(list(rows.frame)).reset_index(drop=True), both)
    assert (450, 450) == (len(rows.train), len(rows.judge))
    assert set(setup.program.column_index) - {"id"} == set(rows.train)


@pytest.mark.parametrize(
    ("package", "listed", "others"),
    [
        (diagnoses, diagnoses.DIAGNOSES, set()),
        (proposals, (*proposals.PROPOSALS, proposals.LAST), {"trial"}),
    ],
)
def test_every_file_of_a_kind_is_in_its_list(
    package: ModuleType, listed: Sequence[Callable[..., object]], others: set[str]
) -> None:
    files = {path.stem for path in Path(str(package.__file__)).parent.glob("*.py")} - {"__init__", *others}
    assert files == {each.__module__.rpartition(".")[2] for each in listed}
