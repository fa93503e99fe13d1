"""What every generator owes, whatever the table. New generators are found by their name."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from htdbu.errors import DataError, UsageError
from htdbu.generators import Generator, create
from tests.generators.every import EVERY

Make = Callable[..., Generator]
Cells = Callable[[pd.Series], list[Any]]

pytestmark = pytest.mark.parametrize("name", EVERY)


def same(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    return left.equals(right) and list(left.dtypes) == list(right.dtypes)


def test_columns_dtypes_and_order_come_back(name: str, quick: Make, awkward: pd.DataFrame) -> None:
    rows = quick(name).fit(awkward).sample(20)
    assert list(awkward.columns) == list(rows.columns)
    assert list(awkward.dtypes) == list(rows.dtypes)
    assert pd.RangeIndex(20).equals(rows.index)


def test_fitting_and_sampling_leave_their_arguments_alone(name: str, quick: Make, table: pd.DataFrame) -> None:
    real, given = table.copy(deep=True), table[["text"]].copy(deep=True)
    quick(name).fit(table).sample(len(given), given)
    assert same(real, table)
    assert same(real[["text"]], given)


def test_no_row_is_a_table_too(name: str, quick: Make, awkward: pd.DataFrame) -> None:
    model = quick(name).fit(awkward)
    for rows in (model.sample(0), model.sample(0, awkward.iloc[:0, :1])):
        assert awkward.iloc[:0].reset_index(drop=True).dtypes.equals(rows.dtypes)
        assert len(rows) == 0


def test_the_same_seed_gives_the_same_rows(name: str, quick: Make, awkward: pd.DataFrame) -> None:
    first, second = quick(name, threads=1).fit(awkward), quick(name, threads=2).fit(awkward)
    rows = first.sample(50)
    assert same(rows, first.sample(50))
    assert same(rows, second.sample(50))
    assert same(rows, first.sample(50, random_state=1))


def test_rows_do_not_depend_on_what_was_drawn_before(name: str, quick: Make, table: pd.DataFrame) -> None:
    fresh, used = quick(name).fit(table), quick(name).fit(table)
    for column in ("ordered", "int", "date"):
        used.sample(len(table), table[[column]], random_state=9)
    assert same(fresh.sample(50), used.sample(50))


def test_another_seed_gives_other_rows(name: str, quick: Make, table: pd.DataFrame) -> None:
    model = quick(name).fit(table)
    assert not same(model.sample(50), model.sample(50, random_state=2))
    unseeded = quick(name, random_state=None).fit(table)
    assert not same(unseeded.sample(50), unseeded.sample(50))


def test_a_fitted_model_can_be_stored(name: str, quick: Make, table: pd.DataFrame) -> None:
    model = quick(name).fit(table)
    rows = model.sample(50)
    assert same(rows, pickle.loads(pickle.dumps(model)).sample(50))


def test_rows_agree_with_what_is_given(name: str, quick: Make, cells: Cells, awkward: pd.DataFrame) -> None:
    model = quick(name).fit(awkward)
    for columns in (awkward.columns[:1], awkward.columns[-1:], awkward.columns[::-2], awkward.columns):
        given = awkward[list(columns)].iloc[::-1]
        rows = model.sample(len(given), given, random_state=5)
        assert list(awkward.dtypes) == list(rows.dtypes)
        for column in columns:
            assert cells(given[column]) == cells(rows[column])


def test_given_values_may_be_new_or_null(name: str, quick: Make, cells: Cells, awkward: pd.DataFrame) -> None:
    model = quick(name).fit(awkward)
    odd = [None, "never seen", -12345.5, np.inf, True, pd.Timestamp("1900-01-01")]
    for column in awkward.columns[:15]:
        given = pd.DataFrame({column: pd.Series(odd, dtype=object)}, columns=pd.Index([column], tupleize_cols=False))
        rows = model.sample(len(odd), given)
        assert cells(given[column]) == cells(rows[column])
        others = [other for other in awkward.columns if other != column]
        assert list(awkward[others].dtypes) == list(rows[others].dtypes)


def test_a_given_column_takes_the_fitted_dtype_where_it_fits(name: str, quick: Make, table: pd.DataFrame) -> None:
    given = pd.DataFrame({"int": [1.0, 2.0], "category": ["a", None], "second": ["2020-01-01", "1999-05-05"]})
    given["second"] = pd.to_datetime(given["second"]).astype("datetime64[ns]")
    rows = quick(name).fit(table).sample(2, given)
    assert list(table.dtypes) == list(rows.dtypes)
    narrow = quick(name).fit(table).sample(2, pd.DataFrame({"int": [1.5, np.nan]}))
    assert np.dtype(float) == narrow["int"].dtype


def test_drawn_cells_are_cells_of_the_real_table(
    name: str, real_cells: Make, cells: Cells, awkward: pd.DataFrame
) -> None:
    rows = real_cells(name).fit(awkward).sample(100)
    for column in awkward.columns:
        assert set(map(repr, cells(rows[column]))) <= set(map(repr, cells(awkward[column])))


def test_other_tables_than_pandas_are_taken(name: str, quick: Make, table: pd.DataFrame) -> None:
    polars = pytest.importorskip("polars")
    frame = table[["int", "float", "text", "bool"]].reset_index(drop=True)
    rows = quick(name).fit(polars.from_pandas(frame)).sample(20)
    assert list(frame.columns) == list(rows.columns)
    assert set(rows["text"]) <= set(frame["text"])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"a": []}), "no rows"),
        (pd.DataFrame(index=range(3)), "no columns"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns named 'a'"),
    ],
)
def test_a_table_to_learn_nothing_from_is_refused(name: str, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        create(name).fit(frame)


def test_wrong_calls_say_what_is_wrong(name: str, quick: Make, table: pd.DataFrame) -> None:
    with pytest.raises(UsageError, match="not fitted"):
        quick(name).sample(1)
    with pytest.raises(UsageError, match="needs a table"):
        quick(name).fit([1, 2])
    model = quick(name).fit(table)
    with pytest.raises(UsageError, match="n is -1"):
        model.sample(-1)
    with pytest.raises(UsageError, match="given has 2 rows, but n is 3"):
        model.sample(3, table[["int"]].iloc[:2])
    with pytest.raises(UsageError, match=r"'txt', which was not fitted\n.*did you mean 'text'"):
        model.sample(1, pd.DataFrame({"txt": ["a"]}))
    with pytest.raises(UsageError, match="two columns named 'int'"):
        model.sample(1, pd.DataFrame([[1, 2]], columns=["int", "int"]))
    with pytest.raises(UsageError, match="seed is 0 or more"):
        model.sample(1, random_state=-1)
